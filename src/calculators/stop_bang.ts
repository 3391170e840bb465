// STOP-Bang for obstructive sleep apnoea.
import { defineCalculator } from './define.ts';
import { present } from './lists.ts';

export const stopBang = defineCalculator({
  id: 'stop_bang',
  title: 'STOP-Bang',
  citation: 'Chung F et al. Anesthesiology 2008;108:812-821',
  confidence: 'A',
  validity: 'Adults',
  unit: '{score}',
  decimals: 0,
  inputs: {
    yes: present('Findings that are present', {
      snoring: { title: 'Loud snoring', also: ['snore', 'loud snoring', 'S'] },
      tired: {
        title: 'Tired in the daytime',
        also: ['tiredness', 'daytime tiredness', 'fatigue', 'sleepiness', 'daytime sleepiness', 'T'],
      },
      observed: {
        title: 'Observed apnoea',
        also: ['observed apnea', 'observed apnoea', 'apnea', 'apnoea', 'witnessed apnea', 'O'],
      },
      pressure: {
        title: 'High blood pressure',
        also: ['hypertension', 'high blood pressure', 'blood pressure', 'bp', 'htn', 'P'],
      },
      bmi: { title: 'BMI above 35', also: ['bmi>35', 'bmi gt35', 'bmi 35', 'obesity', 'B'] },
      age: { title: 'Age above 50', also: ['age>50', 'age gt50', 'age 50', 'A'] },
      neck: {
        title: 'Neck above 40 cm',
        also: ['neck circumference', 'neck>40', 'neck gt40', 'neck 40', 'neck>40cm', 'large neck', 'neck size', 'N'],
      },
      male: { title: 'Male', also: ['gender', 'sex', 'male sex', 'male gender', 'gender male', 'sex male', 'G'] },
    }),
  },
  compute: ({ yes }) => ({
    value: yes.length,
    band: yes.length >= 5 ? 'high' : yes.length >= 3 ? 'intermediate' : 'low',
  }),
});

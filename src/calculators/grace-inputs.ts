// What the GRACE nomogram and the GRACE logistic model both ask.
import { adultAge, creatinine, heartRate, systolic } from './common-inputs.ts';
import { choice, yesNo } from './input-kinds.ts';

export const graceInputs = {
  killip: choice('Killip class', {
    '1': ['I', 'class I', 'class 1'],
    '2': ['II', 'class II', 'class 2'],
    '3': ['III', 'class III', 'class 3'],
    '4': ['IV', 'class IV', 'class 4'],
  }),
  sbp: systolic,
  hr: heartRate,
  age_y: adultAge,
  creatinine_mg_dl: { ...creatinine, chart: { loinc: creatinine.chart.loinc, maxAgeInDays: 2 } },
  cardiac_arrest: yesNo('Cardiac arrest at admission'),
  st_deviation: yesNo('ST deviation'),
  enzymes: yesNo('Raised cardiac enzymes'),
} as const;

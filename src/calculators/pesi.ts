// Pulmonary embolism severity index.
import { respiratoryRate, sex, temperature } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';
import { peSeverityInputs } from './pe-severity-inputs.ts';

export const pesi = defineCalculator({
  id: 'pesi',
  title: 'PESI',
  citation: 'Aujesky D et al. Am J Respir Crit Care Med 2005;172:1041-1046',
  confidence: 'B',
  validity: 'Adults with confirmed pulmonary embolism',
  unit: '{score}',
  decimals: 0,
  inputs: {
    ...peSeverityInputs,
    sex,
    chf: yesNo('Heart failure', { chart: { problem: 'heart-failure' } }),
    lung_disease: yesNo('Chronic lung disease', {
      chart: { anyProblem: ['copd', 'interstitial-lung-disease', 'cystic-fibrosis'] },
    }),
    rr: respiratoryRate,
    temp_c: temperature,
    ams: yesNo('Altered mental status'),
  },
  compute: (v) => {
    const value =
      v.age_y +
      (v.sex === 'male' ? 10 : 0) +
      (v.cancer ? 30 : 0) +
      (v.chf ? 10 : 0) +
      (v.lung_disease ? 10 : 0) +
      (v.hr >= 110 ? 20 : 0) +
      (v.sbp < 100 ? 30 : 0) +
      (v.rr >= 30 ? 20 : 0) +
      (Math.round(v.temp_c * 100) / 100 < 36 ? 20 : 0) +
      (v.ams ? 60 : 0) +
      (v.spo2 < 90 ? 20 : 0);
    return { value, band: value <= 65 ? 'I' : value <= 85 ? 'II' : value <= 105 ? 'III' : value <= 125 ? 'IV' : 'V' };
  },
});

// Fractional excretion of sodium.
import { creatinine, sodium } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const fena = defineCalculator({
  id: 'fena',
  title: 'Fractional excretion of sodium',
  citation: 'Espinel CH. JAMA 1976;236:579-581',
  confidence: 'A',
  validity: 'Oliguric acute kidney injury; not while taking diuretics',
  unit: '%',
  decimals: 2,
  inputs: {
    urine_na: number('Urine sodium', 'mmol/L', {
      min: 1,
      max: 500,
      substance: 'monovalent',
      chart: { loinc: ['2955-3'], maxAgeInDays: 2 },
    }),
    serum_na: { ...sodium, chart: { loinc: sodium.chart.loinc, maxAgeInDays: 2 } },
    urine_creatinine_mg_dl: number('Urine creatinine', 'mg/dL', {
      min: 0.5,
      max: 1500,
      substance: 'creatinine',
      chart: { loinc: ['2161-8'], maxAgeInDays: 2 },
    }),
    creatinine_mg_dl: { ...creatinine, chart: { loinc: creatinine.chart.loinc, maxAgeInDays: 2 } },
  },
  compute: ({ urine_na, serum_na, urine_creatinine_mg_dl, creatinine_mg_dl }) =>
    (100 * urine_na * creatinine_mg_dl) / (serum_na * urine_creatinine_mg_dl),
});

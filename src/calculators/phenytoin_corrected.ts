// Phenytoin corrected for albumin in the Sheiner-Tozer form. Variants with 0.275 and 0.25 are in use: the form is named.
import { albumin } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number, yesNo } from './input-kinds.ts';

export const phenytoinCorrected = defineCalculator({
  id: 'phenytoin_corrected',
  title: 'Phenytoin corrected for albumin',
  citation: 'Sheiner LB, Tozer TN, in: Melmon KL, Morelli HF, eds. Clinical Pharmacology, 1978',
  confidence: 'C',
  validity: 'Adults with low albumin; a measured free level is better',
  unit: 'ug/mL',
  decimals: 1,
  inputs: {
    phenytoin_ug_ml: number('Total phenytoin', 'ug/mL', {
      min: 0.1,
      max: 100,
      chart: { loinc: ['3968-5'], maxAgeInDays: 7 },
    }),
    albumin_g_dl: albumin,
    esrd: yesNo('Creatinine clearance below 20 mL/min or dialysis', { default: false }),
  },
  compute: ({ phenytoin_ug_ml, albumin_g_dl, esrd }) => ({
    value: phenytoin_ug_ml / ((esrd ? 0.1 : 0.2) * albumin_g_dl + 0.1),
    components: { variant: esrd ? 'Sheiner-Tozer, 0.1 x albumin + 0.1' : 'Sheiner-Tozer, 0.2 x albumin + 0.1' },
  }),
});

// Calcium corrected for albumin, in Payne's form with 0.8 and 4.0; several other variants are published, so it is named.
import { albumin } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const calciumCorrected = defineCalculator({
  id: 'calcium_corrected',
  title: 'Calcium corrected for albumin (Payne)',
  citation: 'Payne RB et al. Br Med J 1973;4:643-646',
  confidence: 'A',
  validity: 'Poor in critical illness and kidney disease: measure ionised calcium there',
  unit: 'mg/dL',
  decimals: 2,
  inputs: {
    calcium_mg_dl: number('Total calcium', 'mg/dL', {
      min: 2,
      max: 25,
      substance: 'calcium',
      chart: { loinc: ['17861-6'], maxAgeInDays: 30 },
    }),
    albumin_g_dl: albumin,
  },
  compute: ({ calcium_mg_dl, albumin_g_dl }) => ({
    value: calcium_mg_dl + 0.8 * (4 - albumin_g_dl),
    components: { variant: 'Payne 1973, 0.8 x (4.0 - albumin)' },
  }),
});

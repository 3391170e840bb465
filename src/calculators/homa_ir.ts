// HOMA-IR, first version. Both samples fasting.
import { glucose } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const homaIr = defineCalculator({
  id: 'homa_ir',
  title: 'HOMA-IR',
  citation: 'Matthews DR et al. Diabetologia 1985;28:412-419',
  confidence: 'A',
  validity: 'Fasting samples, not while taking insulin',
  unit: '1',
  decimals: 2,
  inputs: {
    glucose_mg_dl: { ...glucose, chart: { loinc: ['1558-6'], maxAgeInDays: 90 } },
    insulin_uU_ml: number('Fasting insulin', 'u[IU]/mL', {
      min: 0.1,
      max: 1000,
      chart: { loinc: ['20448-7'], maxAgeInDays: 90 },
    }),
  },
  compute: ({ glucose_mg_dl, insulin_uU_ml }) => (glucose_mg_dl * insulin_uU_ml) / 405,
});

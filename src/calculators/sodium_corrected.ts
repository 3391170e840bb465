// Sodium corrected for glucose. Two factors are in use, 2.4 (Hillier) and 1.6 (Katz): the one used is named.
import { glucose, sodium } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { choice } from './input-kinds.ts';

export const sodiumCorrected = defineCalculator({
  id: 'sodium_corrected',
  title: 'Sodium corrected for glucose',
  citation: 'Hillier TA et al. Am J Med 1999;106:399-403; Katz MA. N Engl J Med 1973;289:843-844',
  confidence: 'A',
  validity: 'Glucose above 100 mg/dL',
  unit: 'mmol/L',
  decimals: 1,
  inputs: {
    na: sodium,
    glucose_mg_dl: { ...glucose, min: 100, limits: 'the correction holds for glucose above 100 mg/dL' },
    factor: choice(
      'Factor per 100 mg/dL',
      { '2.4': ['Hillier', 'Hillier 1999'], '1.6': ['Katz', 'Katz 1973'] },
      { default: '2.4' },
    ),
  },
  compute: ({ na, glucose_mg_dl, factor }) => ({
    value: na + (Number(factor) * (glucose_mg_dl - 100)) / 100,
    components: { variant: factor === '2.4' ? 'Hillier 1999' : 'Katz 1973' },
  }),
});

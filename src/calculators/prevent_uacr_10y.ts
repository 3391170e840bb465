// PREVENT with urine albumin, 10 years. Trap: natural logarithm of mg/g.
import { ageBetween, urineAcr } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { preventCitation, preventInputs, preventRisk, preventSex, validityOf } from './prevent-model.ts';

export const preventUacr10y = defineCalculator({
  id: 'prevent_uacr_10y',
  title: 'Cardiovascular risk in 10 years (PREVENT with urine albumin)',
  citation: preventCitation,
  confidence: 'A',
  validity: validityOf(10),
  unit: '%',
  decimals: 1,
  inputs: {
    sex: preventSex,
    age_y: ageBetween(30, 79, 'the 10-year equations hold for 30 to 79 years'),
    ...preventInputs,
    uacr_mg_g: urineAcr,
  },
  compute: ({ uacr_mg_g, ...v }) => preventRisk('uacr_10y', v, [Math.log(uacr_mg_g)]),
});

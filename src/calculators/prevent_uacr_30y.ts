// PREVENT with urine albumin, 30 years. Trap: natural logarithm of mg/g.
import { ageBetween, urineAcr } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { preventCitation, preventInputs, preventRisk, preventSex, validityOf } from './prevent-model.ts';

export const preventUacr30y = defineCalculator({
  id: 'prevent_uacr_30y',
  title: 'Cardiovascular risk in 30 years (PREVENT with urine albumin)',
  citation: preventCitation,
  confidence: 'A',
  validity: validityOf(30),
  unit: '%',
  decimals: 1,
  inputs: {
    sex: preventSex,
    age_y: ageBetween(30, 59, 'the 30-year equations hold for 30 to 59 years'),
    ...preventInputs,
    uacr_mg_g: urineAcr,
  },
  compute: ({ uacr_mg_g, ...v }) => preventRisk('uacr_30y', v, [Math.log(uacr_mg_g)]),
});

// PREVENT, base model, 30 years.
import { ageBetween } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { preventCitation, preventInputs, preventRisk, preventSex, validityOf } from './prevent-model.ts';

export const preventBase30y = defineCalculator({
  id: 'prevent_base_30y',
  title: 'Cardiovascular risk in 30 years (PREVENT)',
  citation: preventCitation,
  confidence: 'A',
  validity: validityOf(30),
  unit: '%',
  decimals: 1,
  inputs: {
    sex: preventSex,
    age_y: ageBetween(30, 59, 'the 30-year equations hold for 30 to 59 years'),
    ...preventInputs,
  },
  compute: (v) => preventRisk('base_30y', v),
});

// PREVENT, base model, 10 years.
import { ageBetween } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { preventCitation, preventInputs, preventRisk, preventSex, validityOf } from './prevent-model.ts';

export const preventBase10y = defineCalculator({
  id: 'prevent_base_10y',
  title: 'Cardiovascular risk in 10 years (PREVENT)',
  citation: preventCitation,
  confidence: 'A',
  validity: validityOf(10),
  unit: '%',
  decimals: 1,
  inputs: {
    sex: preventSex,
    age_y: ageBetween(30, 79, 'the 10-year equations hold for 30 to 79 years'),
    ...preventInputs,
  },
  compute: (v) => preventRisk('base_10y', v),
});

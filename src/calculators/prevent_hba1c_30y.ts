// PREVENT with HbA1c, 30 years. Trap: HbA1c has one coefficient with diabetes and another without.
import { ageBetween, hba1c } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { preventCitation, preventInputs, preventRisk, preventSex, validityOf } from './prevent-model.ts';

export const preventHba1c30y = defineCalculator({
  id: 'prevent_hba1c_30y',
  title: 'Cardiovascular risk in 30 years (PREVENT with HbA1c)',
  citation: preventCitation,
  confidence: 'A',
  validity: validityOf(30),
  unit: '%',
  decimals: 1,
  inputs: {
    sex: preventSex,
    age_y: ageBetween(30, 59, 'the 30-year equations hold for 30 to 59 years'),
    ...preventInputs,
    hba1c_pct: { ...hba1c, max: 15 },
  },
  compute: ({ hba1c_pct, ...v }) => {
    const excess = hba1c_pct - 5.3;
    return preventRisk('hba1c_30y', v, v.diabetes ? [excess, 0] : [0, excess]);
  },
});

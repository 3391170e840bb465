// UKPDS risk engine, stroke. Trap: the lipid term is the plain ratio, not its logarithm as in the coronary engine.
// `hba1c_pct` and `afro_caribbean` are accepted and have no part in it.
import { defineCalculator } from './define.ts';
import { ukpdsInputs, ukpdsRisk, ukpdsWarnings } from './ukpds-model.ts';

export const ukpdsStroke = defineCalculator({
  id: 'ukpds_stroke',
  title: 'Stroke risk in type 2 diabetes (UKPDS)',
  citation: 'Kothari V et al. Stroke 2002;33:1776-1781',
  confidence: 'A',
  validity: 'Type 2 diabetes without cardiovascular disease',
  unit: '%',
  decimals: 1,
  inputs: {
    ...ukpdsInputs,
    hba1c_pct: { ...ukpdsInputs.hba1c_pct, optional: true },
    afro_caribbean: { ...ukpdsInputs.afro_caribbean, optional: true },
  },
  compute: (v) => {
    const q =
      0.00186 *
      1.092 ** (v.age_at_dx_y - 55) *
      (v.sex === 'female' ? 0.7 : 1) *
      (v.smoker ? 1.547 : 1) *
      (v.af ? 8.554 : 1) *
      1.122 ** ((v.sbp - 135.5) / 10) *
      1.138 ** (v.tc_hdl_ratio - 5.11);
    return { value: ukpdsRisk(q, 1.145, v.duration_y, v.horizon_y), warnings: ukpdsWarnings(v.age_at_dx_y) };
  },
});

// UKPDS risk engine, coronary heart disease. `af` is accepted and has no part in it.
import { defineCalculator } from './define.ts';
import { ukpdsInputs, ukpdsRisk, ukpdsWarnings } from './ukpds-model.ts';

export const ukpdsChd = defineCalculator({
  id: 'ukpds_chd',
  title: 'Coronary risk in type 2 diabetes (UKPDS)',
  citation: 'Stevens RJ et al. Clin Sci 2001;101:671-679',
  confidence: 'A',
  validity: 'Type 2 diabetes without cardiovascular disease',
  unit: '%',
  decimals: 1,
  inputs: { ...ukpdsInputs, af: { ...ukpdsInputs.af, optional: true } },
  compute: (v) => {
    const q =
      0.0112 *
      1.059 ** (v.age_at_dx_y - 55) *
      (v.sex === 'female' ? 0.525 : 1) *
      (v.afro_caribbean ? 0.39 : 1) *
      (v.smoker ? 1.35 : 1) *
      1.183 ** (v.hba1c_pct - 6.72) *
      1.088 ** ((v.sbp - 135.7) / 10) *
      3.845 ** (Math.log(v.tc_hdl_ratio) - 1.59);
    return { value: ukpdsRisk(q, 1.078, v.duration_y, v.horizon_y), warnings: ukpdsWarnings(v.age_at_dx_y) };
  },
});

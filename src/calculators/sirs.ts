// SIRS criteria. The breathing criterion is met by rate or PaCO2, the cell criterion by count or immature forms: one each.
import { heartRate, paco2, respiratoryRate, temperature, whiteCells } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const sirs = defineCalculator({
  id: 'sirs',
  title: 'SIRS criteria',
  citation: 'Bone RC et al. Chest 1992;101:1644-1655',
  confidence: 'A',
  validity: 'Adults',
  unit: '{score}',
  decimals: 0,
  inputs: {
    temp_c: temperature,
    hr: heartRate,
    rr: respiratoryRate,
    wbc_10e9_l: whiteCells,
    paco2: { ...paco2, optional: true },
    bands_pct: number('Immature neutrophils', '%', { min: 0, max: 100, optional: true }),
  },
  compute: (v) => {
    const temp = Math.round(v.temp_c * 100) / 100; // a converted Fahrenheit reading must not cross 38 in its last bit
    const value =
      Number(temp > 38 || temp < 36) +
      Number(v.hr > 90) +
      Number(v.rr > 20 || (v.paco2 !== undefined && v.paco2 < 32)) +
      Number(v.wbc_10e9_l > 12 || v.wbc_10e9_l < 4 || (v.bands_pct !== undefined && v.bands_pct > 10));
    return { value, band: value >= 2 ? 'positive' : 'negative' };
  },
});

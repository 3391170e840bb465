// Modified Early Warning Score of Subbe 2001; many hospitals print variants of it, this is the paper's table.
import { heartRate, respiratoryRate, systolic, temperature } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { choice } from './input-kinds.ts';

const consciousness = { A: 0, V: 1, P: 2, U: 3 } as const;

export const mews = defineCalculator({
  id: 'mews',
  title: 'MEWS',
  citation: 'Subbe CP et al. QJM 2001;94:521-526',
  confidence: 'B',
  validity: 'Adult medical inpatients',
  unit: '{score}',
  decimals: 0,
  inputs: {
    sbp: systolic,
    hr: heartRate,
    rr: respiratoryRate,
    temp_c: temperature,
    consciousness: choice('Consciousness (AVPU)', {
      A: ['alert'],
      V: ['voice', 'responds to voice', 'verbal'],
      P: ['pain', 'responds to pain'],
      U: ['unresponsive'],
    }),
  },
  compute: (v) => {
    const [sbp, hr, rr] = [Math.round(v.sbp), Math.round(v.hr), Math.round(v.rr)];
    const temp = Math.round(v.temp_c * 10) / 10;
    const value =
      (sbp <= 70 ? 3 : sbp <= 80 ? 2 : sbp <= 100 ? 1 : sbp <= 199 ? 0 : 2) +
      (hr <= 40 ? 2 : hr <= 50 ? 1 : hr <= 100 ? 0 : hr <= 110 ? 1 : hr <= 129 ? 2 : 3) +
      (rr < 9 ? 2 : rr <= 14 ? 0 : rr <= 20 ? 1 : rr <= 29 ? 2 : 3) +
      (temp < 35 || temp >= 38.5 ? 2 : 0) +
      consciousness[v.consciousness];
    return { value, band: value >= 5 ? 'high' : 'low' };
  },
});

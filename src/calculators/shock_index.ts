// Shock index.
import { heartRate, systolic } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const shockIndex = defineCalculator({
  id: 'shock_index',
  title: 'Shock index',
  citation: 'Allgower M, Burri C. Dtsch Med Wochenschr 1967;92:1947-1950',
  confidence: 'B',
  validity: 'Adults; less reliable with beta-blockers or a pacemaker',
  unit: '1',
  decimals: 2,
  inputs: { hr: heartRate, sbp: { ...systolic, min: 20 } },
  compute: ({ hr, sbp }) => ({ value: hr / sbp, band: hr / sbp >= 0.9 ? 'raised' : 'not raised' }),
});

// Mean arterial pressure from a cuff reading.
import { diastolic, systolic } from './common-inputs.ts';
import { defineCalculator, refuse } from './define.ts';

export const map = defineCalculator({
  id: 'map',
  title: 'Mean arterial pressure',
  citation: 'Standard approximation: diastolic plus one third of the pulse pressure',
  confidence: 'A',
  validity: 'Any age, at ordinary heart rates',
  unit: 'mm[Hg]',
  decimals: 0,
  inputs: { sbp: systolic, dbp: diastolic },
  compute: ({ sbp, dbp }) =>
    dbp > sbp ? refuse('dbp', 'diastolic pressure is above systolic pressure') : (sbp + 2 * dbp) / 3,
});

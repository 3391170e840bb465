// Portsmouth POSSUM, mortality.
import { defineCalculator } from './define.ts';
import { percentOfLogit, possumInputs } from './possum-inputs.ts';

export const pPossum = defineCalculator({
  id: 'p_possum',
  title: 'P-POSSUM',
  citation: 'Prytherch DR et al. Br J Surg 1998;85:1217-1220',
  confidence: 'B',
  validity: 'Adults having general surgery',
  unit: '%',
  decimals: 1,
  inputs: possumInputs,
  compute: ({ physiological_score: ps, operative_score: os }) => percentOfLogit(-9.065 + 0.1692 * ps + 0.155 * os),
});

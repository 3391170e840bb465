// CHA2DS2-VA: the score without the point for sex. No rates: the published ones belong to the score with sex.
import { defineCalculator } from './define.ts';
import { pointsWithoutSex, strokeInputs } from './stroke-in-af.ts';

export const cha2ds2Va = defineCalculator({
  id: 'cha2ds2_va',
  title: 'CHA2DS2-VA',
  citation: 'Van Gelder IC et al. 2024 ESC Guidelines for atrial fibrillation. Eur Heart J 2024;45:3314-3414',
  confidence: 'B',
  validity: 'Adults with non-valvular atrial fibrillation',
  unit: '{score}',
  decimals: 0,
  inputs: strokeInputs,
  compute: (v) => pointsWithoutSex(v),
});

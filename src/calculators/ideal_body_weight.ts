// Devine's ideal body weight.
import { devineMinCm, idealKg } from './body-weight.ts';
import { height, sex } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const idealBodyWeight = defineCalculator({
  id: 'ideal_body_weight',
  title: 'Ideal body weight (Devine)',
  citation: 'Devine BJ. Drug Intell Clin Pharm 1974;8:650-655',
  confidence: 'A',
  validity: 'Adults of at least 60 inches (152.4 cm)',
  unit: 'kg',
  decimals: 1,
  inputs: {
    height_cm: { ...height, min: devineMinCm, limits: 'the formula starts at 60 inches (152.4 cm)' },
    sex,
  },
  compute: ({ height_cm, sex }) => idealKg(height_cm, sex === 'female'),
});

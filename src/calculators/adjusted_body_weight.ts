// Adjusted body weight: Devine's ideal weight and 40% of the excess.
import { adjustedKg, devineMinCm, idealKg } from './body-weight.ts';
import { height, sex, weight } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const adjustedBodyWeight = defineCalculator({
  id: 'adjusted_body_weight',
  title: 'Adjusted body weight',
  citation: 'Devine BJ. Drug Intell Clin Pharm 1974;8:650-655; adjustment factor 0.4',
  confidence: 'A',
  validity: 'Adults of at least 60 inches (152.4 cm), heavier than their ideal weight',
  unit: 'kg',
  decimals: 1,
  inputs: {
    height_cm: { ...height, min: devineMinCm, limits: 'the formula starts at 60 inches (152.4 cm)' },
    weight_kg: weight,
    sex,
  },
  compute: ({ height_cm, weight_kg, sex }) => {
    const ideal = idealKg(height_cm, sex === 'female');
    return {
      value: adjustedKg(height_cm, sex === 'female', weight_kg),
      components: { ideal_body_weight_kg: ideal },
      warnings: weight_kg < ideal ? ['Actual weight is below ideal weight: dosing usually uses the actual weight'] : [],
    };
  },
});

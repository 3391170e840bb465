// Body surface area by Mosteller. Other formulas exist and differ; only the named one is computed.
import { height, weight } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { choice } from './input-kinds.ts';

export const bsa = defineCalculator({
  id: 'bsa',
  title: 'Body surface area (Mosteller)',
  citation: 'Mosteller RD. N Engl J Med 1987;317:1098',
  confidence: 'A',
  validity: 'Children and adults',
  unit: 'm2',
  decimals: 2,
  inputs: {
    weight_kg: weight,
    height_cm: height,
    formula: choice('Formula', { mosteller: [] }, { default: 'mosteller' }),
  },
  compute: ({ weight_kg, height_cm }) => Math.sqrt((height_cm * weight_kg) / 3600),
});

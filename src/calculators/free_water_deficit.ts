// Free water deficit. Negative means an excess. The body water fraction is given, or follows from age and sex.
import { anyAge, sex, sodium, weight } from './common-inputs.ts';
import { defineCalculator, refuse } from './define.ts';
import { number } from './input-kinds.ts';

export const freeWaterDeficit = defineCalculator({
  id: 'free_water_deficit',
  title: 'Free water deficit',
  citation: 'Adrogue HJ, Madias NE. N Engl J Med 2000;342:1493-1499',
  confidence: 'A',
  validity: 'Hypernatraemia from loss of water; an estimate of the deficit now, not of ongoing losses',
  unit: 'L',
  decimals: 2,
  inputs: {
    weight_kg: weight,
    na: sodium,
    age_y: { ...anyAge, optional: true },
    sex: { ...sex, optional: true },
    tbw_fraction: number('Body water as a fraction of weight', '1', { min: 0.3, max: 0.8, optional: true }),
  },
  compute: (v) => {
    if (v.tbw_fraction === undefined && v.age_y === undefined) return refuse('age_y', 'missing: age, or tbw_fraction');
    if (v.tbw_fraction === undefined && v.sex === undefined && (v.age_y ?? 0) >= 18) {
      return refuse('sex', 'missing: sex, or tbw_fraction');
    }
    const fraction = v.tbw_fraction ?? usualFraction(v.age_y ?? 0, v.sex);
    return { value: fraction * v.weight_kg * (v.na / 140 - 1), components: { tbw_fraction: fraction } };
  },
});

function usualFraction(ageInYears: number, sex: 'female' | 'male' | undefined): number {
  if (ageInYears < 18) return 0.6;
  if (sex === 'male') return ageInYears >= 65 ? 0.5 : 0.6;
  return ageInYears >= 65 ? 0.45 : 0.5;
}

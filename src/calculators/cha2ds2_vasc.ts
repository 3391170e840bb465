// CHA2DS2-VASc. Rates are shown with their source, because the two published sets differ by half.
import { defineCalculator } from './define.ts';
import { friberg2012, lip2010, pointsWithoutSex, strokeInputs, strokeSex } from './stroke-in-af.ts';

export const cha2ds2Vasc = defineCalculator({
  id: 'cha2ds2_vasc',
  title: 'CHA2DS2-VASc',
  citation: 'Lip GYH et al. Chest 2010;137:263-272; rates: Friberg L et al. Eur Heart J 2012;33:1500-1510',
  confidence: 'A',
  validity: 'Adults with non-valvular atrial fibrillation',
  unit: '{score}',
  decimals: 0,
  inputs: { ...strokeInputs, sex: strokeSex },
  compute: (v) => {
    const value = pointsWithoutSex(v) + (v.sex === 'female' ? 1 : 0);
    return {
      value,
      components: {
        score: value,
        stroke_pct_per_year: friberg2012[value] ?? Number.NaN,
        stroke_pct_per_year_lip_2010: lip2010[value] ?? Number.NaN,
      },
    };
  },
});

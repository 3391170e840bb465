// NAFLD fibrosis score. Trap: albumin is in g/dL; with g/L the score falls by 25.
import { adultAge, albumin, alt, ast, bmi, platelets } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

export const nafldFibrosis = defineCalculator({
  id: 'nafld_fibrosis',
  title: 'NAFLD fibrosis score',
  citation: 'Angulo P et al. Hepatology 2007;45:846-854',
  confidence: 'A',
  validity: 'Adults with fatty liver disease',
  unit: '{score}',
  decimals: 3,
  inputs: {
    age_y: adultAge,
    bmi,
    diabetes: yesNo('Diabetes or impaired fasting glucose', { chart: { problem: 'diabetes' } }),
    ast,
    alt,
    platelets_10e9_l: platelets,
    albumin_g_dl: albumin,
  },
  compute: (v) => {
    const value =
      -1.675 +
      0.037 * v.age_y +
      0.094 * v.bmi +
      1.13 * Number(v.diabetes) +
      0.99 * (v.ast / v.alt) -
      0.013 * v.platelets_10e9_l -
      0.66 * v.albumin_g_dl;
    return { value, band: value < -1.455 ? 'low' : value > 0.676 ? 'high' : 'indeterminate' };
  },
});

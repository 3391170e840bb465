import { expect, test } from 'vitest';
import { runCalculator } from '../../../src/calculators/index.ts';

test('ckd', () => {
  expect(runCalculator('ckd_epi_2021', { age_y: 30, sex: 'female', creatinine_mg_dl: 0.9 })).toMatchObject({
    value: expect.closeTo(88.199, 3),
  });
  expect(
    runCalculator('cockcroft_gault', {
      age_y: 42,
      sex: 'female',
      weight_kg: 105,
      height_cm: 160,
      creatinine_mg_dl: 0.8,
      weight_rule: 'BMI<18.5 actual; 18.5-24.9 min(actual, IBW); >=25 adjusted',
    }),
  ).toMatchObject({ value: expect.closeTo(106.192, 3) });
});

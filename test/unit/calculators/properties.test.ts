// What the mathematics promises over the whole range: directions, limits, conversions that go there and back.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefused, runCalculator } from '../../../src/calculators/index.ts';
import { convertUnit, type Substance } from '../../../src/calculators/units.ts';
import { workedExamples } from './worked-examples.ts';

const example = (id: string): Record<string, unknown> => ({ ...workedExamples.find((one) => one.id === id)?.inputs });
const scoreOf = (id: string, inputs: unknown): number => {
  const result = runCalculator(id, inputs);
  if (isRefused(result)) throw new Error(JSON.stringify(result.refused));
  return result.value;
};

describe('moves in the right direction', () => {
  const rising = 1;
  const falling = -1;
  const directions: [string, string, number, [number, number]][] = [
    ['ckd_epi_2021', 'creatinine_mg_dl', falling, [0.2, 12]],
    ['ckd_epi_2021', 'age_y', falling, [18, 110]],
    ['cockcroft_gault', 'creatinine_mg_dl', falling, [0.2, 12]],
    ['kfre_4var', 'egfr', falling, [5, 59]],
    ['kfre_4var', 'acr_mg_g', rising, [1, 5000]],
    ['meld_na', 'bilirubin_mg_dl', rising, [0.2, 40]],
    ['meld_na', 'inr', rising, [0.8, 8]],
    ['meld_na', 'na', falling, [115, 145]],
    ['meld_3_0', 'creatinine_mg_dl', rising, [0.3, 6]],
    ['meld_3_0', 'albumin_g_dl', falling, [1, 5]],
    ['prevent_base_10y', 'sbp', rising, [110, 180]],
    ['prevent_base_10y', 'hdl_mg_dl', falling, [20, 100]],
    ['grace_in_hospital_points', 'age_y', rising, [18, 100]],
    ['grace_in_hospital_points', 'sbp', falling, [50, 250]],
    ['fib_4', 'platelets_10e9_l', falling, [20, 500]],
    ['warfarin_iwpc_pgx', 'age_y', falling, [18, 99]],
    ['warfarin_iwpc_pgx', 'weight_kg', rising, [40, 200]],
    ['winters', 'hco3', rising, [3, 23]],
    ['ukpds_stroke', 'sbp', rising, [90, 220]],
  ];
  for (const [id, name, direction, [min, max]] of directions) {
    test(`${id} ${direction > 0 ? 'rises' : 'falls'} with ${name}`, () => {
      const inputs = example(id);
      const number = fc.double({ min, max, noNaN: true });
      fc.assert(
        fc.property(number, number, (a, b) => {
          const [low, high] = a <= b ? [a, b] : [b, a];
          const difference = scoreOf(id, { ...inputs, [name]: high }) - scoreOf(id, { ...inputs, [name]: low });
          expect(difference * direction).toBeGreaterThanOrEqual(-1e-9);
        }),
      );
    });
  }
});

test('MELD scores stay whole and between 6 and 40', () => {
  const positive = fc.double({ min: 0.6, max: 30, noNaN: true });
  const record = fc.record({
    bilirubin_mg_dl: positive,
    inr: positive,
    creatinine_mg_dl: positive,
    na: fc.integer({ min: 100, max: 180 }),
  });
  fc.assert(
    fc.property(
      record,
      fc.double({ min: 0.5, max: 6, noNaN: true }),
      fc.constantFrom('female', 'male'),
      (v, albumin_g_dl, sex) => {
        for (const value of [scoreOf('meld_na', v), scoreOf('meld_3_0', { ...v, albumin_g_dl, sex })]) {
          expect(Number.isInteger(value) && value >= 6 && value <= 40).toBe(true);
        }
      },
    ),
  );
});

test('risks stay between 0 and 100 percent', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 30, max: 59 }),
      fc.integer({ min: 90, max: 180 }),
      fc.integer({ min: 0, max: 1 }),
      (age_y, sbp, flag) => {
        const inputs = { ...example('prevent_base_10y'), age_y, sbp, diabetes: flag, smoker: flag };
        for (const id of ['prevent_base_10y', 'prevent_base_30y']) {
          const value = scoreOf(id, inputs);
          expect(value > 0 && value < 100).toBe(true);
        }
      },
    ),
  );
});

describe('converts units there and back', () => {
  const pairs: [string, string, Substance | undefined][] = [
    ['mg/dL', 'umol/L', 'creatinine'],
    ['mg/dL', 'umol/L', 'bilirubin'],
    ['mg/dL', 'mmol/L', 'glucose'],
    ['mg/dL', 'mmol/L', 'cholesterol'],
    ['mg/dL', 'mmol/L', 'urea'],
    ['mg/dL', 'mmol/L', 'calcium'],
    ['mg/g', 'mg/mmol', 'urine-acr'],
    ['%', 'mmol/mol', 'hba1c'],
    ['g/dL', 'g/L', undefined],
    ['Cel', '[degF]', undefined],
    ['kg', '[lb_av]', undefined],
    ['cm', '[in_i]', undefined],
    ['mm[Hg]', 'kPa', undefined],
    ['10*9/L', '/uL', undefined],
    ['mmol/L', 'meq/L', 'monovalent'],
  ];
  for (const [one, other, substance] of pairs) {
    test(`${one} and ${other}${substance ? ` of ${substance}` : ''}`, () => {
      fc.assert(
        fc.property(fc.double({ min: 0.01, max: 5000, noNaN: true }), (value) => {
          const there = convertUnit(value, one, other, substance) ?? Number.NaN;
          const back = convertUnit(there, other, one, substance) ?? Number.NaN;
          expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, value));
        }),
      );
    });
  }
  test('by the published factors', () => {
    expect(convertUnit(88.4, 'umol/L', 'mg/dL', 'creatinine')).toBeCloseTo(1, 12);
    expect(convertUnit(17.1, 'umol/L', 'mg/dL', 'bilirubin')).toBeCloseTo(1, 12);
    expect(convertUnit(1, 'mmol/L', 'mg/dL', 'glucose')).toBeCloseTo(18.016, 12);
    expect(convertUnit(1, 'mmol/l', 'mg/dl', 'cholesterol')).toBeCloseTo(38.67, 12);
    expect(convertUnit(1, 'mmol/L', 'mg/dL', 'urea')).toBeCloseTo(2.801, 12);
    expect(convertUnit(48, 'mmol/mol', '%', 'hba1c')).toBeCloseTo(6.543, 3);
  });
  test('never between a mass and an amount of an unnamed substance, nor milliequivalents of one with two charges', () => {
    expect(convertUnit(1, 'mmol/L', 'mg/dL')).toBeUndefined();
    expect(convertUnit(1, 'meq/L', 'mmol/L', 'calcium')).toBeUndefined();
    expect(convertUnit(1, 'mg', 'kg')).toBeUndefined();
  });
  test('an input gives the same result in either unit, and shows both', () => {
    const inputs = {
      age_y: 60,
      sex: 'M',
      creatinine_mg_dl: { value: 177, unit: 'umol/L', reference: 'Observation/1' },
    };
    const result = runCalculator('ckd_epi_2021', inputs);
    expect(result).toMatchObject({
      value: expect.closeTo(scoreOf('ckd_epi_2021', { ...inputs, creatinine_mg_dl: 177 / 88.4 }), 9),
      inputs: [
        {},
        { value: 'male' },
        { unit: 'mg/dL', given: { value: 177, unit: 'umol/L' }, reference: 'Observation/1' },
      ],
    });
  });
});

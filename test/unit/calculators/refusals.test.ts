// What is refused, and that the refusal names the input. The examples that compute are the starting point: each loses one
// input, or gets one that is wrong.
import { describe, expect, test } from 'vitest';
import { calculators, type Input, isRefused, runCalculator } from '../../../src/calculators/index.ts';
import { unknown } from '../../../src/unknown.ts';
import { workedExamples } from './worked-examples.ts';

const example = (id: string): Record<string, unknown> => ({ ...workedExamples.find((one) => one.id === id)?.inputs });
const refusedInputs = (id: string, inputs: unknown): (string | undefined)[] => {
  const result = runCalculator(id, inputs);
  return isRefused(result) ? result.refused.map(({ input }) => input) : ['(computed)'];
};

const canBeLeftOut = (input: Input): boolean =>
  input.optional === true || ('default' in input && input.default !== undefined);

describe('names the input that is missing', () => {
  for (const id of new Set(workedExamples.map((one) => one.id))) {
    const required = Object.entries(calculators.get(id)?.inputs ?? {}).filter(([, input]) => !canBeLeftOut(input));
    for (const [name] of required) {
      test(`${id} without ${name}`, () => {
        const { [name]: _, ...rest } = example(id);
        expect(refusedInputs(id, rest)).toEqual([name]);
      });
    }
  }
});

describe('refuses outside the range in which it was published', () => {
  const outside: [string, string, unknown][] = [
    ['ckd_epi_2021', 'age_y', 17],
    ['cockcroft_gault', 'age_y', 17.9],
    ['ideal_body_weight', 'height_cm', 152.3],
    ['kfre_4var', 'egfr', 60],
    ['prevent_base_10y', 'age_y', 29],
    ['prevent_base_10y', 'age_y', 80],
    ['prevent_base_10y', 'sbp', 181],
    ['prevent_base_10y', 'tc_mg_dl', 129],
    ['prevent_base_10y', 'hdl_mg_dl', 101],
    ['prevent_base_10y', 'bmi', 40],
    ['prevent_base_10y', 'egfr', 14],
    ['prevent_base_30y', 'age_y', 60],
    ['ascvd_pce_2013', 'age_y', 39],
    ['ascvd_pce_2013', 'age_y', 80],
    ['ascvd_pce_2013', 'sbp', 201],
    ['ascvd_pce_2013', 'race', 'asian'],
    ['ldl_friedewald', 'tg_mg_dl', 400],
    ['fib_4', 'age_y', 34],
    ['winters', 'hco3', 26],
    ['sodium_corrected', 'glucose_mg_dl', 99],
    ['warfarin_iwpc_pgx', 'age_y', 12],
    ['qsofa', 'gcs', 16],
    ['qsofa', 'gcs', 14.5],
    ['aa_gradient', 'fio2', 21],
  ];
  for (const [id, name, value] of outside) {
    test(`${id} with ${name} ${value}`, () => {
      expect(refusedInputs(id, { ...example(id), [name]: value })).toEqual([name]);
    });
  }
});

describe('refuses what it would have to guess', () => {
  const inputs = { age_y: 30, sex: 'female', creatinine_mg_dl: 0.9 };
  test('an unknown unit', () => {
    expect(refusedInputs('ckd_epi_2021', { ...inputs, creatinine_mg_dl: { value: 80, unit: 'furlong' } })).toEqual([
      'creatinine_mg_dl',
    ]);
  });
  test('a number that can only be another unit', () => {
    expect(refusedInputs('ckd_epi_2021', { ...inputs, creatinine_mg_dl: 80 })).toEqual(['creatinine_mg_dl']);
  });
  test('a sex the equation does not have', () => {
    expect(refusedInputs('ckd_epi_2021', { ...inputs, sex: 'unknown' })).toEqual(['sex']);
  });
  test('an input it does not have, and says which it has', () => {
    const result = runCalculator('ckd_epi_2021', { ...inputs, race: 'white' });
    expect(result).toEqual({
      refused: [{ input: 'race', reason: 'no such input; this calculator takes age_y, sex, creatinine_mg_dl' }],
    });
  });
  test('an input the chart could not give, with the reason of the chart', () => {
    const result = runCalculator('ckd_epi_2021', { ...inputs, creatinine_mg_dl: unknown('no creatinine in 90 days') });
    expect(result).toEqual({ refused: [{ input: 'creatinine_mg_dl', reason: 'no creatinine in 90 days' }] });
  });
  test('every wrong input at once', () => {
    expect(refusedInputs('ckd_epi_2021', { age_y: 'old', sex: 3 })).toEqual(['age_y', 'sex', 'creatinine_mg_dl']);
  });
  test('bodies that are no object, and names that objects inherit', () => {
    for (const body of [null, undefined, 3, 'x', []]) expect(isRefused(runCalculator('ckd_epi_2021', body))).toBe(true);
    expect(refusedInputs('ckd_epi_2021', { ...inputs, constructor: 1 })).toEqual(['constructor']);
    expect(isRefused(runCalculator('toString', inputs))).toBe(true);
  });
});

describe('refuses contradictions', () => {
  test('rcri with a creatinine and a flag that disagree, or with neither', () => {
    const { creatinine_mg_dl: _, ...rest } = example('rcri');
    expect(refusedInputs('rcri', { ...rest, creatinine_mg_dl: 1.8, creatinine_gt2: 1 })).toEqual(['creatinine_gt2']);
    expect(refusedInputs('rcri', rest)).toEqual(['creatinine_mg_dl']);
  });
  test('a diastolic pressure above the systolic', () => {
    expect(refusedInputs('map', { sbp: 80, dbp: 90 })).toEqual(['dbp']);
  });
  test('Cockcroft-Gault without a height, unless the actual weight is asked for', () => {
    const { height_cm: _, ...rest } = example('cockcroft_gault');
    expect(refusedInputs('cockcroft_gault', rest)).toEqual(['height_cm']);
    expect(runCalculator('cockcroft_gault', { ...rest, weight_rule: 'actual' })).toMatchObject({ unit: 'mL/min' });
  });
});

test('every calculator says for whom it holds, where it is from, and survives nonsense', () => {
  const nonsense = ['', 'x', -1, 1e308, Number.NaN, {}, [], { value: null }, { value: 1, unit: {} }, true];
  for (const [id, calculator] of calculators) {
    expect(calculator.id).toBe(id);
    expect(calculator.validity && calculator.citation && calculator.unit).toBeTruthy();
    for (const junk of nonsense) {
      const inputs = Object.fromEntries(Object.keys(calculator.inputs).map((name) => [name, junk]));
      const result = calculator.run(inputs);
      if (!isRefused(result)) expect(Number.isFinite(result.value)).toBe(true);
    }
  }
});

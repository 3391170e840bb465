import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertQuantity, ucumOf } from '../../../src/terminology/units.ts';
import { loadValueSets } from '../../../src/tools/terminology/load.ts';

const convert = (value: number, unit: string, to: string, analyte?: string) =>
  convertQuantity({ value, unit }, to, analyte);

describe('analytes convert between mass and amount', () => {
  test.each<[number, string, string, string, number]>([
    [88.4, 'umol/L', 'mg/dL', 'creatinine', 1],
    [88.4, 'µmol/L', 'mg/dL', '2160-0', 1],
    [88.4, 'μmol/L', 'mg/dL', 'creatinine', 1],
    [1, 'mmol/L', 'mg/dL', 'glucose', 18.016],
    [90, 'mg/dL', 'mmol/L', '2345-7', 4.99556],
    [2.801, 'mg/dL', 'mmol/L', 'bun', 1],
    [17.1, 'umol/L', 'mg/dL', 'bilirubin', 1],
    [1, 'mmol/L', 'mg/dL', 'cholesterol', 38.665],
    [1, 'mmol/L', 'mg/dL', 'triglycerides', 88.57],
    [1, 'mmol/L', 'mg/dL', 'calcium', 4.0078],
    [1, 'mEq/L', 'mmol/L', 'magnesium', 0.5],
    [1, 'mmol/L', 'mg/dL', 'phosphate', 3.0974],
    [59.48, 'umol/L', 'mg/dL', 'uric-acid', 1],
    [140, 'g/L', 'g/dL', 'hemoglobin', 14],
    [40, 'g/L', 'g/dL', 'albumin', 4],
    [53, 'mmol/mol', '%', 'hba1c', 7.00044],
    [1.28, 'nmol/L', 'ng/mL', 'digoxin', 0.9996],
    [0.9, 'mEq/L', 'mmol/L', 'lithium', 0.9],
    [5.2, 'meq/l', 'mmol/L', 'potassium', 5.2],
    [52, 'ng/L', 'ng/mL', 'troponin', 0.052],
    [10, 'mg/L', 'ug/mL', 'vancomycin', 10],
    [148, 'pmol/L', 'pg/mL', 'vitamin-b12', 200.595],
    [3, 'mg/mmol', 'mg/g', '9318-7', 26.52],
    [2.4, '1', '{INR}', '6301-6', 2.4],
  ])('%d %s → %s (%s)', (value, unit, to, analyte, expected) => {
    expect(convert(value, unit, to, analyte)).toBeCloseTo(expected, 3);
  });
});

describe('sloppy spellings with one meaning', () => {
  test.each<[number, string, string, number]>([
    [154, 'lb', 'kg', 69.853225],
    [154, '[lb_av]', 'kg', 69.853225],
    [3500, 'g', 'kg', 3.5],
    [70, 'in', 'cm', 177.8],
    [98.6, 'degF', 'Cel', 37],
    [98.6, '°F', 'Cel', 37],
    [150, 'K/uL', '10*3/uL', 150],
    [150, '10*9/L', '10*3/uL', 150],
    [150, 'x10^3/µL', '10*3/uL', 150],
    [150000, 'cells/uL', '10*3/uL', 150],
    [120, 'mmHg', 'mm[Hg]', 120],
    [90, 'mg/dl', 'mg/dL', 90],
    [55, 'mL/min/1.73m2', 'mL/min/{1.73_m2}', 55],
    [40, 'IU/L', 'U/L', 40],
    [72, 'bpm', '/min', 72],
    [12, 'mcg/mL', 'ug/mL', 12],
    [0.45, 's', 'ms', 450],
    [250, 'micrograms', 'mg', 0.25],
    [5, 'milliliters', 'mL', 5],
  ])('%d %s → %s', (value, unit, to, expected) => expect(convert(value, unit, to)).toBeCloseTo(expected, 6));
});

describe('what is not certain is unknown, with the reason', () => {
  test('no unit', () =>
    expect(convertQuantity({ value: 1.2 }, 'mg/dL', 'creatinine')).toEqual({ unknown: 'the result has no unit' }));
  test('an empty unit', () =>
    expect(convertQuantity({ value: 1.2, unit: ' ' }, 'mg/dL')).toEqual({ unknown: 'the result has no unit' }));
  test('an unknown unit', () =>
    expect(convert(1.2, 'blobs', 'mg/dL', 'creatinine')).toEqual({ unknown: 'unit "blobs" is not one we know' }));
  test('no value', () =>
    expect(convertQuantity({ unit: 'mg/dL' }, 'mg/dL')).toEqual({ unknown: 'the result has no numeric value' }));
  test('mass to amount without the analyte', () =>
    expect(convert(1, 'mg/dL', 'mmol/L')).toEqual({ unknown: '"mg/dL" cannot be converted to "mmol/L"' }));
  test('mass to amount of something we do not know', () => {
    expect(convert(1, 'mg/dL', 'mmol/L', 'unobtainium')).toEqual({
      unknown: '"mg/dL" cannot be converted to "mmol/L" for unobtainium',
    });
  });
  test('kilograms are not millilitres', () => expect(convert(1, 'kg', 'mL')).toHaveProperty('unknown'));
  test('milli is not mega: case matters where UCUM says so', () => expect(ucumOf('Mmol/L')).not.toBe('mol/L'));
  test('a code and a text that differ in size', () => {
    expect(convertQuantity({ value: 5, code: 'mg/dL', unit: 'mmol/L' }, 'mg/dL', 'glucose')).toEqual({
      unknown: 'unit is given both as "mg/dL" and as "mmol/L"',
    });
  });
  test('a code and a text that agree', () =>
    expect(convertQuantity({ value: 5, code: '10*3/uL', unit: 'K/uL' }, '10*3/uL')).toBe(5));
  test('a filtration rate for a standard body is not a clearance', () =>
    expect(convert(60, 'mL/min', 'mL/min/{1.73_m2}', 'egfr')).toHaveProperty('unknown'));
});

test('every observation set speaks a unit that we know', () => {
  const wrong = loadValueSets().filter(({ kind, unit }) => kind === 'observations' && unit && ucumOf(unit) !== unit);
  expect(wrong.map(({ id, unit }) => `${id}: ${unit}`)).toEqual([]);
});

test('a conversion and its way back give the same value', () => {
  const pairs: [string, string, string][] = [
    ['mg/dL', 'umol/L', 'creatinine'],
    ['mg/dL', 'mmol/L', 'glucose'],
    ['mg/dL', 'mmol/L', 'bun'],
    ['mg/dL', 'umol/L', 'bilirubin'],
    ['mg/dL', 'mmol/L', 'calcium'],
    ['mg/dL', 'meq/L', 'magnesium'],
    ['%', 'mmol/mol', 'hba1c'],
    ['ng/mL', 'nmol/L', 'digoxin'],
    ['mg/g', 'mg/mmol', 'urine-acr'],
    ['kg', '[lb_av]', ''],
    ['Cel', '[degF]', ''],
    ['10*3/uL', '/uL', ''],
    ['mm[Hg]', 'kPa', ''],
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...pairs),
      fc.double({ min: 0.01, max: 1e4, noNaN: true }),
      ([one, other, analyte], value) => {
        const there = convert(value, one, other, analyte || undefined);
        if (typeof there !== 'number') throw new Error(there.unknown);
        expect(convert(there, other, one, analyte || undefined)).toBeCloseTo(value, 5);
      },
    ),
  );
});

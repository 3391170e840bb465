// How many administrations an order is for: an order set says "once", a run of potassium "for 4 doses".
import { describe, expect, it } from 'vitest';
import { readDosage } from '../../../src/chart/dosage.ts';
import type { Medication } from '../../../src/chart/types.ts';
import { dosesOrdered } from '../../../src/facts/one-dose.ts';

type Json = Record<string, unknown>;
const dosesIn = (...lines: Json[]) =>
  dosesOrdered({
    timesPerDay: readDosage(lines).timesPerDay,
    resource: { resourceType: 'MedicationRequest', dosageInstruction: lines },
  } as unknown as Medication);

describe('doses ordered', () => {
  it.each([
    '2 g IV once within 60 minutes of incision',
    '324 mg by mouth once',
    '1 mg IV one time',
    '50 mcg IV x1',
    '10 mg IV STAT',
    '150 mg single dose',
  ])('is one: %s', (text) => expect(dosesIn({ text })).toBe(1));

  it.each([
    '1 tablet once daily',
    'once a day',
    '10 mg once weekly',
    '1 tablet twice daily',
    '20 mg nightly',
    'as directed',
  ])('is not said: %s', (text) => expect(dosesIn({ text })).toBeUndefined());

  it('is four for an infusion every hour for 4 doses', () =>
    expect(dosesIn({ text: '10 mEq IV every 1 hour for 4 doses' })).toBe(4));

  it('is read from a count and from a coded frequency', () => {
    expect(dosesIn({ timing: { repeat: { count: 1 } } })).toBe(1);
    expect(dosesIn({ text: '2 g', timing: { code: { text: 'Once' } } })).toBe(1);
    expect(dosesIn({ text: '2 g', timing: { code: { text: 'Daily' } } })).toBeUndefined();
  });

  it('is not said by several lines', () =>
    expect(dosesIn({ text: '2 tablets once' }, { text: 'then 1 tablet once daily' })).toBeUndefined());
});

import { describe, expect, it } from 'vitest';
import { readDosage } from '../../../src/chart/dosage.ts';
import { isUnknown } from '../../../src/unknown.ts';

const perDay = (instruction: unknown) => {
  const { timesPerDay } = readDosage([instruction]);
  return isUnknown(timesPerDay) ? timesPerDay.unknown : Number(timesPerDay.toFixed(4));
};
const dose = (instruction: unknown) => {
  const read = readDosage([instruction]).dose;
  return isUnknown(read) ? read.unknown : `${read.value} ${read.unit}`;
};

describe('how often', () => {
  it.each([
    ['1 tablet daily', 1],
    ['1 tab PO BID', 2],
    ['take one tablet twice a day', 2],
    ['500 mg q8h', 3],
    ['10 mg every 6 hours as needed', 4],
    ['1 tablet three times daily', 3],
    ['qid', 4],
    ['every other day', 0.5],
    ['once weekly', 0.1429],
    ['15 mg once a week', 0.1429],
    ['take 6 tablets every Monday', 0.1429],
    ['on Mondays and Thursdays', 0.2857],
    ['at bedtime', 1],
    ['one in the morning', 1],
    ['every 3 days', 0.3333],
    ['1 tablet three times a week', 0.4286],
    ['one tablet three times weekly', 0.4286],
    ['every other week', 0.0714],
    ['5 mg every 12 weeks', 0.0119],
    ['2 tablets six times a day', 6],
    ['800 mg 5 times daily', 5],
    ['every six hours', 4],
    ['every 4 to 6 hours', 6],
  ])('"%s" is %d a day', (text, expected) => expect(perDay({ text })).toBe(expected));

  it('is read from coded timing before the text', () => {
    expect(perDay({ text: 'as directed', timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } } })).toBe(2);
    expect(perDay({ timing: { code: { coding: [{ code: 'TID' }] } } })).toBe(3);
    expect(perDay({ timing: { repeat: { frequency: 1, period: 1, periodUnit: 'wk' } } })).toBe(0.1429);
    expect(perDay({ timing: { repeat: { dayOfWeek: ['mon', 'thu'] } } })).toBe(0.2857);
  });

  it('is unknown where the order does not say', () => {
    expect(perDay({ text: 'as directed' })).toBe('the order gives no frequency');
  });
});

describe('how much', () => {
  it.each([
    ['500 mg three times daily', '500 mg'],
    ['1 tablet twice daily', '1 1'],
    ['1-2 tablets every 4 hours', '2 1'],
    ['take two capsules', '2 1'],
    ['10 units at bedtime', '10 [iU]'],
    ['2.5 mL', '2.5 mL'],
    ['75 mcg daily', '75 ug'],
    ['1,000 mg every 6 hours', '1000 mg'],
    ['1,5 mg daily', '1.5 mg'],
    ['1/2 tablet daily', '0.5 1'],
    ['1 1/2 tablets daily', '1.5 1'],
    ['½ tab bid', '0.5 1'],
    ['take two (2) tablets', '2 1'],
    ['10/325 mg: 1 tab q6h', '1 1'],
    ['15 mg/kg/dose every 6 hours', 'the order gives no dose'],
    ['2 daily', '2 1'],
    ['take 1 po bid', '1 1'],
    ['daily', 'the order says when, not how much'],
    ['every 12 hours x 7 days', 'the order says when, not how much'],
    ['as directed daily', 'the order gives no dose'],
    ['two times daily', 'the order says when, not how much'],
  ])('"%s" is %s', (text, expected) => expect(dose({ text })).toBe(expected));

  it('is the high end of a range', () => {
    expect(
      dose({ doseAndRate: [{ doseRange: { low: { value: 1, unit: 'tablet' }, high: { value: 2, unit: 'tablet' } } }] }),
    ).toBe('2 tablet');
  });

  it('is read from the line itself in older FHIR', () => {
    expect(dose({ doseQuantity: { value: 20, unit: 'mg' } })).toBe('20 mg');
  });

  it('of a morning and a night line is their sum a day', () => {
    const { dose: read, timesPerDay } = readDosage([
      {
        timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: 10, unit: 'mg' } }],
      },
      {
        timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: 5, unit: 'mg' } }],
      },
    ]);
    expect([read, timesPerDay]).toEqual([{ value: 15, unit: 'mg' }, 1]);
  });
});

describe('for how long', () => {
  it.each([
    ['1 tablet twice daily for 7 days', 7],
    ['500 mg daily x 10 days', 10],
    ['1 tab bid, 2 weeks', 14],
  ])('"%s"', (text, days) => expect(readDosage([{ text }]).durationInDays).toBe(days));
});

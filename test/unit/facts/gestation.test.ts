// How far a pregnancy has come, by a measurement or by what a diagnosis says.
import { describe, expect, it } from 'vitest';
import { readChart } from '../../../src/chart/read.ts';
import { gestationInWeeks } from '../../../src/facts/gestation.ts';
import { caseSchema, sourceOf } from '../../../src/tools/rules/cases.ts';
import { knowledge, now } from '../../support/app.ts';

const { terminology } = knowledge();

function ask(given: Record<string, unknown>) {
  const patient = { age: 30, sex: 'female' };
  const source = sourceOf(caseSchema.parse({ name: 'a chart', expect: 'quiet', patient, ...given }), terminology, now);
  return gestationInWeeks.ask({}, { chart: readChart(source, terminology), terminology });
}
const coded = (icd10: string, rest: Record<string, unknown> = {}) => ({
  icd10,
  text: 'Supervision of pregnancy',
  ...rest,
});

describe('the week of pregnancy', () => {
  it('is the ICD-10-CM code of completed weeks, and grows since it was recorded', () => {
    expect(ask({ problems: [coded('Z3A.22')] }).value).toBe(22);
    expect(ask({ problems: [coded('Z3A.22', { since: '21 days' })] }).value).toBeCloseTo(25, 5);
  });

  it('is what the words say', () => {
    expect(ask({ problems: ['Pregnancy, 31 weeks gestation'] }).value).toBe(31);
  });

  it('is the measured one where both are there, and the latest of two codes', () => {
    const results = [{ observation: 'gestational-age', value: 30, unit: 'wk', ago: '7 days' }];
    expect(ask({ problems: [coded('Z3A.22')], results }).value).toBeCloseTo(31, 5);
    expect(ask({ problems: [coded('Z3A.08'), coded('Z3A.34')] }).value).toBe(34);
  });

  it('is at least the beginning of the trimester where only that is told', () => {
    expect(ask({ problems: [coded('Z34.93')] })).toMatchObject({ atLeast: 28, names: { weeks: 'at least 28' } });
    expect(ask({ problems: [coded('O09.212')] })).toMatchObject({ atLeast: 14 });
    expect(ask({ problems: ['Pregnancy, third trimester'] })).toMatchObject({ atLeast: 28 });
    expect(ask({ problems: [coded('Z34.91')] }).atLeast).toBeUndefined();
  });

  it('is unknown of a pregnancy that is over or too old to be true, or without a week', () => {
    for (const problem of [
      coded('Z3A.22', { status: 'resolved' }),
      coded('Z3A.30', { since: '200 days' }),
      coded('Z3A.00'),
      coded('Z34.90'),
    ])
      expect(ask({ problems: [problem] })).toMatchObject({ value: { unknown: expect.any(String) } });
  });
});

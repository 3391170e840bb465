import { describe, expect, it } from 'vitest';
import { readChart } from '../../../src/chart/read.ts';
import { facts } from '../../../src/facts/index.ts';
import { caseSchema, sourceOf } from '../../../src/tools/rules/cases.ts';
import { knowledge, now } from '../../support/app.ts';

const ask = (fact: string, params: object, given: object) => {
  const { terminology } = knowledge();
  const source = sourceOf(caseSchema.parse({ name: 'a chart', expect: 'quiet', ...given }), terminology, now);
  return facts
    .get(fact)!
    .ask(params as Record<string, unknown>, { chart: readChart(source, terminology), terminology });
};

describe('nyhaClass', () => {
  const of = (given: object, withinDays = 365) => ask('nyhaClass', { withinDays }, given).value;

  it.each([
    ['a coded answer', { results: [{ loinc: '88020-3', value: 'Class II', ago: '3 days' }] }, 2],
    ['a number', { results: [{ loinc: '88020-3', value: 4, ago: '3 days' }] }, 4],
    ['a problem by its SNOMED code', { problems: [{ snomed: '420913000', text: 'x', since: '3 days' }] }, 3],
    ['a problem by its words', { problems: [{ text: 'Heart failure NYHA class I', since: '3 days' }] }, 1],
  ])('reads %s', (_, given, value) => expect(of(given)).toBe(value));

  it('takes the newest', () => {
    expect(
      of({
        results: [
          { loinc: '88020-3', value: 'Class IV', ago: '90 days' },
          { loinc: '88020-3', value: 'Class II', ago: '3 days' },
        ],
      }),
    ).toBe(2);
  });

  it.each([
    ['nothing on record', {}],
    ['an old one', { results: [{ loinc: '88020-3', value: 'Class II', ago: '2 years' }] }],
    ['one without a date', { problems: [{ text: 'Heart failure NYHA class III' }] }],
    ['a range', { problems: [{ text: 'Heart failure NYHA class II-III', since: '3 days' }] }],
    ['a class of something else', { problems: [{ text: 'Obesity class III', since: '3 days' }] }],
  ])('is unknown with %s', (_, given) => expect(of(given)).toHaveProperty('unknown'));
});

describe('happenedWithin', () => {
  const of = (problems: object[], given: object = {}) =>
    ask('happenedWithin', { problem: ['myocardial-infarction'], withinDays: 60 }, { problems, ...given }).value;

  it('is yes within the span and no before it', () => {
    expect(of([{ problem: 'myocardial-infarction', since: '59 days' }])).toBe(true);
    expect(of([{ problem: 'myocardial-infarction', since: '61 days', status: 'resolved' }])).toBe(false);
    expect(of([])).toBe(false);
  });
  it('is unknown for an event without a date, unless another lies within', () => {
    expect(of([{ problem: 'myocardial-infarction' }])).toHaveProperty('unknown');
    expect(of([{ problem: 'myocardial-infarction' }, { problem: 'myocardial-infarction', since: '9 days' }])).toBe(
      true,
    );
  });
  it('is unknown without the problem list', () => {
    expect(of([], { missing: ['problems'] })).toHaveProperty('unknown');
  });
});

it('mustBeAsked is always unknown, and says what to ask', () => {
  expect(ask('mustBeAsked', { what: 'a planned transplant' }, {}).value).toEqual({
    unknown: 'to be asked: a planned transplant',
  });
});

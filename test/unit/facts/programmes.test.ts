// The questions of the clinical programmes: yes, no, unknown, and what charts do to them.
import { describe, expect, it } from 'vitest';
import { readChart } from '../../../src/chart/read.ts';
import { facts } from '../../../src/facts/index.ts';
import { caseSchema, sourceOf } from '../../../src/tools/rules/cases.ts';
import { knowledge, now } from '../../support/app.ts';

const { terminology } = knowledge();

function ask(id: string, params: Record<string, unknown>, given: Record<string, unknown>) {
  const source = sourceOf(caseSchema.parse({ name: 'a chart', expect: 'quiet', ...given }), terminology, now);
  return facts.get(id)!.ask(params, { chart: readChart(source, terminology), terminology });
}

const vital = (loinc: string, value: number, unit: string, ago = '1 hour') => ({ loinc, value, unit, ago });
const creatinine = (value: number, ago: string) => ({ observation: 'creatinine', value, unit: 'mg/dL', ago });

describe('NEWS2 of what was measured', () => {
  const five = { score: 'news2', points: 5 };
  const calm = [
    vital('9279-1', 16, '/min'),
    vital('59408-5', 98, '%'),
    vital('8310-5', 37, 'Cel'),
    vital('8480-6', 120, 'mm[Hg]'),
    vital('8867-4', 70, '/min'),
  ];

  it('reaches its limit when the measured part suffices, and says that it is a lower bound', () => {
    const answer = ask('scoreReaches', five, { results: [vital('9279-1', 26, '/min'), vital('8480-6', 98, 'mm[Hg]')] });
    expect(answer.value).toBe(true);
    expect(answer.names).toMatchObject({ news2: 'at least 5', news2Parts: 'breathing rate 3, blood pressure 2' });
  });

  it('is unknown when what is missing could reach it', () => {
    expect(ask('scoreReaches', five, { results: calm }).value).toEqual({
      unknown: 'NEWS2 needs oxygen given and consciousness',
    });
  });

  it('fails it for certain when not even the worst would do', () => {
    expect(ask('scoreReaches', { score: 'news2', points: 7 }, { results: calm }).value).toBe(false);
  });

  it('leaves out a temperature of the night before, and reads alertness from the coma scale', () => {
    const answer = ask('scoreReaches', five, {
      results: [
        ...calm.filter(({ loinc }) => loinc !== '8310-5'),
        vital('8310-5', 39.5, 'Cel', '9 hours'),
        vital('9269-2', 15, '{score}'),
        vital('3151-8', 0, 'L/min'),
      ],
    });
    expect(answer.value).toBe(false);
    expect(answer.names).toMatchObject({ news2: 'at least 0', news2Missing: 'temperature' });
  });

  it('is not asked of a child', () => {
    expect(ask('scoreReaches', five, { patient: { age: 5 }, results: calm }).value).toHaveProperty('unknown');
  });
});

describe('the stage of acute kidney injury', () => {
  it.each([
    ['1.5 times the week before, in binary fractions', [creatinine(1.2, '2 hours'), creatinine(0.8, '6 days')], 1],
    ['0.3 in two days', [creatinine(1.3, '2 hours'), creatinine(1.0, '40 hours')], 1],
    ['0.3 in three days', [creatinine(1.3, '2 hours'), creatinine(1.0, '3 days')], 0],
    [
      'twice the median of the year where the week is empty',
      [creatinine(2.0, '2 hours'), creatinine(1.0, '60 days'), creatinine(0.9, '90 days'), creatinine(1.6, '200 days')],
      2,
    ],
  ])('by %s is %3$s', (_, results, stage) => {
    expect(ask('akiStage', {}, { results }).value).toBe(stage);
  });

  it('is unknown without anything to compare with', () => {
    expect(ask('akiStage', {}, { results: [creatinine(3, '2 hours')] }).value).toEqual({
      unknown: 'no earlier creatinine in a year to compare with',
    });
  });
});

describe('whether something is due', () => {
  const colonoscopy = { procedures: ['colonoscopy'], withinDays: 3653, recordDays: 1095 };
  const longRecord = { problems: ['hypertension'], results: [creatinine(0.9, '1500 days')] };

  it('is yes on a long record without it, and names the last one when it is too old', () => {
    expect(ask('isDue', colonoscopy, longRecord)).toMatchObject({
      value: true,
      names: { last: 'none on this record' },
    });
    expect(
      ask('isDue', colonoscopy, { ...longRecord, procedures: [{ procedure: 'colonoscopy', ago: '12 years' }] }),
    ).toMatchObject({ value: true, names: { last: 'last 12 years ago' } });
  });

  it('is no when it was done', () => {
    expect(
      ask('isDue', colonoscopy, { ...longRecord, procedures: [{ procedure: 'colonoscopy', ago: '5 years' }] }).value,
    ).toBe(false);
  });

  it.each([
    [
      'the record is short',
      { problems: ['hypertension'], results: [creatinine(0.9, '100 days')] },
      'the record reaches back only 3 months',
    ],
    ['procedures could not be had', { ...longRecord, missing: ['procedures'] }, 'procedures could not be read'],
    [
      'it was done, nobody knows when',
      { ...longRecord, procedures: [{ procedure: 'colonoscopy' }] },
      'it was done, the date is not on the chart',
    ],
    [
      'the person may be cared for elsewhere',
      { results: [creatinine(0.9, '1500 days')] },
      'nothing on the record shows continuing care here',
    ],
    [
      'the page of procedures is full and ends too early',
      { ...longRecord, procedures: Array.from({ length: 50 }, () => ({ text: 'Vital signs', ago: '300 days' })) },
      'procedures were sent for a shorter time than that',
    ],
  ])('is unknown when %s', (_, given, reason) => {
    expect(ask('isDue', colonoscopy, given).value).toEqual({ unknown: reason });
  });

  it('knows a vaccine by its code and, uncoded, by its name', () => {
    const influenza = { vaccine: 'influenza', withinDays: 210 };
    const given = (vaccine: Record<string, unknown>) =>
      ask('isDue', influenza, { ...longRecord, vaccines: [{ ago: '30 days', ...vaccine }] }).value;
    expect(given({ cvx: '197', text: 'FLU HD' })).toBe(false);
    expect(given({ text: 'Fluzone high-dose' })).toBe(false);
    expect(given({ cvx: '33', text: 'PPSV23' })).toBe(true);
  });
});

describe('insulin', () => {
  const chart = {
    patient: { age: 55, sex: 'male' },
    problems: ['diabetes-type-2'],
    results: [
      creatinine(0.9, '10 days'),
      { observation: 'weight', value: 92, unit: 'kg', ago: '3 days' },
      { observation: 'glucose', value: 260, unit: 'mg/dL', ago: '1 hour' },
    ],
  };

  it('starts at 0.1 units/kg with the arithmetic, and at 10 units in the heavy', () => {
    expect(ask('insulinStart', {}, chart)).toMatchObject({
      value: 9,
      names: { arithmetic: '0.1 units/kg × 92 kg = 9 units' },
    });
    const heavy = {
      ...chart,
      results: [
        ...chart.results.slice(0, 1),
        { observation: 'weight', value: 140, unit: 'kg', ago: '3 days' },
        ...chart.results.slice(2),
      ],
    };
    expect(ask('insulinStart', {}, heavy)).toMatchObject({
      value: 10,
      names: { arithmetic: '0.1 units/kg × 140 kg = 14 units, begun at the usual 10' },
    });
  });

  it('is not proposed after a low value today, nor without a glucose', () => {
    expect(
      ask(
        'insulinStart',
        {},
        { ...chart, results: [...chart.results, { observation: 'glucose', value: 62, unit: 'mg/dL', ago: '5 hours' }] },
      ).value,
    ).toHaveProperty('unknown');
    expect(ask('insulinStart', {}, { ...chart, results: chart.results.slice(0, 2) }).value).toHaveProperty('unknown');
  });

  it('names its cautions: age, kidney, steroid', () => {
    const frail = {
      ...chart,
      patient: { age: 80, sex: 'male' },
      takes: ['prednisone 20 mg tablet'],
      results: [creatinine(2, '10 days'), ...chart.results.slice(1)],
    };
    expect(ask('insulinStart', {}, frail).names!.cautions).toBe(
      'steroid course: needs rise, and fall again when it ends; age 70 or older: use the lower end; eGFR below 60: insulin lasts longer, use the lower end',
    );
  });
});

describe('a planned operation', () => {
  it.each([
    ['Total hip replacement', true],
    ['Colectomy after neoadjuvant chemotherapy', true],
    ['Physiotherapy after knee replacement', false],
    ['X-ray of hip after total hip replacement', false],
    ['Wound check, knee replacement', false],
  ])('is read from "%s": %s', (text, expected) => {
    expect(ask('plansSurgery', { procedure: 'planned-surgery' }, { tests: [{ text }] }).value).toBe(expected);
  });
});

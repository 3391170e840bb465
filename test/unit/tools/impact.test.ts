import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { services } from '../../../hooks/index.ts';
import { type CdsResponse, cardExtensionKey, responseExtensionKey } from '../../../src/cds-hooks/contract.ts';
import { requestsOf } from '../../../src/console/cohort-requests.ts';
import { type Knowledge, openKnowledge } from '../../../src/knowledge.ts';
import { sandboxResources } from '../../../src/sandbox/patients/index.ts';
import { cohortFiles, partition, readPartition } from '../../../src/tools/rules/cohort.ts';
import { impact } from '../../../src/tools/rules/impact-command.ts';
import { asMarkdown, asText } from '../../../src/tools/rules/impact-report.ts';
import { readKnowledge } from '../../../src/tools/rules/read-folder.ts';
import { now, testApp } from '../../support/app.ts';

const rules = new URL('../../../rules', import.meta.url).pathname;
let scratch: string;
/** The shipped rules as they were when the test began. */
let shipped: string;
let edited: string;
let cohort: string;
/** The sandbox's charts mixed: another age, other results, a neighbour's drugs, problems lost. */
let varied: string;
let sandboxRun: ReturnType<typeof impact>;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'curbside-impact-test-'));
  edited = join(scratch, 'rules');
  cohort = join(scratch, 'cohort');
  shipped = join(scratch, 'shipped');
  // A part of the rules is enough, and quicker.
  for (const part of [
    'interactions',
    'kidney',
    'value-sets',
    'terminology',
    'conditions',
    'findings',
    'presentations',
    'tests',
    'guidelines',
  ])
    cpSync(join(rules, part), join(shipped, part), { recursive: true });
  cpSync(shipped, edited, { recursive: true });
  edit('kidney/nsaids-kidney.json', (rule) => JSON.parse(JSON.stringify(rule).replaceAll('"value":60', '"value":20')));
  edit('kidney/metformin-kidney.json', (rule) => ({ ...rule, status: 'silent' }));
  edit('interactions/warfarin-sulfamethoxazole.json', (rule) => ({
    ...rule,
    tiers: (rule.tiers as object[]).map((tier) => ({ ...tier, indicator: 'info' })),
  }));
  edit('interactions/warfarin-aspirin.json', (rule) => ({ ...rule, status: 'retired' }));
  mkdirSync(cohort);
  const byType = Map.groupBy(sandboxResources(now), ({ resourceType }) => resourceType);
  for (const [type, resources] of byType)
    writeFileSync(
      join(cohort, `${type}.ndjson`),
      resources.map((resource) => `${JSON.stringify(resource)}\n`).join(''),
    );
});
beforeAll(() => {
  varied = join(scratch, 'varied');
  mkdirSync(varied);
  writeFileSync(
    join(varied, 'all.ndjson'),
    variations()
      .map((resource) => `${JSON.stringify(resource)}\n`)
      .join(''),
  );
});
beforeAll(() => {
  sandboxRun = run({ cores: 1 });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Made by rule, not by chance: every run has the same patients. */
function variations(): Record<string, unknown>[] {
  interface Held {
    resourceType: string;
    id: string;
    [element: string]: unknown;
  }
  const everyone = sandboxResources(now) as unknown as Held[];
  const owner = ({ resourceType, id, subject, patient }: Held): string | undefined =>
    resourceType === 'Patient'
      ? id
      : ((subject ?? patient) as { reference?: string } | undefined)?.reference?.split('/').at(-1);
  const charts = [...Map.groupBy(everyone, owner)].filter(([id]) => id !== undefined) as [string, Held[]][];
  // Every second chart is enough.
  return charts.flatMap(([id, resources], place) => {
    if (place % 2) return [];
    const neighbour = charts[(place + 5) % charts.length]![1].filter(
      ({ resourceType, status }) => resourceType === 'MedicationRequest' && status === 'active',
    );
    const moved = [...resources, ...neighbour.map((drug) => ({ ...drug, subject: { reference: `Patient/${id}` } }))];
    return moved.flatMap((resource, number): Record<string, unknown>[] => {
      const { resourceType } = resource;
      if (resourceType === 'Condition' && (number + place) % 3 === 0) return [];
      const text = JSON.stringify(resource).replaceAll(`"Patient/${id}"`, `"Patient/${id}-v"`);
      const copy: Held = { ...(JSON.parse(text) as Held), id: `${resource.id}-v${number}` };
      if (resourceType === 'Patient') {
        const born = Number(String(copy.birthDate).slice(0, 4)) + (place % 4 ? 17 : -9);
        return [{ ...copy, id: `${id}-v`, birthDate: `${Math.min(born, 2024)}${String(copy.birthDate).slice(4)}` }];
      }
      const quantity = copy.valueQuantity as { value: number } | undefined;
      if (!quantity) return [copy];
      return [
        {
          ...copy,
          valueQuantity: { ...quantity, value: Number((quantity.value * [0.6, 1, 1.5][number % 3]!).toFixed(2)) },
        },
      ];
    });
  });
}

function edit(name: string, change: (rule: Record<string, unknown>) => object): void {
  const path = join(edited, name);
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
}

const run = (given: Partial<Parameters<typeof impact>[0]> = {}) =>
  impact({
    before: shipped,
    after: edited,
    scratch: mkdtempSync(join(scratch, 'run-')),
    against: 'the shipped rules',
    now,
    ...given,
  });

/** Which rules speak, by patient, deed and service, when every request is sent to the app itself. */
async function oneByOne(knowledge: Knowledge, folder?: string): Promise<Map<string, Map<string, string>>> {
  const { post } = testApp({ knowledge: () => knowledge });
  const files = folder === undefined ? undefined : cohortFiles(folder);
  const { paths, shared } = await partition(files, mkdtempSync(join(scratch, 'parts-')), now);
  const medications = readFileSync(shared, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const heard = new Map<string, Map<string, string>>();
  for (const patient of paths.flatMap(readPartition)) {
    for (const [place, { deed, hook, context, prefetch }] of requestsOf(patient, medications).entries()) {
      for (const { id } of services.filter(({ hooks }) => hooks.includes(hook))) {
        const answer = await post(`/cds-services/${id}`, {
          hook,
          hookInstance: crypto.randomUUID(),
          context,
          prefetch,
        });
        expect(answer.status).toBe(200);
        const { cards, extension } = (await answer.json()) as CdsResponse;
        const rules = new Map<string, string>();
        for (const { indicator, extension: about } of cards)
          rules.set(about![cardExtensionKey]!.ruleId, `card ${indicator}`);
        for (const { ruleId, indicator } of extension![responseExtensionKey]!.heldBack)
          rules.set(ruleId, `held back ${indicator}`);
        heard.set(`${place} ${patient.id} ${deed} ${hook}`, rules);
      }
    }
  }
  return heard;
}

// Worker threads start slowly on a busy machine.
describe('rules impact', { timeout: 120_000 }, () => {
  const cohorts: [string, () => string | undefined][] = [
    ['the sandbox', () => undefined],
    ['patients nobody wrote a story for', () => varied],
    // Charts of your own: IMPACT_COHORT=/path/to/folder
    ...(process.env.IMPACT_COHORT
      ? [[process.env.IMPACT_COHORT, () => process.env.IMPACT_COHORT] as [string, () => string]]
      : []),
  ];
  it.each(cohorts)('says what running the hooks one by one under both rule sets says: %s', async (_, folder) => {
    const [before, after] = [
      await oneByOne(openKnowledge(readKnowledge(shipped)), folder()),
      await oneByOne(openKnowledge(readKnowledge(edited)), folder()),
    ];
    const expected = new Set<string>();
    for (const [request, was] of before) {
      const is = after.get(request)!;
      for (const rule of new Set([...was.keys(), ...is.keys()]))
        if (was.get(rule) !== is.get(rule))
          expected.add(
            `${rule}: ${request.replace(/^\d+ /, '')}: ${was.get(rule) ?? 'unheard'} → ${is.get(rule) ?? 'unheard'}`,
          );
    }
    const report = folder() === undefined ? await sandboxRun : await run({ cohort: folder(), cores: 1 });
    const heard = (fired: (typeof report.changes)[number]['before']) =>
      fired && (fired.showing === 'card' || fired.showing === 'held back')
        ? `${fired.showing} ${fired.indicator}`
        : 'unheard';
    const found = new Set(
      report.changes
        .filter(({ before: was, after: is }) => heard(was) !== heard(is))
        .map(
          (change) =>
            `${change.rule}: ${change.patient} ${change.deed} ${change.hook}: ${heard(change.before)} → ${heard(change.after)}`,
        ),
    );
    expect([...found].sort()).toEqual([...expected].sort());
    if (folder() !== process.env.IMPACT_COHORT || folder() === undefined) expect(found.size).toBeGreaterThan(3);
    expect(report.requests).toBe(before.size);
    const cards = (heardBy: Map<string, Map<string, string>>) =>
      [...heardBy]
        .filter(([request]) => request.endsWith('order-sign'))
        .flatMap(([, rules]) => [...rules.values()])
        .filter((how) => how.startsWith('card') && !how.endsWith('info')).length;
    expect(report.interruptive).toEqual({ before: cards(before), after: cards(after) });
  });

  it('reads a cohort of NDJSON files as it reads the sandbox, on two cores as on one', async () => {
    const [sandbox, files] = [await sandboxRun, await run({ cohort, cores: 2 })];
    const shown = (report: typeof files) => report.changes.map((change) => JSON.stringify(change)).sort();
    expect(shown(files)).toEqual(shown(sandbox));
    expect(files.orders).toBe(sandbox.orders);
  });

  it('goes on where it was cut off, and refuses the state of another run', async () => {
    const state = join(scratch, 'state.jsonl');
    const whole = await run({ cohort, cores: 1, resume: state });
    const lines = readFileSync(state, 'utf8').split('\n');
    // Cut off in the middle of the second result.
    writeFileSync(state, `${lines[0]}\n${lines[1]}\n${lines[2]!.slice(0, 40)}`);
    const again = await run({ cohort, cores: 1, resume: state });
    expect([again.patients, again.orders, again.changes.length]).toEqual([
      whole.patients,
      whole.orders,
      whole.changes.length,
    ]);
    await expect(run({ cohort, after: shipped, resume: state })).rejects.toThrow(/belongs to another run/);
  });

  it('places what a Bundle of urn:uuid pointers holds, and counts what it cannot place', async () => {
    const folder = join(scratch, 'bundles');
    mkdirSync(folder);
    const entry = [
      { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', id: 'p1' } },
      { fullUrl: 'urn:uuid:2', resource: { resourceType: 'Medication', id: 'm1', code: { text: 'warfarin' } } },
      {
        fullUrl: 'urn:uuid:3',
        resource: {
          resourceType: 'MedicationRequest',
          id: 'r1',
          status: 'active',
          subject: { reference: 'urn:uuid:1' },
          medicationReference: { reference: 'urn:uuid:2' },
        },
      },
      { fullUrl: 'urn:uuid:4', resource: { resourceType: 'Practitioner', id: 'x' } },
    ];
    writeFileSync(join(folder, 'one.json'), JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }));
    writeFileSync(
      join(folder, 'two.ndjson'),
      '{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"}}\nnot json\n',
    );
    const dealt = await partition(cohortFiles(folder), join(scratch, 'dealt'), now);
    expect(dealt).toMatchObject({
      patients: 1,
      resources: 3,
      skipped: { 'Practitioner of no patient': 1, 'a line that is not JSON': 1 },
    });
    const [patient] = dealt.paths.flatMap(readPartition);
    const medications = readFileSync(dealt.shared, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(requestsOf(patient!, medications).map(({ deed }) => deed)).toEqual(['opens the chart', 'orders warfarin']);
  });

  it('writes a report fit for a pull request', async () => {
    const report = await sandboxRun;
    expect(asMarkdown(report)).toMatch(/\| `nsaids-kidney` \| \d+ \| \d+ \| 0 \| \d+ \|/);
    expect(asMarkdown(report)).toContain('<details><summary>No longer fires:');
    expect(asText(report)).toMatch(/Interruptive cards per 100 orders: [\d.]+ before, [\d.]+ after/);
    expect(asText({ ...report, rules: {}, changes: [] })).toContain(
      'No patient of this cohort is alerted otherwise than before.',
    );
  });
});

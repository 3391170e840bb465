// Every parser of ours against what nobody would send: requests, Bundles, tokens, rule files, model answers. No answer may be a
// 5xx of ours, and memory may not grow.   node test/security/fuzz.ts 100000

import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { services } from '../../hooks/index.ts';
import { type App, createApp } from '../../src/app.ts';
import { readAnswer } from '../../src/consult/answer.ts';
import { type KnowledgeFiles, openKnowledge } from '../../src/knowledge.ts';
import { nodePlatform } from '../../src/node.ts';
import type { LogEntry } from '../../src/platform.ts';
import { readSettings } from '../../src/settings.ts';
import { checkFiles } from '../../src/tools/rules/check-files.ts';
import { bundle, ibuprofen, lab, orderSign, patient, patientView, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;
const base = 'http://127.0.0.1:8787';

export interface Fuzzed {
  requests: number;
  statuses: Record<string, number>;
  /** Answers of 5xx but 503, with what was sent. */
  failures: { status: number; path: string; body: string; log?: LogEntry }[];
  heapMb: number[];
}

export function fuzzApp(env: Record<string, string> = {}): { app: App; logs: LogEntry[] } {
  const logs: LogEntry[] = [];
  const { platform } = nodePlatform(readSettings({ DATA_DIR: ':memory:', SANDBOX: 'on', ...env }));
  const file = new URL('../../dist/knowledge.json', import.meta.url);
  if (!existsSync(file)) throw new Error('Build first: npm run build');
  const knowledge = openKnowledge(JSON.parse(readFileSync(file, 'utf8')) as KnowledgeFiles);
  const log = (entry: LogEntry) => {
    if (logs.push(entry) > 50) logs.shift();
  };
  return {
    app: createApp({
      platform: { ...platform, log, fetch: async () => new Response('', { status: 500 }) },
      services,
      knowledge: () => knowledge,
      publicUrl: base,
    }),
    logs,
  };
}

/** A value where it does not belong. */
const junk = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      null,
      '',
      [],
      {},
      0,
      -1,
      1e308,
      Number.MAX_SAFE_INTEGER,
      true,
      '\u0000',
      '\ud800',
      '__proto__',
      '2026-13-45',
      '0000-00-00',
      'x'.repeat(5000),
      [null],
      [[]],
      { resourceType: 'Bundle' },
      { resourceType: 'Patient', id: [] },
      { coding: [null, 1, 'x', {}] },
      { value: 'NaN' },
    ),
    weight: 4,
  },
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 2 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 1 },
);

const starts: (() => Json)[] = [
  () =>
    orderSign({
      draftOrders: [ibuprofen()],
      medications: [warfarin()],
      prefetch: { labs: bundle(lab('6301-6', 3.4, '1'), lab('2160-0', 1.6, 'mg/dL')) },
    }),
  () => ({
    ...orderSign({
      draftOrders: [warfarin({ id: 'd', status: 'draft' })],
      medications: [ibuprofen({ status: 'active' })],
    }),
    hook: 'order-select',
  }),
  () =>
    patientView({
      patient: patient(),
      problems: bundle({
        resourceType: 'Condition',
        id: 'c',
        subject: { reference: 'Patient/p1' },
        code: { coding: [{ system: 'http://snomed.info/sct', code: '73211009' }] },
      }),
      vitals: bundle(lab('8867-4', 118, '/min')),
    }),
  () => ({ ...patientView(), question: 'chest pain', clinicianDifferential: ['PE'] }),
  () => ({
    ...orderSign({ medications: [warfarin()] }),
    changes: [
      { do: 'stop', medication: { reference: 'MedicationRequest/m-warfarin' } },
      { do: 'observe', code: { system: 'http://loinc.org', code: '98979-8' }, value: 28, unit: 'mL/min/{1.73_m2}' },
    ],
  }),
  () => ({
    feedback: [
      {
        card: crypto.randomUUID(),
        outcome: 'overridden',
        outcomeTimestamp: '2026-11-24T09:00:00Z',
        overrideReason: { reason: { code: 'x' }, userComment: 'y' },
      },
    ],
  }),
  () => ({ record: 1, request: orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] }) }),
  () => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'check_orders', arguments: orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] }) },
  }),
  () => ({ inputs: { age_y: 60, sex: 'female', creatinine_mg_dl: 1.2, weight_kg: 70, height_cm: 170 } }),
];
const paths = [
  '/cds-services/medication-safety',
  '/cds-services/medication-safety',
  '/cds-services/chart-review',
  '/consult',
  '/what-if',
  '/cds-services/medication-safety/feedback',
  '/calculators/ckd_epi_2021',
  '/summary',
  '/ask',
  '/trials',
  '/worklist',
  '/hl7v2',
  '/ccda',
];
/** Where each kind of body belongs. */
const belongs = [
  '/cds-services/medication-safety',
  '/cds-services/medication-safety',
  '/cds-services/chart-review',
  '/consult',
  '/what-if',
  '/cds-services/medication-safety/feedback',
  '/audit/replay',
  '/mcp',
  '/calculators/ckd_epi_2021',
];

/** Puts junk at some places of a value that was right. */
function spoilt(
  value: unknown,
  spoil: { at: number; with: unknown; how: 'replace' | 'remove' | 'repeat' | 'wrap' }[],
): unknown {
  const copy = structuredClone(value);
  for (const { at, with: what, how } of spoil) {
    const places: [holder: Json | unknown[], key: string | number][] = [];
    const walk = (held: unknown): void => {
      if (typeof held !== 'object' || held === null) return;
      for (const key of Object.keys(held)) {
        places.push([held as Json, key]);
        walk((held as Json)[key]);
      }
    };
    walk(copy);
    if (places.length === 0) return structuredClone(what);
    const [holder, key] = places[at % places.length]!;
    const slot = holder as Json;
    if (how === 'remove') delete slot[key as string];
    else if (how === 'repeat')
      slot[key as string] = Array.from({ length: 30 }, () => structuredClone(slot[key as string]));
    else if (how === 'wrap') slot[key as string] = { [String(key)]: slot[key as string] };
    else slot[key as string] = structuredClone(what);
  }
  return copy;
}

const spoiling = fc.array(
  fc.record({
    at: fc.nat(2000),
    with: junk,
    how: fc.constantFrom('replace' as const, 'replace' as const, 'remove' as const, 'repeat' as const, 'wrap' as const),
  }),
  { minLength: 1, maxLength: 5 },
);
const request = fc.record({
  start: fc.nat(starts.length - 1),
  path: fc.nat(paths.length - 1),
  spoil: spoiling,
  /** Only what the chart holds is spoilt: the envelope passes, and the engine reads the rest. */
  isInside: fc.boolean(),
  isAstray: fc.nat(4),
  /** One in thirty breaks off. */
  cut: fc.oneof({ arbitrary: fc.constant(null), weight: 29 }, { arbitrary: fc.nat(3000), weight: 1 }),
  type: fc.constantFrom(...Array<string>(12).fill('application/json'), 'text/plain', 'application/json; charset=x'),
});

export async function fuzzRequests(count: number, seed: number, { app, logs } = fuzzApp()): Promise<Fuzzed> {
  const statuses: Record<string, number> = {};
  const failures: Fuzzed['failures'] = [];
  const heapMb: number[] = [];
  const every = Math.max(1, Math.floor(count / 10));
  const batch = 500;
  for (let done = 0; done < count; ) {
    for (const { start, path, spoil, isInside, isAstray, cut, type } of fc.sample(request, {
      numRuns: Math.min(batch, count - done),
      seed: seed + done,
    })) {
      const given = starts[start]!();
      const { prefetch } = given;
      const whole =
        JSON.stringify(isInside && prefetch ? { ...given, prefetch: spoilt(prefetch, spoil) } : spoilt(given, spoil)) ??
        'null';
      const body = cut === null ? whole : whole.slice(0, cut);
      // Most go where they belong, one in five anywhere.
      const at = isAstray === 0 ? paths[path]! : belongs[start]!;
      const answer = await app.fetch(
        new Request(`${base}${at}`, { method: 'POST', headers: { 'content-type': type }, body }),
      );
      const text = await answer.text();
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status >= 500 && answer.status !== 503)
        failures.push({
          status: answer.status,
          path: at,
          body: body.slice(0, 20_000),
          log: logs.findLast(({ event }) => event === 'defect'),
        });
      if (/"type":"failed"/.test(text))
        failures.push({
          status: 200,
          path: at,
          body: body.slice(0, 20_000),
          log: logs.findLast(({ event }) => event === 'consult_failed'),
        });
      done += 1;
      if (done % every === 0) {
        collect();
        heapMb.push(Math.round(process.memoryUsage().heapUsed / 1_048_576));
      }
    }
  }
  return { requests: count, statuses, failures, heapMb };
}

/** Parsers that are not behind a route: they may refuse, they may not throw. */
export function fuzzParsers(runs: number, seed: number): void {
  const rule = {
    id: 'x',
    version: '1.0.0',
    status: 'active',
    title: 'A rule to spoil',
    kind: 'interaction',
    steward: 's',
    lastReviewDate: '2026-10-01',
    evidence: [{ citation: 'A citation' }],
    hooks: ['order-sign'],
    when: { all: [{ fact: 'orders', params: { drug: 'warfarin' }, operator: 'equal', value: true }] },
    tiers: [{ id: 't', indicator: 'warning' }],
    card: { summary: 'A summary of it', detail: 'A detail of it, long enough.' },
  };
  const answer = {
    status: 'ok',
    candidates: [
      {
        condition: 'gout',
        text: 'Gout',
        band: 'leading',
        for: ['E1'],
        against: [],
        missing: [],
        sentences: [{ text: 'x', handles: ['E1'] }],
        actions: [],
      },
    ],
  };
  const { terminology } = openKnowledge(
    JSON.parse(readFileSync(new URL('../../dist/knowledge.json', import.meta.url), 'utf8')) as KnowledgeFiles,
  );
  fc.assert(
    fc.property(spoiling, fc.option(fc.nat(400)), (spoil, cut) => {
      const whole = JSON.stringify(spoilt(rule, spoil)) ?? '';
      checkFiles(
        [{ path: 'x.json', text: cut === null ? whole : whole.slice(0, cut) }],
        terminology,
        new Date('2026-11-24'),
      );
      const said = JSON.stringify(spoilt(answer, spoil)) ?? '';
      readAnswer(cut === null ? said : said.slice(0, cut));
    }),
    { numRuns: runs, seed },
  );
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

if (import.meta.main) {
  const count = Number(process.argv[2] ?? 100_000);
  const seed = Number(process.argv[3] ?? 1);
  fuzzParsers(Math.min(20_000, count), seed);
  const started = performance.now();
  const { statuses, failures, heapMb } = await fuzzRequests(count, seed);
  console.log(
    `${count} requests in ${Math.round((performance.now() - started) / 1000)} s: ${Object.entries(statuses)
      .map(([status, times]) => `${times} × ${status}`)
      .join(', ')}. Heap in MB after each tenth: ${heapMb.join(' ')}.`,
  );
  const kinds = new Map(
    failures.map((failure) => [`${failure.path} ${failure.log?.kind} ${failure.log?.at}`, failure]),
  );
  for (const [kind, { body }] of kinds) console.log(`${kind}\n  ${body.slice(0, 3000)}`);
  const settled = heapMb[4]!;
  const grew = heapMb.at(-1)! > settled * 1.3 + 20;
  if (grew) console.log('The heap grew.');
  process.exit(failures.length || grew ? 1 : 0);
}

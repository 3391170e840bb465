// The replay of a card without a server: the record, a chart in a file, and rules from a folder or a built bundle.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readEnvelope } from '../cds-hooks/envelope.ts';
import { type KnowledgeFiles, openKnowledge } from '../knowledge.ts';
import type { Platform } from '../platform.ts';
import { createFingerprints } from '../record/fingerprint.ts';
import type { Digest, LedgerRow } from '../record/ledger.ts';
import { type Replayed, replay } from '../replay.ts';
import type { Engine, Service } from '../service.ts';
import { readSettings } from '../settings.ts';
import { readKnowledge } from './rules/read-folder.ts';

/** The shipped services; the static import is for the two platforms alone. */
const services = async (): Promise<readonly Service[]> =>
  ((await import(new URL('../../hooks/index.ts', import.meta.url).href)) as { services: readonly Service[] }).services;

const root = new URL('../../', import.meta.url).pathname;

/** `rules`: a rules folder, or a knowledge.json that was kept. Without it the folder rules/. Refused as the route would be. */
export async function replayOffline(
  row: LedgerRow,
  chart: unknown,
  { rules = `${root}rules`, key, digest }: { rules?: string; key?: string; digest: Digest },
): Promise<Replayed> {
  if (!existsSync(rules)) throw new Error(`There are no rules at ${rules}.`);
  const knowledge = openKnowledge(
    statSync(rules).isDirectory() ? readKnowledge(rules) : (JSON.parse(readFileSync(rules, 'utf8')) as KnowledgeFiles),
  );
  const offline = () => {
    throw new Error('a replay reads nothing but the file');
  };
  const platform: Platform = {
    settings: readSettings({ SANDBOX: 'on' }),
    now: () => new Date(),
    uuid: () => crypto.randomUUID(),
    elapsed: () => performance.now(),
    fetch: offline,
    sql: { all: offline, run: offline, batch: offline },
    log: ({ level, event, rule }) => console.error(`${level}: ${event}${rule ? ` ${rule}` : ''}`),
    asset: async () => undefined,
    waitUntil: () => undefined,
  };
  const engine: Engine = {
    platform,
    knowledge: () => knowledge,
    trustedFhirServers: [],
    publicUrl: 'http://localhost',
    chartDeadlineMs: 1000,
  };
  const prints = createFingerprints({ digest, ...(key && { key }) });
  return replay(row, readEnvelope(chart, { isHook: false }), { services: await services(), engine, prints });
}

/** For a reader at a terminal. */
export function told({ record, rules, terminology, chart, cards, added, isReproduced }: Replayed): string {
  const lines = [
    `Record ${record.seq} of ${record.at}: ${record.hook} at ${record.service}, Patient/${record.patient}`,
    `Rules:  ${rules.isSame ? 'the same' : 'another set'} (recorded ${short(rules.recorded)}, used ${short(rules.used)})`,
    ...(terminology.isSame === undefined
      ? []
      : [
          `Names:  ${terminology.isSame ? 'the same terminology' : `another terminology (recorded ${short(terminology.recorded!)}, used ${short(terminology.used!)})`}`,
        ]),
    `Chart:  ${chart.note ?? (chart.isSame ? 'the one that was judged' : `differs in ${chart.differs.map(({ part, how }) => `${part} (${how})`).join(', ')}`)}`,
    '',
    ...cards.flatMap(({ rule, result, version, tier, indicator, why, conditions = [], summary }) => [
      `${result.toUpperCase().padEnd(19)} ${rule} ${change(version)}, ${change(tier)}, ${change(indicator)}${why ? `: ${why}` : ''}`,
      ...(summary ? [`  ${summary}`] : []),
      ...conditions.map(
        ({ fact, params, operator, expected, is, gap, was }) =>
          `  - ${fact}${params ? ` ${JSON.stringify(params)}` : ''} ${operator} ${JSON.stringify(expected)}: ${gap ? `unknown (${gap})` : `is ${JSON.stringify(is)}`}${was === undefined ? '' : `, was ${JSON.stringify(was)}`}`,
      ),
    ]),
    ...added.map(
      ({ rule, version, tier, indicator, summary }) =>
        `${'NEW'.padEnd(19)} ${rule} ${version}, ${tier}, ${indicator}\n  ${summary}`,
    ),
    ...(cards.length + added.length === 0 ? ['No cards, then or now.'] : []),
    '',
    isReproduced ? 'Reproduced: every card as it was, and no other.' : 'Not reproduced as it was.',
  ];
  return lines.join('\n');
}

const short = (hash: string): string => hash.slice(0, 12);
const change = ({ recorded, used }: { recorded: string; used?: string }): string =>
  used === undefined || used === recorded ? recorded : `${recorded} → ${used}`;

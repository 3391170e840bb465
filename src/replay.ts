// An old card from its record in the ledger and a chart that is brought along: the same steps as on that day, on the rules of
// today or of then, and what differs. The record holds references and fingerprints; the chart is the caller's.
import type { Card, Indicator } from './cds-hooks/contract.ts';
import { cardExtensionKey } from './cds-hooks/contract.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import type { Explained } from './guards/three-valued.ts';
import { refuse } from './outcome.ts';
import { type ChartPrint, type Fingerprints, notLookedAt } from './record/fingerprint.ts';
import type { LedgerRow } from './record/ledger.ts';
import type { RecordedCard } from './record/ledger-event.ts';
import type { Why } from './record/record.ts';
import { answerChart, type Engine, open, type Service } from './service.ts';

/** What a hook's record says that is needed here. Records from before fingerprints lack the optional ones. */
interface RecordedHook {
  kind: string;
  at: string;
  judgedAt?: string;
  requestId?: string;
  service?: string;
  hook?: string;
  patient?: string;
  rules?: string;
  terminology?: string;
  chart?: ChartPrint;
  printKey?: string;
  cards?: RecordedCard[];
}

export interface DifferingCondition {
  fact: string;
  params?: Record<string, unknown>;
  operator?: string;
  expected?: unknown;
  /** The answer on the chart that was brought along; the gap where it is unknown. */
  is?: boolean | number | string;
  gap?: string;
  /** The answer on the day, while the reasons of the card are kept. */
  was?: boolean | number | string;
}

export interface ReplayedCard {
  card: string;
  rule: string;
  result:
    | 'same'
    | 'text differs'
    | 'text not comparable'
    | 'tier differs'
    | 'held back'
    | 'no longer fires'
    | 'rule is gone';
  version: { recorded: string; used?: string };
  tier: { recorded: string; used?: string };
  indicator: { recorded: Indicator; used?: Indicator };
  /** Why it is held back. */
  why?: string;
  /** What keeps it from firing, or from its tier: the conditions that do not hold as they had to. */
  conditions?: DifferingCondition[];
  /** The card as it is written now. */
  summary?: string;
  detail?: string;
}

export interface Replayed {
  record: { seq: number; hash: string; at: string; service: string; hook: string; patient: string };
  rules: { recorded: string; used: string; isSame: boolean };
  /** By which codes and names meant what. Records and rules of before it had a hash lack theirs. */
  terminology: { recorded?: string; used?: string; isSame?: boolean };
  /** Undefined where the record holds no fingerprints, or they were made with another LEDGER_KEY. */
  chart: { isSame?: boolean; differs: { part: string; how: string }[]; note?: string };
  cards: ReplayedCard[];
  /** Cards of now that the record does not have. */
  added: { rule: string; version: string; tier: string; indicator: Indicator; summary: string }[];
  /** Every card as it was, and no other. */
  isReproduced: boolean;
}

export interface ReplayWiring {
  services: readonly Service[];
  engine: Engine;
  prints: Fingerprints;
  /** The reasons of a card as they were, while they are kept. */
  whyThen?: (card: string) => Promise<Why | undefined>;
}

/** Refused where the record is not of a hook, the service is gone, or the chart is another patient's. */
export async function replay(
  row: LedgerRow,
  request: HookRequest,
  { services, engine, prints, whyThen }: ReplayWiring,
): Promise<Replayed> {
  const recorded = JSON.parse(row.body) as RecordedHook;
  const { kind, at, judgedAt = at, requestId = '', hook, patient, rules = 'not recorded', cards = [] } = recorded;
  if (kind !== 'hook' || !hook || !patient)
    return refuse({
      reason: 'malformed',
      what: `Record ${row.seq} is of the kind "${kind}": only a hook's cards can be reproduced.`,
    });
  const service =
    services.find(({ id }) => id === recorded.service) ??
    refuse({ reason: 'unknown', what: `The service of record ${row.seq} is none of ours any more.` });
  if (request.context.patientId !== patient)
    return refuse({ reason: 'malformed', what: `The chart is not of the patient of record ${row.seq}.` });

  const then = new Date(judgedAt);
  const asThen: Engine = { ...engine, platform: { ...engine.platform, now: () => then }, smartLink: undefined };
  // A chart that lacks a part is a difference to be told, not a refusal.
  const wanted: Service = {
    ...service,
    required: ['patient'],
    helpful: [...new Set([...service.required, ...service.helpful])].filter((part) => part !== 'patient'),
  };
  const source = await open({ ...request, hook }, wanted, asThen);
  const { guarded, written } = await answerChart(source, wanted, hook, asThen);

  const isComparable = recorded.printKey !== undefined && recorded.printKey === (await prints.key());
  const ofRule = new Map(written.cards.map((card) => [written.findings.get(card.uuid)?.rule.id, card]));
  const replayed = await Promise.all(
    cards.map(async (was): Promise<ReplayedCard> => {
      const rule = engine.knowledge().ruleSet.rule(was.rule);
      const told = {
        card: was.uuid,
        rule: was.rule,
        version: { recorded: was.version, ...(rule && { used: rule.version }) },
        tier: { recorded: was.tier },
        indicator: { recorded: was.indicator },
      };
      if (!rule) return { ...told, result: 'rule is gone' };
      const conditionsOf = async (...trees: (Explained | undefined)[]): Promise<DifferingCondition[]> =>
        differing(trees, await whyThen?.(was.uuid));
      const card = ofRule.get(was.rule);
      if (!card) {
        const finding = guarded.findings.find((one) => one.rule.id === was.rule);
        const held = written.heldBack.find(({ ruleId }) => ruleId === was.rule);
        if (finding && rule.status !== 'silent' && held)
          return { ...told, result: 'held back', why: held.why, tier: { recorded: was.tier, used: finding.tier.id } };
        if (rule.status !== 'active') return { ...told, result: 'no longer fires', why: `the rule is ${rule.status}` };
        const { when, tiers } = guarded.trace(rule);
        const conditions = await conditionsOf(when);
        return {
          ...told,
          result: 'no longer fires',
          conditions: conditions.length > 0 ? conditions : await conditionsOf(...tiers.map((tier) => tier.when)),
        };
      }
      const { tier } = written.findings.get(card.uuid)!;
      const as = {
        ...told,
        tier: { recorded: was.tier, used: tier.id },
        indicator: { recorded: was.indicator, used: card.indicator },
        summary: card.summary,
        detail: card.detail,
      };
      if (tier.id !== was.tier || card.indicator !== was.indicator) {
        const { tiers } = guarded.trace(rule);
        return {
          ...as,
          result: 'tier differs',
          conditions: await conditionsOf(tiers.find(({ id }) => id === was.tier)?.when),
        };
      }
      if (!isComparable || was.text === undefined) return { ...as, result: 'text not comparable' };
      return { ...as, result: (await prints.card(requestId, card)) === was.text ? 'same' : 'text differs' };
    }),
  );

  const known = new Set(cards.map(({ rule }) => rule));
  const added = written.cards.filter((card) => !known.has(ruleOf(card)));
  return {
    record: { seq: row.seq, hash: row.hash, at, service: service.id, hook, patient },
    rules: { recorded: rules, used: engine.knowledge().hash, isSame: rules === engine.knowledge().hash },
    terminology: terminologies(recorded.terminology, engine.knowledge().terminologyHash),
    chart: !recorded.chart
      ? { differs: [], note: 'The record is from before charts had fingerprints.' }
      : !isComparable
        ? { differs: [], note: 'The record’s fingerprints were made with another LEDGER_KEY.' }
        : compared(recorded.chart, await prints.chart(requestId, source, readThen(recorded.chart))),
    cards: replayed,
    added: added.map((card) => ({
      rule: ruleOf(card),
      version: card.extension![cardExtensionKey]!.ruleVersion,
      tier: card.extension![cardExtensionKey]!.tier,
      indicator: card.indicator,
      summary: card.summary,
    })),
    isReproduced: added.length === 0 && replayed.every(({ result }) => result === 'same'),
  };
}

const terminologies = (recorded: string | undefined, used: string | undefined): Replayed['terminology'] => ({
  ...(recorded && { recorded }),
  ...(used && { used }),
  ...(recorded && used && { isSame: recorded === used }),
});

const ruleOf = (card: Card): string => card.extension?.[cardExtensionKey]?.ruleId ?? '';

/** Only what the guards read then is compared: the rest had no part in what was shown. */
const readThen = (was: ChartPrint): ReadonlySet<string> =>
  new Set(Object.keys(was).filter((part) => was[part] !== notLookedAt));

const wordOf = (print: string | undefined): string =>
  print === undefined ? 'not asked for' : print === 'unknown' || print === 'empty' ? print : 'known';

function compared(was: ChartPrint, is: ChartPrint): Replayed['chart'] {
  const differs = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((part) => was[part] !== is[part] && was[part] !== notLookedAt)
    .map((part) => {
      const [then, now] = [wordOf(was[part]), wordOf(is[part])];
      return { part, how: then === now ? 'other content' : `was ${then}, is ${now}` };
    });
  return { isSame: differs.length === 0, differs };
}

/** The leaves that do not hold as they must for these conditions to hold, each once, with the answers of the day beside them. */
function differing(trees: (Explained | undefined)[], why: Why | undefined): DifferingCondition[] {
  const then = new Map<string, Explained>();
  for (const tree of why ? [why.when, ...why.tiers.map(({ when }) => when)] : [])
    if (tree) for (const leaf of leavesOf(tree)) then.set(questionOf(leaf), leaf);
  const found = new Map<string, DifferingCondition>();
  for (const tree of trees) {
    if (!tree) continue;
    for (const leaf of failing(tree, true)) {
      const { fact = '', params, operator, expected, value, gap } = leaf;
      const was = then.get(questionOf(leaf));
      found.set(questionOf(leaf), {
        fact,
        ...(params && Object.keys(params).length > 0 && { params }),
        operator,
        expected,
        ...(gap === undefined ? { is: value } : { gap }),
        ...(was?.value !== undefined && { was: was.value }),
      });
    }
  }
  return [...found.values()];
}

const questionOf = ({ fact, params, operator, expected }: Explained): string =>
  JSON.stringify([fact, params, operator, expected]);

function* leavesOf(tree: Explained): Generator<Explained> {
  if (tree.kind === 'fact') yield tree;
  else for (const part of tree.parts ?? []) yield* leavesOf(part);
}

function* failing(tree: Explained, mustHold: boolean): Generator<Explained> {
  if (tree.truth === (mustHold ? 'true' : 'false')) return;
  if (tree.kind === 'fact') yield tree;
  else if (tree.kind === 'not') yield* failing(tree.parts![0]!, !mustHold);
  else for (const part of tree.parts ?? []) yield* failing(part, mustHold);
}

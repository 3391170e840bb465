// Two rule sets over the same requests: what newly fires, what no longer does, what changed its tier. The charts are opened and
// checked as a hook opens and checks them.

import { writeCards } from '../cards/write.ts';
import { isRefusal, openChart } from '../chart/open.ts';
import { readChart } from '../chart/read.ts';
import { checkGuards, type Finding } from '../guards/check.ts';
import type { Rule } from '../guards/rule.ts';
import { RuleSet } from '../guards/rule-set.ts';
import type { Service } from '../service.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { type CohortPatient, type CohortRequest, requestsOf } from './cohort-requests.ts';

export interface Side {
  ruleSet: RuleSet;
  terminology: Terminology;
  /** Rules that are drafts: woken for counting, shown to nobody. */
  drafts: ReadonlySet<string>;
}

/** How a rule's finding reached the clinician, if it did. */
export type Showing = 'card' | 'held back' | 'silent' | 'draft';

export interface Fired {
  tier: string;
  indicator: Rule['tiers'][number]['indicator'];
  showing: Showing;
}

export interface Change {
  rule: string;
  patient: string;
  deed: string;
  hook: string;
  before?: Fired;
  after?: Fired;
}

export interface RuleTally {
  before: number;
  after: number;
  new: number;
  gone: number;
  tier: number;
  showing: number;
}

export interface Tally {
  patients: number;
  orders: number;
  requests: number;
  refused: number;
  /** Cards at signing, and those of them that stop or interrupt. */
  cards: { before: number; after: number };
  interruptive: { before: number; after: number };
  rules: Record<string, RuleTally>;
  changes: Change[];
}

export const emptyTally = (): Tally => ({
  patients: 0,
  orders: 0,
  requests: 0,
  refused: 0,
  cards: { before: 0, after: 0 },
  interruptive: { before: 0, after: 0 },
  rules: {},
  changes: [],
});

/** A draft is woken, or an edit of it would have no impact to see; it is counted as a draft. */
export const sideOf = (rules: readonly Rule[], terminology: Terminology): Side => ({
  ruleSet: new RuleSet(rules.map((rule) => (rule.status === 'draft' ? { ...rule, status: 'silent' } : rule))),
  terminology,
  drafts: new Set(rules.filter(({ status }) => status === 'draft').map(({ id }) => id)),
});

export interface Sides {
  before: Side;
  after: Side;
  services: readonly Service[];
  now: Date;
}

export async function compare(
  patients: readonly CohortPatient[],
  medications: readonly Record<string, unknown>[],
  sides: Sides,
  tally: Tally,
): Promise<void> {
  for (const patient of patients) {
    tally.patients += 1;
    for (const request of requestsOf(patient, medications)) {
      for (const service of sides.services.filter(({ hooks }) => hooks.includes(request.hook))) {
        tally.requests += 1;
        if (request.hook === 'order-sign') tally.orders += 1;
        const [before, after] = [
          await fire(request, service, sides, 'before'),
          await fire(request, service, sides, 'after'),
        ];
        if (!before || !after) tally.refused += 1;
        else enter(tally, request, patient.id, before, after);
      }
    }
  }
}

/** What one rule set makes of a request: by rule, in which tier, and whether anybody sees it. Undefined when the hook would refuse. */
export async function fire(
  request: CohortRequest,
  service: Service,
  sides: Sides,
  which: 'before' | 'after',
): Promise<Map<string, Fired> | undefined> {
  const { ruleSet, terminology, drafts } = sides[which];
  const source = await openChart({ context: request.context, prefetch: request.prefetch, now: sides.now }, service);
  if (isRefusal(source)) return undefined;
  const chart = readChart(source, terminology);
  const { findings } = await checkGuards(chart, ruleSet, request.hook, terminology, service.kinds);
  if (findings.length === 0) return new Map();
  let next = 0;
  const written = await writeCards(findings, {
    chart,
    terminology,
    uuid: () => String(next++),
    publicUrl: '',
    serviceTitle: service.title,
    cardLimit: service.cardLimit,
  });
  const shown = new Set([...written.findings.values()].map(({ rule }) => rule.id));
  const showing = ({ rule }: Finding): Showing =>
    drafts.has(rule.id) ? 'draft' : rule.status === 'silent' ? 'silent' : shown.has(rule.id) ? 'card' : 'held back';
  return new Map(
    findings.map((finding) => [
      finding.rule.id,
      { tier: finding.tier.id, indicator: finding.tier.indicator, showing: showing(finding) },
    ]),
  );
}

function enter(
  tally: Tally,
  { deed, hook }: CohortRequest,
  patient: string,
  before: Map<string, Fired>,
  after: Map<string, Fired>,
): void {
  for (const [side, fired] of [
    ['before', before],
    ['after', after],
  ] as const) {
    for (const { showing, indicator } of fired.values()) {
      if (showing !== 'card' || hook !== 'order-sign') continue;
      tally.cards[side] += 1;
      if (indicator !== 'info') tally.interruptive[side] += 1;
    }
  }
  for (const rule of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(rule), after.get(rule)];
    const counted = tallyOf(tally, rule);
    if (was) counted.before += 1;
    if (is) counted.after += 1;
    const kind = !was
      ? 'new'
      : !is
        ? 'gone'
        : was.tier !== is.tier || was.indicator !== is.indicator
          ? 'tier'
          : was.showing !== is.showing
            ? 'showing'
            : undefined;
    if (!kind) continue;
    counted[kind] += 1;
    tally.changes.push({ rule, patient, deed, hook, ...(was && { before: was }), ...(is && { after: is }) });
  }
}

export function addTally(sum: Tally, part: Tally): void {
  for (const key of ['patients', 'orders', 'requests', 'refused'] as const) sum[key] += part[key];
  for (const key of ['cards', 'interruptive'] as const)
    for (const side of ['before', 'after'] as const) sum[key][side] += part[key][side];
  for (const [rule, counted] of Object.entries(part.rules)) {
    const held = tallyOf(sum, rule);
    for (const key of Object.keys(held) as (keyof RuleTally)[]) held[key] += counted[key];
  }
  sum.changes.push(...part.changes);
}

function tallyOf({ rules }: Tally, rule: string): RuleTally {
  rules[rule] ??= { before: 0, after: 0, new: 0, gone: 0, tier: 0, showing: 0 };
  return rules[rule];
}

// The console's figures, out of what was shown, what was said of it and what was counted.
import { overrideReasonIds, type Rule } from '../guards/rule.ts';
import type { Sql } from '../platform.ts';

export interface Figure {
  id: string;
  title: string;
  unit: 'per 100' | '%' | 'ms';
  value?: number;
  /** Against the span before, in the figure's own unit. */
  change?: number;
  better: 'lower' | 'higher';
  definition: string;
}

export interface BurdenRow {
  id: string;
  title: string;
  kind: string;
  status: string;
  version: string;
  indicator: string;
  fired: number;
  per100: number;
  accepted: number;
  overridden: number;
  /** Of those with feedback; absent when there is none. */
  overrideRate?: number;
  topReason?: string;
  /** Fired, week by week, the newest last. */
  weeks: number[];
}

const dayMs = 86_400_000;
export const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
const signing = "(hook = 'order-sign' OR hook = 'medication-refill')";
const severity = ['info', 'warning', 'critical'];

interface Spoken {
  cards: number;
  interruptive: number;
  stopsSaid: number;
  stopsOverridden: number;
  said: number;
  accepted: number;
}

export async function figures(sql: Sql, now: Date, days: number): Promise<{ figures: Figure[]; orders: number }> {
  const span = (ago: number) =>
    [
      dayOf(new Date(now.getTime() - (ago + 1) * days * dayMs)),
      ago === 0 ? '9999' : dayOf(new Date(now.getTime() - ago * days * dayMs)),
    ] as const;
  const [is, was] = await Promise.all([measured(sql, ...span(0)), measured(sql, ...span(1))]);
  const figure = (
    id: keyof typeof is.values,
    title: string,
    unit: Figure['unit'],
    better: Figure['better'],
    definition: string,
  ): Figure => {
    const [value, before] = [is.values[id], was.values[id]];
    return {
      id,
      title,
      unit,
      better,
      definition,
      ...(value !== undefined && { value }),
      ...(value !== undefined && before !== undefined && { change: value - before }),
    };
  };
  return {
    orders: is.orders,
    figures: [
      figure(
        'interruptive',
        'Interruptive cards per 100 orders',
        'per 100',
        'lower',
        `Stop and Caution cards shown when orders were signed, for every 100 checks at signing, in ${days} days. The change is against the ${days} days before.`,
      ),
      figure(
        'overrides',
        'Override rate, Stop tier',
        '%',
        'lower',
        'Of the Stop cards that somebody answered: those that were overridden.',
      ),
      figure(
        'accepted',
        'Suggestions accepted',
        '%',
        'higher',
        'Of all cards that somebody answered: those of which a suggestion was taken.',
      ),
      figure(
        'p95',
        'Hook time, 95th centile',
        'ms',
        'lower',
        'Nineteen of twenty hook requests were answered within this time, the opening of the chart included.',
      ),
      figure(
        'withheld',
        'AI statements withheld',
        '%',
        'lower',
        'Of the statements that the model drafted: those that the checks against the chart and the rules kept back.',
      ),
    ],
  };
}

async function measured(sql: Sql, from: string, until: string) {
  const [[spoken], counted] = await Promise.all([
    sql.all<Spoken>(
      `SELECT count(*) AS cards,
        coalesce(sum(indicator <> 'info' AND ${signing}), 0) AS interruptive,
        coalesce(sum(indicator = 'critical' AND said.card IS NOT NULL), 0) AS stopsSaid,
        coalesce(sum(indicator = 'critical' AND said.overridden AND NOT said.accepted), 0) AS stopsOverridden,
        coalesce(sum(said.card IS NOT NULL), 0) AS said, coalesce(sum(said.accepted), 0) AS accepted
      FROM cards LEFT JOIN (SELECT card, max(outcome = 'accepted') AS accepted, max(outcome = 'overridden') AS overridden FROM feedback GROUP BY card) AS said ON said.card = cards.uuid
      WHERE shown_at >= ? AND shown_at < ?`,
      from,
      until,
    ),
    sql.all<{ what: string; name: string; times: number }>(
      'SELECT what, name, sum(times) AS times FROM counted WHERE day >= ? AND day < ? GROUP BY what, name',
      from,
      until,
    ),
  ]);
  const { interruptive, stopsSaid, stopsOverridden, said, accepted } = spoken!;
  const orders = counted
    .filter(({ what, name }) => what === 'hook' && /(order-sign|medication-refill)$/.test(name))
    .reduce((sum, { times }) => sum + times, 0);
  const ai = (name: string) => counted.find((row) => row.what === 'ai' && row.name === name)?.times ?? 0;
  const share = (part: number, whole: number) => (whole === 0 ? undefined : (part * 100) / whole);
  return {
    orders,
    values: {
      interruptive: share(interruptive, orders),
      overrides: share(stopsOverridden, stopsSaid),
      accepted: share(accepted, said),
      p95: centile(
        counted.filter(({ what }) => what === 'ms').map(({ name, times }) => [Number(name), times] as const),
        0.95,
      ),
      withheld: share(ai('withheld'), ai('withheld') + ai('shown')),
    },
  };
}

export function centile(classes: (readonly [end: number, times: number])[], at: number): number | undefined {
  const all = classes.reduce((sum, [, times]) => sum + times, 0);
  let seen = 0;
  for (const [end, times] of classes.sort(([a], [b]) => a - b)) {
    seen += times;
    if (seen >= all * at) return end;
  }
  return undefined;
}

/** Every rule that spoke or would have, the loudest first. */
export async function burden(
  sql: Sql,
  rules: readonly Rule[],
  now: Date,
  days: number,
  orders: number,
): Promise<BurdenRow[]> {
  const from = dayOf(new Date(now.getTime() - days * dayMs));
  const eightWeeks = dayOf(new Date(now.getTime() - 56 * dayMs));
  const [cards, reasons, silent] = await Promise.all([
    sql.all<{ rule_id: string; indicator: string; day: string; fired: number; accepted: number; overridden: number }>(
      `SELECT rule_id, indicator, substr(shown_at, 1, 10) AS day, count(*) AS fired, coalesce(sum(said.accepted), 0) AS accepted, coalesce(sum(said.overridden AND NOT said.accepted), 0) AS overridden
      FROM cards LEFT JOIN (SELECT card, max(outcome = 'accepted') AS accepted, max(outcome = 'overridden') AS overridden FROM feedback GROUP BY card) AS said ON said.card = cards.uuid
      WHERE shown_at >= ? GROUP BY rule_id, indicator, day`,
      from < eightWeeks ? from : eightWeeks,
    ),
    sql.all<{ rule_id: string; reason: string; times: number }>(
      `SELECT cards.rule_id, feedback.reason, count(*) AS times FROM feedback JOIN cards ON cards.uuid = feedback.card
      WHERE feedback.outcome = 'overridden' AND feedback.reason IS NOT NULL AND cards.shown_at >= ? GROUP BY cards.rule_id, feedback.reason ORDER BY times DESC`,
      from,
    ),
    sql.all<{ name: string; day: string; times: number }>(
      "SELECT name, day, times FROM counted WHERE what = 'silent' AND day >= ?",
      eightWeeks,
    ),
  ]);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const rows = new Map<string, BurdenRow>();
  const rowOf = (id: string, indicator: string): BurdenRow => {
    let row = rows.get(id);
    if (!row) {
      const rule = byId.get(id);
      row = {
        id,
        title: rule?.title ?? id,
        kind: rule?.kind ?? '',
        status: rule?.status ?? 'removed',
        version: rule?.version ?? '',
        indicator,
        fired: 0,
        per100: 0,
        accepted: 0,
        overridden: 0,
        weeks: Array(8).fill(0),
      };
      rows.set(id, row);
    }
    if (severity.indexOf(indicator) > severity.indexOf(row.indicator)) row.indicator = indicator;
    return row;
  };
  const weekOf = (day: string): number => 7 - Math.floor((now.getTime() - new Date(day).getTime()) / (7 * dayMs));
  for (const { rule_id, indicator, day, fired, accepted, overridden } of cards) {
    const row = rowOf(rule_id, indicator);
    if (row.weeks[weekOf(day)] !== undefined) row.weeks[weekOf(day)]! += fired;
    if (day < from) continue;
    row.fired += fired;
    row.accepted += accepted;
    row.overridden += overridden;
  }
  for (const { name, day, times } of silent) {
    const [id, indicator] = name.split(' ') as [string, string];
    const row = rowOf(id, indicator);
    if (row.weeks[weekOf(day)] !== undefined) row.weeks[weekOf(day)]! += times;
    if (day >= from) row.fired += times;
  }
  for (const row of rows.values()) {
    row.per100 = orders === 0 ? 0 : (row.fired * 100) / orders;
    if (row.accepted + row.overridden > 0) row.overrideRate = (row.overridden * 100) / (row.accepted + row.overridden);
    const top = reasons.find(({ rule_id }) => rule_id === row.id)?.reason;
    if (top) row.topReason = overrideReasonIds.find((id) => id === top) ?? 'other';
  }
  return [...rows.values()]
    .filter(({ fired }) => fired > 0)
    .sort((a, b) => b.fired - a.fired || a.id.localeCompare(b.id));
}

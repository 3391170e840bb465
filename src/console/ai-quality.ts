// What the model drafted and what became of it: how runs ended, what the checks withheld and why, how long it took.
import type { Sql } from '../platform.ts';
import { centile, dayOf } from './figures.ts';

export interface AiQuality {
  /** How the runs ended, the most common first: done, abstained, failed, off, with the reason where there is one. */
  runs: { ended: string; times: number }[];
  statements: { shown: number; withheld: number };
  /** Statements withheld, by the check that did it. */
  checks: { check: string; times: number }[];
  actionsBlocked: number;
  /** Findings that must not be missed and that the draft left out; the rules showed them all the same. */
  notAddressed: number;
  /** Nineteen of twenty drafts were there within this time; absent without a run. */
  p95Ms?: number;
  /** Of the statements of each of eight weeks, the share withheld, the newest last; null where there were none. */
  weeks: (number | null)[];
}

interface Row {
  day: string;
  what: string;
  name: string;
  times: number;
}

const dayMs = 86_400_000;

export async function aiQuality(sql: Sql, now: Date, days: number): Promise<AiQuality> {
  const from = dayOf(new Date(now.getTime() - days * dayMs));
  const eightWeeks = dayOf(new Date(now.getTime() - 56 * dayMs));
  const rows = await sql.all<Row>(
    "SELECT day, what, name, times FROM counted WHERE what IN ('ai', 'ai-run', 'ai-check', 'ai-ms') AND day >= ?",
    from < eightWeeks ? from : eightWeeks,
  );
  const within = rows.filter(({ day }) => day >= from);
  const summed = (what: string) => {
    const sums = new Map<string, number>();
    for (const { name, times, what: of } of within) if (of === what) sums.set(name, (sums.get(name) ?? 0) + times);
    return sums;
  };
  const sorted = (what: string) => [...summed(what)].sort(([, a], [, b]) => b - a);
  const said = summed('ai');
  const p95Ms = centile(
    [...summed('ai-ms')].map(([end, times]) => [Number(end), times] as const),
    0.95,
  );
  return {
    runs: sorted('ai-run').map(([ended, times]) => ({ ended, times })),
    statements: { shown: said.get('shown') ?? 0, withheld: said.get('withheld') ?? 0 },
    checks: sorted('ai-check').map(([check, times]) => ({ check, times })),
    actionsBlocked: said.get('blocked-actions') ?? 0,
    notAddressed: said.get('not-addressed') ?? 0,
    ...(p95Ms !== undefined && { p95Ms }),
    weeks: Array.from({ length: 8 }, (_, week) => {
      const start = dayOf(new Date(now.getTime() - (8 - week) * 7 * dayMs + dayMs));
      const end = dayOf(new Date(now.getTime() - (7 - week) * 7 * dayMs + dayMs));
      const of = (name: string) =>
        rows
          .filter((row) => row.what === 'ai' && row.name === name && row.day >= start && row.day < end)
          .reduce((sum, { times }) => sum + times, 0);
      const all = of('shown') + of('withheld');
      return all === 0 ? null : (of('withheld') * 100) / all;
    }),
  };
}

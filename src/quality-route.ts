// How the rules are received: shown, accepted, overridden with which reason, and left without a word, for each rule. The
// headline is the action rate: of the cards shown, how many were acted on.
import type { Hono } from 'hono';
import type { Caller } from './caller.ts';
import type { Role } from './cds-hooks/client-auth.ts';
import { overrideReasonIds } from './guards/rule.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import type { Ledger } from './record/ledger.ts';
import { whoCalled } from './record/ledger-event.ts';

export interface RuleQuality {
  rule: string;
  version: string;
  shown: number;
  accepted: number;
  overridden: number;
  /** No feedback came. Clients need not report these, so this is a remainder. */
  ignored: number;
  /** Accepted of shown. */
  actionRate: number;
  /** Override reasons of our own list; anything else a client sent counts as "other". */
  reasons: Record<string, number>;
}

interface Counted {
  rule_id: string;
  rule_version: string;
  shown: number;
  accepted: number;
  overridden: number;
}

interface QualityWiring {
  platform: Platform;
  ledger: Ledger;
  requireRole: (request: Request, role: Role) => Promise<Caller>;
}

// A card that was first overridden and then accepted counts as accepted; one that was shown counts once.
const counts = `
  SELECT cards.rule_id, cards.rule_version, count(*) AS shown,
    coalesce(sum(said.accepted), 0) AS accepted, coalesce(sum(said.overridden AND NOT said.accepted), 0) AS overridden
  FROM cards LEFT JOIN (SELECT card, max(outcome = 'accepted') AS accepted, max(outcome = 'overridden') AS overridden FROM feedback GROUP BY card) AS said ON said.card = cards.uuid
  WHERE cards.shown_at >= ? AND cards.shown_at < ? GROUP BY cards.rule_id, cards.rule_version ORDER BY shown DESC, cards.rule_id LIMIT 5000`;
const reasons = `
  SELECT cards.rule_id, cards.rule_version, feedback.reason, count(DISTINCT cards.uuid) AS times FROM feedback JOIN cards ON cards.uuid = feedback.card
  WHERE feedback.outcome = 'overridden' AND feedback.reason IS NOT NULL AND cards.shown_at >= ? AND cards.shown_at < ? GROUP BY 1, 2, 3`;

export async function readQuality({ sql }: Platform, from: string, until: string): Promise<RuleQuality[]> {
  const [counted, said] = await Promise.all([
    sql.all<Counted>(counts, from, until),
    sql.all<{ rule_id: string; rule_version: string; reason: string; times: number }>(reasons, from, until),
  ]);
  return counted.map(({ rule_id: rule, rule_version: version, shown, accepted, overridden }) => {
    const why: Record<string, number> = {};
    for (const one of said.filter((row) => row.rule_id === rule && row.rule_version === version)) {
      const reason = overrideReasonIds.find((id) => id === one.reason) ?? 'other';
      why[reason] = (why[reason] ?? 0) + one.times;
    }
    return {
      rule,
      version,
      shown,
      accepted,
      overridden,
      ignored: shown - accepted - overridden,
      actionRate: Number((accepted / shown).toFixed(4)),
      reasons: why,
    };
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the app's own variables are of no interest here
export function qualityRoutes(app: Hono<any>, { platform, ledger, requireRole }: QualityWiring): void {
  app.get('/quality', async (c) => {
    const caller = await requireRole(c.req.raw, 'informaticist');
    const [from, until] = [dayOf(c.req.query('from'), '2000-01-01'), dayOf(c.req.query('until'), '9999-01-01')];
    await ledger.append({
      kind: 'audit',
      at: platform.now().toISOString(),
      requestId: c.get('requestId'),
      ...whoCalled(caller),
      what: '/quality',
    });
    const rules = await readQuality(platform, from, until);
    if (c.req.query('format') === 'csv') {
      return c.body(csv(rules), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="curbside-quality.csv"',
      });
    }
    const total = (of: 'shown' | 'accepted' | 'overridden' | 'ignored') =>
      rules.reduce((sum, rule) => sum + rule[of], 0);
    const shown = total('shown');
    return c.json({
      from,
      until,
      shown,
      accepted: total('accepted'),
      overridden: total('overridden'),
      ignored: total('ignored'),
      actionRate: shown ? Number((total('accepted') / shown).toFixed(4)) : null,
      rules,
    });
  });
}

function dayOf(given: string | undefined, otherwise: string): string {
  if (given === undefined) return otherwise;
  return /^\d{4}-\d\d-\d\d$/.test(given)
    ? given
    : refuse({ reason: 'malformed', what: '"from" and "until" are days, such as 2026-11-01.' });
}

function csv(rules: readonly RuleQuality[]): string {
  const all = [...overrideReasonIds, 'other'];
  const lines = rules.map(({ rule, version, shown, accepted, overridden, ignored, actionRate, reasons: why }) =>
    [rule, version, shown, accepted, overridden, ignored, actionRate, ...all.map((reason) => why[reason] ?? 0)].join(
      ',',
    ),
  );
  return `${['rule,version,shown,accepted,overridden,ignored,actionRate', ...all].join(',')}\n${lines.map((line) => `${line}\n`).join('')}`;
}

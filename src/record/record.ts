// What was shown, why, and what became of it. Trees of reasons and clinicians' words are sealed before they are stored.

import type { Indicator } from '../cds-hooks/contract.ts';
import type { Feedback } from '../cds-hooks/feedback.ts';
import type { Rule } from '../guards/rule.ts';
import type { Explained } from '../guards/three-valued.ts';
import type { Platform } from '../platform.ts';
import type { Seal } from '../smart/seal.ts';

export interface Why {
  card: string;
  patientId: string;
  rule: Pick<
    Rule,
    'id' | 'version' | 'title' | 'status' | 'steward' | 'lastReviewDate' | 'evidence' | 'knownGaps' | 'interaction'
  >;
  tier: string;
  when: Explained;
  tiers: { id: string; when?: Explained }[];
  gaps: string[];
  rulesHash: string;
  shownAt: string;
}

export interface ShownCard {
  uuid: string;
  service: string;
  hook: string;
  ruleId: string;
  ruleVersion: string;
  tier: string;
  indicator: Indicator;
  rulesHash: string;
  shownAt: string;
  why: Why;
}

export interface Record {
  /** Takes the cards at once; they are on disk a moment later, together with those of the requests beside this one. */
  keepCards(cards: ShownCard[]): void;
  why(uuid: string): Promise<Why | undefined>;
  /** Idempotent; on disk when it returns. */
  keepFeedback(service: string, feedback: Feedback[]): Promise<void>;
  /** Everything taken so far is on disk when this resolves. */
  flush(): Promise<void>;
}

const whyDays = 7;
/** Cards wait this long for company: one seal and one transaction serve them all. */
const gatheringMs = 50;
/** How many reasons one sealed text holds: few enough for a row of D1. */
const reasonsPerText = 32;
/** While the database is away so many cards are kept; then the oldest give way. */
const keptAtMost = 10_000;

/** The reasons of several cards; a rule that fired for many is written once. */
interface Reasons {
  rules: Why['rule'][];
  whys: (Omit<Why, 'rule'> & { rule: number })[];
}

export function createRecord(platform: Platform, seal: Seal): Record {
  const pending = new Map<string, ShownCard>();
  let writing: Promise<void> = Promise.resolve();
  let isGathering = false;

  async function write(): Promise<void> {
    const waiting = [...pending.values()];
    for (let from = 0; from < waiting.length; from += reasonsPerText) {
      const batch = waiting.slice(from, from + reasonsPerText);
      const now = platform.now();
      const expires = new Date(now.getTime() + whyDays * 86_400_000);
      const id = platform.uuid();
      const rows = batch.map((card) => [
        card.uuid,
        card.service,
        card.hook,
        card.ruleId,
        card.ruleVersion,
        card.tier,
        card.indicator,
        card.rulesHash,
        card.shownAt,
      ]);
      await platform.sql.batch([
        { sql: 'DELETE FROM reasons WHERE expires_at < ?', values: [now.toISOString()] },
        {
          sql: 'INSERT INTO reasons (id, sealed, expires_at) VALUES (?, ?, ?)',
          values: [id, await seal.seal('record', { ...reasonsOf(batch) }, expires), expires.toISOString()],
        },
        {
          sql: `INSERT INTO cards (uuid, service, hook, rule_id, rule_version, tier, indicator, rules_hash, shown_at, reasons)
            SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, ? FROM json_each(?)
            WHERE true ON CONFLICT (uuid) DO NOTHING`,
          values: [id, JSON.stringify(rows)],
        },
      ]);
      for (const { uuid } of batch) pending.delete(uuid);
    }
  }

  const flush = (): Promise<void> => {
    writing = writing.then(write).catch((error: unknown) => {
      platform.log({
        level: 'error',
        event: 'record_not_written',
        cards: pending.size,
        kind: error instanceof Error ? error.name : 'unknown',
      });
    });
    return writing;
  };

  async function gather(): Promise<void> {
    isGathering = true;
    await new Promise((resolve) => setTimeout(resolve, gatheringMs));
    isGathering = false;
    await flush();
  }

  return {
    keepCards(cards) {
      for (const card of cards) {
        if (pending.size >= keptAtMost) pending.delete(pending.keys().next().value!);
        pending.set(card.uuid, card);
      }
      if (pending.size > 0 && !isGathering) platform.waitUntil(gather());
    },
    async why(uuid) {
      const held = pending.get(uuid);
      if (held) return held.why;
      const [row] = await platform.sql.all<{ sealed: string }>(
        'SELECT sealed FROM cards JOIN reasons ON reasons.id = cards.reasons WHERE uuid = ?',
        uuid,
      );
      const reasons = row && (await seal.open<Reasons>('record', row.sealed));
      const why = reasons?.whys.find(({ card }) => card === uuid);
      return why && { ...why, rule: reasons!.rules[why.rule]! };
    },
    async keepFeedback(service, feedback) {
      const received = platform.now();
      const expires = new Date(received.getTime() + 3650 * 86_400_000);
      await platform.sql.batch(
        await Promise.all(
          feedback
            .filter(({ card }) => isUuid(card))
            .map(async ({ card, outcome, at, suggestions, reason, comment }) => ({
              sql: 'INSERT INTO feedback (card, outcome, at, service, suggestions, reason, comment, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (card, outcome, at) DO NOTHING',
              values: [
                card,
                outcome,
                at,
                service,
                JSON.stringify(suggestions.filter(isUuid)),
                reason === undefined ? null : /^[a-z0-9-]{1,40}$/.test(reason) ? reason : 'other',
                comment ? await seal.seal('record', { comment }, expires) : null,
                received.toISOString(),
              ],
            })),
        ),
      );
    },
    flush,
  };
}

function reasonsOf(cards: readonly ShownCard[]): Reasons {
  const rules = [...new Set(cards.map(({ why }) => why.rule))];
  return { rules, whys: cards.map(({ why }) => ({ ...why, rule: rules.indexOf(why.rule) })) };
}

/** Our cards and suggestions are all called by one; anything else is no card of ours, and may be a clinician's words in the wrong place. */
const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

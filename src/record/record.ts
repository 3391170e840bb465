// What was shown, why, and what became of it. Trees of reasons and clinicians' words are sealed before they are stored.
import type { Feedback } from '../cds-hooks/feedback.ts';
import type { Indicator } from '../cds-hooks/contract.ts';
import type { Explained } from '../guards/three-valued.ts';
import type { Rule } from '../guards/rule.ts';
import type { Platform } from '../platform.ts';
import type { Seal } from '../smart/seal.ts';

export interface Why {
  card: string;
  patientId: string;
  rule: Pick<Rule, 'id' | 'version' | 'title' | 'status' | 'steward' | 'lastReviewDate' | 'evidence' | 'knownGaps' | 'interaction'>;
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
  /** Made when it is stored, which is after the answer went out. */
  why: () => Why;
}

export interface Record {
  /** Takes the cards at once; they are on disk a moment later. */
  keepCards(cards: ShownCard[]): void;
  why(uuid: string): Promise<Why | undefined>;
  /** Idempotent; on disk when it returns. */
  keepFeedback(service: string, feedback: Feedback[]): Promise<void>;
  /** Everything taken so far is on disk when this resolves. */
  flush(): Promise<void>;
}

const whyDays = 7;

export function createRecord(platform: Platform, seal: Seal): Record {
  const pending = new Map<string, ShownCard>();
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const batch = [...pending.values()];
    if (batch.length === 0) return;
    const expires = new Date(platform.now().getTime() + whyDays * 86_400_000);
    const statements = await Promise.all(
      batch.map(async (card) => ({
        sql: 'INSERT INTO cards (uuid, service, hook, rule_id, rule_version, tier, indicator, rules_hash, shown_at, why, why_expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING',
        values: [card.uuid, card.service, card.hook, card.ruleId, card.ruleVersion, card.tier, card.indicator, card.rulesHash, card.shownAt, await seal.seal('record', { why: card.why() }, expires), expires.toISOString()],
      })),
    );
    await platform.sql.batch(statements);
    for (const { uuid } of batch) pending.delete(uuid);
  }

  const flush = (): Promise<void> => {
    writing = writing.then(write).catch((error: unknown) => {
      platform.log({ level: 'error', event: 'record_not_written', cards: pending.size, kind: error instanceof Error ? error.name : 'unknown' });
    });
    return writing;
  };

  return {
    keepCards(cards) {
      if (cards.length === 0) return;
      const isFirst = pending.size === 0;
      for (const card of cards) pending.set(card.uuid, card);
      if (isFirst) platform.waitUntil(flush());
    },
    async why(uuid) {
      const held = pending.get(uuid);
      if (held) return held.why();
      const [row] = await platform.sql.all<{ why: string | null }>('SELECT why FROM cards WHERE uuid = ?', uuid);
      return row?.why ? (await seal.open<{ why: Why }>('record', row.why))?.why : undefined;
    },
    async keepFeedback(service, feedback) {
      const received = platform.now();
      const expires = new Date(received.getTime() + 3650 * 86_400_000);
      await platform.sql.batch(
        await Promise.all(
          feedback.map(async ({ card, outcome, at, suggestions, reason, comment }) => ({
            sql: 'INSERT INTO feedback (card, outcome, at, service, suggestions, reason, comment, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (card, outcome, at) DO NOTHING',
            values: [card, outcome, at, service, JSON.stringify(suggestions), reason ?? null, comment ? await seal.seal('record', { comment }, expires) : null, received.toISOString()],
          })),
        ),
      );
    },
    flush,
  };
}

// What the ledger says of an event: who, what, about whom, by which rules. References only. Whatever a client chose the words
// of is kept only when it has the form of an id, so that no name or free text gets in by a side door.
import type { Caller } from '../caller.ts';
import type { Card, Indicator } from '../cds-hooks/contract.ts';
import type { HookRequest } from '../cds-hooks/envelope.ts';
import type { Feedback } from '../cds-hooks/feedback.ts';
import type { ChartSource } from '../chart/types.ts';
import type { RunRecord } from '../consult/request.ts';
import { hookNames, overrideReasonIds } from '../guards/rule.ts';
import type { Refusal } from '../outcome.ts';
import type { SessionContent } from '../smart/session.ts';
import type { Fingerprints } from './fingerprint.ts';
import type { ShownCard } from './record.ts';

export interface LedgerEvent {
  kind:
    | 'hook'
    | 'consult'
    | 'consult-end'
    | 'what-if'
    | 'panel'
    | 'calculate'
    | 'why'
    | 'feedback'
    | 'refusal'
    | 'disclosure'
    | 'audit'
    | 'start'
    | 'stop'
    | 'rules'
    | 'checkpoint'
    | 'prune';
  at: string;
  requestId?: string;
  via?: 'client' | 'panel' | 'auditor' | 'open';
  client?: string;
  tenant?: string;
  user?: string;
  patient?: string;
  encounter?: string;
  [detail: string]: unknown;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const reference = /^(?:Practitioner|PractitionerRole|Patient|RelatedPerson|Device|Organization)\/[A-Za-z0-9.-]{1,64}$/;
const id = /^[A-Za-z0-9.-]{1,64}$/;

const matching = (value: unknown, pattern: RegExp): string | undefined =>
  typeof value === 'string' && pattern.test(value) ? value : undefined;
const anyOf = <Word extends string>(value: unknown, words: readonly Word[]): Word | undefined =>
  words.find((word) => word === value);

/** Who called, as far as we know it. */
export function whoCalled(caller: Caller | undefined): Pick<LedgerEvent, 'via' | 'client' | 'tenant' | 'user'> {
  if (caller?.isAuditor) return { via: 'auditor' };
  if (caller?.session) return { via: 'panel', user: matching(caller.session.userId, reference) };
  if (caller?.client) return { via: 'client', client: caller.client.issuer, tenant: caller.client.tenant };
  return { via: 'open' };
}

/** A panel that reads the chart through us. */
export const ofSession = ({ user, patient, encounter }: SessionContent): Partial<LedgerEvent> => ({
  via: 'panel',
  user: matching(user, reference),
  patient: matching(patient, id),
  encounter: matching(encounter, id),
});

/** Whom and what a request is about. */
export function aboutWhom({ hook, hookInstance, context }: HookRequest): Partial<LedgerEvent> {
  return {
    user: matching(context.userId, reference),
    patient: matching(context.patientId, id),
    encounter: matching(context.encounterId, id),
    hook: anyOf(hook, hookNames),
    instance: matching(hookInstance, uuid),
  };
}

export interface RecordedCard {
  uuid: string;
  rule: string;
  version: string;
  tier: string;
  indicator: Indicator;
  /** The fingerprint of its words. */
  text?: string;
}

/** What was shown, and from what: enough to reproduce it from the same chart (`replay.ts`). */
export async function shownOf(
  cards: readonly ShownCard[],
  { written, source }: { written: { cards: readonly Card[] }; source: ChartSource },
  salt: string,
  prints: Fingerprints,
) {
  const [printKey, chart, ...recorded] = await Promise.all([
    prints.key(),
    prints.chart(salt, source),
    ...cards.map(async ({ uuid, ruleId, ruleVersion, tier, indicator }): Promise<RecordedCard> => {
      const card = written.cards.find((one) => one.uuid === uuid);
      return {
        uuid,
        rule: ruleId,
        version: ruleVersion,
        tier,
        indicator,
        ...(card && { text: await prints.card(salt, card) }),
      };
    }),
  ]);
  return { cards: recorded, judgedAt: source.now.toISOString(), printKey, chart };
}

export const feedbackOf = (feedback: readonly Feedback[]) =>
  feedback.map(({ card, outcome, at, suggestions, reason, comment }) => ({
    card: matching(card, uuid) ?? 'of another form',
    outcome,
    at,
    suggestions: suggestions.flatMap((one) => matching(one, uuid) ?? []),
    ...(reason !== undefined && { reason: anyOf(reason, overrideReasonIds) ?? 'other' }),
    ...(comment !== undefined && { hasComment: true }),
  }));

/** Why it was refused: the reason's tag and our own words for the part, never the client's. */
export const refusalOf = (refusal: Refusal) => ({
  reason: refusal.reason,
  ...(refusal.reason === 'required_part_unavailable' && { part: refusal.part }),
  ...(refusal.reason === 'ours' && { requestId: refusal.requestId }),
});

export function runOf({
  id: run,
  outcome,
  packetHash,
  promptHash,
  passagesHash,
  rulesHash,
  model,
  fingerprint,
  isFromCache,
  tokens,
  calls,
  itemsOut,
  sentencesOut,
  dropped,
  blockedActions,
}: RunRecord) {
  return {
    run,
    outcome,
    packetHash,
    promptHash,
    passagesHash,
    rules: rulesHash,
    model,
    fingerprint,
    isFromCache,
    tokens,
    calls,
    items: itemsOut,
    sentences: sentencesOut,
    dropped,
    blockedActions,
  };
}

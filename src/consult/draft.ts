// Gets a model's draft: policy, consent, excerpt, prompt, cache, budget, call. What comes back is unchecked. Two who ask
// the same at the same time share one call, and it ends at its own deadline whoever is still listening.

import type { Platform } from '../platform.ts';
import { isKnown } from '../unknown.ts';
import type { Answer } from './answer.ts';
import { type ConsultCache, memoryCache } from './cache.ts';
import { readConsent } from './consent.ts';
import { type Deidentified, deidentify } from './deidentify.ts';
import { isAnonymous, modelsOf, offReason, purseOf, settled } from './gate.ts';
import { canonical, sha256 } from './hash.ts';
import type { OfferedCondition, Passage } from './knowledge-result.ts';
import type { FailedReason, Outcome } from './model.ts';
import { promptHash, writePrompt } from './prompt.ts';
import type { ConsultRequest } from './request.ts';
import { retrieve } from './retrieval.ts';

export interface Hashes {
  packetHash: string;
  promptHash: string;
  passagesHash: string;
  rulesHash: string;
}

export interface Call {
  model?: string;
  fingerprint?: string;
  tokens: { in: number; out: number };
  calls: number;
  isFromCache: boolean;
}

type Result =
  | { kind: 'answer'; answer: Answer; second?: Answer }
  | { kind: 'abstained' | 'failed' | 'off'; reason: string };

export type Draft = Call & {
  hashes: Hashes;
  /** The excerpt and passages the draft was made from: nothing else may be cited. */
  excerpt: Deidentified;
  passages: ReadonlyMap<string, Passage>;
  offered: OfferedCondition[];
} & Result;

export const defaultDeadlineMs = 25_000;

let ownCache: ConsultCache | undefined;
const inFlight = new Map<string, Promise<Call & Result>>();

export async function draft(request: ConsultRequest, platform: Platform): Promise<Draft> {
  const { chart, packet, knowledge, policy = {} } = request;
  const consent = readConsent(chart.source.parts.consents, chart.now);
  const offered = [
    ...new Map(
      [...(knowledge.offered ?? []), ...knowledge.items.flatMap(offeredOf), ...knowledge.mustNotMiss].map((one) => [
        one.id,
        one,
      ]),
    ).values(),
  ];
  const wantsNotes = policy.notes === true && consent.notes;
  const excerpt = deidentify(packet, chart.source, { notes: wantsNotes }, request.calculations);
  const passages = passagesFor(request);
  const hashes: Hashes = {
    packetHash: await sha256(canonical(excerpt)),
    promptHash: await promptHash(),
    passagesHash: await sha256(canonical(request.passages)),
    rulesHash: request.rulesHash ?? (await sha256(canonical({ offered, mustNotMiss: knowledge.mustNotMiss }))),
  };
  const ground = { hashes, excerpt, passages, offered };
  const nothing: Call = { tokens: { in: 0, out: 0 }, calls: 0, isFromCache: false };
  const off = (reason: string): Draft => ({ ...ground, ...nothing, kind: 'off', reason });

  const models = modelsOf(request, platform);
  const why = offReason(request, models, consent);
  if (why) return off(why);

  const messages = writePrompt({
    excerpt,
    passages,
    offered,
    mustNotMiss: knowledge.mustNotMiss,
    tests: knowledge.items.flatMap((item) => item.actions).filter((action) => action.kind === 'test'),
  });
  if (!isAnonymous(request, excerpt)) {
    return {
      ...ground,
      ...nothing,
      kind: 'failed',
      reason: 'The excerpt could not be made anonymous, so nothing was sent.',
    };
  }

  ownCache ??= memoryCache(() => platform.elapsed());
  const store = request.cache ?? ownCache;
  const key = await sha256(canonical({ ...hashes, messages, models: models.map((model) => model.name) }));
  const kept = consent.retention ? await settled(() => store.get(key)) : undefined;
  if (kept)
    return {
      ...ground,
      ...nothing,
      kind: 'answer',
      answer: kept.answer,
      model: kept.model,
      fingerprint: kept.fingerprint,
      isFromCache: true,
    };

  const purse = purseOf(request, platform);
  if (!(await purse.canPay(messages))) return off("Today's budget for generated text is used up.");

  const shared = `${policy.tenant ?? ''} ${key}`;
  let work = inFlight.get(shared);
  if (!work) {
    work = callModels().finally(() => inFlight.delete(shared));
    inFlight.set(shared, work);
    platform.waitUntil(work.catch(() => undefined));
  }
  return { ...ground, ...(await work) };

  async function callModels(): Promise<Call & Result> {
    const deadlineMs = policy.deadlineMs ?? defaultDeadlineMs;
    const signal = AbortSignal.timeout(deadlineMs);
    const options = { signal, hedgeAfterMs: policy.hedgeAfterMs ?? Math.round(deadlineMs * 0.4) };
    const [outcome, other] = await Promise.all(
      models.slice(0, 2).map((model) => model.ask(messages, platform, options)),
    );
    const call: Call = {
      model: outcome!.model,
      fingerprint: outcome!.fingerprint,
      calls: outcome!.calls + (other?.calls ?? 0),
      tokens: { in: outcome!.tokens.in + (other?.tokens.in ?? 0), out: outcome!.tokens.out + (other?.tokens.out ?? 0) },
      isFromCache: false,
    };
    await purse.pay(call.tokens.in + call.tokens.out);
    if (outcome?.kind !== 'answer') return { ...call, kind: outcome!.kind, reason: whyNot(outcome!) };
    const { answer, model, fingerprint } = outcome;
    if (consent.retention) await settled(() => store.set(key, { answer, model, fingerprint }));
    return { ...call, kind: 'answer', answer, ...(other?.kind === 'answer' ? { second: other.answer } : {}) };
  }
}

const offeredOf = ({ candidate }: ConsultRequest['knowledge']['items'][number]): OfferedCondition[] =>
  candidate.id === undefined ? [] : [{ id: candidate.id, text: candidate.text, coding: candidate.coding }];

/** Numbered on from the handles that the knowledge base's own items use. */
function passagesFor({ knowledge, passages, packet, chart }: ConsultRequest): ReadonlyMap<string, Passage> {
  const conditions = [...knowledge.items.slice(0, 8).map((item) => item.candidate), ...knowledge.mustNotMiss];
  const found = retrieve(passages, {
    conditions,
    question: packet.question,
    sex: isKnown(chart.patient.sex) ? chart.patient.sex : undefined,
    ageInYears: isKnown(chart.patient.ageInYears) ? chart.patient.ageInYears : undefined,
  });
  const taken = new Map(knowledge.items.flatMap((item) => item.guideline ?? []).map((one) => [one.text, one.handle]));
  let next = Math.max(0, ...[...taken.values()].map((handle) => Number(handle.slice(1)) || 0));
  return new Map(found.map((passage) => [taken.get(passage.text) ?? `G${++next}`, passage]));
}

const failures: Record<FailedReason, string> = {
  deadline: 'The model did not answer in time.',
  unreachable: 'The model could not be reached.',
  'refused-by-endpoint': 'The model endpoint turned the request down.',
  overloaded: 'The model endpoint is overloaded.',
  'too-large': 'The model sent more than an answer may hold.',
  'prompt-too-large': 'The excerpt is too long for the model.',
  busy: 'Too many consults are waiting for the model.',
  'circuit-open': 'The model endpoint failed repeatedly and is being left alone for a moment.',
};
const abstentions = {
  refusal: 'The model declined to answer.',
  truncated: 'The model’s answer was cut short.',
  malformed: 'The model’s answer did not have the agreed shape.',
  empty: 'The model answered nothing.',
};

export function whyNot(outcome: Exclude<Outcome<unknown>, { kind: 'answer' }>): string {
  return outcome.kind === 'failed' ? failures[outcome.reason] : abstentions[outcome.reason];
}

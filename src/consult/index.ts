// The consult: rules and knowledge base at once, then what a model says as far as it survives checking. Exactly one end
// event, always, in time. The rules part never waits for the model and never changes because of it.
import type { ConsultEnd, ConsultEvent, ConsultItem, ConsultRules, ConsultWithheld } from '../cds-hooks/contract.ts';
import type { Platform } from '../platform.ts';
import { isKnown } from '../unknown.ts';
import type { Answer } from './answer.ts';
import { agreementOf, type Condition, findCondition } from './conditions.ts';
import { readConsent } from './consent.ts';
import { type Draft, defaultDeadlineMs, draft } from './draft.ts';
import { drugsIn } from './drug-names.ts';
import { readsLikeInstruction } from './injection.ts';
import type { OfferedCondition } from './knowledge-result.ts';
import { checkLabel, checkProse, placeholder } from './prose.ts';
import type { ConsultRequest, RunRecord } from './request.ts';
import { checkWords, type Ground, guarded, verifyCandidate } from './verify.ts';
import { oneLine } from './wording.ts';

export { buildPacket } from './build-packet.ts';
export type { ConsultPorts, NamedDrug, ProposedAction } from './drug-names.ts';
export type { KnowledgeResult, OfferedCondition, Passage } from './knowledge-result.ts';
export type { ConsultPolicy, ConsultRequest, RunRecord } from './request.ts';
export {
  askChart,
  dischargeDraft,
  type Retold,
  retell,
  type Section,
  summarize,
  type Told,
  type Writing,
} from './summary.ts';

const CHECKING_MS = 4000;
const GUARDS_MS = 1500;
const MOST_WITHHELD = 80;

/** Starts the model's work and lets it finish by itself, so that it is there when the panel opens. */
export function prewarm(request: ConsultRequest, platform: Platform): void {
  platform.waitUntil(draft(request, platform).catch(() => undefined));
}

export async function* seekConsult(
  request: ConsultRequest,
  platform: Platform,
): AsyncGenerator<ConsultEvent, void, undefined> {
  const started = platform.elapsed();
  const deadlineMs = request.policy?.deadlineMs ?? defaultDeadlineMs;
  const coming = within(
    draft(request, platform).catch(() => undefined),
    deadlineMs + 250,
  );
  const clinician = clinicianConditions(request);
  const rules = await rulesPart(request, clinician);
  yield rules;
  for (const item of rules.items) yield item;

  const tally = {
    items: rules.items.length,
    sentences: rules.items.reduce((sum, item) => sum + item.sentences.length, 0),
    withheld: 0,
  };
  const run = newRecord(request, platform);
  const finish = (end: ConsultEnd): ConsultEnd => {
    run.outcome = end.type;
    if (end.type !== 'done') run.reason = end.reason;
    run.milliseconds = Math.round(platform.elapsed() - started);
    keep(run, request, platform);
    return end;
  };

  const result = await coming;
  if (!result) {
    yield finish({ type: 'failed', reason: 'The model did not answer in time.' });
    return;
  }
  Object.assign(run, result.hashes, {
    model: result.model,
    fingerprint: result.fingerprint,
    tokens: result.tokens,
    calls: result.calls,
    isFromCache: result.isFromCache,
    blockedFacts: result.excerpt.blocked.length,
  });
  if (result.kind !== 'answer') {
    const { kind: type, reason } = result;
    yield finish(type === 'abstained' ? { type, reason, missing: [] } : { type, reason });
    return;
  }

  const ground = groundOf(request, result);
  if (result.answer.status === 'abstain') {
    yield finish(abstention(result.answer, ground));
    return;
  }
  run.candidatesIn = result.answer.candidates.length;
  const second = secondOpinion(result.second, ground);
  const withheld: ConsultWithheld[] = [];
  const shown: ConsultItem[] = [];
  const checkBy = platform.elapsed() + CHECKING_MS;
  for (const [i, candidate] of result.answer.candidates.entries()) {
    const checked = await within(
      verifyCandidate(
        candidate,
        ground,
        shown.map((item) => item.candidate),
      ).catch(() => undefined),
      Math.max(0, checkBy - platform.elapsed()),
    );
    if (!checked) {
      yield finish({ type: 'failed', reason: 'The model’s draft could not be checked in time.' });
      return;
    }
    withheld.push(...checked.withheld);
    run.sentencesIn += checked.sentencesIn;
    if (!checked.item) continue;
    const item: ConsultItem = {
      ...checked.item,
      agreement: badges(checked.item, rules.items, clinician, second),
      progress: { checked: i + 1, total: result.answer.candidates.length },
    };
    shown.push(item);
    tally.items += 1;
    tally.sentences += item.sentences.length;
    yield item;
  }
  run.itemsOut = shown.length;
  run.sentencesOut = shown.reduce((sum, item) => sum + item.sentences.length, 0);
  run.blockedActions = shown.flatMap((item) => item.actions).filter((action) => action.blockedBy.length > 0).length;
  for (const one of withheld) run.dropped[one.check] = (run.dropped[one.check] ?? 0) + 1;
  for (const one of withheld.slice(0, MOST_WITHHELD)) {
    tally.withheld += 1;
    yield one;
  }
  if (shown.length === 0) {
    yield finish({
      type: 'abstained',
      reason: 'Nothing in the model’s draft stood up to checking against the chart.',
      missing: [],
    });
    return;
  }
  const notAddressed = request.knowledge.mustNotMiss
    .filter(
      (one) =>
        !findCondition(
          shown.map((item) => item.candidate),
          one,
        ),
    )
    .map((one) => one.text);
  run.notAddressed = notAddressed.length;
  const knowledge = rules.items.filter((item) => item.source === 'knowledge').map((item) => item.candidate);
  yield finish({
    type: 'done',
    counts: tally,
    notAddressed,
    model: result.model ?? 'unknown',
    fingerprint: result.fingerprint,
    promptHash: result.hashes.promptHash,
    rulesHash: result.hashes.rulesHash,
    packetHash: result.hashes.packetHash,
    agreement: agreementOf(
      knowledge,
      clinician,
      shown.map((item) => item.candidate),
    ),
    milliseconds: Math.round(platform.elapsed() - started),
  });
}

/** What does not need a model. Everything that must not be missed is in it, whatever comes after. */
async function rulesPart(request: ConsultRequest, clinician: Condition[]): Promise<ConsultRules> {
  const { chart, packet, knowledge, calculations = [], ports } = request;
  const known = knowledge.items.map((item) => item.candidate);
  const unlisted = knowledge.mustNotMiss.filter((one) => !findCondition(known, one)).map(mustNotMissItem);
  const items = await Promise.all(
    [...knowledge.items, ...unlisted].map(async (item): Promise<ConsultItem> => {
      const actions = await Promise.all(
        item.actions.map(async (action) => {
          const found = await within(guarded(action, ports), GUARDS_MS);
          const blockedBy = found ?? [{ ruleId: 'not-checked', summary: 'The guards could not check this in time.' }];
          return {
            ...action,
            blockedBy: [
              ...action.blockedBy,
              ...blockedBy.filter((one) => !action.blockedBy.some((other) => other.ruleId === one.ruleId)),
            ],
          };
        }),
      );
      return { ...item, actions, agreement: badges(item, knowledge.items, clinician) };
    }),
  );
  const consent = readConsent(chart.source.parts.consents, chart.now);
  return {
    type: 'rules',
    patientId: chart.source.patientId,
    evidence: [...packet.facts, ...calculations].map(({ handle, text, reference }) => ({
      handle,
      text,
      ...(reference ? { reference } : {}),
    })),
    ...(packet.question ? { question: packet.question } : {}),
    presentations: knowledge.presentations,
    items,
    ...(clinician.length > 0 ? { agreement: agreementOf(known, clinician) } : {}),
    couldNotCheck: [
      ...knowledge.couldNotCheck,
      ...chart.gaps.map((gap) => `${gap.part}: ${gap.reason}`),
      ...(consent.couldNotRead ? [consent.couldNotRead] : []),
      ...packet.facts.flatMap((fact) => (fact.flag ? [`${fact.handle}: ${fact.flag}`] : [])),
      ...packet.facts
        .filter((fact) => fact.kind === 'note' && readsLikeInstruction(fact.body ?? ''))
        .map((fact) => `${fact.handle}: the note holds text that reads like an instruction to a machine`),
    ],
  };
}

const mustNotMissItem = ({ id, text, coding }: OfferedCondition): ConsultItem => ({
  type: 'item',
  source: 'rule',
  candidate: { id, text, ...(coding ? { coding } : {}), band: 'must-exclude' },
  strength: 0,
  for: [],
  against: [],
  missing: [],
  sentences: [],
  actions: [],
  flags: ['Not to be missed here; not addressed by what the chart holds'],
});

/** Which sources name the condition of an item, its own included. */
function badges(
  item: ConsultItem,
  rules: readonly ConsultItem[],
  clinician: readonly Condition[],
  second: readonly Condition[] = [],
): NonNullable<ConsultItem['agreement']> {
  const names = (list: readonly Condition[]) => findCondition(list, item.candidate) !== undefined;
  const by = (source: ConsultItem['source']) =>
    item.source === source || names(rules.filter((one) => one.source === source).map((one) => one.candidate));
  return [
    ...(['rule', 'knowledge'] as const).filter(by),
    ...(item.source === 'model' ? (['model'] as const) : []),
    ...(names(second) ? (['second-model'] as const) : []),
    ...(names(clinician) ? (['clinician'] as const) : []),
  ];
}

function clinicianConditions({ clinicianDifferential = [], knowledge }: ConsultRequest): Condition[] {
  const list = [...(knowledge.offered ?? []), ...knowledge.items.map((item) => item.candidate)];
  return clinicianDifferential
    .slice(0, 20)
    .map((text) => oneLine(text).slice(0, 120))
    .filter((text) => text !== '')
    .map((text) => {
      const known = findCondition<Condition>(list, { text });
      return known ? { ...known, text } : { text };
    });
}

function groundOf(request: ConsultRequest, { excerpt, passages, offered }: Draft): Ground {
  const { chart, packet, knowledge, calculations = [], ports } = request;
  const given = new Set(excerpt.facts.map((fact) => fact.handle));
  return {
    evidence: new Map(
      [...packet.facts, ...calculations].filter((fact) => given.has(fact.handle)).map((fact) => [fact.handle, fact]),
    ),
    notes: new Map(excerpt.notes.map(({ handle, text }) => [handle, text])),
    passages,
    offered,
    knowledge,
    tests: knowledge.items.flatMap((item) => item.actions).filter((action) => action.kind !== 'drug'),
    question: excerpt.question,
    sex: isKnown(chart.patient.sex) ? chart.patient.sex : undefined,
    ageInYears: isKnown(chart.patient.ageInYears) ? chart.patient.ageInYears : undefined,
    ports,
  };
}

/** Of a second model only the names of known conditions are taken. */
const secondOpinion = (answer: Answer | undefined, ground: Ground): Condition[] =>
  answer?.status === 'ok'
    ? answer.candidates.flatMap((one) => ground.offered.find((known) => known.id === one.condition) ?? [])
    : [];

function abstention(answer: Answer, ground: Ground): ConsultEnd {
  const mayBeShown = (text: string, check: typeof checkLabel) =>
    !check(text) && !placeholder.test(text) && drugsIn(text, ground.ports).length === 0 && !checkWords(text, ground);
  const reason =
    answer.reason && mayBeShown(answer.reason, checkProse)
      ? answer.reason
      : 'The model found the excerpt not enough for a differential.';
  const missing = answer.candidates
    .flatMap((one) => one.missing.map(({ datum }) => datum))
    .filter((datum) => mayBeShown(datum, checkLabel));
  return { type: 'abstained', reason, missing: [...new Set(missing)].slice(0, 10) };
}

function newRecord(request: ConsultRequest, platform: Platform): RunRecord {
  return {
    id: platform.uuid(),
    at: platform.now().toISOString(),
    outcome: 'off',
    packetHash: '',
    promptHash: '',
    passagesHash: '',
    rulesHash: request.rulesHash ?? '',
    isFromCache: false,
    tokens: { in: 0, out: 0 },
    calls: 0,
    milliseconds: 0,
    candidatesIn: 0,
    itemsOut: 0,
    sentencesIn: 0,
    sentencesOut: 0,
    dropped: {},
    blockedActions: 0,
    notAddressed: 0,
    blockedFacts: 0,
  };
}

function keep(run: RunRecord, request: ConsultRequest, platform: Platform): void {
  const { id, outcome, model, milliseconds, calls, tokens, candidatesIn, itemsOut, sentencesIn, sentencesOut } = run;
  platform.log({
    level: outcome === 'failed' ? 'warn' : 'info',
    event: 'consult',
    id,
    outcome,
    reason: run.reason,
    model,
    milliseconds,
    calls,
    tokensIn: tokens.in,
    tokensOut: tokens.out,
    candidatesIn,
    itemsOut,
    sentencesIn,
    sentencesOut,
  });
  platform.waitUntil(
    Promise.resolve()
      .then(() => request.record?.(run))
      .catch(() => undefined),
  );
}

/** Undefined when it takes longer. */
async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

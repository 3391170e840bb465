// What the panel does in the world: asks the server, drafts through the bridge, sends feedback after the time to undo.
import type { CdsAction, ConsultAction, Suggestion } from '../../src/cds-hooks/contract.ts';
import { type Api, ApiError, type Feedback } from './api.ts';
import type { EhrBridge } from './bridge/bridge.ts';
import {
  cardKey,
  conceptText,
  type Decision,
  inverseOf,
  isMonitoring,
  isMonitoringSuggestion,
  missingForOverride,
  monitoringSuggestion,
  orderText,
  overrideFeedback,
  overrideReasons,
  referenceOf,
  type ShownCard,
  type Source,
  services,
  shownCards,
} from './cards-state.ts';
import { type Agreement, diagnosesIn } from './diagnosis-state.ts';
import { changesOf, draftActions, drugOptions, isUntouched, type PlanContext } from './plan.ts';
import type { Resource } from './session.ts';
import type { PanelState } from './state.ts';
import type { Store } from './store.ts';
import { plainText, type Telling } from './told.ts';

export interface World {
  api: Api;
  bridge: EhrBridge;
  store: Store;
  now(): Date;
  copy(text: string): Promise<boolean>;
  save(name: string, text: string): void;
}

const undoMs = 10_000;
const planDelayMs = 150;

export type Deeds = ReturnType<typeof createDeeds>;

export function createDeeds({ api, bridge, store, now, copy, save }: World) {
  const { dispatch, get } = store;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  let consult: AbortController | undefined;
  let comparing: AbortController | undefined;
  let telling: AbortController | undefined;
  let whatIf: AbortController | undefined;
  let planTimer: ReturnType<typeof setTimeout> | undefined;
  let orderRun = 0;

  /** 401 from anything ends the session; everything else is the caller's to explain. */
  function reasonOf(error: unknown): string {
    if (error instanceof ApiError && error.status === 401) dispatch({ type: 'ended' });
    return error instanceof Error ? error.message : String(error);
  }

  const context = () => {
    const { session, cards } = get();
    const { patientId, userId, encounterId } = session!;
    return {
      patientId,
      userId,
      ...(encounterId && { encounterId }),
      ...(cards.drafts.length && {
        draftOrders: {
          resourceType: 'Bundle',
          type: 'collection',
          entry: cards.drafts.map((resource) => ({ resource })),
        },
      }),
    };
  };

  async function check(source: Source): Promise<void> {
    const run = source === 'order' ? ++orderRun : 0;
    dispatch({ type: 'checking', source });
    const { draftOrders, ...chart } = context();
    const request =
      source === 'chart'
        ? { hook: 'patient-view', hookInstance: crypto.randomUUID(), context: chart }
        : {
            hook: 'order-select',
            hookInstance: crypto.randomUUID(),
            context: { ...chart, selections: get().cards.drafts.map(referenceOf).filter(Boolean), draftOrders },
          };
    try {
      const response = await api.hook(services[source], request);
      // An answer about orders that have changed since is about nothing.
      if (source === 'chart' || run === orderRun) dispatch({ type: 'checked', source, response });
    } catch (error) {
      const reason = reasonOf(error);
      if (source === 'chart' || run === orderRun) dispatch({ type: 'check-failed', source, reason });
    }
  }

  async function recheck(): Promise<void> {
    dispatch({ type: 'stale' });
    if (get().cards.drafts.length) return check('order');
    orderRun++;
    dispatch({ type: 'checked', source: 'order', response: { cards: [] } });
  }

  async function open(): Promise<void> {
    try {
      dispatch({ type: 'opened', session: await api.session() });
    } catch (error) {
      const reason = reasonOf(error);
      dispatch({ type: 'failed', reason });
      return;
    }
    if (get().phase !== 'open') return;
    const chart = check('chart');
    const order = get().cards.drafts.length ? check('order') : undefined;
    const hello = greet();
    await Promise.all([chart, order, hello]);
    // Unasked, at the natural pause of opening; rules and cards are on screen by now.
    if (get().phase === 'open') void ask();
  }

  /** Asks the EHR what is possible and which orders are open; checks again when they are not the ones we know. */
  async function greet(): Promise<void> {
    const before = JSON.stringify(get().cards.drafts.map((draft) => [referenceOf(draft), orderText(draft)]));
    const abilities = await bridge.hello();
    dispatch({ type: 'abilities', abilities });
    const after = JSON.stringify(get().cards.drafts.map((draft) => [referenceOf(draft), orderText(draft)]));
    if (abilities.drafts && before !== after && get().phase === 'open') await recheck();
  }

  /** All actions of a suggestion go together: when one is refused, those before it are taken back. */
  async function draftAll(
    actions: CdsAction[],
  ): Promise<{ ok: true; inverse: CdsAction[]; isReversible: boolean } | { ok: false; reason: string }> {
    const inverse: CdsAction[] = [];
    let isReversible = true;
    for (const action of actions) {
      const { drafts } = get().cards;
      const answer = await bridge.draft(action);
      if (!answer.ok) {
        for (const back of inverse) await applyBack(back);
        return { ok: false, reason: answer.reason };
      }
      const back = inverseOf(action, drafts, answer.id);
      if (back) inverse.unshift(back);
      else isReversible = false;
      dispatch({ type: 'drafted', action, id: answer.id });
    }
    return { ok: true, inverse, isReversible };
  }

  async function applyBack(action: CdsAction): Promise<void> {
    const answer = await bridge.draft(action);
    if (answer.ok) dispatch({ type: 'drafted', action, id: answer.id });
    else dispatch({ type: 'say', text: `Could not take the draft back: ${answer.reason}` });
  }

  function decide(decision: Omit<Decision, 'id' | 'sendAt' | 'status'>): void {
    const id = crypto.randomUUID();
    dispatch({ type: 'decided', decision: { ...decision, id, sendAt: now().getTime() + undoMs, status: 'waiting' } });
    waiting.set(
      id,
      setTimeout(() => void sendFeedback(id), undoMs),
    );
  }

  async function sendFeedback(id: string, isLast = false): Promise<void> {
    clearTimeout(waiting.get(id));
    waiting.delete(id);
    const decision = get().cards.decisions.find((one) => one.id === id);
    if (!decision || decision.status === 'sent') return;
    try {
      await api.feedback(decision.service, decision.feedback, isLast);
      dispatch({ type: 'feedback', id, status: 'sent' });
    } catch (error) {
      reasonOf(error);
      dispatch({ type: 'feedback', id, status: 'failed' });
    }
  }

  /** Takes a suggestion, for every card it clears. */
  async function accept(taken: { shown: ShownCard; suggestion: Suggestion }[]): Promise<void> {
    const [first] = taken;
    if (!first) return;
    const { suggestion, shown } = first;
    if (!get().abilities.canDraft) return copyOrders(suggestion.actions ?? [], suggestion.label);
    const drafted = await draftAll(suggestion.actions ?? []);
    if (!drafted.ok) {
      dispatch({ type: 'refused', key: cardKey(shown), reason: drafted.reason });
      dispatch({ type: 'say', text: `Not drafted: ${drafted.reason}` });
      return;
    }
    const outcomeTimestamp = now().toISOString();
    decide({
      uuids: taken.map((one) => one.shown.card.uuid),
      // Keeping the order with a test is a decision about it; the same card is not asked again. A changed order is checked anew.
      settled: isMonitoringSuggestion(suggestion) ? taken.map((one) => cardKey(one.shown)) : [],
      service: services[shown.source],
      text: `${suggestion.label}. Drafted. Sign it in the chart.`,
      log: `Accepted ${taken.map((one) => ruleOf(one.shown)).join(', ')}: ${suggestion.actions?.length ?? 0} drafts`,
      feedback: taken.map((one) => ({
        card: one.shown.card.uuid,
        outcome: 'accepted',
        outcomeTimestamp,
        acceptedSuggestions: [{ id: one.suggestion.uuid }],
      })),
      inverse: drafted.isReversible ? drafted.inverse : [],
    });
    await recheck();
  }

  async function override(shown: ShownCard): Promise<void> {
    const { override: choice } = get().cards;
    const { card } = shown;
    if (!choice || missingForOverride(card, choice)) return;
    const canDraft = get().abilities.canDraft;
    const withMonitoring = choice.withMonitoring && canDraft;
    const monitoring = isMonitoring(choice.reason) && withMonitoring ? monitoringSuggestion(card) : undefined;
    let inverse: CdsAction[] = [];
    if (monitoring) {
      const drafted = await draftAll(monitoring.actions ?? []);
      if (!drafted.ok) {
        dispatch({ type: 'refused', key: cardKey(shown), reason: drafted.reason });
        return;
      }
      inverse = drafted.inverse;
    }
    const reason = overrideReasons(card).find(({ code }) => code === choice.reason)?.display;
    const count = monitoring?.actions?.length ?? 0;
    const drafts = count ? `, ${count} draft ${count === 1 ? 'order' : 'orders'} added` : '';
    decide({
      uuids: [card.uuid],
      settled: [cardKey(shown)],
      service: services[shown.source],
      text: `Overrode "${card.summary}"${reason ? `: ${reason}` : ''}${drafts}.`,
      log: `Overrode ${ruleOf(shown)}${reason ? `: ${reason}` : ''}${drafts}`,
      feedback: [overrideFeedback(card, { ...choice, withMonitoring }, now().toISOString())],
      inverse,
    });
    if (count) await recheck();
  }

  async function undo(id: string): Promise<void> {
    const decision = get().cards.decisions.find((one) => one.id === id);
    if (decision?.status !== 'waiting') return;
    clearTimeout(waiting.get(id));
    waiting.delete(id);
    dispatch({ type: 'undone', id });
    for (const action of decision.inverse) await applyBack(action);
    if (decision.inverse.length) await recheck();
  }

  async function copyOrders(actions: CdsAction[], label: string): Promise<void> {
    const lines = actions.map(({ type, description, resource }) =>
      resource ? orderText(resource as Resource) : `${type}: ${description}`,
    );
    const done = await copy([label, ...lines].join('\n'));
    dispatch({
      type: 'say',
      text: done ? 'Copied. Enter it in the chart; nothing was ordered.' : 'The browser did not allow copying.',
    });
  }

  const serviceRequest = ({ coding, text, why }: ConsultAction): CdsAction => ({
    type: 'create',
    description: text,
    resource: {
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'order',
      code: { text, ...(coding?.code && { coding: [coding] }) },
      subject: { reference: `Patient/${get().session!.patientId}` },
      ...(get().session!.encounterId && { encounter: { reference: `Encounter/${get().session!.encounterId}` } }),
      ...(why && { reasonCode: [{ text: why }] }),
    },
  });

  async function draftTest(test: ConsultAction): Promise<string> {
    const action = serviceRequest(test);
    if (!get().abilities.canDraft) {
      await copyOrders([action], test.text);
      return 'Copied';
    }
    const drafted = await draftAll([action]);
    const text = drafted.ok ? 'Drafted. Sign it in the chart.' : `Not drafted: ${drafted.reason}`;
    dispatch({ type: 'say', text });
    if (drafted.ok) dispatch({ type: 'log', text: `Drafted a test: ${test.text}` });
    return text;
  }

  async function showEvidence(shown: ShownCard, at: number): Promise<void> {
    const key = cardKey(shown);
    const { evidence } = get().cards;
    if (evidence?.key === key && evidence.at === at) return dispatch({ type: 'evidence' });
    dispatch({ type: 'evidence', evidence: { key, at } });
    const reference = shown.card.extension?.['org.curbside.card']?.evidence[at]?.reference;
    if (reference) await readResource(reference);
  }

  async function readResource(reference: string): Promise<void> {
    const known = get().cards.resources[reference];
    if (known !== undefined && typeof known !== 'string') return;
    if (!/^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(reference)) return;
    dispatch({ type: 'resource', reference, resource: 'loading' });
    try {
      const resource = await api.read(reference);
      dispatch({ type: 'resource', reference, resource });
      const code = (resource.code as { coding?: { code?: string }[] } | undefined)?.coding?.[0]?.code;
      if (resource.resourceType !== 'Observation' || !code) return;
      const { resources } = await api.search(`Observation?code=${encodeURIComponent(code)}&_sort=-date&_count=30`);
      dispatch({
        type: 'resource',
        reference: `trend of ${reference}`,
        resource: { resourceType: 'Bundle', entry: resources },
      });
    } catch (error) {
      dispatch({ type: 'resource', reference, resource: `Could not be read: ${reasonOf(error)}` });
    }
  }

  async function showWhy(shown: ShownCard): Promise<void> {
    const key = cardKey(shown);
    const url = shown.card.extension?.['org.curbside.card']?.whyUrl;
    if (get().cards.why[key] || !url) return dispatch({ type: 'why', key });
    dispatch({ type: 'why', key, why: { status: 'loading' } });
    try {
      dispatch({ type: 'why', key, why: { status: 'loaded', why: await api.why(url) } });
    } catch (error) {
      dispatch({ type: 'why', key, why: { status: 'failed', reason: reasonOf(error) } });
    }
  }

  async function ask(): Promise<void> {
    consult?.abort();
    const mine = new AbortController();
    consult = mine;
    dispatch({ type: 'asked' });
    const { diagnosis, isAiOff } = get();
    const request = {
      hookInstance: crypto.randomUUID(),
      context: context(),
      ...(diagnosis.question.trim() && { question: diagnosis.question.trim() }),
      ...(isAiOff && { extension: { 'org.curbside.consult': { model: 'off' } } }),
    };
    try {
      for await (const event of api.consult(request, mine.signal)) {
        if (consult !== mine) return;
        dispatch({ type: 'consult', event });
        if (isAiOff && event.type === 'rules') {
          dispatch({ type: 'consult', event: { type: 'off', reason: 'Turned off here for this visit.' } });
          break;
        }
      }
      if (consult === mine) dispatch({ type: 'consult-cut', reason: 'the connection was cut' });
    } catch (error) {
      if (consult === mine && !mine.signal.aborted) dispatch({ type: 'consult-cut', reason: reasonOf(error) });
    }
    if (isAiOff) mine.abort();
  }

  /**
   * A second call, once the clinician has named a diagnosis: the server compares, and gives it to no model. A draft that is
   * done is not asked for again: the server still has it.
   */
  async function compare(): Promise<void> {
    comparing?.abort();
    const { leading, question, end, agreement } = get().diagnosis;
    const clinicianDifferential = diagnosesIn(leading);
    if (!clinicianDifferential.length || agreement) return;
    const mine = new AbortController();
    comparing = mine;
    const hasDraft = end?.type === 'done' && !get().isAiOff;
    const request = {
      hookInstance: crypto.randomUUID(),
      context: context(),
      ...(question.trim() && { question: question.trim() }),
      clinicianDifferential,
      ...(!hasDraft && { extension: { 'org.curbside.consult': { model: 'off' } } }),
    };
    try {
      let found: Agreement | undefined;
      for await (const event of api.consult(request, mine.signal)) {
        if (comparing !== mine) return;
        if (event.type === 'rules' && event.agreement) found = { withKnowledge: event.agreement };
        if (event.type === 'done' && found && event.agreement) found = { ...found, withDraft: event.agreement };
        if ((event.type === 'rules' || event.type === 'done') && found)
          dispatch({ type: 'compared', leading, agreement: found });
        if (event.type === 'rules' && !hasDraft) break;
      }
    } catch (error) {
      // The line made here by name stays; only a session that is over is worth a word.
      if (!mine.signal.aborted) reasonOf(error);
    } finally {
      mine.abort();
    }
  }

  /** Record summary, discharge draft, or an answer from the chart. */
  async function tell(what: Telling): Promise<void> {
    telling?.abort();
    const mine = new AbortController();
    telling = mine;
    dispatch({ type: 'telling', telling: what });
    const { told, isAiOff } = get();
    const request = {
      hookInstance: crypto.randomUUID(),
      context: context(),
      ...(what === 'ask' && { question: told.question.trim() }),
      ...(isAiOff && { extension: { 'org.curbside.consult': { model: 'off' } } }),
    };
    try {
      const answer = await api.tell(what, request, mine.signal);
      if (telling === mine) dispatch({ type: 'told', answer });
    } catch (error) {
      if (telling === mine && !mine.signal.aborted) dispatch({ type: 'told-failed', reason: reasonOf(error) });
    }
  }

  function stopTelling(): void {
    telling?.abort();
    telling = undefined;
    dispatch({ type: 'told-closed' });
  }

  function stop(): void {
    consult?.abort();
    consult = undefined;
    dispatch({ type: 'stopped' });
  }

  async function loadMedications(): Promise<void> {
    if (Array.isArray(get().medications)) return;
    try {
      const { resources } = await api.search('MedicationRequest?_count=200');
      dispatch({ type: 'medications', medications: resources });
    } catch (error) {
      dispatch({ type: 'medications', medications: reasonOf(error) });
    }
  }

  async function loadTrends(): Promise<void> {
    if (get().trends.status === 'loading' || get().trends.status === 'loaded') return;
    dispatch({ type: 'trends-loading' });
    void loadMedications();
    try {
      const [labs, vitals] = await Promise.all([
        api.search('Observation?category=laboratory&_sort=-date&_count=200'),
        api.search('Observation?category=vital-signs&_sort=-date&_count=100'),
      ]);
      dispatch({
        type: 'trends',
        observations: [...labs.resources, ...vitals.resources],
        isComplete: labs.isComplete && vitals.isComplete,
      });
    } catch (error) {
      dispatch({ type: 'trends-failed', reason: reasonOf(error) });
    }
  }

  function changePlan(change: Partial<PanelState['whatIf']['plan']>): void {
    dispatch({ type: 'plan', change });
    clearTimeout(planTimer);
    planTimer = setTimeout(() => void runPlan(), planDelayMs);
  }

  async function runPlan(): Promise<void> {
    whatIf?.abort();
    const { plan } = get().whatIf;
    if (isUntouched(plan)) return dispatch({ type: 'plan-reset' });
    const mine = new AbortController();
    whatIf = mine;
    dispatch({ type: 'what-if-running' });
    try {
      const request = {
        hookInstance: crypto.randomUUID(),
        context: context(),
        changes: changesOf(plan, planContext(get())),
      };
      const answer = await api.whatIf(request, mine.signal);
      if (whatIf === mine) dispatch({ type: 'what-if', answer });
    } catch (error) {
      if (whatIf === mine && !mine.signal.aborted) dispatch({ type: 'what-if-failed', reason: reasonOf(error) });
    }
  }

  function resetPlan(): void {
    clearTimeout(planTimer);
    whatIf?.abort();
    dispatch({ type: 'plan-reset' });
  }

  async function draftPlan(): Promise<void> {
    const actions = draftActions(get().whatIf.plan, planContext(get()));
    if (!get().abilities.canDraft) return copyOrders(actions, 'What-if changes');
    const reports: PanelState['whatIf']['reports'] = [];
    for (const action of actions) {
      const answer = await bridge.draft(action);
      if (answer.ok) dispatch({ type: 'drafted', action, id: answer.id });
      reports.push({
        ok: answer.ok,
        text: `${action.description}: ${answer.ok ? 'drafted. Sign it in the chart.' : answer.reason}`,
      });
    }
    dispatch({ type: 'what-if-drafted', reports });
    dispatch({
      type: 'log',
      text: `Drafted ${reports.filter(({ ok }) => ok).length} of ${reports.length} what-if changes`,
    });
    if (reports.some(({ ok }) => ok)) await recheck();
  }

  function turnAi(isOff: boolean): void {
    dispatch({ type: 'ai-off', isOff });
    if (isOff && get().diagnosis.status === 'drafting') stop();
    if (!isOff) void ask();
  }

  return {
    open,
    greet,
    check,
    recheck,
    accept,
    override,
    undo,
    draftTest,
    showEvidence,
    readResource,
    showWhy,
    ask,
    compare,
    tell,
    stopTelling,
    copyTold: async () => {
      const { answer } = get().told;
      if (!answer) return;
      const done = await copy(plainText(answer));
      dispatch({
        type: 'say',
        text: done ? 'Copied. Read it before it goes into the chart.' : 'The browser did not allow copying.',
      });
    },
    stop,
    loadMedications,
    loadTrends,
    changePlan,
    resetPlan,
    draftPlan,
    turnAi,
    retryFeedback: (id: string) => sendFeedback(id),
    openOrders: async (references = get().cards.drafts.map(referenceOf).filter(Boolean)) => {
      const answer = await bridge.openOrders(references);
      if (!answer.ok) dispatch({ type: 'say', text: answer.reason });
    },
    copyText: async (text: string, said: string) =>
      dispatch({ type: 'say', text: (await copy(text)) ? said : 'The browser did not allow copying.' }),
    /** The log holds ids and counts, no names: see `state.ts`. */
    exportSession: () => save('curbside-session.json', JSON.stringify(sessionExport(get()), null, 2)),
    /** When the page goes away, what waits for its undo is sent at once. */
    flush: () => {
      for (const id of [...waiting.keys()]) void sendFeedback(id, true);
    },
  };
}

const ruleOf = ({ card }: ShownCard) => card.extension?.['org.curbside.card']?.ruleId ?? card.source.label;

/** Drafts to change, drugs to try, and the prescriptions that can be held or stopped. */
export function planContext(state: PanelState): PlanContext {
  const isActive = ({ status }: Resource) => status === 'active' || status === 'on-hold';
  return {
    patientId: state.session?.patientId ?? '',
    draft: state.cards.drafts.find(({ resourceType }) => resourceType === 'MedicationRequest'),
    options: drugOptions(shownCards(state.cards).map(({ card }) => card)),
    medications: Array.isArray(state.medications) ? onePerDrug(state.medications.filter(isActive)) : [],
  };
}

function onePerDrug(medications: Resource[]): Resource[] {
  const seen = new Set<string>();
  return medications.filter((one) => {
    const text = conceptText(one.medicationCodeableConcept) || referenceOf(one);
    return !seen.has(text) && seen.add(text);
  });
}

export function sessionExport({ log, cards, diagnosis }: PanelState) {
  const feedback: Feedback[] = cards.decisions.flatMap((decision) => decision.feedback);
  return {
    log: log.map(({ at, text }) => ({ at, text: text.replace(/^Launched for \S+/, 'Launched') })),
    rules: shownCards(cards).map(ruleOf),
    decisions: feedback.map(({ outcome, overrideReason, outcomeTimestamp }) => ({
      outcome,
      reason: overrideReason?.reason?.code,
      at: outcomeTimestamp,
    })),
    draft:
      diagnosis.end?.type === 'done'
        ? {
            model: diagnosis.end.model,
            promptHash: diagnosis.end.promptHash,
            rulesHash: diagnosis.end.rulesHash,
            counts: diagnosis.end.counts,
          }
        : diagnosis.end?.type,
  };
}

// What happens when somebody does something: the order of reads, hook calls, decisions and writes.
import type { Card, CardLink, CdsAction, Suggestion } from '../../src/cds-hooks/contract.ts';
import type { WorklistAnswer } from '../../src/cds-hooks/worklist.ts';
import type { Api } from './api.ts';
import { type CdsClient, feedbackFor } from './cds-client.ts';
import { applyActions, collection, draftOrder, nameOf, nextId, type OrderContext, referenceOf } from './drafts.ts';
import type { Desk } from './messaging.ts';
import { type Orderable, orderables } from './orderables.ts';
import { type Action, failedChecks, isOrderAnswer, openStops, type ShownCard, type State } from './state.ts';
import type { Store } from './store.ts';
import type { Decision, Draft, Hook, Story, TrafficEntry } from './types.ts';

export interface ControllerDeps {
  store: Store<State, Action>;
  api: Api;
  cds(base: string, readFhir: (path: string) => Promise<unknown>): CdsClient;
  now(): Date;
  uuid(): string;
  wait(milliseconds: number): Promise<void>;
}

const DEBOUNCE_MS = 300;
const SLOW_MS = 4000;
const DEADLINE_MS = 10_000;
const PREFETCH_KEPT_MS = 30_000;

export function createController({ store, api, cds, now, uuid, wait }: ControllerDeps) {
  let client: CdsClient | undefined;
  let entryId = 0;
  let frameKey = 0;
  /** Rise with every change of the orders and of the chart: an answer to an older question is dropped. */
  let turn = 0;
  let chartTurn = 0;
  /** System actions already done for this chart: a service that sends them with every answer must not go round in circles. */
  let systemDone = new Set<string>();
  let prefetched = new Map<string, { at: number; answer: Promise<unknown> }>();

  const { dispatch, get } = store;
  const log = (entry: Omit<TrafficEntry, 'id' | 'at'>) =>
    dispatch({ do: 'log', entry: { ...entry, id: ++entryId, at: now().toISOString() } });
  const say = (text: string) => dispatch({ do: 'say', text });

  const orderContext = (): OrderContext => {
    const { patientId, chart, config } = get();
    return {
      patientId: patientId!,
      encounterId: chart?.encounter?.id,
      user: config!.user.reference,
      now: now().toISOString(),
    };
  };

  function readForPrefetch(path: string): Promise<unknown> {
    const kept = prefetched.get(path);
    if (kept && now().getTime() - kept.at < PREFETCH_KEPT_MS) return kept.answer;
    const answer = api.fhir(path);
    prefetched.set(path, { at: now().getTime(), answer });
    answer.catch(() => prefetched.delete(path));
    return answer;
  }

  async function start(): Promise<void> {
    try {
      const [config, stories] = await Promise.all([api.config(), api.stories()]);
      dispatch({ do: 'loaded', config, stories });
      client = cds(config.panelOrigin, readForPrefetch);
      await Promise.all([discover(), readWorklist()]);
    } catch (error) {
      dispatch({ do: 'problem', text: `The sandbox did not answer: ${(error as Error).message}` });
    }
  }

  /** Asks again who is urgent: vital signs arrive while the list is on the screen. */
  async function readWorklist(): Promise<void> {
    const { config, worklist: before } = get();
    if (!config || !client) return;
    try {
      const worklist = await client.worklist(
        {
          fhirServer: config.fhir,
          fhirAuthorization: await api.cdsToken(),
          context: { userId: config.user.reference },
        },
        AbortSignal.timeout(DEADLINE_MS),
      );
      dispatch({ do: 'worklist', worklist });
      const named = moved(before, worklist).map(
        (reference) => get().stories.find(({ patientId }) => reference === `Patient/${patientId}`)?.name ?? reference,
      );
      if (named.length > 0) say(`${named.join(' and ')}: now`);
    } catch (error) {
      dispatch({ do: 'worklist-failed', why: (error as Error).message });
    }
  }

  async function discover(): Promise<void> {
    const { config } = get();
    try {
      const services = await client!.discover();
      dispatch({ do: 'services', services });
      log({
        kind: 'request',
        title: `GET ${config!.panelOrigin}/cds-services`,
        note: `${services.length} services`,
        detail: { services },
      });
    } catch (error) {
      log({ kind: 'error', title: `GET ${config!.panelOrigin}/cds-services`, note: (error as Error).message });
    }
  }

  async function openChart(patientId: string): Promise<void> {
    turn += 1;
    const asked = ++chartTurn;
    systemDone = new Set();
    prefetched = new Map();
    dispatch({ do: 'open', patientId });
    try {
      const chart = await api.chart(patientId);
      if (asked !== chartTurn) return;
      dispatch({ do: 'chart', patientId, chart });
      if (get().services.length === 0) await discover();
      const encounterId = chart.encounter?.id;
      await fire('patient-view', { patientId, ...(encounterId ? { encounterId } : {}) }, () => asked === chartTurn);
    } catch (error) {
      dispatch({ do: 'problem', text: `The chart could not be opened: ${(error as Error).message}` });
    }
  }

  /** The frame goes first: the app in it must not outlive its patient on screen. */
  function closeChart(): void {
    dispatch({ do: 'frame', frame: undefined });
    turn += 1;
    chartTurn += 1;
    dispatch({ do: 'close' });
  }

  async function fire(hook: Hook, context: Record<string, unknown>, isCurrent: () => boolean): Promise<void> {
    const { services, config, options, patientId } = get();
    const listening = services.filter((service) => service.hook === hook);
    if (listening.length === 0) return;
    dispatch({ do: 'checking', hook, serviceIds: listening.map(({ id }) => id) });
    const hookInstance = uuid();
    await Promise.all(
      listening.map(async (service) => {
        const title = `POST /cds-services/${service.id}`;
        const began = now().getTime();
        try {
          const token = await api.cdsToken(patientId!);
          const request = await client!.request({
            service,
            hook,
            hookInstance,
            context: { userId: config!.user.reference, ...context },
            fhir: { fhirServer: config!.fhir, fhirAuthorization: token },
            withPrefetch: !options.noPrefetch,
            signal: AbortSignal.timeout(DEADLINE_MS),
          });
          log({ kind: 'request', title, note: hook, detail: withoutToken(request) });
          if (options.slowService) await wait(SLOW_MS);
          if (options.serviceDown) throw new Error('no connection (the option "service down" is on)');
          const response = await client!.send(service, request, AbortSignal.timeout(DEADLINE_MS));
          const milliseconds = now().getTime() - began;
          log({
            kind: 'cards',
            title: `200 ${service.id}`,
            note: `${counted(response.cards)}, ${milliseconds} ms`,
            detail: response,
          });
          if (!isCurrent()) return;
          dispatch({
            do: 'answer',
            answer: { serviceId: service.id, hook, state: 'done', cards: response.cards, response },
          });
          if (response.systemActions?.length) applySystemActions(response.systemActions);
          const own = response.cards
            .flatMap((card) => card.links ?? [])
            .find((link) => link.type === 'smart' && link.autolaunchable);
          if (own && !get().frame) await launch(own);
        } catch (error) {
          log({ kind: 'error', title, note: (error as Error).message });
          if (isCurrent())
            dispatch({
              do: 'answer',
              answer: { serviceId: service.id, hook, state: 'failed', cards: [], error: (error as Error).message },
            });
        }
      }),
    );
    if (isCurrent()) announce(hook);
  }

  function announce(hook: Hook): void {
    const state = get();
    const stops = Object.values(state.answers)
      .filter((answer) => answer.hook === hook)
      .flatMap(({ cards }) => cards)
      .filter(({ indicator }) => indicator === 'critical').length;
    say(
      failedChecks(state).length > 0
        ? 'The check failed. Check by hand.'
        : stops > 0
          ? `${stops} Stop ${stops === 1 ? 'card' : 'cards'}`
          : 'No Stop cards',
    );
  }

  const orderHookContext = (drafts: Draft[]) => {
    const { patientId, encounterId } = orderContext();
    return { patientId, ...(encounterId ? { encounterId } : {}), draftOrders: collection(drafts) };
  };

  /** Every change to the drafts comes through here. */
  function setDrafts(drafts: Draft[], selected: string | undefined): void {
    turn += 1;
    dispatch({ do: 'drafts', drafts, selected });
    void selectLater(turn);
  }

  async function selectLater(asked: number): Promise<void> {
    const ids = [
      ...new Set(
        get()
          .services.filter(({ hook }) => hook === 'order-select')
          .map(({ id }) => id),
      ),
    ];
    if (get().drafts.length === 0) {
      dispatch({
        do: 'forget',
        serviceIds: Object.values(get().answers)
          .filter(isOrderAnswer)
          .map(({ serviceId }) => serviceId),
      });
      return;
    }
    dispatch({ do: 'checking', hook: 'order-select', serviceIds: ids });
    await wait(DEBOUNCE_MS);
    if (asked !== turn) return;
    const { drafts, selected } = get();
    const chosen = drafts.filter(({ id }) => id === selected);
    await fire(
      'order-select',
      { ...orderHookContext(drafts), selections: (chosen.length > 0 ? chosen : drafts).map(referenceOf) },
      () => asked === turn,
    );
  }

  function choose(orderable: Orderable, sig = orderable.sig): void {
    const { drafts, selected } = get();
    const id = selected && /^draft-/.test(selected) ? selected : nextId(drafts);
    const draft = draftOrder(orderable, sig, id, orderContext());
    setDrafts(
      drafts.some((one) => one.id === id) ? drafts.map((one) => (one.id === id ? draft : one)) : [...drafts, draft],
      id,
    );
  }

  function trySuggested({ suggestedOrder }: Story): void {
    if (!suggestedOrder) return;
    const known = orderables.find(({ code }) => code === suggestedOrder.code) ?? {
      kind: 'drug' as const,
      code: suggestedOrder.code,
      display: suggestedOrder.display,
      words: '',
      sig: '',
    };
    choose(known, suggestedOrder.sig ?? known.sig);
  }

  function removeDraft(id: string): void {
    const { drafts, selected } = get();
    setDrafts(
      drafts.filter((draft) => draft.id !== id),
      selected === id ? undefined : selected,
    );
  }

  /** Applies actions to the drafts; the reference of the last one touched, or why it could not be done. */
  function apply(actions: CdsAction[]): { location?: string; failure?: string } {
    const before = get();
    const applied = applyActions(before.drafts, actions, orderContext(), before.chart);
    if (applied.failed.length > 0) return { failure: applied.failed.join(' ') };
    const touched = applied.drafts.find((draft) => !before.drafts.includes(draft)) ?? applied.drafts.at(-1);
    const selected = applied.drafts.some(({ id }) => id === before.selected) ? before.selected : touched?.id;
    setDrafts(applied.drafts, selected);
    return { location: touched ? referenceOf(touched) : undefined };
  }

  function applySystemActions(all: CdsAction[]): void {
    const actions = all.filter((action) => !systemDone.has(JSON.stringify(action)));
    if (actions.length === 0) return;
    for (const action of actions) systemDone.add(JSON.stringify(action));
    const { failure } = apply(actions);
    log({ kind: 'order', title: 'System actions', note: failure ?? `${actions.length} applied`, detail: actions });
  }

  async function accept({ card, answer, key }: ShownCard, suggestion: Suggestion): Promise<void> {
    const { failure } = suggestion.actions?.length ? apply(suggestion.actions) : {};
    if (failure) {
      say(failure);
      log({ kind: 'error', title: `Suggestion "${suggestion.label}"`, note: failure });
      return;
    }
    const decision: Decision = { outcome: 'accepted', label: suggestion.label };
    dispatch({ do: 'signing', step: undefined });
    dispatch({ do: 'decide', key, decision });
    log({ kind: 'order', title: `Accepted: ${suggestion.label}`, detail: suggestion.actions });
    say(`Done: ${suggestion.label}. Sign it when the orders are right.`);
    await sendFeedback(answer.serviceId, card, decision, suggestion.uuid);
  }

  async function override(
    { card, answer, key }: ShownCard,
    decision: Decision & { outcome: 'overridden' },
  ): Promise<void> {
    dispatch({ do: 'decide', key, decision });
    say('Overridden.');
    await sendFeedback(answer.serviceId, card, decision);
  }

  async function sendFeedback(serviceId: string, card: Card, decision: Decision, suggestionId?: string): Promise<void> {
    if (!card.uuid) return;
    const feedback = feedbackFor(card, decision, suggestionId, now().toISOString());
    try {
      const status = await client!.feedback(serviceId, [feedback]);
      log({
        kind: 'feedback',
        title: `POST /cds-services/${serviceId}/feedback`,
        note: `${decision.outcome}, ${status}`,
        detail: { feedback: [feedback] },
      });
    } catch (error) {
      log({
        kind: 'error',
        title: `POST /cds-services/${serviceId}/feedback`,
        note: (error as Error).message,
        detail: { feedback: [feedback] },
      });
    }
  }

  async function sign(): Promise<void> {
    const { drafts, signing } = get();
    if (drafts.length === 0 || signing) return;
    const asked = ++turn;
    dispatch({ do: 'signing', step: 'checking' });
    await fire('order-sign', orderHookContext(drafts), () => asked === turn);
    if (asked !== turn) return dispatch({ do: 'signing', step: undefined });
    const state = get();
    if (openStops(state).length > 0 || failedChecks(state).length > 0)
      return dispatch({ do: 'signing', step: 'deciding' });
    await storeOrders();
  }

  async function storeOrders(): Promise<void> {
    const { drafts, patientId } = get();
    dispatch({ do: 'signing', step: 'storing' });
    try {
      for (const draft of drafts) {
        const stored = await api.sign(draft, now().toISOString());
        log({ kind: 'order', title: `Signed ${nameOf(draft)}`, note: referenceOf(stored), detail: stored });
      }
      prefetched = new Map();
      turn += 1;
      dispatch({ do: 'signing', step: undefined });
      dispatch({ do: 'drafts', drafts: [], selected: undefined });
      dispatch({
        do: 'forget',
        serviceIds: Object.values(get().answers)
          .filter(isOrderAnswer)
          .map(({ serviceId }) => serviceId),
      });
      say(drafts.length === 1 ? 'Order signed.' : `${drafts.length} orders signed.`);
      dispatch({ do: 'chart', patientId: patientId!, chart: await api.chart(patientId!) });
    } catch (error) {
      dispatch({ do: 'signing', step: undefined });
      say(`Not signed: ${(error as Error).message}`);
    }
  }

  /** Opens an app in the side frame with a handle of its own. */
  async function launch(link: Pick<CardLink, 'url' | 'appContext'>): Promise<void> {
    const { patientId, chart, options, config } = get();
    const target = new URL(link.url, config!.panelOrigin);
    if (target.origin !== config!.panelOrigin) return say('This EHR opens apps of its registered panel only.');
    const { launch, iss, messagingHandle } = await api.launch({
      patient: patientId!,
      encounter: chart?.encounter?.id,
      ...(link.appContext && !options.noAppContext ? { appContext: link.appContext } : {}),
    });
    if (get().patientId !== patientId) return;
    target.searchParams.set('iss', iss);
    target.searchParams.set('launch', launch);
    log({
      kind: 'launch',
      title: `SMART launch ${target.pathname}`,
      note: options.noAppContext ? 'no appContext' : undefined,
      detail: {
        url: link.url,
        iss,
        launch: `${launch.slice(0, 4)}…`,
        appContext: options.noAppContext ? undefined : link.appContext,
      },
    });
    dispatch({ do: 'frame', frame: { key: ++frameKey, url: target.href, messagingHandle } });
  }

  const desk: Desk = {
    drafts: () => get().drafts,
    apply: (action) => apply([action]),
    reviewOrders(locations) {
      const draft =
        get().drafts.find((one) => locations.includes(referenceOf(one))) ??
        (locations.length === 0 ? get().drafts[0] : undefined);
      if (draft) {
        dispatch({ do: 'select', id: draft.id });
        return true;
      }
      const running = get().chart?.medications.find((one) => locations.includes(referenceOf(one)));
      if (!running) return false;
      dispatch({ do: 'spot', reference: referenceOf(running) });
      return true;
    },
    done: () => dispatch({ do: 'frame', frame: undefined }),
  };

  return {
    start,
    readWorklist,
    openChart,
    closeChart,
    choose,
    trySuggested,
    removeDraft,
    select: (id: string | undefined) => dispatch({ do: 'select', id }),
    sign,
    signAnyway: storeOrders,
    backToOrders: () => dispatch({ do: 'signing', step: undefined }),
    accept,
    override,
    launch,
    openPanel: () => launch({ url: '/smart/launch' }),
    closeFrame: () => dispatch({ do: 'frame', frame: undefined }),
    log,
    desk,
  };
}

export type Controller = ReturnType<typeof createController>;

/** Who has become immediate since the list was last read. */
const moved = (before: WorklistAnswer | undefined, after: WorklistAnswer): string[] => {
  if (!before) return [];
  const immediate = ({ entries }: WorklistAnswer) =>
    entries.filter(({ priority }) => priority === 'immediate').map(({ patient }) => patient.reference);
  const already = new Set(immediate(before));
  return immediate(after).filter((reference) => !already.has(reference));
};

const counted = (cards: Card[]) => {
  const stops = cards.filter(({ indicator }) => indicator === 'critical').length;
  return `${cards.length} ${cards.length === 1 ? 'card' : 'cards'}${stops > 0 ? ` (${stops} Stop)` : ''}`;
};

/** The log can be copied out of the page; a token in it would go along. */
const withoutToken = (request: Record<string, unknown>) =>
  request.fhirAuthorization
    ? { ...request, fhirAuthorization: { ...(request.fhirAuthorization as object), access_token: '(not shown)' } }
    : request;

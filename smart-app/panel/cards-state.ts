// The Cards tab: what was checked, which cards are open, what was decided. Pure.
import type {
  Card,
  CdsAction,
  CdsResponse,
  Coding,
  ResponseExtension,
  Suggestion,
} from '../../src/cds-hooks/contract.ts';
import type { Feedback } from './api.ts';
import { type Resource, tiers } from './session.ts';

/** The two services that fill the tab: one for the chart, one for the orders being written. */
export const services = { chart: 'chart-review', order: 'medication-safety' } as const;
export type Source = keyof typeof services;

export interface Check {
  status: 'none' | 'checking' | 'checked' | 'failed';
  cards: Card[];
  response?: ResponseExtension;
  reason?: string;
}

export interface Override {
  /** The card, by its key. */
  key: string;
  reason?: string;
  withMonitoring: boolean;
  comment: string;
  /** Asked after "the alert is wrong". */
  about?: 'data' | 'rule';
}

export interface Decision {
  id: string;
  uuids: string[];
  /** Keys of cards that must not come back when the same orders are checked again. */
  settled: string[];
  service: string;
  text: string;
  log: string;
  feedback: Feedback[];
  /** Milliseconds since 1970; until then it can be undone and nobody was told. */
  sendAt: number;
  status: 'waiting' | 'sent' | 'failed';
  /** What takes the drafts back. */
  inverse: CdsAction[];
}

export type Why =
  | { status: 'loading' }
  | { status: 'loaded'; why: Record<string, unknown> }
  | { status: 'failed'; reason: string };

export interface CardsState {
  checks: Record<Source, Check>;
  isStale: boolean;
  drafts: Resource[];
  /** True when the link could not hold every draft. */
  isPartial: boolean;
  /** Cards by their key, so that what is open stays open when the same finding comes under a new uuid. */
  open: string[];
  evidence?: { key: string; at: number };
  /** Resources behind evidence chips, by reference; a text says why one could not be read. */
  resources: Record<string, Resource | string | 'loading'>;
  override?: Override;
  decisions: Decision[];
  why: Record<string, Why>;
  isHeldBackOpen: boolean;
  isCheckedOpen: boolean;
  /** Why the last try to draft did not work, by card. */
  refusals: Record<string, string>;
}

export type CardsEvent =
  | { type: 'checking'; source: Source }
  | { type: 'checked'; source: Source; response: CdsResponse }
  | { type: 'check-failed'; source: Source; reason: string }
  | { type: 'stale' }
  | { type: 'toggle'; key: string }
  | { type: 'evidence'; evidence?: CardsState['evidence'] }
  | { type: 'resource'; reference: string; resource: Resource | string }
  | { type: 'override'; override?: Override }
  | { type: 'decided'; decision: Decision }
  | { type: 'undone'; id: string }
  | { type: 'feedback'; id: string; status: 'sent' | 'failed' }
  | { type: 'drafted'; action: CdsAction; id?: string }
  | { type: 'refused'; key: string; reason: string }
  | { type: 'why'; key: string; why?: Why }
  | { type: 'held-back'; isOpen: boolean }
  | { type: 'what-was-checked'; isOpen: boolean };

const noCheck: Check = { status: 'none', cards: [] };
export const noCards: CardsState = {
  checks: { chart: noCheck, order: noCheck },
  isStale: false,
  drafts: [],
  isPartial: false,
  open: [],
  resources: {},
  decisions: [],
  why: {},
  isHeldBackOpen: false,
  isCheckedOpen: false,
  refusals: {},
};

const mostOpen = 3;

export function reduceCards(state: CardsState, event: CardsEvent): CardsState {
  switch (event.type) {
    case 'checking':
      return {
        ...state,
        checks: { ...state.checks, [event.source]: { ...state.checks[event.source], status: 'checking' } },
      };
    case 'checked': {
      const response = event.response.extension?.['org.curbside.response'];
      const check: Check = { status: 'checked', cards: event.response.cards.filter(isReadable), response };
      const next = { ...state, isStale: false, checks: { ...state.checks, [event.source]: check } };
      const shown = shownCards(next);
      const known = new Set(shownCards(state).map(cardKey));
      const kept = state.open.filter((key) => shown.some((one) => cardKey(one) === key));
      // A Stop card opens when it is new; one that was closed by hand stays closed.
      const stops = shown.filter(({ card }) => card.indicator === 'critical').map(cardKey);
      return { ...next, open: [...new Set([...kept, ...stops.filter((key) => !known.has(key))])].slice(0, mostOpen) };
    }
    case 'check-failed': {
      // Cards from before stay on screen: an old warning is better than none, and the banner says how things are.
      const check: Check = { ...state.checks[event.source], status: 'failed', reason: event.reason };
      return { ...state, isStale: false, checks: { ...state.checks, [event.source]: check } };
    }
    case 'stale':
      return { ...state, isStale: true };
    case 'toggle': {
      const open = state.open.includes(event.key)
        ? state.open.filter((key) => key !== event.key)
        : [...state.open, event.key].slice(-mostOpen);
      const override = open.includes(state.override?.key ?? '') ? state.override : undefined;
      return { ...state, open, override };
    }
    case 'evidence':
      return { ...state, evidence: event.evidence };
    case 'resource':
      return { ...state, resources: { ...state.resources, [event.reference]: event.resource } };
    case 'override':
      return { ...state, override: event.override };
    case 'decided': {
      const keys = shownCards(state)
        .filter(({ card }) => event.decision.uuids.includes(card.uuid))
        .map(cardKey);
      return {
        ...state,
        decisions: [...state.decisions, event.decision],
        override: undefined,
        evidence: keys.includes(state.evidence?.key ?? '') ? undefined : state.evidence,
        open: state.open.filter((key) => !keys.includes(key)),
        refusals: Object.fromEntries(Object.entries(state.refusals).filter(([key]) => !keys.includes(key))),
      };
    }
    case 'undone':
      return {
        ...state,
        decisions: state.decisions.filter(({ id, status }) => id !== event.id || status !== 'waiting'),
      };
    case 'feedback':
      return {
        ...state,
        decisions: state.decisions.map((one) => (one.id === event.id ? { ...one, status: event.status } : one)),
      };
    case 'drafted':
      return { ...state, drafts: applyAction(state.drafts, event.action, event.id) };
    case 'refused':
      return { ...state, refusals: { ...state.refusals, [event.key]: event.reason } };
    case 'why': {
      const { [event.key]: _, ...others } = state.why;
      return { ...state, why: event.why ? { ...others, [event.key]: event.why } : others };
    }
    case 'held-back':
      return { ...state, isHeldBackOpen: event.isOpen };
    case 'what-was-checked':
      return { ...state, isCheckedOpen: event.isOpen };
  }
}

/** A card without the little that every card must have is not shown half. */
const isReadable = (card: Card): boolean =>
  typeof card?.uuid === 'string' && typeof card.summary === 'string' && Object.hasOwn(tiers, card.indicator);

export interface ShownCard {
  card: Card;
  source: Source;
}

/** Stays the same when the same finding is checked again under a new uuid. */
export const cardKey = ({ card }: ShownCard): string => {
  const ours = card.extension?.['org.curbside.card'];
  return [ours?.ruleId, ours?.tier ?? card.indicator, ...(ours?.orders ?? []), card.summary].join(' ');
};

/** A short id for the page, stable for one key. */
export function domId(key: string): string {
  let hash = 5381;
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 33) ^ key.charCodeAt(at)) >>> 0;
  return `card-${hash.toString(36)}`;
}

/** Undecided cards, Stop first; within a tier as the server ranked them, the order's own before the chart's. */
export function shownCards({ checks, decisions }: CardsState): ShownCard[] {
  const decided = new Set(decisions.flatMap(({ uuids }) => uuids));
  const settled = new Set(decisions.flatMap((decision) => decision.settled));
  const seen = new Set<string>();
  return (['order', 'chart'] as const)
    .flatMap((source) => checks[source].cards.map((card) => ({ card, source })))
    .filter((shown) => {
      const key = cardKey(shown);
      const isTwice = seen.has(key);
      seen.add(key);
      return !isTwice && !decided.has(shown.card.uuid) && !settled.has(key);
    })
    .map((shown, at) => ({ shown, at }))
    .sort((a, b) => tiers[a.shown.card.indicator].rank - tiers[b.shown.card.indicator].rank || a.at - b.at)
    .map(({ shown }) => shown);
}

export const stopCount = (state: CardsState): number =>
  shownCards(state).filter(({ card }) => card.indicator === 'critical').length;

export interface Fix {
  suggestion: Suggestion;
  cards: { shown: ShownCard; suggestion: Suggestion }[];
}

export interface Group {
  id: string;
  title: string;
  isOrder: boolean;
  cards: ShownCard[];
  fixes: Fix[];
}

/** One group for each order that is being written, then the chart. A suggestion shared by several cards moves up into a fix. */
export function cardGroups(state: CardsState): Group[] {
  const groups = new Map<string, Group>();
  for (const shown of shownCards(state)) {
    const order = shown.card.extension?.['org.curbside.card']?.orders[0] ?? '';
    const group = groups.get(order) ?? {
      id: order || 'chart',
      title: order ? orderText(state.drafts.find((draft) => referenceOf(draft) === order)) : 'Already on the chart',
      isOrder: order !== '',
      cards: [],
      fixes: [],
    };
    group.cards.push(shown);
    groups.set(order, group);
  }
  // A Stop on the chart is not read after three Cautions on the order; otherwise the order being written comes first.
  const hasStop = ({ cards }: Group) => cards.some(({ card }) => card.indicator === 'critical');
  const all = [...groups.values()].sort(
    (a, b) => Number(hasStop(b)) - Number(hasStop(a)) || Number(b.isOrder) - Number(a.isOrder),
  );
  for (const group of all) group.fixes = sharedFixes(group.cards);
  return all;
}

function sharedFixes(cards: ShownCard[]): Fix[] {
  const fixes = new Map<string, Fix>();
  for (const shown of cards) {
    for (const suggestion of shown.card.suggestions ?? []) {
      const key = JSON.stringify([suggestion.label, suggestion.actions]);
      const fix = fixes.get(key) ?? { suggestion, cards: [] };
      if (!fix.cards.some((one) => one.shown === shown)) fix.cards.push({ shown, suggestion });
      fixes.set(key, fix);
    }
  }
  return [...fixes.values()].filter(({ cards: cleared }) => cleared.length > 1);
}

export const referenceOf = (resource: Resource | undefined): string =>
  resource?.id ? `${resource.resourceType}/${resource.id}` : '';

interface Concept {
  text?: string;
  coding?: Coding[];
}

export function conceptText(concept: unknown): string {
  const { text, coding } = (concept ?? {}) as Concept;
  return text ?? coding?.find(({ display }) => display)?.display ?? coding?.[0]?.code ?? '';
}

/** "TMP-SMX DS, 1 tablet twice daily" */
export function orderText(order: Resource | undefined): string {
  if (!order) return 'The order you are writing';
  const what = conceptText(order.medicationCodeableConcept ?? order.code) || referenceOf(order) || 'Order';
  const how = (order.dosageInstruction as { text?: string }[] | undefined)?.[0]?.text;
  return how && !what.includes(how) ? `${what}, ${how}` : what;
}

/** The draft list after an action, as the EHR will have it. */
export function applyAction(drafts: Resource[], { type, resource, resourceId }: CdsAction, newId?: string): Resource[] {
  if (type === 'delete') return drafts.filter((draft) => referenceOf(draft) !== resourceId);
  if (!resource) return drafts;
  if (type === 'update')
    return drafts.map((draft) =>
      referenceOf(draft) === referenceOf(resource as Resource) ? (resource as Resource) : draft,
    );
  return [...drafts, { ...resource, ...(newId && { id: newId.split('/').at(-1) }) } as Resource];
}

/** What takes an action back; undefined when nobody knows how things were. */
export function inverseOf(action: CdsAction, drafts: Resource[], newId?: string): CdsAction | undefined {
  const description = `Take back: ${action.description}`;
  if (action.type === 'create') return newId ? { type: 'delete', description, resourceId: newId } : undefined;
  const reference = action.type === 'delete' ? action.resourceId : referenceOf(action.resource as Resource);
  const before = drafts.find((draft) => referenceOf(draft) === reference);
  return before && { type: action.type === 'delete' ? 'create' : 'update', description, resource: before };
}

// ---- Overriding ----

export interface OverrideReason extends Coding {
  code: string;
  display: string;
}

/** The same codes that our cards carry; used for cards that bring no list of their own. */
const overrideSystem = 'https://curbside.org/fhir/CodeSystem/override-reason';

export const usualReasons: OverrideReason[] = [
  { system: overrideSystem, code: 'benefit-outweighs-risk', display: 'Benefit outweighs risk' },
  { system: overrideSystem, code: 'will-monitor', display: 'I will monitor' },
  { system: overrideSystem, code: 'tolerates', display: 'Already tolerates it' },
  { system: overrideSystem, code: 'not-significant', display: 'Not significant for this patient' },
  { system: overrideSystem, code: 'alert-wrong', display: 'The alert is wrong' },
];

export const overrideReasons = (card: Card): OverrideReason[] => {
  const own = (card.overrideReasons ?? []).filter((one): one is OverrideReason => Boolean(one?.code && one.display));
  return own.length ? own : usualReasons;
};

export const isMonitoring = (code: string | undefined) => /monitor/i.test(code ?? '');
export const isWrongAlert = (code: string | undefined) => /wrong|inaccurate|incorrect/i.test(code ?? '');

/** Only orders tests and leaves the order as it is: what "I will monitor" can add. */
export const isMonitoringSuggestion = ({ actions }: Suggestion): boolean =>
  Boolean(actions?.length) &&
  actions!.every(({ type, resource }) => type === 'create' && resource?.resourceType === 'ServiceRequest');

export const monitoringSuggestion = (card: Card): Suggestion | undefined =>
  card.suggestions?.find(isMonitoringSuggestion);

/** Why an override cannot be given yet; undefined when it can. */
export const missingForOverride = (card: Card, { reason }: Override): string | undefined =>
  card.indicator === 'critical' && !reason ? 'Choose a reason first.' : undefined;

export function overrideFeedback(card: Card, override: Override, at: string): Feedback {
  const monitoring = isMonitoring(override.reason) && override.withMonitoring ? monitoringSuggestion(card) : undefined;
  if (monitoring) {
    return {
      card: card.uuid,
      outcome: 'accepted',
      outcomeTimestamp: at,
      acceptedSuggestions: [{ id: monitoring.uuid }],
    };
  }
  const reason = overrideReasons(card).find(({ code }) => code === override.reason);
  const about = isWrongAlert(override.reason) && override.about ? `About the ${override.about}. ` : '';
  const userComment = `${about}${override.comment.trim()}`.trim();
  const overrideReason = { ...(reason && { reason }), ...(userComment && { userComment }) };
  return {
    card: card.uuid,
    outcome: 'overridden',
    outcomeTimestamp: at,
    ...(Object.keys(overrideReason).length && { overrideReason }),
  };
}

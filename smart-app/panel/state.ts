// The panel's state and everything that can happen to it, pure: same state and event, same next state.
import type { CdsAction, CdsResponse, ConsultEvent, WhatIfAnswer } from '../../src/cds-hooks/contract.ts';
import { cleaned } from '../shared/marks.ts';
import type { Abilities } from './bridge/bridge.ts';
import { noAbilities } from './bridge/bridge.ts';
import { type CardsEvent, type CardsState, noCards, reduceCards, stopCount } from './cards-state.ts';
import { type DiagnosisEvent, type DiagnosisState, noDiagnosis, reduceDiagnosis } from './diagnosis-state.ts';
import { noPlan, type Plan } from './plan.ts';
import type { Resource, Session } from './session.ts';
import { nothingTold, reduceTold, type ToldEvent, type ToldState } from './told.ts';

export type { CdsAction, CdsResponse, ConsultEvent };

export const tabs = ['cards', 'diagnosis', 'what-if', 'trends', 'about'] as const;
export type Tab = (typeof tabs)[number];

export type Phase = 'opening' | 'open' | 'ended' | 'mismatch' | 'failed';

export interface LogLine {
  at: string;
  text: string;
}

export interface WhatIfState {
  plan: Plan;
  status: 'idle' | 'running' | 'done' | 'failed';
  answer?: WhatIfAnswer;
  reason?: string;
  /** What became of "Draft these changes", one line for each. */
  reports: { text: string; ok: boolean }[];
}

export type Span = 1 | 6 | 24;

export interface TrendsState {
  status: 'none' | 'loading' | 'loaded' | 'failed';
  observations: Resource[];
  isComplete: boolean;
  /** Chosen by hand; until then the span that the results themselves ask for. */
  months?: Span;
  open?: string;
  reason?: string;
}

export interface PanelState {
  phase: Phase;
  reason?: string;
  session?: Session;
  tab: Tab;
  /** The wall clock as the server had it when the last answer came; views never read a clock. */
  now: string;
  cards: CardsState;
  diagnosis: DiagnosisState;
  whatIf: WhatIfState;
  told: ToldState;
  trends: TrendsState;
  /** Active and held prescriptions; undefined until they were read, a text when they could not be. */
  medications?: Resource[] | string;
  abilities: Abilities;
  /** Turned off here, for this visit. */
  isAiOff: boolean;
  log: LogLine[];
  /** What the live region says, oldest first. Several, because two things may happen in one moment. */
  said: { text: string; number: number }[];
  isHelpOpen: boolean;
  hasSingleKeys: boolean;
}

export type PanelEvent =
  | { type: 'opened'; session: Session }
  | { type: 'failed'; reason: string }
  | { type: 'ended' }
  | { type: 'mismatch' }
  | { type: 'tick'; now: string }
  | { type: 'tab'; tab: Tab }
  | { type: 'abilities'; abilities: Abilities }
  | { type: 'log'; text: string }
  | { type: 'say'; text: string }
  | { type: 'help'; isOpen: boolean }
  | { type: 'single-keys'; isOn: boolean }
  | { type: 'ai-off'; isOff: boolean }
  | { type: 'medications'; medications: Resource[] | string }
  | { type: 'plan'; change: Partial<Plan> }
  | { type: 'plan-reset' }
  | { type: 'what-if-running' }
  | { type: 'what-if'; answer: WhatIfAnswer }
  | { type: 'what-if-failed'; reason: string }
  | { type: 'what-if-drafted'; reports: WhatIfState['reports'] }
  | { type: 'trends-loading' }
  | { type: 'trends'; observations: Resource[]; isComplete: boolean }
  | { type: 'trends-failed'; reason: string }
  | { type: 'trends-months'; months: Span }
  | { type: 'trend-open'; code?: string }
  | CardsEvent
  | DiagnosisEvent
  | ToldEvent;

export const start = (now: string): PanelState => ({
  phase: 'opening',
  tab: 'cards',
  now,
  cards: noCards,
  diagnosis: noDiagnosis,
  whatIf: { plan: noPlan, status: 'idle', reports: [] },
  told: nothingTold,
  trends: { status: 'none', observations: [], isComplete: true },
  abilities: noAbilities,
  isAiOff: false,
  log: [],
  said: [],
  isHelpOpen: false,
  hasSingleKeys: true,
});

const intents: Record<string, Tab> = {
  cards: 'cards',
  differential: 'diagnosis',
  'what-if': 'what-if',
  trends: 'trends',
};

const fromOutside = new Set<PanelEvent['type']>([
  'opened',
  'checked',
  'consult',
  'what-if',
  'why',
  'resource',
  'medications',
  'trends',
  'told',
  'compared',
]);

export function reduce(state: PanelState, given: PanelEvent): PanelState {
  // Nothing of the old patient may come back once the panel was cleared, whatever answer still arrives.
  if (state.phase === 'mismatch' || state.phase === 'ended') return state;
  const event = fromOutside.has(given.type) ? cleaned(given) : given;
  const patientId = namedPatient(event);
  if (
    event.type === 'mismatch' ||
    (patientId !== undefined && state.session && patientId !== state.session.patientId)
  ) {
    return { ...start(state.now), phase: 'mismatch', hasSingleKeys: state.hasSingleKeys };
  }
  switch (event.type) {
    case 'opened': {
      const { session } = event;
      if (session.identity.patientId !== session.patientId) return { ...start(state.now), phase: 'mismatch' };
      const drafts = session.appContext?.drafts ?? [];
      return note(
        {
          ...state,
          phase: 'open',
          session,
          now: session.serverTime,
          tab: intents[session.intent ?? ''] ?? 'cards',
          cards: { ...state.cards, drafts, isPartial: session.appContext?.isPartial ?? false },
        },
        `Launched for ${session.patientId}${session.userId && ` by ${session.userId}`}`,
      );
    }
    case 'failed':
      return { ...state, phase: 'failed', reason: event.reason };
    case 'ended':
      return { ...start(state.now), phase: 'ended' };
    case 'tick':
      return { ...state, now: event.now };
    case 'tab':
      return { ...state, tab: event.tab };
    case 'abilities': {
      const drafts = event.abilities.drafts;
      const cards = drafts ? { ...state.cards, drafts, isPartial: false } : state.cards;
      return { ...state, abilities: event.abilities, cards };
    }
    case 'log':
      return note(state, event.text);
    case 'say':
      return say(state, event.text);
    case 'help':
      return { ...state, isHelpOpen: event.isOpen };
    case 'single-keys':
      return { ...state, hasSingleKeys: event.isOn };
    case 'ai-off':
      return note(
        { ...state, isAiOff: event.isOff },
        event.isOff ? 'AI turned off for this visit' : 'AI turned on again',
      );
    case 'medications':
      return { ...state, medications: event.medications };
    case 'plan':
      return { ...state, whatIf: { ...state.whatIf, plan: { ...state.whatIf.plan, ...event.change }, reports: [] } };
    case 'plan-reset':
      return { ...state, whatIf: { plan: noPlan, status: 'idle', reports: [] } };
    case 'what-if-running':
      return { ...state, whatIf: { ...state.whatIf, status: 'running', reason: undefined } };
    case 'what-if': {
      const { gone, new: added } = event.answer.difference;
      const whatIf: WhatIfState = { ...state.whatIf, status: 'done', answer: event.answer };
      return say({ ...state, whatIf }, `What if: ${gone.length} cards gone, ${added.length} new`);
    }
    case 'what-if-failed':
      return { ...state, whatIf: { ...state.whatIf, status: 'failed', reason: event.reason } };
    case 'what-if-drafted': {
      const done = event.reports.filter(({ ok }) => ok).length;
      return say(
        { ...state, whatIf: { ...state.whatIf, reports: event.reports } },
        `${done} of ${event.reports.length} drafted`,
      );
    }
    case 'trends-loading':
      return { ...state, trends: { ...state.trends, status: 'loading' } };
    case 'trends':
      return {
        ...state,
        trends: { ...state.trends, status: 'loaded', observations: event.observations, isComplete: event.isComplete },
      };
    case 'trends-failed':
      return { ...state, trends: { ...state.trends, status: 'failed', reason: event.reason } };
    case 'trends-months':
      return { ...state, trends: { ...state.trends, months: event.months } };
    case 'trend-open':
      return { ...state, trends: { ...state.trends, open: event.code } };
    case 'asked':
    case 'consult':
    case 'consult-cut':
    case 'stopped':
    case 'question':
    case 'leading':
    case 'compared':
    case 'withheld-open':
    case 'dx-open':
      return withDiagnosis(state, event);
    case 'telling':
    case 'told-failed':
    case 'told-question':
    case 'told-open':
    case 'told-closed':
      return { ...state, told: reduceTold(state.told, event) };
    case 'told': {
      const told = reduceTold(state.told, event);
      const withheld = event.answer.withheld.length;
      const words = withheld ? `Ready to read, ${withheld} statements withheld` : 'Ready to read';
      return say(note({ ...state, told }, `Told from the chart: ${state.told.telling}`), words);
    }
    default:
      return withCards(state, event);
  }
}

function withCards(state: PanelState, event: CardsEvent): PanelState {
  const cards = reduceCards(state.cards, event);
  const next = { ...state, cards };
  if (event.type === 'checked') {
    const response = event.response.extension?.['org.curbside.response'];
    const held = response?.heldBack.length ?? 0;
    const counted = note(
      { ...next, now: response?.checkedAt ?? next.now },
      `Rules ran: ${response?.rulesChecked ?? 'unknown number'} checked, ${event.response.cards.length} cards, ${held} held back`,
    );
    const stops = stopCount(cards);
    // Said only when it changes, so that a second answer does not repeat the first.
    return stops > 0 && stops !== stopCount(state.cards)
      ? say(counted, stops === 1 ? '1 Stop card' : `${stops} Stop cards`)
      : counted;
  }
  if (event.type === 'stale') return say(next, 'The order changed. Checking again.');
  if (event.type === 'decided') return say(note(next, event.decision.log), event.decision.text);
  if (event.type === 'undone') return say(note(next, 'Decision undone'), 'Undone');
  return next;
}

function withDiagnosis(state: PanelState, event: DiagnosisEvent): PanelState {
  const diagnosis = reduceDiagnosis(state.diagnosis, event);
  const next = { ...state, diagnosis };
  if (event.type === 'stopped') return say(note(next, 'AI draft stopped'), 'Draft stopped');
  if (event.type !== 'consult' || diagnosis.end === state.diagnosis.end || !diagnosis.end) return next;
  const withheld = diagnosis.withheld.length;
  const words = {
    done: `Draft ready${withheld ? `, ${withheld} ${withheld === 1 ? 'statement' : 'statements'} withheld` : ''}`,
    abstained: 'No draft: not enough in the chart',
    failed: 'The draft did not finish',
    off: 'Rule-based results ready',
  }[diagnosis.end.type];
  return say(note(next, `AI draft: ${words.toLowerCase()}`), words);
}

function namedPatient(event: PanelEvent): string | undefined {
  if (event.type === 'checked') return event.response.extension?.['org.curbside.response']?.patientId;
  if (event.type === 'what-if' || event.type === 'told') return event.answer.patientId;
  if (event.type === 'consult' && event.event.type === 'rules') return event.event.patientId;
  return undefined;
}

const note = (state: PanelState, text: string): PanelState => ({
  ...state,
  log: [...state.log, { at: state.now, text }].slice(-200),
});

const say = (state: PanelState, text: string): PanelState => ({
  ...state,
  said: [...state.said, { text, number: (state.said.at(-1)?.number ?? 0) + 1 }].slice(-3),
});

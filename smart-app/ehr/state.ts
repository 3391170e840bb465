// All of the page in one value and one pure function. Effects live in `controller.ts`.
import type { Card } from '../../src/cds-hooks/contract.ts';
import type { WorklistAnswer } from '../../src/cds-hooks/worklist.ts';
import type {
  Answer,
  Config,
  Decision,
  Draft,
  Frame,
  Hook,
  Options,
  PatientChart,
  Service,
  Story,
  TrafficEntry,
} from './types.ts';

export interface State {
  config?: Config;
  stories: Story[];
  /** By urgency, as of its `checkedAt`; kept while it is read again, and when that fails. */
  worklist?: WorklistAnswer;
  worklistProblem?: string;
  services: Service[];
  /** Said when something the page cannot do without is missing. */
  problem?: string;
  patientId?: string;
  chart?: PatientChart;
  drafts: Draft[];
  /** The draft in the composer. */
  selected?: string;
  /** By service id, so that an answer at order-sign takes the place of the one at order-select. */
  answers: Record<string, Answer>;
  /** By `decisionKey`: the same advice on the unchanged orders is not asked for twice. */
  decisions: Record<string, Decision>;
  /** The line of the chart that the app in the side frame asked to see. */
  spot?: string;
  signing?: 'checking' | 'deciding' | 'storing';
  said?: string;
  traffic: TrafficEntry[];
  isTrafficOpen: boolean;
  frame?: Frame;
  options: Options;
  tour?: number;
}

export type Action =
  | { do: 'loaded'; config: Config; stories: Story[] }
  | { do: 'worklist'; worklist: WorklistAnswer }
  | { do: 'worklist-failed'; why: string }
  | { do: 'services'; services: Service[] }
  | { do: 'problem'; text: string | undefined }
  | { do: 'open'; patientId: string }
  | { do: 'chart'; patientId: string; chart: PatientChart }
  | { do: 'close' }
  | { do: 'drafts'; drafts: Draft[]; selected?: string }
  | { do: 'select'; id: string | undefined }
  | { do: 'checking'; hook: Hook; serviceIds: string[] }
  | { do: 'answer'; answer: Answer }
  | { do: 'forget'; serviceIds: string[] }
  | { do: 'decide'; key: string; decision: Decision }
  | { do: 'spot'; reference: string | undefined }
  | { do: 'signing'; step: State['signing'] }
  | { do: 'say'; text: string }
  | { do: 'log'; entry: TrafficEntry }
  | { do: 'clear-log' }
  | { do: 'traffic'; isOpen: boolean }
  | { do: 'frame'; frame: Frame | undefined }
  | { do: 'option'; name: keyof Options; on: boolean }
  | { do: 'tour'; step: number | undefined };

export const initialState: State = {
  stories: [],
  services: [],
  drafts: [],
  answers: {},
  decisions: {},
  traffic: [],
  isTrafficOpen: true,
  options: {
    slowService: false,
    serviceDown: false,
    noPrefetch: false,
    noAppContext: false,
    storageBlocked: false,
    dark: false,
  },
};

const MOST_ENTRIES = 200;

export function reduce(state: State, action: Action): State {
  switch (action.do) {
    case 'loaded':
      return { ...state, config: action.config, stories: action.stories };
    case 'worklist':
      return { ...state, worklist: action.worklist, worklistProblem: undefined };
    case 'worklist-failed':
      return { ...state, worklistProblem: action.why };
    case 'services':
      return { ...state, services: action.services };
    case 'problem':
      return { ...state, problem: action.text };
    case 'open':
      return { ...state, ...nobody, patientId: action.patientId };
    case 'chart':
      return action.patientId === state.patientId ? { ...state, chart: action.chart } : state;
    case 'close':
      return { ...state, ...nobody, patientId: undefined };
    case 'drafts':
      return {
        ...state,
        drafts: action.drafts,
        selected: action.selected,
        decisions: action.drafts === state.drafts ? state.decisions : keepChartDecisions(state),
      };
    case 'select':
      return { ...state, selected: action.id };
    case 'checking':
      return {
        ...state,
        answers: {
          ...state.answers,
          ...Object.fromEntries(
            action.serviceIds.map((id) => [
              id,
              {
                serviceId: id,
                hook: action.hook,
                state: 'checking',
                cards: state.answers[id]?.cards ?? [],
              } satisfies Answer,
            ]),
          ),
        },
      };
    case 'answer':
      return { ...state, answers: { ...state.answers, [action.answer.serviceId]: action.answer } };
    case 'forget':
      return {
        ...state,
        answers: Object.fromEntries(Object.entries(state.answers).filter(([id]) => !action.serviceIds.includes(id))),
      };
    case 'decide':
      return { ...state, decisions: { ...state.decisions, [action.key]: action.decision } };
    case 'spot':
      return { ...state, spot: action.reference };
    case 'signing':
      return { ...state, signing: action.step };
    case 'say':
      return { ...state, said: action.text };
    case 'log':
      return { ...state, traffic: [...state.traffic.slice(-MOST_ENTRIES + 1), action.entry] };
    case 'clear-log':
      return { ...state, traffic: [] };
    case 'traffic':
      return { ...state, isTrafficOpen: action.isOpen };
    case 'frame':
      return { ...state, frame: action.frame };
    case 'option':
      return { ...state, options: { ...state.options, [action.name]: action.on } };
    case 'tour':
      return { ...state, tour: action.step };
  }
}

/** Nothing of one patient may be left when another is opened. */
const nobody = {
  chart: undefined,
  drafts: [],
  selected: undefined,
  answers: {},
  decisions: {},
  spot: undefined,
  signing: undefined,
  frame: undefined,
  said: undefined,
} satisfies Partial<State>;

/** When the orders change, decisions about orders are open again; those about the chart stand. */
function keepChartDecisions(state: State): State['decisions'] {
  return Object.fromEntries(Object.entries(state.decisions).filter(([key]) => key.startsWith('patient-view ')));
}

/** Two cards that say the same thing about the same orders, at order-select and at order-sign. */
export function decisionKey(hook: Hook, card: Card): string {
  const ours = card.extension?.['org.curbside.card'];
  return `${hook === 'patient-view' ? 'patient-view' : 'order'} ${ours ? `${ours.ruleId} ${ours.tier}` : ''} ${card.summary}`;
}

export const isOrderAnswer = (answer: Answer) => answer.hook !== 'patient-view';

const rank = { critical: 0, warning: 1, info: 2 } as const;

export interface ShownCard {
  card: Card;
  answer: Answer;
  key: string;
  decision?: Decision;
}

/** Stop first, then Caution, then Note; within a tier the server's order. */
export function shownCards(state: State, about: 'order' | 'chart'): ShownCard[] {
  return Object.values(state.answers)
    .filter((answer) => isOrderAnswer(answer) === (about === 'order'))
    .flatMap((answer) => answer.cards.map((card) => ({ card, answer, key: decisionKey(answer.hook, card) })))
    .map((shown) => ({ ...shown, decision: state.decisions[shown.key] }))
    .sort((a, b) => (rank[a.card.indicator] ?? 2) - (rank[b.card.indicator] ?? 2));
}

export const openStops = (state: State): ShownCard[] =>
  shownCards(state, 'order').filter(({ card, decision }) => card.indicator === 'critical' && !decision);
export const failedChecks = (state: State): Answer[] =>
  Object.values(state.answers).filter((answer) => isOrderAnswer(answer) && answer.state === 'failed');

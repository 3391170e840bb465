// The Diagnosis tab: rules and knowledge base first, the checked draft as it comes. Items append; nothing shown moves. Pure.
import type {
  ConsultAction,
  ConsultEnd,
  ConsultEvent,
  ConsultEvidence,
  ConsultItem,
  ConsultRules,
  ConsultWithheld,
} from '../../src/cds-hooks/contract.ts';

export interface Row {
  key: string;
  /** The sources that name it, in the order they came. */
  items: ConsultItem[];
  /** Where it stands for good, whatever a later source says. */
  lane: 'cannot-miss' | 'supported';
  isLeading: boolean;
  isOnlyFromDraft: boolean;
}

/** The typed diagnosis against the knowledge base, and against the draft where there is one. */
export interface Agreement {
  withKnowledge: NonNullable<ConsultRules['agreement']>;
  withDraft?: NonNullable<ConsultRules['agreement']>;
}

export interface DiagnosisState {
  status: 'idle' | 'asking' | 'drafting' | 'ended' | 'stopped';
  question: string;
  isEditing: boolean;
  leading: string;
  /** What the server says of the leading diagnosis typed; gone when it is changed. */
  agreement?: Agreement;
  presentations: string[];
  evidence: Record<string, ConsultEvidence>;
  rows: Row[];
  withheld: ConsultWithheld[];
  isWithheldOpen: boolean;
  progress?: { checked: number; total: number };
  end?: ConsultEnd;
  couldNotCheck: string[];
  open?: string;
}

export type DiagnosisEvent =
  | { type: 'asked' }
  | { type: 'consult'; event: ConsultEvent }
  | { type: 'consult-cut'; reason: string }
  | { type: 'stopped' }
  | { type: 'question'; question: string; isEditing: boolean }
  | { type: 'leading'; leading: string }
  | { type: 'compared'; leading: string; agreement: Agreement }
  | { type: 'withheld-open'; isOpen: boolean }
  | { type: 'dx-open'; key?: string };

export const noDiagnosis: DiagnosisState = {
  status: 'idle',
  question: '',
  isEditing: false,
  leading: '',
  presentations: [],
  evidence: {},
  rows: [],
  withheld: [],
  isWithheldOpen: false,
  couldNotCheck: [],
};

export function reduceDiagnosis(state: DiagnosisState, event: DiagnosisEvent): DiagnosisState {
  switch (event.type) {
    case 'asked':
      return {
        ...noDiagnosis,
        question: state.question,
        leading: state.leading,
        agreement: state.agreement,
        status: 'asking',
      };
    case 'consult':
      // What still comes after Stop, or after the end, changes nothing any more.
      return state.status === 'asking' || state.status === 'drafting' ? hear(state, event.event) : state;
    case 'consult-cut':
      return state.end || state.status === 'stopped'
        ? state
        : { ...state, status: 'ended', end: { type: 'failed', reason: event.reason } };
    case 'stopped':
      return { ...state, status: 'stopped', progress: undefined };
    case 'question':
      return { ...state, question: event.question, isEditing: event.isEditing };
    case 'leading':
      return { ...state, leading: event.leading, agreement: undefined };
    case 'compared':
      return event.leading === state.leading ? { ...state, agreement: event.agreement } : state;
    case 'withheld-open':
      return { ...state, isWithheldOpen: event.isOpen };
    case 'dx-open':
      return { ...state, open: event.key };
  }
}

function hear(state: DiagnosisState, event: ConsultEvent): DiagnosisState {
  switch (event.type) {
    case 'rules':
      return {
        ...state,
        status: 'drafting',
        question: state.question || (event.question ?? ''),
        presentations: event.presentations.map(({ title }) => title),
        evidence: Object.fromEntries(event.evidence.map((one) => [one.handle, one])),
        rows: event.items.reduce(addItem, [] as Row[]),
        couldNotCheck: event.couldNotCheck,
      };
    case 'item':
      return { ...state, rows: addItem(state.rows, event), progress: event.progress ?? state.progress };
    case 'withheld':
      return { ...state, withheld: [...state.withheld, event] };
    default:
      return { ...state, status: 'ended', progress: undefined, end: event };
  }
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

export function candidateKey({ candidate }: ConsultItem): string {
  return candidate.id ?? candidate.coding?.code ?? plain(candidate.text);
}

function addItem(rows: Row[], item: ConsultItem): Row[] {
  const key = candidateKey(item);
  const name = plain(item.candidate.text);
  const known = rows.find(
    (row) => row.key === key || row.items.some(({ candidate }) => plain(candidate.text) === name),
  );
  if (!known) {
    const lane = item.candidate.band === 'must-exclude' ? 'cannot-miss' : 'supported';
    return [
      ...rows,
      {
        key,
        items: [item],
        lane,
        isLeading: item.candidate.band === 'leading',
        isOnlyFromDraft: item.source === 'model',
      },
    ];
  }
  // The stream repeats the rules' items for clients that read only items.
  if (known.items.some(({ source }) => source === item.source)) return rows;
  return rows.map((row) => (row === known ? { ...row, items: [...row.items, item] } : row));
}

/** Everything the sources say about one diagnosis, without repeating a finding two of them share. */
export function mergedRow({ items }: Row) {
  const first = items[0]!;
  const unique = <Value>(values: Value[], keyOf: (value: Value) => string) => {
    const seen = new Set<string>();
    return values.filter((value) => !seen.has(keyOf(value)) && seen.add(keyOf(value)));
  };
  return {
    name: first.candidate.text,
    strength:
      items.find(({ strength, source }) => strength !== undefined && source !== 'model')?.strength ??
      (first.source === 'model' ? undefined : first.strength),
    for: unique(
      items.flatMap((item) => item.for),
      ({ handle, text }) => handle || text,
    ),
    against: unique(
      items.flatMap((item) => item.against),
      ({ handle, text }) => handle || text,
    ),
    missing: unique(
      items.flatMap((item) => item.missing),
      ({ text }) => plain(text),
    ),
    sentence: items.find(({ source }) => source === 'model')?.sentences[0] ?? first.sentences[0],
    moreSentences: items.flatMap(({ source, sentences }) => (source === 'model' ? sentences.slice(1) : [])),
    contributions: items.flatMap(({ contributions }) => contributions ?? []),
    guideline: items.flatMap(({ guideline }) => guideline ?? []),
    actions: items.flatMap(({ actions }) => actions).filter(({ kind }) => kind !== 'test'),
    flags: unique(
      items.flatMap(({ flags }) => flags ?? []),
      (flag) => flag,
    ),
    sources: items.map(({ source }) => source),
    alsoSecondModel: items.some(({ agreement }) => agreement?.includes('second-model')),
    draftSaysCannotMiss:
      items.some(({ source, candidate }) => source === 'model' && candidate.band === 'must-exclude') &&
      first.candidate.band !== 'must-exclude',
  };
}

/** Tests from the knowledge base, each once; the model's words are added, its own inventions are not. */
export function testsOf(rows: Row[]): ConsultAction[] {
  const tests = new Map<string, ConsultAction>();
  for (const item of rows.flatMap(({ items }) => items)) {
    for (const action of item.actions) {
      if (action.kind !== 'test') continue;
      const key = action.coding?.code ?? plain(action.text);
      const known = tests.get(key);
      if (!known) tests.set(key, action);
      else if (!known.why && action.why) tests.set(key, { ...known, why: action.why });
    }
  }
  return [...tests.values()];
}

/** The diagnosis the clinician typed, set against the rows. Compared here; it never goes out with the first call. */
export function isYours({ items }: Row, leading: string): boolean {
  const mine = diagnosesIn(leading).map(plain).filter(Boolean);
  return items.some(({ candidate }) => {
    const name = plain(candidate.text);
    return mine.some((one) => name === one || (one.length > 3 && (name.includes(one) || one.includes(name))));
  });
}

/** Several may be typed, with semicolons between them. */
export const diagnosesIn = (leading: string): string[] =>
  leading
    .split(';')
    .map((one) => one.trim())
    .filter(Boolean)
    .slice(0, 20);

const listed = (names: string[], most = 3): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');

/** You, the knowledge base and the draft in one line: by the server's own comparison, and by name until it has come. */
export function agreementLine(rows: Row[], leading: string, agreement?: Agreement): string {
  if (!leading.trim()) return '';
  if (agreement) {
    const { withKnowledge, withDraft } = agreement;
    const onlyYours = withDraft?.onlyClinician ?? withKnowledge.onlyClinician;
    const withDraftAlone = withKnowledge.onlyClinician.filter((name) => !onlyYours.includes(name));
    return asSentence([
      withKnowledge.both.length ? `you and the knowledge base agree on ${listed(withKnowledge.both)}` : '',
      withDraftAlone.length ? `you and the draft agree on ${listed(withDraftAlone)}` : '',
      withDraft?.onlyModel?.length ? `only the draft lists ${listed(withDraft.onlyModel)}` : '',
      onlyYours.length ? `only you list ${listed(onlyYours)}` : '',
    ]);
  }
  const yours = rows.filter((row) => isYours(row, leading));
  const names = (some: Row[]) => some.map((row) => row.items[0]!.candidate.text).join(', ');
  const onlyDraft = rows.filter((row) => row.isOnlyFromDraft && !yours.includes(row));
  const shared = yours.filter((row) => !row.isOnlyFromDraft);
  const parts = [
    shared.length ? `You and the knowledge base agree on ${names(shared)}` : '',
    yours.some((row) => row.isOnlyFromDraft)
      ? `you and the draft agree on ${names(yours.filter((row) => row.isOnlyFromDraft))}`
      : '',
    onlyDraft.length ? `only the draft lists ${names(onlyDraft)}` : '',
    yours.length ? '' : `only you list ${leading.trim()}`,
  ];
  return asSentence(parts);
}

function asSentence(parts: string[]): string {
  const text = parts.filter(Boolean).join('; ');
  return text && `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

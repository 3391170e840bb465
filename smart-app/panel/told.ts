// What the chart tells in prose: record summary, discharge draft, an answer to a question. Pure.
import type { ConsultEvidence } from '../../src/cds-hooks/contract.ts';

/** The routes, which are also the names of what they tell. */
export const tellings = ['summary', 'discharge-summary', 'ask'] as const;
export type Telling = (typeof tellings)[number];

export interface ToldSentence {
  text: string;
  handles: string[];
}

/** As the three routes answer. */
export interface ToldAnswer {
  patientId: string;
  evidence: ConsultEvidence[];
  source: 'template' | 'model';
  sections: { title: string; sentences: ToldSentence[] }[];
  withheld: { text: string; reason: string }[];
  /** Why a model did not word it. */
  reason?: string;
  model?: string;
}

export interface ToldState {
  status: 'none' | 'asking' | 'told' | 'failed';
  telling?: Telling;
  question: string;
  answer?: ToldAnswer;
  reason?: string;
  /** The piece of evidence that is open. */
  open?: string;
}

export type ToldEvent =
  | { type: 'telling'; telling: Telling }
  | { type: 'told'; answer: ToldAnswer }
  | { type: 'told-failed'; reason: string }
  | { type: 'told-question'; question: string }
  | { type: 'told-open'; handle?: string }
  | { type: 'told-closed' };

export const nothingTold: ToldState = { status: 'none', question: '' };

export function reduceTold(state: ToldState, event: ToldEvent): ToldState {
  switch (event.type) {
    case 'telling':
      return { status: 'asking', telling: event.telling, question: state.question };
    case 'told':
      return { ...state, status: 'told', answer: event.answer };
    case 'told-failed':
      return { ...state, status: 'failed', reason: event.reason };
    case 'told-question':
      return { ...state, question: event.question };
    case 'told-open':
      return { ...state, open: event.handle };
    case 'told-closed':
      return { ...nothingTold, question: state.question };
  }
}

/** "Active: A; B." with a handle for each is a list with an intro; anything else stays a sentence. */
export function listIn({ text, handles }: ToldSentence): { intro: string; items: ToldSentence[] } | undefined {
  const [, intro = '', rest = ''] = /^([A-Z][^:;]{2,40}: )?(.*?)\.?$/s.exec(text) ?? [];
  const parts = rest.split('; ');
  return parts.length > 1 && parts.length === handles.length
    ? { intro, items: parts.map((part, at) => ({ text: part, handles: [handles[at]!] })) }
    : undefined;
}

/** For the clipboard: titles and lines, no markup. */
export const plainText = ({ sections }: ToldAnswer): string =>
  sections
    .map(({ title, sentences }) =>
      [
        title,
        ...sentences.flatMap((sentence) => {
          const list = listIn(sentence);
          return list
            ? [...(list.intro ? [list.intro.trim()] : []), ...list.items.map(({ text }) => `- ${text}`)]
            : [sentence.text];
        }),
      ].join('\n'),
    )
    .join('\n\n');

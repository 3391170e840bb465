// A fact is a question with blanks that rules may ask of a chart. Its answer is a value or Unknown, together with the chart
// items it rests on: a card's "because" list and the tree under "why" are made of nothing else.
import type { z } from 'zod';
import type { Chart } from '../chart/types.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { type Unknown, unknown } from '../unknown.ts';

export interface FactContext {
  chart: Chart;
  terminology: Terminology;
}

export interface Because {
  text: string;
  when?: Date;
  reference?: string;
}

export interface Answer {
  value: boolean | number | string | Unknown;
  /** What an unknown number cannot be below: one tablet of an order without instructions. Settles "more than" and "less than". */
  atLeast?: number;
  /** What an unknown number cannot be above: the kidney function of stage 5 on the problem list. */
  atMost?: number;
  because: Because[];
  /** Words for the card's blanks: `{ object: 'warfarin', precipitant: 'ibuprofen' }`. */
  names?: Record<string, string>;
  /** References of the drafts the answer is about. */
  orders?: string[];
}

/** What must be on the chart for the question to be worth asking; all of a list, any of its tokens. */
export interface Need {
  of: 'draft' | 'drug' | 'problem' | 'test';
  anyOf: string[];
}

export interface Fact<Params = Record<string, unknown>> {
  id: string;
  /** The question, with its blanks in braces. */
  question: string;
  answers: 'yes or no' | 'a number' | 'a word';
  params: z.ZodType<Params>;
  /** Conjunction of needs when the answer `yes` is impossible without them; two needs of one pair may be met either way round. */
  needs?: (params: Params) => Need[];
  ask: (params: Params, context: FactContext) => Answer;
}

export const defineFact = <Params>(fact: Fact<Params>): Fact => fact as unknown as Fact;

export const yes = (because: Because[], rest: Partial<Answer> = {}): Answer => ({ value: true, because, ...rest });
export const no = (because: Because[] = []): Answer => ({ value: false, because });
export const cannotSay = (reason: string | Unknown, because: Because[] = []): Answer => ({
  value: typeof reason === 'string' ? unknown(reason) : reason,
  because,
});

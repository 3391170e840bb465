// The kinds of input a calculator can declare. Each has a title and, where it applies, a hint from which
// another layer fills it out of a patient's chart. Calculators themselves never see a chart.
import type { Substance } from './units.ts';

// How to find an input on a chart. A boolean with a LOINC code is true when the number found is above zero; with `atLeast`, when
// the age is. A problem or drug that a known list does not hold is false; an unknown list leaves the input missing.
export type ChartHint =
  | { readonly loinc: readonly string[]; readonly maxAgeInDays: number }
  /** `bands` turns the age into the choice of that position: [45, 65] is the first below 45, the third from 65. */
  | { readonly age: 'years'; readonly atLeast?: number; readonly bands?: readonly number[] }
  | { readonly sex: true; readonly is?: 'female' | 'male' }
  /** An active problem of this value set. */
  | { readonly problem: string }
  /** A problem of any of these sets; with `ever`, resolved ones count, as "earlier stroke" does. */
  | { readonly anyProblem: readonly string[]; readonly ever?: true }
  | { readonly takes: string }
  | { readonly takesAny: readonly string[] }
  /** Smoking status (LOINC 72166-2). A problem list without smoking says nothing. */
  | { readonly smokingStatus: true };

interface Declared {
  readonly title: string;
  /** The calculator can do without it. */
  readonly optional?: true;
  readonly chart?: ChartHint;
}

export interface NumberInput extends Declared {
  readonly kind: 'number';
  /** UCUM. */
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
  /** Exclusive limits. */
  readonly above?: number;
  readonly below?: number;
  /** Why the limits are where they are; without it they are limits of plausibility. */
  readonly limits?: string;
  readonly integer?: true;
  readonly substance?: Substance;
  readonly default?: number;
}

export interface BooleanInput extends Declared {
  readonly kind: 'boolean';
  readonly default?: boolean;
}

export interface ChoiceInput extends Declared {
  readonly kind: 'choice';
  /** Each choice with the other spellings that mean exactly the same. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly default?: string;
}

export interface ListInput<T = unknown> extends Declared {
  readonly kind: 'list';
  /** What may stand in the list, for the reader. */
  readonly items: Readonly<Record<string, string>>;
  readonly read: (given: unknown) => { value: T } | { reason: string };
}

// biome-ignore lint/suspicious/noExplicitAny: the element type is inferred per calculator
export type Input = NumberInput | BooleanInput | ChoiceInput | ListInput<any>;
export type Inputs = Readonly<Record<string, Input>>;

type ValueOf<I> = I extends { kind: 'number' }
  ? number
  : I extends { kind: 'boolean' }
    ? boolean
    : I extends { kind: 'choice'; choices: infer C }
      ? keyof C & string
      : I extends { kind: 'list'; read: (given: unknown) => infer R }
        ? Extract<R, { value: unknown }>['value']
        : never;

/** What `compute` receives: one typed value an input, in the declared unit. */
export type Values<I extends Inputs> = {
  readonly [K in keyof I]: I[K] extends { optional: true } ? ValueOf<I[K]> | undefined : ValueOf<I[K]>;
};

type Options<T> = Omit<T, 'kind' | 'title' | 'unit' | 'choices' | 'items' | 'read'>;

export const number = <const O extends Options<NumberInput>>(title: string, unit: string, options: O) =>
  ({ kind: 'number', title, unit, ...options }) as const;

// `yesNo('Heart failure', {})` takes 0, 1, true, false, yes, no.
export const yesNo = <const O extends Options<BooleanInput>>(title: string, options?: O) =>
  ({ kind: 'boolean', title, ...(options as O) }) as const;

export const choice = <
  const C extends Readonly<Record<string, readonly string[]>>,
  const O extends Options<ChoiceInput>,
>(
  title: string,
  choices: C,
  options?: O,
) => ({ kind: 'choice', title, choices, ...(options as O) }) as const;

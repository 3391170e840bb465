// A calculator is one published equation as a pure function: typed inputs, a result with its unit and citation,
// or a refusal that names the input. It never extrapolates outside the range in which it was published.
//
// Rounding. `compute` returns the number as the mathematics gives it; the paper's own rounding (MELD to an integer)
// belongs to the equation and happens inside. Nothing else rounds, except `shownValue` below, which is what a card or
// the panel prints.
import type { Input, Inputs, Values } from './input-kinds.ts';
import { type Read, readInput } from './read-input.ts';

export interface Refusal {
  readonly input?: string;
  readonly reason: string;
}
export interface Refused {
  readonly refused: readonly Refusal[];
}

export type Component = number | string | boolean | readonly (readonly number[])[];

export interface InputUsed {
  readonly name: string;
  readonly value: unknown;
  readonly unit?: string;
  /** As it was given, when it had to be converted. */
  readonly given?: { readonly value: number; readonly unit: string };
  readonly reference?: string;
  /** True when nobody gave it and the calculator's stated default was used. */
  readonly isDefault?: true;
}

export interface Result {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly components?: Readonly<Record<string, Component>>;
  readonly band?: string;
  readonly warnings: readonly string[];
  readonly inputs: readonly InputUsed[];
  readonly citation: string;
}

export interface Computed {
  readonly value: number;
  readonly unit?: string;
  readonly components?: Readonly<Record<string, Component>>;
  readonly band?: string;
  readonly warnings?: readonly string[];
}

/** The unit and number an input was given in, for thresholds that were published in two units. */
export type AsGiven = Readonly<Record<string, { value: number; unit: string } | undefined>>;

export interface Definition<I extends Inputs> {
  readonly id: string;
  readonly title: string;
  readonly citation: string;
  readonly url?: string;
  /** Raised when the same inputs would give another number. */
  readonly version?: string;
  readonly confidence: 'A' | 'B' | 'C';
  /** For whom it holds, as a clinician would say it. */
  readonly validity: string;
  readonly unit: string;
  /** Decimals to print; 0 for scores. */
  readonly decimals: number;
  readonly inputs: I;
  readonly compute: (values: Values<I>, given: AsGiven) => number | Computed | Refused;
}

export interface Calculator extends Omit<Definition<Inputs>, 'compute'> {
  readonly version: string;
  readonly run: (given: unknown) => Result | Refused;
}

export const refuse = (input: string | undefined, reason: string): Refused => ({
  refused: [input === undefined ? { reason } : { input, reason }],
});

export const isRefused = (outcome: unknown): outcome is Refused =>
  typeof outcome === 'object' && outcome !== null && 'refused' in outcome;

/** The number as a card prints it. `shownValue({ decimals: 1 }, 88.199)` is "88.2". */
export const shownValue = (calculator: { readonly decimals: number }, value: number): string =>
  value.toFixed(calculator.decimals).replace(/^-(0(?:\.0+)?)$/, '$1');

export function defineCalculator<const I extends Inputs>(definition: Definition<I>): Calculator {
  const { compute, ...description } = definition;
  return { version: '1.0.0', ...description, run: (given) => runOn(definition, given) };
}

function runOn<I extends Inputs>(definition: Definition<I>, given: unknown): Result | Refused {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refuse(undefined, `expected an object of inputs: ${Object.keys(definition.inputs).join(', ')}`);
  }
  const { values, used, asGiven, refused } = readAll(definition.inputs, given as Record<string, unknown>);
  if (refused.length > 0) return { refused };

  const outcome = definition.compute(values as Values<I>, asGiven);
  if (isRefused(outcome)) return outcome;
  const computed: Computed = typeof outcome === 'number' ? { value: outcome } : outcome;
  if (!Number.isFinite(computed.value)) return refuse(undefined, 'these inputs together give no finite result');
  return {
    id: definition.id,
    value: computed.value,
    unit: computed.unit ?? definition.unit,
    ...(computed.components && { components: computed.components }),
    ...(computed.band !== undefined && { band: computed.band }),
    warnings: computed.warnings ?? [],
    inputs: used,
    citation: definition.citation,
  };
}

function readAll(inputs: Inputs, given: Readonly<Record<string, unknown>>) {
  const names = Object.keys(inputs);
  const refused: Refusal[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(inputs, name))
    .map((name) => ({ input: name.slice(0, 60), reason: `no such input; this calculator takes ${names.join(', ')}` }));
  const values: Record<string, unknown> = {};
  const asGiven: Record<string, { value: number; unit: string }> = {};
  const used: InputUsed[] = [];

  for (const [name, input] of Object.entries(inputs)) {
    const stated = Object.hasOwn(given, name) ? given[name] : undefined;
    const isMissing = stated === undefined || stated === null || stated === '';
    if (isMissing && 'default' in input && input.default !== undefined) {
      values[name] = input.default;
      used.push({ ...describeUse(name, input, { value: input.default }), isDefault: true });
      continue;
    }
    if (isMissing) {
      if (!input.optional) refused.push({ input: name, reason: `missing: ${input.title}${unitOf(input)}` });
      continue;
    }
    const read = readInput(input, stated);
    if ('reason' in read) {
      refused.push({ input: name, reason: read.reason });
      continue;
    }
    values[name] = read.value;
    if (read.givenUnit !== undefined && read.givenValue !== undefined) {
      asGiven[name] = { value: read.givenValue, unit: read.givenUnit };
    }
    used.push({ ...describeUse(name, input, read), ...referenceOf(stated) });
  }
  return { values, used, asGiven, refused };
}

const unitOf = (input: Input): string => (input.kind === 'number' && input.unit !== '1' ? `, in ${input.unit}` : '');

const describeUse = (name: string, input: Input, read: Read): InputUsed => ({
  name,
  value: read.value,
  ...(input.kind === 'number' && { unit: input.unit }),
  ...(read.givenUnit !== undefined &&
    read.givenValue !== undefined && { given: { value: read.givenValue, unit: read.givenUnit } }),
});

// Whoever fills inputs from a chart gives `{ value, unit, reference }`, and the reference comes back with the result.
const referenceOf = (stated: unknown): { reference?: string } =>
  typeof stated === 'object' && stated !== null && 'reference' in stated && typeof stated.reference === 'string'
    ? { reference: stated.reference }
    : {};

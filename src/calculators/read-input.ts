// Reads one given input: the right kind, in the declared unit, within its limits, or a reason why not.
import { isUnknown } from '../unknown.ts';
import type { BooleanInput, ChoiceInput, Input, NumberInput } from './input-kinds.ts';
import { convertUnit, plainUnit } from './units.ts';

export interface Read {
  readonly value: unknown;
  /** The unit it was given in, when one was stated. */
  readonly givenUnit?: string;
  readonly givenValue?: number;
}
type Outcome = Read | { readonly reason: string };

/** A word without case, spaces, dashes or slashes, so that `Speech only`, `speech_only` and `speech-only` meet. */
export const bare = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('≥', '>=')
    .replaceAll('≤', '<=')
    .replaceAll('>=', 'ge')
    .replaceAll('<=', 'le')
    .replaceAll('>', 'gt')
    .replaceAll('<', 'lt')
    .replaceAll(/[^a-z0-9]/g, '');

export function readInput(input: Input, given: unknown): Outcome {
  if (isUnknown(given)) return { reason: given.unknown };
  switch (input.kind) {
    case 'number':
      return readNumber(input, given);
    case 'boolean':
      return readBoolean(input, given);
    case 'choice':
      return readChoice(input, given);
    case 'list':
      return input.read(isQuantity(given) ? given.value : given);
  }
}

const isQuantity = (given: unknown): given is { value: unknown; unit?: unknown; code?: unknown } =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && 'value' in given;

export const readAsNumber = (given: unknown): number | undefined => {
  if (typeof given === 'number') return Number.isFinite(given) ? given : undefined;
  if (typeof given === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given.trim())) {
    const value = Number(given);
    return Number.isFinite(value) ? value : undefined;
  }
  return undefined;
};

function readNumber(input: NumberInput, given: unknown): Outcome {
  const stated = isQuantity(given) ? given : { value: given };
  const raw = readAsNumber(stated.value);
  if (raw === undefined) return { reason: `expected a number in ${input.unit}` };
  const unit = stated.unit ?? stated.code;
  if (unit !== undefined && unit !== null && typeof unit !== 'string') return { reason: 'the unit must be text' };
  const value = unit ? convertUnit(raw, unit, input.unit, input.substance) : raw;
  if (value === undefined)
    return { reason: `unit "${String(unit).slice(0, 40)}" is not known here; give ${input.unit}` };
  const wrong = outsideLimits(input, value);
  if (wrong) return { reason: wrong };
  return unit && plainUnit(unit) !== plainUnit(input.unit) ? { value, givenUnit: unit, givenValue: raw } : { value };
}

function outsideLimits(input: NumberInput, value: number): string | undefined {
  const shown = `${Number(value.toPrecision(6))} ${input.unit === '1' ? '' : input.unit}`.trim();
  const why = input.limits ?? 'not plausible in this unit';
  // A conversion may leave 18.000000000000004: a limit is not crossed by the last bit of a double.
  const slack = 1e-9 * Math.max(1, Math.abs(value));
  if (input.min !== undefined && value < input.min - slack) return `${shown} is below ${input.min}: ${why}`;
  if (input.max !== undefined && value > input.max + slack) return `${shown} is above ${input.max}: ${why}`;
  if (input.above !== undefined && value <= input.above) return `${shown} is not above ${input.above}: ${why}`;
  if (input.below !== undefined && value >= input.below) return `${shown} is not below ${input.below}: ${why}`;
  if (input.integer && !Number.isInteger(value)) return `${shown} must be a whole number`;
  return undefined;
}

const words: Readonly<Record<string, boolean>> = {
  '1': true,
  true: true,
  yes: true,
  y: true,
  '0': false,
  false: false,
  no: false,
  n: false,
};

// An age or a measurement filled from a chart, where the hint says how it becomes an answer.
function measured(given: unknown): { value: number; isAge: boolean } | undefined {
  if (!isQuantity(given) || typeof given.unit !== 'string') return undefined;
  const value = readAsNumber(given.value);
  return value === undefined ? undefined : { value, isAge: plainUnit(given.unit) === 'a' };
}

function readBoolean({ chart }: BooleanInput, given: unknown): Outcome {
  const found = measured(given);
  if (found?.isAge && chart && 'age' in chart && chart.atLeast !== undefined)
    return { value: found.value >= chart.atLeast };
  if (found && !found.isAge && chart && 'loinc' in chart) return { value: found.value > 0 };
  const stated = isQuantity(given) ? given.value : given;
  const isWord = typeof stated === 'boolean' || typeof stated === 'number' || typeof stated === 'string';
  const value = isWord ? words[String(stated).trim().toLowerCase()] : undefined;
  return value === undefined ? { reason: 'expected 1 or 0 (or true, false, yes, no)' } : { value };
}

function readChoice(input: ChoiceInput, given: unknown): Outcome {
  const years = measured(given);
  if (years?.isAge && input.chart && 'age' in input.chart && input.chart.bands) {
    const band = input.chart.bands.filter((from) => years.value >= from).length;
    return { value: Object.keys(input.choices)[band] };
  }
  const stated = isQuantity(given) ? given.value : given;
  const found = typeof stated === 'string' || typeof stated === 'number' ? findChoice(input, stated) : undefined;
  return found === undefined
    ? { reason: `expected one of: ${Object.keys(input.choices).join(', ')}` }
    : { value: found };
}

function findChoice({ choices }: ChoiceInput, stated: string | number): string | undefined {
  const spellings = Object.entries(choices).map(([name, others]) => ({ name, words: [name, ...others] }));
  const exact = spellings.find(({ name }) => name === stated);
  if (exact) return exact.name;
  // A number means a number: without its sign or its point, -1 would be class 1 and 24 the factor 2.4.
  const number = readAsNumber(stated);
  const isMeant =
    number === undefined
      ? (word: string) => bare(word) !== '' && bare(word) === bare(String(stated))
      : (word: string) => readAsNumber(word) === number;
  return spellings.find(({ words }) => words.some(isMeant))?.name;
}

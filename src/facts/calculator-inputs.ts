// Fills a calculator's inputs from a chart, each with its reference and date. Nothing is guessed: what is stale, dated in the
// future, only bounded ("<0.01"), without a unit, or on a list that could not be had is left out with the reason.
import { type ChartHint, calculators, type Input } from '../calculators/index.ts';
import { convertUnit } from '../calculators/units.ts';
import type { Observation, Problem } from '../chart/types.ts';
import { daysBetween } from '../fhir/reading.ts';
import { shownUnit } from '../terminology/shown-unit.ts';
import { convertQuantity } from '../terminology/units.ts';
import { isKnown, isUnknown, type Unknown, unknown } from '../unknown.ts';
import { chosenWord, smokes } from './calculator-words.ts';
import type { Because, FactContext } from './define.ts';
import { asBecause, isTaken, matches } from './medication-list.ts';

export interface Filled {
  inputs: Record<string, unknown>;
  because: Because[];
  /** Why an input could not be filled, by its name. */
  gaps: Record<string, string>;
  /** When each measured input was taken. */
  when: Record<string, Date>;
  /** The date of the oldest measured input. */
  asOf?: Date;
}

export interface FillOptions {
  /** Overrides the calculator's own limit on the age of results. */
  withinDays?: number;
  /** Inputs given by hand; they win. */
  given?: Record<string, unknown>;
}

export function fillFromChart(
  id: string,
  context: FactContext,
  { withinDays, given = {} }: FillOptions = {},
): Filled | Unknown {
  const calculator = calculators.get(id);
  if (!calculator) return unknown(`no calculator "${id}"`);
  const filled: Filled = { inputs: { ...given }, because: [], gaps: {}, when: {} };
  for (const [name, input] of Object.entries(calculator.inputs)) {
    if (name in given || !input.chart) continue;
    const found = lookUp(input, input.chart, context, withinDays);
    if (isUnknown(found)) {
      filled.gaps[name] = found.unknown;
      // A default is for what nobody asked about. Where the chart was asked and could not say, it would be a guess.
      if ('default' in input && input.default !== undefined) filled.inputs[name] = found;
      continue;
    }
    filled.inputs[name] = { value: found.value, ...(found.unit && { unit: found.unit }), reference: found.reference };
    if (found.because) filled.because.push(found.because);
    if (found.when) {
      filled.when[name] = found.when;
      if (!filled.asOf || found.when < filled.asOf) filled.asOf = found.when;
    }
  }
  return filled;
}

interface Found {
  value: unknown;
  unit?: string;
  reference?: string;
  because?: Because;
  /** Measured inputs only: a problem's onset is not the age of an input. */
  when?: Date;
}

function lookUp(input: Input, hint: ChartHint, context: FactContext, withinDays: number | undefined): Found | Unknown {
  const { patient } = context.chart;
  if ('age' in hint) {
    const age = patient.ageInYears;
    return isUnknown(age) ? age : { value: age, unit: 'a', reference: patient.reference };
  }
  if ('sex' in hint) return isUnknown(patient.sex) ? patient.sex : { value: patient.sex, reference: patient.reference };
  if ('loinc' in hint) return result(input, hint.loinc, withinDays ?? hint.maxAgeInDays, context);
  if ('problem' in hint) return problem([hint.problem], false, context);
  if ('anyProblem' in hint) return problem(hint.anyProblem, hint.ever ?? false, context);
  if ('takes' in hint) return drug([hint.takes], context);
  if ('takesAny' in hint) return drug(hint.takesAny, context);
  return smokingStatus(context);
}

function problem(groups: readonly string[], ever: boolean, { chart }: FactContext): Found | Unknown {
  if (isUnknown(chart.problems)) return chart.problems;
  const belongs = (entry: { groups: ReadonlySet<string> }) => groups.some((group) => entry.groups.has(group));
  const found = chart.problems.find((entry) => belongs(entry) && (ever || entry.standing === 'active'));
  if (found) return { value: 1, reference: found.reference, because: chip(found) };
  // "Ever" is also answered by what was done: a bypass says coronary disease.
  const done = ever && isKnown(chart.procedures) ? chart.procedures.find(belongs) : undefined;
  if (done) {
    const { text, when, reference } = done;
    return { value: 1, reference, because: { text, when, reference } };
  }
  return { value: 0 };
}

const chip = ({ text, onset, reference, standing }: Problem): Because => ({
  text: standing === 'past' ? `${text} (past)` : text,
  when: onset,
  reference,
});

function drug(tokens: readonly string[], { chart }: FactContext): Found | Unknown {
  if (isUnknown(chart.medications)) return chart.medications;
  const found = chart.medications.find((entry) => isTaken(entry) && matches(entry, tokens));
  return found ? { value: 1, reference: found.reference, because: asBecause(found) } : { value: 0 };
}

const smokingCode = '72166-2';

/** The recorded status; without one, smoking on the problem list says yes, and its absence says nothing. */
function smokingStatus(context: FactContext): Found | Unknown {
  const { chart } = context;
  const recorded = chart.observations([smokingCode]);
  const newest = isKnown(recorded) ? recorded[0] : undefined;
  if (newest) {
    const said = smokes(newest);
    if (said === undefined) return unknown('the smoking status on the chart says neither yes nor no');
    const { when, reference } = newest;
    return { value: said ? 1 : 0, reference, because: { text: said ? 'Smokes' : 'Does not smoke', when, reference } };
  }
  const listed = problem(['smoking'], false, context);
  if (isKnown(listed) && listed.value === 1) return listed;
  return isUnknown(recorded) ? recorded : unknown('no smoking status on the chart');
}

function result(input: Input, loinc: readonly string[], maxAgeInDays: number, { chart }: FactContext): Found | Unknown {
  const found = chart.observations(loinc);
  if (isUnknown(found)) return found;
  const title = input.title.charAt(0).toLowerCase() + input.title.slice(1);
  const name = /^[A-Z]{2}|^INR|^[A-Z][a-z]?[A-Z0-9]/.test(input.title) ? input.title : title;
  // A number is looked for among numbers: a comment filed under the same code is not a result. A word may stand in either.
  const newest = found.find((entry) => (input.kind === 'number' ? entry.quantity : true));
  if (!newest) return unknown(`no ${name} on the chart`);
  const wrongDate = dateProblem(newest, name, maxAgeInDays, chart.now);
  if (wrongDate) return wrongDate;
  const value = readValue(input, newest, name);
  if (isUnknown(value)) return value;
  const { when, reference, quantity, valueText } = newest;
  const shown = quantity
    ? `${quantity.value} ${shownUnit(quantity.unit ?? quantity.code ?? '')}`.trim()
    : (valueText ?? '');
  return { ...value, reference, when, because: { text: `${input.title} ${shown}`.trim(), when, reference } };
}

/** The newest result decides: one with an impossible date is not skipped for an older one. */
function dateProblem({ when, reference }: Observation, name: string, maxAgeInDays: number, now: Date) {
  if (!when) return unknown(`the ${name} on the chart has no date (${reference})`);
  const age = daysBetween(when, now);
  // A date of day precision may already be tomorrow's in the patient's time zone; a time of day may only be a clock apart.
  const isDay = when.getTime() % 86_400_000 === 0;
  if (age < (isDay ? -1 : -1 / 24))
    return unknown(`the newest ${name} is dated ${when.toISOString()}, in the future (${reference})`);
  if (age > maxAgeInDays)
    return unknown(`no ${name} in ${span(maxAgeInDays)}; the newest is ${span(age)} old (${reference})`);
  return undefined;
}

const span = (days: number): string => {
  if (days < 2) return `${Math.round(days * 24)} hours`;
  return days >= 730 ? `${Math.floor(days / 365)} years` : `${Math.round(days)} days`;
};

function readValue(input: Input, entry: Observation, name: string): { value: unknown; unit?: string } | Unknown {
  const { quantity, codings, reference } = entry;
  if (input.kind === 'choice') {
    const word = chosenWord(input, entry);
    return word ? { value: word } : unknown(`the ${name} on the chart could not be read (${reference})`);
  }
  if (input.kind === 'boolean') {
    if (quantity) return { value: quantity.value > 0 ? 1 : 0 };
    const said = /^\s*(yes|no|true|false)\s*$/i.exec(entry.valueText ?? '')?.[1]?.toLowerCase();
    return said ? { value: said } : unknown(`the ${name} on the chart could not be read (${reference})`);
  }
  if (!quantity || input.kind !== 'number') return unknown(`the ${name} on the chart is not a number (${reference})`);
  const { value, comparator } = quantity;
  if (comparator)
    return unknown(`the ${name} is reported as ${comparator}${value}, a limit and not a value (${reference})`);
  const unit = quantity.code ?? quantity.unit;
  if (!unit) return input.unit === '1' ? { value } : unknown(`the ${name} on the chart has no unit (${reference})`);
  if (convertUnit(value, unit, input.unit, input.substance) !== undefined) return { value, unit };
  // Spellings and molar masses that the calculator does not know but the terminology is sure of.
  const code = codings.find(({ code }) => code)?.code;
  const converted = convertQuantity(quantity, input.unit, code);
  return isKnown(converted) ? { value: converted, unit: input.unit } : { value, unit };
}

/** How far apart, in hours, the inputs of one set of measurements may lie before a score of them is doubtful. */
const oneSet: Readonly<Record<string, number>> = { news2: 2, qsofa: 2, mews: 2, sirs: 12, sofa: 12, rox_index: 2 };

/** Said with a score of the moment whose inputs were not taken at one moment. */
export function spreadWarning(id: string, when: Readonly<Record<string, Date>>): string | undefined {
  const limit = oneSet[id];
  const taken = Object.entries(when).sort(([, a], [, b]) => a.getTime() - b.getTime());
  const [first, last] = [taken[0], taken.at(-1)];
  if (!limit || !first || !last) return undefined;
  const hours = daysBetween(first[1], last[1]) * 24;
  if (hours <= limit) return undefined;
  const at = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');
  return `Taken ${Math.round(hours)} hours apart: ${first[0]} ${at(first[1])}, ${last[0]} ${at(last[1])}. This score is meant for one set of measurements.`;
}

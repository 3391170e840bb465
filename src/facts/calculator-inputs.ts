// Fills a calculator's inputs from a chart: each with its reference and age, stale or missing ones left out with the reason.
import { calculators } from '../calculators/index.ts';
import { daysBetween } from '../fhir/reading.ts';
import { isKnown, isUnknown, type Unknown, unknown } from '../unknown.ts';
import type { Because, FactContext } from './define.ts';
import { asBecause, isTaken, matches } from './medication-list.ts';

export interface Filled {
  inputs: Record<string, unknown>;
  because: Because[];
  /** Why an input could not be filled, by its name. */
  gaps: Record<string, string>;
  /** The age of the oldest measured input. */
  asOf?: Date;
}

export interface FillOptions {
  /** Overrides the calculator's own limit on the age of results. */
  withinDays?: number;
  /** Inputs given by hand; they win. */
  given?: Record<string, unknown>;
}

export function fillFromChart(id: string, context: FactContext, { withinDays, given = {} }: FillOptions = {}): Filled | Unknown {
  const calculator = calculators.get(id);
  if (!calculator) return unknown(`no calculator "${id}"`);
  const { chart } = context;
  const filled: Filled = { inputs: { ...given }, because: [], gaps: {} };
  for (const [name, input] of Object.entries(calculator.inputs)) {
    if (name in given) continue;
    const hint = input.chart;
    if (!hint) continue;
    if ('age' in hint) {
      if (isKnown(chart.patient.ageInYears)) filled.inputs[name] = { value: chart.patient.ageInYears, unit: 'a', reference: chart.patient.reference };
      else filled.gaps[name] = chart.patient.ageInYears.unknown;
    } else if ('sex' in hint) {
      if (isKnown(chart.patient.sex)) filled.inputs[name] = chart.patient.sex;
      else filled.gaps[name] = chart.patient.sex.unknown;
    } else if ('loinc' in hint) {
      fillResult(name, hint.loinc, withinDays ?? hint.maxAgeInDays, input.title, context, filled);
    } else if ('problem' in hint) {
      const problems = chart.problems;
      if (isUnknown(problems)) {
        filled.gaps[name] = problems.unknown;
        continue;
      }
      const found = problems.find(({ groups, standing }) => standing === 'active' && groups.has(hint.problem));
      filled.inputs[name] = found ? 1 : 0;
      if (found) filled.because.push({ text: found.text, when: found.onset, reference: found.reference });
    } else if ('takes' in hint) {
      if (isUnknown(chart.medications)) {
        filled.gaps[name] = chart.medications.unknown;
        continue;
      }
      const found = chart.medications.find((entry) => isTaken(entry) && matches(entry, [hint.takes]));
      filled.inputs[name] = found ? 1 : 0;
      if (found) filled.because.push(asBecause(found));
    }
  }
  return filled;
}

function fillResult(name: string, loinc: readonly string[], maxAgeInDays: number, title: string, { chart }: FactContext, filled: Filled): void {
  const found = chart.observations(loinc);
  if (isUnknown(found)) {
    filled.gaps[name] = found.unknown;
    return;
  }
  const newest = found.find(({ quantity }) => quantity);
  if (!newest?.quantity) {
    filled.gaps[name] = `no ${title.toLowerCase()} on the chart`;
    return;
  }
  if (!newest.when || daysBetween(newest.when, chart.now) > maxAgeInDays) {
    filled.gaps[name] = `no ${title.toLowerCase()} in ${Math.round(maxAgeInDays)} days`;
    return;
  }
  const { value, unit, code } = newest.quantity;
  filled.inputs[name] = { value, unit: code ?? unit, reference: newest.reference };
  filled.because.push({ text: `${title} ${value} ${unit ?? code ?? ''}`.trim(), when: newest.when, reference: newest.reference });
  if (!filled.asOf || newest.when < filled.asOf) filled.asOf = newest.when;
}

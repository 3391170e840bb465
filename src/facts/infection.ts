// Whether anybody suspects an infection: what a chart shows of it, never a diagnosis.
import { z } from 'zod';
import { daysBetween } from '../fhir/reading.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { type Because, cannotSay, defineFact, type FactContext, no, yes } from './define.ts';
import { asBecause, isTaken, matches } from './medication-list.ts';
import { because, readings } from './results.ts';

const nothing = z.strictObject({});

const reasonWords =
  /\b(fever|febrile|sepsis|septic|infect\w*|pneumonia|dysuria|urosepsis|cellulitis|rigors?|chills|abscess|meningitis|cholangitis|osteomyelitis|pyelonephritis|peritonitis)\b/i;

export const suspectsInfection = defineFact<z.infer<typeof nothing>>({
  id: 'suspectsInfection',
  question:
    'Does the chart suggest an infection: a new infection on the problem list, a new antibiotic, the reason for the visit, temperature, white cells or procalcitonin?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, context) => {
    const found = [...fromLists(context), ...fromResults(context)];
    if (found.length > 0) return yes(found.slice(0, 4), { names: { infection: found[0]!.text } });
    const { problems, encounters } = context.chart;
    const temperature = readings(context, 'temperature', 'Cel', 1);
    if (isUnknown(problems) && isUnknown(temperature)) return cannotSay(problems);
    return isUnknown(problems) && isUnknown(encounters) ? cannotSay(problems) : no();
  },
});

function fromLists({ chart }: FactContext): Because[] {
  const found: Because[] = [];
  const problems = isKnown(chart.problems) ? chart.problems : [];
  for (const { groups, standing, onset, text, reference } of problems) {
    if (
      standing === 'active' &&
      (groups.has('infection') || groups.has('sepsis')) &&
      (!onset || daysBetween(onset, chart.now) <= 30)
    )
      found.push({ text, when: onset, reference });
  }
  const medications = isKnown(chart.medications) ? chart.medications : [];
  for (const entry of medications) {
    if (
      isTaken(entry) &&
      matches(entry, ['antibiotics']) &&
      (entry.standing === 'draft' || (entry.start && daysBetween(entry.start, chart.now) <= 7))
    )
      found.push(asBecause(entry));
  }
  const encounters = isKnown(chart.encounters) ? chart.encounters : [];
  for (const { isCurrent, reasons, start, reference } of encounters) {
    const reason = isCurrent
      ? reasons.find((words) => reasonWords.test(words) && !/\bno (fever|infection)\b/i.test(words))
      : undefined;
    if (reason) found.push({ text: reason, when: start, reference });
  }
  return found;
}

const limits = [
  { id: 'temperature', title: 'Temperature', unit: 'Cel', days: 1, high: 38, low: 35.9 },
  { id: 'wbc', title: 'White cells', unit: '10*3/uL', days: 2, high: 12.01, low: 3.99 },
  { id: 'procalcitonin', title: 'Procalcitonin', unit: 'ng/mL', days: 2, high: 0.5, low: -1 },
] as const;

function fromResults(context: FactContext): Because[] {
  return limits.flatMap(({ id, title, unit, days, high, low }) => {
    const found = readings(context, id, unit, days);
    const newest = isUnknown(found) ? undefined : found[0];
    return newest && (newest.value >= high || newest.value <= low) ? [because(newest, title, unit)] : [];
  });
}

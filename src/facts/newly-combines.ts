import { z } from 'zod';
import type { Chart, Medication } from '../chart/types.ts';
import { daysBetween } from '../fhir/reading.ts';
import { isUnknown } from '../unknown.ts';
import { days, drugs, each } from './blanks.ts';
import { type Answer, cannotSay, defineFact, type FactContext, no, yes } from './define.ts';
import {
  asBecause,
  draftsInQuestion,
  drugName,
  isTaken,
  matches,
  others,
  renewedBy,
  sameIngredients,
} from './medication-list.ts';

const params = z.strictObject({
  object: drugs,
  precipitant: drugs,
  objectWashoutInDays: days.optional(),
  precipitantWashoutInDays: days.optional(),
  /** Set for harm that does not wear off with habit: a renewal then fires too. */
  evenWhenRenewed: z.boolean().optional(),
});
type Params = z.infer<typeof params>;

interface Pair {
  draft: Medication;
  other: Medication;
  draftIsObject: boolean;
}

export const newlyCombines = defineFact<Params>({
  id: 'newlyCombines',
  question:
    'Does an order being written bring {object} and {precipitant} together, when they were not taken together before?',
  answers: 'yes or no',
  params,
  needs: ({ object, precipitant }) => [
    { of: 'drug', anyOf: each(object) },
    { of: 'drug', anyOf: each(precipitant) },
  ],
  ask: (given, context) => ask(given, context),
});

function ask(given: Params, { chart }: FactContext): Answer {
  const sides = { object: each(given.object), precipitant: each(given.precipitant) };
  let gap: Answer | undefined;
  for (const draft of draftsInQuestion(chart)) {
    if (isUnknown(draft.drug)) continue;
    const asObject = matches(draft, sides.object);
    const asPrecipitant = matches(draft, sides.precipitant);
    if (!asObject && !asPrecipitant) continue;
    const { taken, isComplete, why } = others(chart, draft);
    const partners = [...taken, ...recentlyStopped(given, draft, asObject, asPrecipitant, chart)];
    const pair = partners
      .filter((other) => other !== draft && !sameIngredients(other, draft))
      .map((other): Pair | undefined => {
        if (asObject && matches(other, sides.precipitant)) return { draft, other, draftIsObject: true };
        if (asPrecipitant && matches(other, sides.object)) return { draft, other, draftIsObject: false };
        return undefined;
      })
      .filter((found) => found !== undefined)
      .filter(
        ({ other }) => given.evenWhenRenewed || !(other.standing === 'active' && renewedBy(chart, draft).length > 0),
      );
    if (pair.length > 0) return found(pair);
    if (!isComplete) gap = cannotSay(why!, [asBecause(draft)]);
  }
  return gap ?? no();
}

/** Drugs whose last dose is within the washout of the pair; one whose stop date is missing is not guessed at. */
function recentlyStopped(
  given: Params,
  draft: Medication,
  asObject: boolean,
  asPrecipitant: boolean,
  chart: Chart,
): Medication[] {
  if (!given.objectWashoutInDays && !given.precipitantWashoutInDays) return [];
  if (isUnknown(chart.medications)) return [];
  return chart.medications.filter((entry) => {
    if (entry === draft || isTaken(entry) || isUnknown(entry.drug)) return false;
    const washout = Math.max(
      asPrecipitant && matches(entry, each(given.object)) ? (given.objectWashoutInDays ?? 0) : 0,
      asObject && matches(entry, each(given.precipitant)) ? (given.precipitantWashoutInDays ?? 0) : 0,
    );
    if (washout === 0) return false;
    if (entry.standing === 'on-hold') return true;
    const last = entry.end ?? entry.start;
    return last !== undefined && daysBetween(last, chart.now) <= washout;
  });
}

function found(pairs: Pair[]): Answer {
  const { draft, other, draftIsObject } = pairs[0]!;
  const objects = unique(pairs.map((pair) => drugName(pair.draftIsObject ? pair.draft : pair.other)));
  const precipitants = unique(pairs.map((pair) => drugName(pair.draftIsObject ? pair.other : pair.draft)));
  return yes([asBecause(draft), ...unique(pairs.map((pair) => pair.other)).map(asBecause)], {
    names: {
      object: objects.join(' and '),
      precipitant: precipitants.join(' and '),
      drug: drugName(draft),
      other: drugName(other),
      ordered: draftIsObject ? 'object' : 'precipitant',
    },
    orders: unique(
      pairs.flatMap((pair) =>
        [pair.draft, pair.other].filter(({ standing }) => standing === 'draft').map(({ reference }) => reference),
      ),
    ),
  });
}

const unique = <T>(list: T[]): T[] => [...new Set(list)];

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
    const { recent, undated } = stopped(given, draft, asObject, asPrecipitant, chart);
    const partners = [...taken, ...recent];
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
    else if (undated)
      gap ??= cannotSay(`when ${drugName(undated)} was stopped is not on the chart`, [
        asBecause(draft),
        asBecause(undated),
      ]);
  }
  return gap ?? no();
}

/** A prescription is good for a year: one that is older and has ended is over, whatever the date. Expert estimate. */
const overAfterDays = 365;

/**
 * Drugs whose last dose is within the washout of the pair, and one that may be: it has ended, nobody wrote when. A chart without
 * any past medication says so once, among its gaps; a rule cannot tell more of it.
 */
function stopped(
  given: Params,
  draft: Medication,
  asObject: boolean,
  asPrecipitant: boolean,
  chart: Chart,
): { recent: Medication[]; undated?: Medication } {
  const recent: Medication[] = [];
  let undated: Medication | undefined;
  if ((!given.objectWashoutInDays && !given.precipitantWashoutInDays) || isUnknown(chart.medications))
    return { recent };
  for (const entry of chart.medications) {
    if (entry === draft || isTaken(entry) || isUnknown(entry.drug)) continue;
    const washout = Math.max(
      asPrecipitant && matches(entry, each(given.object)) ? (given.objectWashoutInDays ?? 0) : 0,
      asObject && matches(entry, each(given.precipitant)) ? (given.precipitantWashoutInDays ?? 0) : 0,
    );
    if (washout === 0) continue;
    const last = entry.end ?? entry.start;
    const daysAgo = last && daysBetween(last, chart.now);
    if (entry.standing === 'on-hold' || (daysAgo !== undefined && daysAgo <= washout)) recent.push(entry);
    else if (!entry.end && (daysAgo === undefined || daysAgo <= overAfterDays)) undated ??= entry;
  }
  return { recent, ...(undated && { undated }) };
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

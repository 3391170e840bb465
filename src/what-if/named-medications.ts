// Which of the medications taken a change means.
import { readChart } from '../chart/read.ts';
import type { ChartSource, Medication } from '../chart/types.ts';
import { ingredientNames, isTaken } from '../facts/medication-list.ts';
import { type Json, object, referenceOf } from '../fhir/reading.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { conceptIn } from './change.ts';

/** By reference, or by a drug of the same ingredients; a reason when nothing taken is meant. */
export function named(
  pointer: unknown,
  source: ChartSource,
  terminology: Terminology,
): Medication[] | { reason: string } {
  const chart = readChart(source, terminology);
  const all = isKnown(chart.medications) ? chart.medications : chart.drafts;
  const taken = all.filter(isTaken);
  const reference = referenceOf(pointer) ?? referenceOf(object(pointer)?.medicationReference);
  if (reference?.includes('/')) {
    const found = taken.filter(
      (entry) =>
        entry.reference === reference ||
        referenceOf((entry.resource as unknown as Json).medicationReference) === reference,
    );
    return found.length > 0
      ? found
      : {
          reason: `${reference.slice(0, 100)} is not among the medications taken${standingOf(all.find((entry) => entry.reference === reference))}`,
        };
  }
  const concept = conceptIn(pointer);
  if (!concept) return { reason: '"medication" is missing: give a coding, a name, or the reference of an order' };
  const drug = terminology.drug(concept);
  if (isUnknown(drug))
    return {
      reason: `the drug of "medication" could not be recognised (${drug.unknown}): give an RxNorm coding, a name, or the reference of the order`,
    };
  const wanted = drug.ingredients.map(({ name }) => name.toLowerCase()).sort();
  const key = wanted.join('/');
  const sameDrug = (entry: Medication) => [...ingredientNames(entry)].sort().join('/') === key;
  const found = taken.filter(sameDrug);
  // A product by one way into the body is not meant by another: stopping the tablets leaves the cream.
  const sameWay = found.filter((entry) => isKnown(entry.drug) && entry.drug.isSystemic === drug.isSystemic);
  if (found.length > 0) return sameWay.length > 0 ? sameWay : found;
  const within = taken.find(
    (entry) => wanted.length > 0 && wanted.every((name) => ingredientNames(entry).includes(name)),
  );
  return {
    reason: `${drug.text} is not among the medications taken${within ? `; it is part of ${within.text}: name that` : standingOf(all.find(sameDrug))}`,
  };
}

const standingOf = (entry: Medication | undefined): string =>
  !entry
    ? ''
    : entry.standing === 'on-hold'
      ? ': it is on hold already'
      : entry.standing === 'past'
        ? ': it was stopped already'
        : '';

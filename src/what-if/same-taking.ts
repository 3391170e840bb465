// One taking, told more than once: an order and its renewal, an order and what the patient reports of it.
import { medicationOrderTypes } from '../chart/medications.ts';
import type { Medication } from '../chart/types.ts';
import { sameIngredients } from '../facts/medication-list.ts';
import { isKnown } from '../unknown.ts';

export const isReported = ({ resource }: Medication): boolean => !medicationOrderTypes.includes(resource.resourceType);

/**
 * The same ingredients the same way into the body, in the same release: short beside long-acting adds up. A report seldom names
 * the release.
 */
export function repeats(order: Medication, other: Medication): boolean {
  if (!isKnown(order.drug) || !isKnown(other.drug) || !sameIngredients(order, other)) return false;
  const isSameRelease =
    order.drug.releaseForm === other.drug.releaseForm || (isReported(other) && !other.drug.releaseForm);
  return isSameRelease && order.drug.isSystemic === other.drug.isSystemic;
}

/** The list without reports of what an order on it already says. */
export function toldOnce(medications: readonly Medication[]): Medication[] {
  const orders = medications.filter((entry) => !isReported(entry));
  return medications.filter((entry) => !isReported(entry) || !orders.some((order) => repeats(order, entry)));
}

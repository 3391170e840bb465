// Stop, start, replace and dose. A drug that is stopped was taken until now: it stays on the chart as stopped today, because an
// MAO inhibitor does not leave with its order. A draft was never taken, so it simply goes.
import type { Resource } from '@medplum/fhirtypes';
import { readDosage } from '../chart/dosage.ts';
import { medicationOrderTypes, readMedication } from '../chart/medications.ts';
import { readChart } from '../chart/read.ts';
import type { ChartSource, Medication } from '../chart/types.ts';
import { drugName, isTaken, sameIngredients } from '../facts/medication-list.ts';
import { isObject, type Json, list, object, referenceOf, referenceTo, statusCode, text } from '../fhir/reading.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { type Change, type ChangeContext, type Changed, conceptIn, imagined, isRefusal } from './change.ts';
import { named } from './named-medications.ts';
import { isReported, repeats } from './same-taking.ts';

const medicationParts = ['medications', 'pastMedications', 'statements'] as const;

const asJson = (resource: Resource): Json => resource as unknown as Json;
const asResource = (json: Json): Resource => json as unknown as Resource;

export function stop(
  change: Change,
  source: ChartSource,
  { original, knowledge: { terminology } }: ChangeContext,
): Changed {
  const found = named(change.medication, source, terminology);
  if ('reason' in found) return found;
  // A drug that an earlier change started is taken back first: what was on the chart before stays.
  const started = found.filter(
    (entry) =>
      entry.standing === 'draft' &&
      !original.drafts.some((draft, place) => referenceTo(draft, `draft-${place + 1}`) === entry.reference),
  );
  if (started.length > 0) return withMedications(source, started, () => undefined);
  const all = [...found, ...reportsOf(found, source, terminology)];
  return withMedications(source, all, (resource, isDraft) => (isDraft ? undefined : stoppedNow(resource, source.now)));
}

/** What the patient reports of an order that is stopped was the same taking. */
function reportsOf(orders: readonly Medication[], source: ChartSource, terminology: Terminology): Medication[] {
  const { medications } = readChart(source, terminology);
  if (isUnknown(medications)) return [];
  const isSame = (entry: Medication) => orders.some((order) => order !== entry && repeats(order, entry));
  return medications.filter((entry) => isTaken(entry) && isReported(entry) && isSame(entry));
}

export function start(order: unknown, source: ChartSource, terminology: Terminology): Changed {
  if (!isObject(order)) return { reason: '"order" is missing: give the MedicationRequest to start' };
  if (!medicationOrderTypes.includes(String(order.resourceType)))
    return { reason: `"order" must be a MedicationRequest, not ${String(order.resourceType).slice(0, 40)}` };
  if (order.doNotPerform === true || statusCode(order.status) === 'entered-in-error')
    return { reason: '"order" says not to give the drug: to take one away, use {"do":"stop"}' };
  const subject = referenceOf(order.subject);
  if (subject?.startsWith('Patient/') && subject !== `Patient/${source.patientId}`)
    return { reason: '"order" is for another patient' };
  const draft = asResource({ ...order, id: text(order.id) ?? idFor(order, source), status: 'draft' });
  const read = readMedication(draft, '', source, terminology, true);
  if (!read || isUnknown(read.drug)) {
    return {
      reason: `the drug of "order" could not be recognised${read && isUnknown(read.drug) ? ` (${read.drug.unknown})` : ''}: give an RxNorm coding or a name, or nothing could be checked`,
    };
  }
  const reference = referenceTo(draft);
  const continued = withMedications(source, stoppedByThought(read, source, terminology), () => undefined);
  return { ...continued, drafts: [...source.drafts.filter((held) => referenceTo(held) !== reference), draft] };
}

/** Orders of the same drug that an earlier change stopped: starting it again means that it was never stopped. */
function stoppedByThought(draft: Medication, source: ChartSource, terminology: Terminology): Medication[] {
  const { medications } = readChart(source, terminology);
  if (isUnknown(medications)) return [];
  const now = source.now.getTime();
  return medications.filter(
    (entry) => entry.standing === 'past' && entry.end?.getTime() === now && sameIngredients(entry, draft),
  );
}

export function replace(change: Change, source: ChartSource, context: ChangeContext): Changed {
  const stopped = stop(change, source, context);
  return isRefusal(stopped) ? stopped : start(change.order, stopped, context.knowledge.terminology);
}

export function dose(change: Change, source: ChartSource, terminology: Terminology): Changed {
  const dosageInstruction = list(change.dosageInstruction);
  if (dosageInstruction.length === 0)
    return {
      reason:
        '"dosageInstruction" must be a list of FHIR Dosage, such as [{"doseAndRate":[{"doseQuantity":{"value":500,"unit":"mg"}}],"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}]',
    };
  const read = readDosage(dosageInstruction);
  if (isUnknown(read.dose)) return { reason: `the new dose could not be read: ${read.dose.unknown}` };
  if (read.dose.value < 0) return { reason: 'a dose cannot be below zero' };
  if (read.dose.value === 0) return { reason: 'a dose of zero is a stop: use {"do":"stop"}' };
  const found = named(change.medication, source, terminology);
  if ('reason' in found) return found;
  const exact = found.length > 1 ? found.filter((entry) => sharesCode(entry, change.medication)) : found;
  if (exact.length !== 1)
    return {
      reason: `${found.length} orders of ${drugName(found[0]!)} are taken: name one by reference (${found.map(({ reference }) => reference).join(', ')})`,
    };
  return withMedications(source, exact, (resource) => {
    const { dosage: _, ...rest } = asJson(resource);
    return asResource(
      resource.resourceType === 'MedicationStatement'
        ? { ...asJson(resource), dosage: dosageInstruction }
        : { ...rest, dosageInstruction },
    );
  });
}

const sharesCode = (entry: Medication, pointer: unknown): boolean => {
  const codes = new Set(conceptIn(pointer)?.coding?.map(({ code }) => code));
  return isKnown(entry.drug) && codes.has(entry.drug.code);
};

/** The source with some of its medications put otherwise, or (undefined) gone. */
function withMedications(
  source: ChartSource,
  chosen: readonly Medication[],
  put: (resource: Resource, isDraft: boolean) => Resource | undefined,
): ChartSource {
  const references = new Set(chosen.map(({ reference }) => reference));
  const parts = { ...source.parts };
  for (const part of medicationParts) {
    const held = parts[part];
    if (!held || isUnknown(held)) continue;
    parts[part] = held.flatMap((resource, place) =>
      references.has(referenceTo(resource, `${part}-${place + 1}`)) ? (put(resource, false) ?? []) : resource,
    );
  }
  const drafts = source.drafts.flatMap((resource, place) =>
    references.has(referenceTo(resource, `draft-${place + 1}`)) ? (put(resource, true) ?? []) : resource,
  );
  return { ...source, parts, drafts };
}

function stoppedNow(resource: Resource, now: Date): Resource {
  const json = asJson(resource);
  const end = now.toISOString();
  if (resource.resourceType === 'MedicationStatement')
    return asResource({ ...json, status: 'stopped', effectivePeriod: { ...object(json.effectivePeriod), end } });
  const dispense = object(json.dispenseRequest);
  return asResource({
    ...json,
    status: 'stopped',
    dispenseRequest: { ...dispense, validityPeriod: { ...object(dispense?.validityPeriod), end } },
  });
}

/** A name that does not depend on the order of the changes. */
function idFor(order: Json, source: ChartSource): string {
  const concept = conceptIn(order.medicationCodeableConcept ?? order.medicationReference);
  const word = concept?.coding?.[0]?.code ?? concept?.text ?? 'order';
  const base = `${imagined}${word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)}`;
  const held = new Set(source.drafts.map(({ id }) => id));
  let id = base;
  for (let count = 2; held.has(id); count += 1) id = `${base}-${count}`;
  return id;
}

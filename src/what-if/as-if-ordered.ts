// The chart with every drug taken presented as an order being written now, and which of its drafts are really the chart's.
import type { Resource } from '@medplum/fhirtypes';
import { medicationOrderTypes, replacedBy } from '../chart/medications.ts';
import { readChart } from '../chart/read.ts';
import type { Chart, Medication } from '../chart/types.ts';
import { ingredientNames } from '../facts/medication-list.ts';
import { type Json, text } from '../fhir/reading.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isKnown, isUnknown } from '../unknown.ts';

export interface Judged {
  chart: Chart;
  /** The chart's medications that are judged as drafts, by the reference they are judged under. */
  moved: ReadonlyMap<string, Medication>;
}

export function asIfOrdered(chart: Chart, terminology: Terminology): Judged {
  const { source, drafts } = chart;
  const taken = isUnknown(chart.medications) ? [] : chart.medications.filter(({ standing }) => standing === 'active');
  const replaced = new Set(drafts.flatMap(replacedBy));
  const orders = taken.filter(
    ({ resource, reference }) => medicationOrderTypes.includes(resource.resourceType) && !replaced.has(reference),
  );
  const statements = taken.filter(({ resource }) => !medicationOrderTypes.includes(resource.resourceType));
  const kept = orders.filter((order) => !drafts.some((draft) => repeats(draft, order)));
  const told = statements.filter((statement) => ![...drafts, ...kept].some((order) => repeats(order, statement)));

  const moved = new Map<string, Medication>();
  const asDraft = (entry: Medication): Resource => {
    const json = entry.resource as unknown as Json;
    const id = entry.reference.slice(entry.reference.indexOf('/') + 1);
    const isOrder = medicationOrderTypes.includes(entry.resource.resourceType);
    const draft = isOrder
      ? { ...json, id }
      : {
          ...json,
          resourceType: 'MedicationRequest',
          id: `told-${id}`,
          status: 'active',
          intent: 'order',
          dosageInstruction: json.dosage,
        };
    moved.set(isOrder ? entry.reference : `MedicationRequest/told-${id}`, entry);
    return draft as unknown as Resource;
  };
  const named = source.drafts.map(
    (draft, place) => ({ ...draft, id: text(draft.id) ?? `draft-${place + 1}` }) as Resource,
  );
  const judgedDrafts = [...inOrder(named), ...inOrder([...kept, ...told].map(asDraft))];

  // What was moved is gone from the lists: an order that is on both would be renewing itself.
  const gone = new Set(taken.map(({ resource }) => resource));
  const parts = { ...source.parts };
  for (const part of ['medications', 'pastMedications', 'statements'] as const) {
    const held = parts[part];
    if (held && !isUnknown(held)) parts[part] = held.filter((resource) => !gone.has(resource));
  }
  return { chart: readChart({ ...source, parts, drafts: judgedDrafts, selections: [] }, terminology), moved };
}

/** So that the words of a card do not depend on the order of independent changes. */
const inOrder = (drafts: Resource[]): Resource[] =>
  [...drafts].sort((a, b) => (a.id! < b.id! ? -1 : a.id! > b.id! ? 1 : 0));

/** The same ingredients the same way into the body, in the same release: short beside long-acting adds up. */
function repeats(a: Medication, b: Medication): boolean {
  if (!isKnown(a.drug) || !isKnown(b.drug)) return false;
  const [left, right] = [a, b].map((entry) => [...ingredientNames(entry)].sort().join('/'));
  return (
    left !== '' &&
    left === right &&
    a.drug.isSystemic === b.drug.isSystemic &&
    a.drug.releaseForm === b.drug.releaseForm
  );
}

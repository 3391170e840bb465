// The chart with every drug taken presented as an order being written now, and which of its drafts are really the chart's.
import type { Resource } from '@medplum/fhirtypes';
import { replacedBy } from '../chart/medications.ts';
import { readChart } from '../chart/read.ts';
import type { Chart, Medication } from '../chart/types.ts';
import { type Json, text } from '../fhir/reading.ts';
import type { Finding } from '../guards/check.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isUnknown } from '../unknown.ts';
import { isReported, repeats, toldOnce } from './same-taking.ts';

export interface Judged {
  chart: Chart;
  /** The chart's medications that are judged as drafts, by the reference they are judged under. */
  moved: ReadonlyMap<string, Medication>;
}

export function asIfOrdered(chart: Chart, terminology: Terminology): Judged {
  const { source, drafts } = chart;
  const taken = isUnknown(chart.medications) ? [] : chart.medications.filter(({ standing }) => standing === 'active');
  const replaced = new Set(drafts.flatMap(replacedBy));
  const still = taken.filter(
    (entry) => !replaced.has(entry.reference) && !drafts.some((draft) => repeats(draft, entry)),
  );
  const judged = toldOnce(still);

  const moved = new Map<string, Medication>();
  const asDraft = (entry: Medication): Resource => {
    const json = entry.resource as unknown as Json;
    const id = entry.reference.slice(entry.reference.indexOf('/') + 1);
    const isOrder = !isReported(entry);
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
  const judgedDrafts = [...inOrder(named), ...inOrder(judged.map(asDraft))];

  // What was moved is gone from the lists: an order that is on both would be renewing itself.
  const gone = new Set(taken.map(({ resource }) => resource));
  const parts = { ...source.parts };
  for (const part of ['medications', 'pastMedications', 'statements'] as const) {
    const held = parts[part];
    if (held && !isUnknown(held)) parts[part] = held.filter((resource) => !gone.has(resource));
  }
  return { chart: readChart({ ...source, parts, drafts: judgedDrafts, selections: [] }, terminology), moved };
}

const asThisOrder = / \(this order\)$/;

/** A finding as it stands on the chart: what was moved there to be judged is no order of this request. */
export function asOnChart(finding: Finding, { moved }: Judged): Finding {
  const because = finding.because.map((item) => {
    const entry = item.reference ? moved.get(item.reference) : undefined;
    return entry
      ? { text: item.text.replace(asThisOrder, ''), when: item.when ?? entry.start, reference: entry.reference }
      : item;
  });
  return { ...finding, because, orders: finding.orders.map((order) => moved.get(order)?.reference ?? order) };
}

/** So that the words of a card do not depend on the order of independent changes. */
const inOrder = (drafts: Resource[]): Resource[] =>
  [...drafts].sort((a, b) => (a.id! < b.id! ? -1 : a.id! > b.id! ? 1 : 0));

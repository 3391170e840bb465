// The unsigned orders: made from an orderable and a sig, changed by suggestions and by messages from the app in the frame.
import type { CdsAction } from '../../src/cds-hooks/contract.ts';
import { plainName } from '../shared/drug-name.ts';
import { readDosage } from './dosage.ts';
import type { Orderable } from './orderables.ts';
import type { Draft, PatientChart, Resource } from './types.ts';

export { plainName };

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const LOINC = 'http://loinc.org';

export interface OrderContext {
  patientId: string;
  encounterId?: string;
  user: string;
  now: string;
}

export const referenceOf = (resource: Resource) => `${resource.resourceType}/${resource.id}`;

/** draft-1, draft-2 …: the next number that no draft has. */
export function nextId(drafts: Draft[]): string {
  const numbers = drafts.map(({ id }) => Number(/^draft-(\d+)$/.exec(id)?.[1] ?? 0));
  return `draft-${Math.max(0, ...numbers) + 1}`;
}

export function draftOrder(orderable: Orderable, sig: string, id: string, context: OrderContext): Draft {
  const common = {
    id,
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${context.patientId}` },
    ...(context.encounterId ? { encounter: { reference: `Encounter/${context.encounterId}` } } : {}),
    authoredOn: context.now,
    requester: { reference: context.user },
  };
  if (orderable.kind === 'test') {
    return {
      resourceType: 'ServiceRequest',
      ...common,
      code: { coding: [{ system: LOINC, code: orderable.code, display: orderable.display }], text: orderable.display },
      ...(sig ? { note: [{ text: sig }] } : {}),
    };
  }
  return {
    resourceType: 'MedicationRequest',
    ...common,
    medicationCodeableConcept: {
      coding: [{ system: RXNORM, code: orderable.code, display: orderable.display }],
      text: plainName(orderable.display),
    },
    ...(sig.trim() ? { dosageInstruction: [readDosage(sig.trim(), orderable.display)] } : {}),
  };
}

export const nameOf = (resource: Resource): string => {
  const concept = resource.medicationCodeableConcept ?? resource.code ?? resource.vaccineCode;
  return (
    concept?.text ??
    concept?.coding?.find((coding: { display?: string }) => coding.display)?.display ??
    resource.medicationReference?.display ??
    resource.resourceType
  );
};

export const sigOf = (resource: Resource): string =>
  resource.dosageInstruction?.[0]?.text ?? resource.note?.[0]?.text ?? '';

/** What one action did, for the log; `undefined` where it could not be done. */
export interface Applied {
  drafts: Draft[];
  done: string[];
  failed: string[];
}

/** Applies the actions of one suggestion together, in the order the specification gives: deletes, creates, updates. */
export function applyActions(
  drafts: Draft[],
  actions: CdsAction[],
  context: OrderContext,
  chart: PatientChart | undefined,
): Applied {
  const order = { delete: 0, create: 1, update: 2 };
  const result: Applied = { drafts: [...drafts], done: [], failed: [] };
  for (const action of [...actions].sort((a, b) => order[a.type] - order[b.type])) {
    const failure = applyOne(result, action, context, chart);
    if (failure) result.failed.push(failure);
    else result.done.push(`${action.type}: ${action.description}`);
  }
  return result;
}

function applyOne(
  result: Applied,
  action: CdsAction,
  context: OrderContext,
  chart: PatientChart | undefined,
): string | undefined {
  if (action.type === 'delete') {
    const reference = action.resourceId ?? (action.resource ? referenceOf(action.resource as Resource) : '');
    const at = result.drafts.findIndex((draft) => referenceOf(draft) === reference || draft.id === reference);
    if (at >= 0) {
      result.drafts.splice(at, 1);
      return undefined;
    }
    // Deleting an order of the chart means stopping it; that too waits for the signature.
    const running = chart?.medications.find((order) => referenceOf(order) === reference);
    if (!running) return `There is no ${reference || 'order'} to remove.`;
    result.drafts.push({ ...running, id: running.id!, status: 'stopped' });
    return undefined;
  }
  const resource = action.resource as Resource | undefined;
  if (!resource?.resourceType) return `"${action.description}" has no order in it.`;
  const patient = (resource.subject ?? resource.patient)?.reference;
  if (patient !== undefined && patient !== `Patient/${context.patientId}`)
    return `"${action.description}" is for another patient.`;
  if (action.type === 'create') {
    const id = nextId(result.drafts);
    result.drafts.push({
      ...resource,
      id,
      status: 'draft',
      ...(patient === undefined ? { subject: { reference: `Patient/${context.patientId}` } } : {}),
    });
    return undefined;
  }
  if (!resource.id) return `"${action.description}" does not say which order it changes.`;
  const at = result.drafts.findIndex(
    (draft) => draft.resourceType === resource.resourceType && draft.id === resource.id,
  );
  if (at >= 0) result.drafts[at] = resource as Draft;
  else if (chart?.medications.some((order) => referenceOf(order) === referenceOf(resource)))
    result.drafts.push(resource as Draft);
  else return `There is no ${referenceOf(resource)} to change.`;
  return undefined;
}

export const collection = (drafts: Draft[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: drafts.map((resource) => ({ resource })),
});

// Opens the chart: prefetch first, then the request's FHIR server for whatever is missing.
//
// CDS Hooks: an omitted prefetch key means "not tried", null means "looked, nothing there", an OperationOutcome means "could
// not be had". Only the first is worth a query.
import type { Resource } from '@medplum/fhirtypes';
import { isObject, type Json, list, object, referenceOf, text } from '../fhir/reading.ts';
import { type FhirServer, nextLink, readBundle } from '../fhir/server.ts';
import { isUnknown, type Unknown, unknown } from '../unknown.ts';
import { partDefinitions, partNames } from './parts.ts';
import { type ChartPart, type ChartSource, chartParts } from './types.ts';

export interface ChartRequest {
  context: Json;
  prefetch: Json;
  /** Absent when the request names no server. */
  server?: FhirServer;
  now: Date;
}

export interface PartsWanted {
  required: readonly ChartPart[];
  helpful: readonly ChartPart[];
}

export type ChartRefusal =
  | { reason: 'required_part_unavailable'; part: ChartPart; why: string }
  | { reason: 'another_patient' };

export async function openChart(request: ChartRequest, wanted: PartsWanted): Promise<ChartSource | ChartRefusal> {
  const patientId = bareId(text(request.context.patientId) ?? '');
  const encounterId = text(request.context.encounterId);
  const referenced = new Map<string, Resource>();
  const parts: ChartSource['parts'] = {};
  const strays = strayResources(request.prefetch);

  await Promise.all(
    [...wanted.required, ...wanted.helpful].map(async (part) => {
      parts[part] = await openPart(part, request, patientId, strays);
    }),
  );

  for (const [part, held] of Object.entries(parts) as [ChartPart, Resource[] | Unknown][]) {
    if (isUnknown(held)) continue;
    for (const resource of held) if (resource.resourceType === 'Medication' && resource.id) referenced.set(`Medication/${resource.id}`, resource);
    const others = held.filter((resource) => belongsToAnother(resource, patientId));
    if (part === 'patient' && others.length > 0) return { reason: 'another_patient' };
    if (others.length > 0) parts[part] = held.filter((resource) => !others.includes(resource));
  }

  for (const part of wanted.required) {
    const held = parts[part];
    if (isUnknown(held)) return { reason: 'required_part_unavailable', part, why: held.unknown };
    if (part === 'patient' && !held?.some(({ resourceType }) => resourceType === 'Patient')) {
      return { reason: 'required_part_unavailable', part, why: 'the patient was not given' };
    }
  }

  const drafts = draftsOf(request.context).filter((resource) => !belongsToAnother(resource, patientId));
  for (const resource of drafts) if (resource.resourceType === 'Medication' && resource.id) referenced.set(`Medication/${resource.id}`, resource);
  await fetchReferencedMedications(parts, drafts, referenced, request.server);

  return {
    now: request.now,
    patientId,
    encounterId,
    userId: text(request.context.userId),
    parts,
    drafts: drafts.filter(({ resourceType }) => resourceType !== 'Medication'),
    selections: selectionsOf(request.context),
    referenced,
  };
}

export const isRefusal = (opened: ChartSource | ChartRefusal): opened is ChartRefusal => 'reason' in opened;

const bareId = (id: string): string => id.replace(/^Patient\//, '');

async function openPart(part: ChartPart, request: ChartRequest, patientId: string, strays: Map<string, Resource[]>): Promise<Resource[] | Unknown> {
  const definition = partDefinitions[part];
  const wanted = definition.isBounded ? Number(/_count=(\d+)/.exec(definition.template)?.[1] ?? 200) : Number.POSITIVE_INFINITY;
  const keep = (held: Resource[] | Unknown): Resource[] | Unknown =>
    isUnknown(held) ? unknown(`${partNames[part]} could not be read: ${held.unknown}`) : held.filter(({ resourceType }) => definition.types.includes(resourceType));

  if (part in request.prefetch) {
    const given = request.prefetch[part];
    if (given === null) return [];
    if (!isObject(given) || given.resourceType === 'OperationOutcome') return unknown(`${partNames[part]} could not be read: the EHR could not give them`);
    if (given.resourceType !== 'Bundle') {
      return definition.types.includes(String(given.resourceType)) ? [given as unknown as Resource] : unknown(`${partNames[part]} could not be read: the EHR sent something else`);
    }
    const page = readBundle(given);
    if (isUnknown(page)) return keep(page);
    if (page.resources.length > 0 && !page.resources.some(({ resourceType }) => definition.types.includes(resourceType))) {
      return unknown(`${partNames[part]} could not be read: the EHR sent something else`);
    }
    if (!nextLink(given) || page.resources.length >= wanted) return keep(page.resources);
    if (request.server) return keep(await request.server.follow(given, wanted));
    // The newest page of a bounded list is worth having; a part of a medication list is not a medication list.
    return definition.isBounded ? keep(page.resources) : unknown(`${partNames[part]} could not be read: the EHR gave only the first page`);
  }

  const stray = definition.types.flatMap((type) => strays.get(type) ?? []);
  if (stray.length > 0 || definition.types.some((type) => strays.has(type))) return stray;

  if (!request.server) return unknown(`${partNames[part]} could not be read: the EHR did not send them`);
  const url = definition.template.replaceAll('{{context.patientId}}', encodeURIComponent(patientId));
  if (!url.includes('?')) {
    const read = await request.server.read(url);
    return keep(isUnknown(read) ? read : [read]);
  }
  return keep(await request.server.search(url, wanted));
}

/**
 * Clients that could not be configured with our keys send what they have under their own. A key that is none of ours is read
 * by what it holds.
 */
function strayResources(prefetch: Json): Map<string, Resource[]> {
  const strays = new Map<string, Resource[]>();
  for (const [key, given] of Object.entries(prefetch)) {
    if ((chartParts as readonly string[]).includes(key) || !isObject(given)) continue;
    const page = given.resourceType === 'Bundle' ? readBundle(given) : { resources: [given as unknown as Resource] };
    if (isUnknown(page)) continue;
    for (const resource of page.resources) {
      const held = strays.get(resource.resourceType);
      if (held) held.push(resource);
      else strays.set(resource.resourceType, [resource]);
    }
  }
  return strays;
}

/** Says so only when a resource plainly names another patient; a `urn:` or a missing subject is given the benefit of the doubt. */
function belongsToAnother(resource: Resource, patientId: string): boolean {
  const json = resource as unknown as Json;
  if (resource.resourceType === 'Patient') return json.id !== undefined && json.id !== patientId;
  const subject = referenceOf(object(json.subject)) ?? referenceOf(object(json.patient));
  return subject !== undefined && subject.startsWith('Patient/') && subject !== `Patient/${patientId}`;
}

/** Every resource that the hook's context holds as an order, an appointment, a refill or a new entry. */
function draftsOf(context: Json): Resource[] {
  const drafts: Resource[] = [];
  for (const key of ['draftOrders', 'medications', 'appointments', 'conditions', 'allergyIntolerance']) {
    const given = context[key];
    if (Array.isArray(given)) drafts.push(...(given.filter(isObject).map((entry) => (isObject(entry.resource) ? entry.resource : entry)) as unknown as Resource[]));
    else if (isObject(given) && given.resourceType === 'Bundle') {
      drafts.push(...(list(given.entry).map(({ resource }) => resource).filter(isObject) as unknown as Resource[]));
    } else if (isObject(given)) drafts.push((isObject(given.resource) ? given.resource : given) as unknown as Resource);
  }
  return drafts.filter((resource) => typeof resource.resourceType === 'string');
}

function selectionsOf(context: Json): string[] {
  const given = context.selections;
  return Array.isArray(given) ? given.map((entry) => referenceOf(entry)).filter((entry) => entry !== undefined) : [];
}

/** Medications that orders only point to, where the server can be asked. At most twenty: the rest stay unnamed and are said to be. */
async function fetchReferencedMedications(parts: ChartSource['parts'], drafts: Resource[], referenced: Map<string, Resource>, server: FhirServer | undefined): Promise<void> {
  if (!server) return;
  const orders = [...drafts, ...(['medications', 'pastMedications', 'statements'] as const).flatMap((part) => {
    const held = parts[part];
    return held && !isUnknown(held) ? held : [];
  })];
  const missing = new Set<string>();
  for (const order of orders) {
    const json = order as unknown as Json;
    if (json.medicationCodeableConcept) continue;
    const reference = referenceOf(object(json.medicationReference));
    if (reference?.startsWith('Medication/') && !referenced.has(reference)) missing.add(reference);
  }
  await Promise.all(
    [...missing].slice(0, 20).map(async (reference) => {
      const read = await server.read(reference);
      if (!isUnknown(read)) referenced.set(reference, read);
    }),
  );
}

// Opens the chart: prefetch first, then the request's FHIR server for whatever is missing.
//
// CDS Hooks: an omitted prefetch key means "not tried", null means "looked, nothing there", an OperationOutcome means "could
// not be had". Only the first is worth a query.
import type { Resource } from '@medplum/fhirtypes';
import { isObject, type Json, list, object, referenceOf, referenceTo, text } from '../fhir/reading.ts';
import { type FhirServer, nextLink, readBundle } from '../fhir/server.ts';
import { isUnknown, type Unknown, unknown } from '../unknown.ts';
import { medicationPointer } from './medications.ts';
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
  const referenced = new Map<string, Resource>();
  const parts: ChartSource['parts'] = {};
  const strays = strayResources(request.prefetch);

  // What came by prefetch is there at once; only the rest is waited for.
  let fetching: Promise<void>[] | undefined;
  for (const list of [wanted.required, wanted.helpful]) {
    for (const part of list) {
      const opened = openPart(part, request, patientId, strays);
      if (opened instanceof Promise) {
        fetching ??= [];
        fetching.push(
          opened.then((held) => {
            parts[part] = held;
          }),
        );
      } else parts[part] = opened;
    }
  }
  if (fetching) await Promise.all(fetching);

  let holdsMedications = false;
  for (const part in parts) {
    const held = parts[part as ChartPart];
    if (!held || isUnknown(held)) continue;
    let hasOthers = false;
    for (const resource of held) {
      if (resource.resourceType === 'Medication') {
        holdsMedications = true;
        if (resource.id) referenced.set(`Medication/${resource.id}`, resource);
      }
      if (belongsToAnother(resource, patientId)) hasOthers = true;
    }
    if (!hasOthers) continue;
    if (part === 'patient') return { reason: 'another_patient' };
    parts[part as ChartPart] = held.filter((resource) => !belongsToAnother(resource, patientId));
  }

  for (const part of wanted.required) {
    const held = parts[part];
    if (isUnknown(held)) return { reason: 'required_part_unavailable', part, why: held.unknown };
    if (part === 'patient' && !held?.some(({ resourceType }) => resourceType === 'Patient')) {
      return { reason: 'required_part_unavailable', part, why: 'the patient was not given' };
    }
  }

  const drafts = draftsOf(request.context).filter((resource) => !belongsToAnother(resource, patientId));
  const dispatched = await dispatchedOf(request, parts, drafts);
  drafts.push(...dispatched.orders.filter((resource) => !belongsToAnother(resource, patientId)));
  for (const resource of drafts)
    if (resource.resourceType === 'Medication' && resource.id) referenced.set(`Medication/${resource.id}`, resource);
  for (const bundle of [request.context.draftOrders, ...(holdsMedications ? Object.values(request.prefetch) : [])])
    for (const [url, resource] of medicationsByUrl(bundle)) referenced.set(url, resource);
  if (request.server) await fetchReferencedMedications(parts, drafts, referenced, request.server);

  const orders = drafts.filter(({ resourceType }) => resourceType !== 'Medication');
  return {
    now: request.now,
    patientId,
    encounterId: text(request.context.encounterId),
    userId: text(request.context.userId),
    parts,
    drafts: orders,
    selections: selectionsOf(request.context, orders),
    ...(dispatched.notRead.length > 0 && { notRead: dispatched.notRead }),
    referenced,
    lookedAt: new Set(),
  };
}

export const isRefusal = (opened: ChartSource | ChartRefusal): opened is ChartRefusal => 'reason' in opened;

const bareId = (id: string): string => id.replace(/^Patient\//, '');

function openPart(
  part: ChartPart,
  request: ChartRequest,
  patientId: string,
  strays: Map<string, Resource[]>,
): Resource[] | Unknown | Promise<Resource[] | Unknown> {
  const { types, isBounded, template } = partDefinitions[part];
  const wanted = isBounded ? partLimits[part] : Number.POSITIVE_INFINITY;
  const name = partNames[part];

  if (part in request.prefetch) {
    const given = request.prefetch[part];
    if (given === null) return [];
    if (!isObject(given) || given.resourceType === 'OperationOutcome')
      return unknown(`${name} could not be read: the EHR could not give them`);
    if (given.resourceType !== 'Bundle') {
      return types.includes(String(given.resourceType))
        ? [given as unknown as Resource]
        : unknown(`${name} could not be read: the EHR sent something else`);
    }
    const page = readBundle(given);
    if (isUnknown(page)) return keep(page, part);
    const { resources } = page;
    const next = nextLink(given);
    if (resources.length > 0 && !resources.some(({ resourceType }) => types.includes(resourceType)))
      return unknown(`${name} could not be read: the EHR sent something else`);
    if (!next || resources.length >= wanted) return keep(resources, part);
    if (request.server) return request.server.follow(given, wanted).then((all) => keep(all, part));
    // The newest page of a bounded list is worth having; a part of a medication list is not a medication list.
    return isBounded ? keep(resources, part) : unknown(`${name} could not be read: the EHR gave only the first page`);
  }

  if (strays.size > 0 && types.some((type) => strays.has(type))) return types.flatMap((type) => strays.get(type) ?? []);

  const { server } = request;
  if (!server) return unknown(`${name} could not be read: the EHR did not send them`);
  const url = template.replaceAll('{{context.patientId}}', encodeURIComponent(patientId));
  if (!url.includes('?')) return server.read(url).then((read) => keep(isUnknown(read) ? read : [read], part));
  return server.search(url, wanted).then((found) => keep(found, part));
}

/** Only what belongs to the part; junk in a Bundle is no reason to lose the rest of it. */
function keep(held: Resource[] | Unknown, part: ChartPart): Resource[] | Unknown {
  if (isUnknown(held)) return unknown(`${partNames[part]} could not be read: ${held.unknown}`);
  const { types } = partDefinitions[part];
  return held.every(({ resourceType }) => types.includes(resourceType))
    ? held
    : held.filter(({ resourceType }) => types.includes(resourceType));
}

/** How many of the newest a bounded part asks for. */
const partLimits = Object.fromEntries(
  chartParts.map((part) => [part, Number(/_count=(\d+)/.exec(partDefinitions[part].template)?.[1] ?? 200)]),
) as Record<ChartPart, number>;

/**
 * Clients that could not be configured with our keys send what they have under their own. A key that is none of ours is read
 * by what it holds.
 */
function strayResources(prefetch: Json): Map<string, Resource[]> {
  const strays = new Map<string, Resource[]>();
  for (const key in prefetch) {
    const given = prefetch[key];
    if (key in partDefinitions || !isObject(given)) continue;
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
  const { id, subject, patient } = resource as unknown as Json;
  if (resource.resourceType === 'Patient') return id !== undefined && id !== patientId;
  const pointer = isObject(subject) ? subject.reference : isObject(patient) ? patient.reference : undefined;
  if (typeof pointer !== 'string' || pointer === `Patient/${patientId}`) return false;
  const reference = referenceOf(pointer);
  return reference?.startsWith('Patient/') === true && reference !== `Patient/${patientId}`;
}

/** Every resource that the hook's context holds as an order, an appointment, a refill or a new entry. */
function draftsOf(context: Json): Resource[] {
  const drafts: Resource[] = [];
  for (const key of ['draftOrders', 'orders', 'medications', 'appointments', 'conditions', 'allergyIntolerance']) {
    const given = context[key];
    if (Array.isArray(given))
      drafts.push(
        ...(given
          .filter(isObject)
          .map((entry) => (isObject(entry.resource) ? entry.resource : entry)) as unknown as Resource[]),
      );
    else if (isObject(given) && given.resourceType === 'Bundle') {
      drafts.push(
        ...(list(given.entry)
          .map(({ resource }) => resource)
          .filter(isObject) as unknown as Resource[]),
      );
    } else if (isObject(given)) drafts.push((isObject(given.resource) ? given.resource : given) as unknown as Resource);
  }
  return drafts.filter((resource) => typeof resource.resourceType === 'string');
}

/** Medications of a Bundle that its orders know by the entry's `urn:uuid:` only. */
function* medicationsByUrl(bundle: unknown): Generator<[string, Resource]> {
  for (const { fullUrl, resource } of list(object(bundle)?.entry)) {
    if (typeof fullUrl === 'string' && isObject(resource) && resource.resourceType === 'Medication')
      yield [fullUrl, resource as unknown as Resource];
  }
}

/** The orders an order-dispatch names, from the chart or the server, and those that cannot be had. */
async function dispatchedOf(
  { context, server }: ChartRequest,
  parts: ChartSource['parts'],
  drafts: Resource[],
): Promise<{ orders: Resource[]; notRead: string[] }> {
  if (!Array.isArray(context.dispatchedOrders)) return { orders: [], notRead: [] };
  const held = [...drafts, ...Object.values(parts).flatMap((part) => (part && !isUnknown(part) ? part : []))];
  const named = [
    ...new Set(context.dispatchedOrders.map(referenceOf).filter((reference) => reference !== undefined)),
  ].slice(0, 20);
  const found = await Promise.all(
    named.map(async (reference) => {
      const known = held.find((resource) => referenceTo(resource) === reference);
      const read =
        known ?? (/^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(reference) ? await server?.read(reference) : undefined);
      return read && !isUnknown(read) ? read : undefined;
    }),
  );
  return {
    orders: found.filter((resource) => resource !== undefined).filter((resource) => !drafts.includes(resource)),
    notRead: named.filter((_, place) => !found[place]),
  };
}

/** What the clinician is choosing. A client whose selections name none of its drafts is taken to mean all of them. */
function selectionsOf(context: Json, drafts: Resource[]): string[] {
  const given = context.selections;
  if (!Array.isArray(given)) return [];
  const named = given.map((entry) => referenceOf(entry)).filter((entry) => entry !== undefined);
  return named.some((reference) =>
    drafts.some((draft, place) => referenceTo(draft, `draft-${place + 1}`) === reference),
  )
    ? named
    : [];
}

/** Medications that orders only point to, where the server can be asked. At most twenty: the rest stay unnamed and are said to be. */
async function fetchReferencedMedications(
  parts: ChartSource['parts'],
  drafts: Resource[],
  referenced: Map<string, Resource>,
  server: FhirServer,
): Promise<void> {
  const orders = [
    ...drafts,
    ...(['medications', 'pastMedications', 'statements'] as const).flatMap((part) => {
      const held = parts[part];
      return held && !isUnknown(held) ? held : [];
    }),
  ];
  const missing = new Set<string>();
  for (const order of orders) {
    const json = order as unknown as Json;
    if (json.medicationCodeableConcept) continue;
    const reference = referenceOf(medicationPointer(json));
    if (reference?.startsWith('Medication/') && !referenced.has(reference)) missing.add(reference);
  }
  await Promise.all(
    [...missing].slice(0, 20).map(async (reference) => {
      const read = await server.read(reference);
      if (!isUnknown(read)) referenced.set(reference, read);
    }),
  );
}

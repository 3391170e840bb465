// The panel's window on the EHR's FHIR server: reading only, this patient only, a page or three at most.
import type { Platform } from '../platform.ts';
import { EhrError, fetchJson, type RegisteredEhr } from './ehr.ts';
import type { SessionContent } from './session.ts';

export type Resource = Record<string, unknown> & { resourceType?: string; id?: string };

/** Where each type that the panel may show names its patient. */
const patientField: Record<string, string> = {
  Patient: 'id',
  AllergyIntolerance: 'patient',
  Appointment: 'participant',
  Condition: 'subject',
  DiagnosticReport: 'subject',
  DocumentReference: 'subject',
  Encounter: 'subject',
  Immunization: 'patient',
  MedicationRequest: 'subject',
  MedicationStatement: 'subject',
  Observation: 'subject',
  Procedure: 'subject',
  QuestionnaireResponse: 'subject',
  ServiceRequest: 'subject',
};

const searchParameters = new Set(['code', 'category', 'status', 'date', '_count', '_sort']);
const pageLimit = 3;
const entryLimit = 500;

export const mayRead = (type: string) => Object.hasOwn(patientField, type);

export function isOfPatient(resource: Resource, session: SessionContent): boolean {
  const field = patientField[resource.resourceType ?? ''];
  if (field === undefined) return false;
  if (field === 'id') return resource.id === session.patient;
  const named =
    field === 'participant'
      ? (resource.participant as { actor?: unknown }[] | undefined)?.map((one) => one?.actor)
      : [resource[field]];
  const own = [`Patient/${session.patient}`, `${session.iss}/Patient/${session.patient}`];
  return (
    Array.isArray(named) &&
    named.some((one) =>
      own.includes(String((one as { reference?: unknown } | undefined)?.reference).replace(/\/_history\/.*$/, '')),
    )
  );
}

const authorized = (session: SessionContent) => ({
  headers: { accept: 'application/fhir+json', authorization: `Bearer ${session.access_token}` },
});

export async function readResource(
  platform: Platform,
  ehr: RegisteredEhr,
  session: SessionContent,
  type: string,
  id: string,
): Promise<Resource> {
  return fetchJson(platform, ehr, `${session.iss}/${type}/${encodeURIComponent(id)}`, authorized(session));
}

/** Searches within the patient's compartment; follows `next` on the same server, and drops whatever is not this patient's. */
export async function searchResources(
  platform: Platform,
  ehr: RegisteredEhr,
  session: SessionContent,
  type: string,
  asked: URLSearchParams,
): Promise<{ resources: Resource[]; isComplete: boolean }> {
  const query = new URLSearchParams({ patient: session.patient });
  for (const [name, value] of asked) if (searchParameters.has(name)) query.append(name, value);
  query.set('_count', String(Math.min(Math.max(Number(query.get('_count')) || 100, 1), 200)));
  const resources: Resource[] = [];
  const seen = new Set<string>();
  let next: string | undefined = `${session.iss}/${type}?${query}`;
  while (next && seen.size < pageLimit && !seen.has(next) && resources.length < entryLimit) {
    seen.add(next);
    const page: Record<string, unknown> = await fetchJson(platform, ehr, next, authorized(session));
    if (page.resourceType !== 'Bundle')
      throw new EhrError('The EHR answered a search with something that is not a Bundle.');
    for (const entry of Array.isArray(page.entry) ? page.entry : []) {
      const resource = (entry as { resource?: Resource } | null)?.resource;
      if (resource?.resourceType === type && isOfPatient(resource, session)) resources.push(resource);
    }
    const links = Array.isArray(page.link) ? (page.link as { relation?: string; url?: string }[]) : [];
    const url = links.find((link) => link?.relation === 'next')?.url;
    next = url && URL.canParse(url, `${session.iss}/`) ? new URL(url, `${session.iss}/`).href : undefined;
    // The token goes to the FHIR base and nowhere else, whatever a link says.
    if (next && !next.startsWith(`${session.iss}/`) && !next.startsWith(`${session.iss}?`)) break;
  }
  return { resources, isComplete: !next };
}

// What the page asks of its own server: configuration, worklist, tokens, launch handles, and the chart over FHIR.
import type { Config, Draft, PatientChart, Resource, Story } from './types.ts';

interface Token {
  access_token: string;
  expires_in: number;
}

export function createApi(fetch: typeof globalThis.fetch, now: () => number) {
  const kept = new Map<string, { token: Token; until: number }>();

  const post = async <T>(path: string, body: object): Promise<T> => {
    const response = await fetch(`/ehr/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The EHR server answered ${response.status} to ${path}.`);
    return (await response.json()) as T;
  };
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`/ehr/api/${path}`);
    if (!response.ok) throw new Error(`The EHR server answered ${response.status} to ${path}.`);
    return (await response.json()) as T;
  };

  /** A token is used until a minute before its end. */
  async function token<T extends Token>(path: string, body: object): Promise<T> {
    const key = `${path} ${JSON.stringify(body)}`;
    const before = kept.get(key);
    if (before && before.until > now()) return before.token as T;
    const fresh = await post<T>(path, body);
    kept.set(key, { token: fresh, until: now() + (fresh.expires_in - 60) * 1000 });
    return fresh;
  }

  async function fhir(path: string, init: RequestInit = {}): Promise<Resource> {
    const { access_token } = await token('session', {});
    const response = await fetch(`/fhir/R4/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${access_token}`, accept: 'application/fhir+json', ...init.headers },
    });
    if (!response.ok) throw new Error(`The FHIR server answered ${response.status} to ${path.split('?')[0]}.`);
    return (await response.json()) as Resource;
  }

  const list = async (path: string): Promise<Resource[]> =>
    ((await fhir(path)).entry ?? []).map((entry: { resource: Resource }) => entry.resource);

  return {
    fhir,
    config: () => get<Config>('config'),
    stories: async () => (await get<{ stories: Story[] }>('stories')).stories,
    /** Without a patient the token reads every chart: for the worklist. */
    cdsToken: (patient?: string) => token<Token & Record<string, unknown>>('cds-token', { patient }),
    launch: (context: { patient: string; encounter?: string; appContext?: string }) =>
      post<{ launch: string; iss: string; messagingHandle: string }>('launch', context),

    async chart(patientId: string): Promise<PatientChart> {
      const of = `patient=${encodeURIComponent(patientId)}`;
      const [patient, encounters, medications, statements, allergies, problems, labs, vitals] = await Promise.all([
        fhir(`Patient/${encodeURIComponent(patientId)}`),
        list(`Encounter?${of}&status=in-progress&_sort=-date&_count=1`),
        list(`MedicationRequest?${of}&status=active,on-hold&_sort=-authoredon&_count=100`),
        list(`MedicationStatement?${of}&status=active`),
        list(`AllergyIntolerance?${of}`),
        list(`Condition?${of}&clinical-status=active`),
        list(`Observation?${of}&category=laboratory&_sort=-date&_count=200`),
        list(`Observation?${of}&category=vital-signs&_sort=-date&_count=100`),
      ]);
      return { patient, encounter: encounters[0], medications, statements, allergies, problems, labs, vitals };
    },

    /** A signed order goes to the chart: a new one gets its own id, a changed one keeps it. */
    async sign(draft: Draft, at: string): Promise<Resource> {
      const isNew = /^draft-\d+$/.test(draft.id);
      const { id, ...rest } = draft;
      const signed = { ...rest, status: draft.status === 'draft' ? 'active' : draft.status, authoredOn: at };
      const headers = { 'content-type': 'application/fhir+json' };
      return isNew
        ? await fhir(draft.resourceType, { method: 'POST', headers, body: JSON.stringify(signed) })
        : await fhir(`${draft.resourceType}/${encodeURIComponent(id)}`, {
            method: 'PUT',
            headers,
            body: JSON.stringify({ ...signed, id }),
          });
    },
  };
}

export type Api = ReturnType<typeof createApi>;

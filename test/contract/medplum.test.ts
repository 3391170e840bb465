// The prefetch contract on a FHIR server that is not ours: the same record gives the same cards, whichever way it came.

import type { Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { sandboxResources } from '../../src/sandbox/patients/index.ts';
import { now, type TestApp, testApp } from '../support/app.ts';
import { medplumServer } from '../support/medplum-server.ts';
import { drafts, ibuprofen } from '../support/requests.ts';

type Json = Record<string, unknown>;

const people = ['halloran', 'castellanos', 'marchetti', 'okonjo'];
const ofPeople = sandboxResources(now).filter(
  (resource) => resource.resourceType === 'Medication' || people.includes(patientOf(resource) ?? ''),
);

function patientOf(resource: Resource): string | undefined {
  if (resource.resourceType === 'Patient') return resource.id;
  const { subject, patient } = resource as unknown as {
    subject?: { reference?: string };
    patient?: { reference?: string };
  };
  return (subject?.reference ?? patient?.reference)?.replace('Patient/', '');
}

let server: Awaited<ReturnType<typeof medplumServer>>;
let app: TestApp;
let templates: Record<string, Record<string, string>>;
beforeAll(async () => {
  server = await medplumServer(ofPeople);
  app = testApp({ env: { TRUSTED_FHIR_SERVERS: server.url, CHART_DEADLINE_MS: '30000' } });
  const { services } = (await (await app.get('/cds-services')).json()) as {
    services: { id: string; prefetch: Record<string, string> }[];
  };
  templates = Object.fromEntries(services.map(({ id, prefetch }) => [id, prefetch]));
});
afterAll(() => server.close());

/** What a client would put there, by its own reading of the templates: plain filters over the resources. */
function prefetchOf(service: string, person: string): Json {
  return Object.fromEntries(
    Object.entries(templates[service]!).map(([key, template]) => {
      const [type, query] = template.split('?');
      if (!query)
        return [key, ofPeople.find((resource) => resource.resourceType === 'Patient' && resource.id === person)];
      const wanted = new URLSearchParams(query);
      const found = ofPeople.filter((resource) => {
        const json = resource as unknown as Json;
        return (
          resource.resourceType === type &&
          patientOf(resource) === person &&
          (!wanted.has('status') || wanted.get('status')!.split(',').includes(String(json.status))) &&
          (!wanted.has('category') || JSON.stringify(json.category ?? '').includes(`"${wanted.get('category')}"`))
        );
      });
      return [key, { resourceType: 'Bundle', type: 'searchset', entry: found.map((resource) => ({ resource })) }];
    }),
  );
}

const access = (slash = '') => ({
  fhirServer: `${server.url}${slash}`,
  fhirAuthorization: {
    access_token: 'secret',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'patient/*.rs',
    subject: 'curbside',
  },
});
const request = (hook: string, person: string, given: Json): Json => ({
  hook,
  hookInstance: crypto.randomUUID(),
  context: {
    userId: 'Practitioner/dr',
    patientId: person,
    ...(hook === 'order-sign' && { draftOrders: drafts(ibuprofen({ subject: { reference: `Patient/${person}` } })) }),
  },
  ...given,
});
async function told(service: string, body: Json) {
  const answer = await app.post(`/cds-services/${service}`, body);
  const read = (await answer.json()) as CdsResponse;
  expect(answer.status, JSON.stringify(read)).toBe(200);
  return read.cards.map(({ summary, indicator, detail }) => ({ summary, indicator, detail }));
}

describe.each(people)('%s', (person) => {
  it.each([
    ['medication-safety', 'order-sign'],
    ['chart-review', 'patient-view'],
  ])(
    'has the same cards of %s by prefetch and from the server',
    async (service, hook) => {
      const byPrefetch = await told(service, request(hook, person, { prefetch: prefetchOf(service, person) }));
      const byServer = await told(service, request(hook, person, access()));
      expect(byServer).toEqual(byPrefetch);
      const { patient, labs: _, ...rest } = prefetchOf(service, person);
      expect(await told(service, request(hook, person, { ...access(), prefetch: { patient, ...rest } }))).toEqual(
        byPrefetch,
      );
    },
    60_000,
  );
});

it('at least one of them has a card, so that equal means something', async () => {
  const all = await Promise.all(
    people.map((person) =>
      told('medication-safety', request('order-sign', person, { prefetch: prefetchOf('medication-safety', person) })),
    ),
  );
  expect(all.flat().length).toBeGreaterThan(0);
});

describe('as Medplum’s own client sends it', () => {
  it('prefetch alone, without fhirServer, with null where it found nothing', async () => {
    const prefetch = Object.fromEntries(
      Object.entries(prefetchOf('medication-safety', 'halloran')).map(([key, value]) => [
        key,
        (value as { entry?: unknown[] }).entry?.length === 0 ? null : value,
      ]),
    );
    expect(Object.values(prefetch)).toContain(null);
    expect(await told('medication-safety', request('order-sign', 'halloran', { prefetch }))).toEqual(
      await told(
        'medication-safety',
        request('order-sign', 'halloran', { prefetch: prefetchOf('medication-safety', 'halloran') }),
      ),
    );
  });
  it('a slash at the end of the server’s address is the same server', async () => {
    expect(await told('chart-review', request('patient-view', 'okonjo', access('/')))).toEqual(
      await told('chart-review', request('patient-view', 'okonjo', access())),
    );
  }, 60_000);
  it('lists come without a total and are read all the same', async () => {
    const bundle = (await (
      await fetch(`${server.url}/MedicationRequest?patient=halloran&status=active,on-hold`)
    ).json()) as Json & { entry: unknown[] };
    expect(bundle.total).toBeUndefined();
    expect(bundle.entry.length).toBeGreaterThan(0);
  });
});

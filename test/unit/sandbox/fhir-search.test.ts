import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Access } from '../../../src/sandbox/fhir/access.ts';
import { createSandboxFhir } from '../../../src/sandbox/fhir/server.ts';
import { rangeOf } from '../../../src/sandbox/fhir/values.ts';
import { ehrOrigin, fhir, start, testSandbox } from './support.ts';

const observation = (id: string, more: object) =>
  ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }], text: 'Potassium' },
    subject: { reference: 'Patient/a' },
    ...more,
  }) as Resource;
const lab = [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
];
const resources: Resource[] = [
  {
    resourceType: 'Patient',
    id: 'a',
    name: [{ family: 'Ångström', given: ['Test'] }],
    identifier: [{ system: 'urn:mrn', value: '1' }],
    birthDate: '1950-06-15',
  },
  { resourceType: 'Patient', id: 'b', name: [{ text: 'Other, Test' }] },
  observation('o1', { category: lab, effectiveDateTime: '2026-01-10T08:00:00Z' }),
  observation('o2', { category: lab, effectiveDateTime: '2026-03-10T08:00:00+02:00' }),
  observation('o3', { effectiveDateTime: '2026-02', status: 'entered-in-error' }),
  observation('o4', { subject: { reference: 'Patient/b' }, effectiveDateTime: '2026-01-10' }),
  {
    resourceType: 'Encounter',
    id: 'e',
    status: 'in-progress',
    class: { system: 'urn:c', code: 'AMB' },
    subject: { reference: 'Patient/a' },
    period: { start: '2026-05-01' },
  },
  { resourceType: 'Medication', id: 'm', code: { text: 'warfarin' } },
  {
    resourceType: 'MedicationRequest',
    id: 'r',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/a' },
    medicationReference: { reference: 'Medication/m' },
  },
  {
    resourceType: 'Appointment',
    id: 'ap',
    status: 'booked',
    participant: [{ status: 'accepted', actor: { reference: `${fhir}/Patient/a` } }],
  },
];
const app = createSandboxFhir({
  now: () => start,
  uuid: () => crypto.randomUUID(),
  baseUrl: fhir,
  resources: () => resources,
  bearerCheck: async () => new Access('user/*.cruds'),
});
const server = { request: (path: string, init?: RequestInit) => app.request(`${path}`, init) };
const found = async (path: string): Promise<string[]> => {
  const response = await server.request(`/${path}`);
  expect(response.status, path).toBe(200);
  return (((await response.json()) as Bundle).entry ?? []).map(({ resource }) => resource!.id!);
};

describe('FHIR search', () => {
  it.each<[string, string[]]>([
    ['Observation?patient=a', ['o1', 'o2', 'o3']],
    ['Observation?patient=Patient/a', ['o1', 'o2', 'o3']],
    ['Observation?subject=Patient/a', ['o1', 'o2', 'o3']],
    ['Observation?subject:Patient=a', ['o1', 'o2', 'o3']],
    ['Observation?patient=a,b', ['o1', 'o2', 'o3', 'o4']],
    ['Observation?patient=nobody', []],
    ['Observation?status=final,amended&patient=a', ['o1', 'o2']],
    ['Observation?status:not=entered-in-error&patient=a', ['o1', 'o2']],
    ['Observation?category=laboratory', ['o1', 'o2']],
    ['Observation?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory', ['o1', 'o2']],
    ['Observation?category:missing=true&patient=a', ['o3']],
    ['Observation?code=http://loinc.org|2823-3&patient=b', ['o4']],
    ['Observation?code=urn:other|2823-3', []],
    ['Observation?code=2823-3,2160-0&patient=b', ['o4']],
    ['Observation?code:text=potass&patient=b', ['o4']],
    ['Observation?patient=a&date=2026-01-10', ['o1']],
    ['Observation?patient=a&date=ge2026-02-01', ['o2', 'o3']],
    ['Observation?patient=a&date=gt2026-02', ['o2']],
    ['Observation?patient=a&date=lt2026-02', ['o1']],
    ['Observation?patient=a&date=le2026-02', ['o1', 'o3']],
    ['Observation?patient=a&date=ne2026-01-10', ['o2', 'o3']],
    ['Observation?patient=a&date=ge2026-01-01&date=lt2026-02-01', ['o1']],
    ['Observation?patient=a&date=2026-03-10T06:00:00Z', ['o2']],
    ['Observation?patient=a&_sort=-date', ['o2', 'o3', 'o1']],
    ['Observation?patient=a&_sort=status,date', ['o3', 'o1', 'o2']],
    ['Observation?_id=o1,o4', ['o1', 'o4']],
    ['Patient?name=angstr', ['a']],
    ['Patient?name:exact=Ångström', ['a']],
    ['Patient?identifier=urn:mrn|1', ['a']],
    ['Patient?identifier=1', ['a']],
    ['Patient?birthdate=lt1960', ['a']],
    ['Patient?_id=b', ['b']],
    ['Encounter?class=AMB&date=ge2026-06-01', ['e']],
    ['MedicationRequest?intent=order&patient=a', ['r']],
    ['MedicationRequest?patient=a&_include=MedicationRequest:medication', ['r', 'm']],
    ['Appointment?patient=a', ['ap']],
  ])('answers %s', async (path, ids) => {
    expect((await found(path)).sort()).toEqual([...ids].sort());
    if (path.includes('_sort')) expect(await found(path)).toEqual(ids);
  });

  it('takes the same search as a form post', async () => {
    const response = await server.request('/Observation/_search', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'patient=a&status=final',
    });
    expect(((await response.json()) as Bundle).total).toBe(2);
  });

  it.each([
    'Observation?colour=red',
    'Observation?patient.name=x',
    'Observation?code:in=x',
    'Observation?_revinclude=x',
    'Observation?date=yesterday',
    'Observation?_sort=colour',
    'Observation?_count=-1',
    'Observation?_page=x',
    'Observation?patient=',
    'Observation?__proto__=x',
    'Observation?constructor=x',
  ])('refuses %s with 400 instead of finding nothing', async (path) => {
    const response = await server.request(`/${path}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as OperationOutcome).resourceType).toBe('OperationOutcome');
  });

  it('names the unknown parameter and lists the known ones', async () => {
    const body = (await (await server.request('/Observation?colour=red')).json()) as OperationOutcome;
    expect(body.issue[0]!.diagnostics).toContain('"colour"');
    expect(body.issue[0]!.diagnostics).toContain('patient, subject');
  });

  it('pages by opaque next links on its own base and loses nothing', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/Observation?_count=1&_sort=date';
    for (let pages = 0; next && pages < 10; pages++) {
      const bundle = (await (await server.request(next)).json()) as Bundle;
      seen.push(...bundle.entry!.map(({ resource }) => resource!.id!));
      const link: string | undefined = bundle.link!.find(({ relation }) => relation === 'next')?.url;
      expect(link ?? `${fhir}/`).toMatch(new RegExp(`^${fhir}/`));
      next = link?.slice(fhir.length);
    }
    expect(seen.sort()).toEqual(['o1', 'o2', 'o3', 'o4']);
  });

  it('counts without sending, and leaves the total out when asked', async () => {
    const count = (await (await server.request('/Observation?_summary=count')).json()) as Bundle;
    expect(count).toMatchObject({ total: 4 });
    expect(count.entry).toBeUndefined();
    expect(((await (await server.request('/Observation?_total=none')).json()) as Bundle).total).toBeUndefined();
  });

  it('promises in /metadata no more than it serves', async () => {
    const statement = (await (await server.request('/metadata')).json()) as {
      rest: { resource: { type: string; searchParam: { name: string; type: string }[] }[] }[];
    };
    for (const { type, searchParam } of statement.rest[0]!.resource) {
      for (const { name, type: kind } of searchParam) {
        const value = kind === 'date' ? '2026' : 'x';
        expect((await server.request(`/${type}?${name}=${value}`)).status, `${type}?${name}`).toBe(200);
      }
    }
  });

  it('reads any date as a span that holds its own beginning', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.constantFrom(4, 7, 10, 19, 24),
        (date, length) => {
          const text = date.toISOString();
          const range = rangeOf(length === 24 ? text : `${text.slice(0, length)}${length === 19 ? 'Z' : ''}`)!;
          return range.low <= date.getTime() && date.getTime() <= range.high;
        },
      ),
    );
  });

  it('never fails on whatever stands in a query', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('code', 'date', 'patient', '_sort', '_count', '_page', '_include', 'status:not', 'identifier'),
        fc.oneof(fc.string(), fc.constantFrom('toString', '-constructor', '__proto__', 'Observation:valueOf')),
        async (name, value) => {
          const response = await server.request(`/Observation?${name}=${encodeURIComponent(value)}`);
          return [200, 400].includes(response.status);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('FHIR reads and writes', () => {
  let sandbox: ReturnType<typeof testSandbox>;
  let reader: string;
  let writer: string;
  const ask = async (path: string, token: string, init: RequestInit = {}) =>
    await sandbox.request(`/fhir/R4/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });
  const send = (body: object, method = 'POST'): RequestInit => ({
    method,
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify(body),
  });
  const order = {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/everly' },
    medicationCodeableConcept: { text: 'x' },
  };

  beforeAll(async () => {
    sandbox = testSandbox();
    reader = await sandbox.token({ patient: 'halloran' });
    writer = await sandbox.session();
  });

  it('says application/fhir+json and answers other origins', async () => {
    const response = await ask('Patient/halloran', reader, { headers: { origin: 'https://app.example' } });
    expect(response.headers.get('content-type')).toBe('application/fhir+json');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('asks for a token with 401 and WWW-Authenticate', async () => {
    const response = await sandbox.request('/fhir/R4/Patient/halloran');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect((await ask('Patient/halloran', 'not-a-token')).headers.get('www-authenticate')).toContain('invalid_token');
  });

  it.each<[string, number]>([
    ['Patient/halloran', 200],
    ['Practitioner/okafor', 200],
    ['Patient/everly', 403],
    ['Observation/everly-potassium', 403],
    ['Observation?patient=everly', 403],
    ['Patient/nobody', 404],
    ['Basic?code=x', 404],
    ['Patient/halloran/_history', 404],
  ])('keeps a token to its patient: %s is %i', async (path, status) => {
    expect((await ask(path, reader)).status).toBe(status);
  });

  it('finds only its own patient when the search names none', async () => {
    const bundle = (await (await ask('Observation?_count=500', reader)).json()) as Bundle;
    const subjects = new Set(
      bundle.entry!.map(({ resource }) => (resource as { subject: { reference: string } }).subject.reference),
    );
    expect([...subjects]).toEqual(['Patient/halloran']);
  });

  it('does not let a read token write', async () => {
    expect(
      (await ask('MedicationRequest', reader, send({ ...order, subject: { reference: 'Patient/halloran' } }))).status,
    ).toBe(403);
  });

  it('stores, changes and deletes an order, and remembers that it is gone', async () => {
    const created = await ask('MedicationRequest', writer, send(order));
    expect(created.status).toBe(201);
    const { id } = (await created.json()) as { id: string };
    expect(created.headers.get('location')).toBe(`${ehrOrigin}/fhir/R4/MedicationRequest/${id}`);
    expect(
      (await ask(`MedicationRequest/${id}`, writer, send({ ...order, id, status: 'stopped' }, 'PUT'))).status,
    ).toBe(200);
    expect(await (await ask(`MedicationRequest/${id}`, writer)).json()).toMatchObject({ status: 'stopped' });
    expect(
      ((await (await ask('MedicationRequest?patient=everly&status=stopped', writer)).json()) as Bundle).total,
    ).toBe(1);
    expect((await ask(`MedicationRequest/${id}`, writer, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(`MedicationRequest/${id}`, writer)).status).toBe(410);
  });

  it.each<[string, RequestInit, number]>([
    ['MedicationRequest', { method: 'POST', headers: { 'content-type': 'application/fhir+json' }, body: '{' }, 400],
    ['MedicationRequest', send({ ...order, resourceType: 'Patient' }), 400],
    ['MedicationRequest', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
    ['MedicationRequest', send({ ...order, subject: { reference: 'Patient/nobody' } }), 422],
    ['MedicationRequest/one', send({ ...order, id: 'two' }, 'PUT'), 400],
    ['MedicationRequest/one', { method: 'PATCH' }, 405],
    ['MedicationRequest', { method: 'DELETE' }, 405],
    ['Patient/halloran', { headers: { accept: 'application/fhir+xml' } }, 406],
  ])('refuses a wrong %s with an OperationOutcome', async (path, init, status) => {
    const response = await ask(path, writer, init);
    expect(response.status).toBe(status);
    expect(((await response.json()) as OperationOutcome).resourceType).toBe('OperationOutcome');
  });

  it('keeps the charts fresh: after a day this morning is this morning again', async () => {
    const newest = async () =>
      (
        (await (
          await ask('Observation?patient=halloran&_sort=-date&_count=1', await sandbox.token())
        ).json()) as Bundle<import('@medplum/fhirtypes').Observation>
      ).entry![0]!.resource!.effectiveDateTime!;
    const before = await newest();
    sandbox.pass(26 * 3_600_000);
    expect(Date.parse(await newest()) - Date.parse(before)).toBe(26 * 3_600_000);
  });
});

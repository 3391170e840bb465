// Prefetch first, then the FHIR server, and never out of its base.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type FakeFhir, fakeFhir } from '../support/fhir-server.ts';
import { bundle, ibuprofen, medication, orderSign, patient, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;

let fhir: FakeFhir;
let elsewhere: FakeFhir;
let app: TestApp;

beforeEach(async () => {
  fhir = await fakeFhir([patient(), warfarin()]);
  elsewhere = await fakeFhir([]);
  app = testApp({ env: { TRUSTED_FHIR_SERVERS: fhir.url, CHART_DEADLINE_MS: '400' } });
});
afterEach(async () => {
  await fhir.close();
  await elsewhere.close();
});

const access = () => ({
  fhirServer: fhir.url,
  fhirAuthorization: {
    access_token: 'secret-token',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 'user/*.rs',
    subject: 'curbside',
  },
});
const sign = (given: Json = {}, prefetch: Json = {}) => {
  const request = orderSign({ draftOrders: [ibuprofen()], ...given }) as Json & { prefetch: Json };
  request.prefetch = { ...request.prefetch, ...prefetch };
  for (const [key, value] of Object.entries(request.prefetch)) if (value === undefined) delete request.prefetch[key];
  return request;
};
const ask = (request: Json) => app.post('/cds-services/medication-safety', request);
const cardsOf = async (request: Json) => {
  const answer = await ask(request);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as CdsResponse).cards;
};

describe('a chart part', () => {
  it('that came by prefetch is not asked for again', async () => {
    expect(await cardsOf(sign({ medications: [warfarin()], ...access() }))).not.toEqual([]);
    expect(fhir.seen).toEqual([]);
  });

  it('that is null is empty, and not asked for', async () => {
    expect(await cardsOf(sign(access(), { medications: null }))).toEqual([]);
    expect(fhir.seen).toEqual([]);
  });

  it('that was left out is fetched with the token, and gives the same cards', async () => {
    const fetched = await cardsOf(sign(access(), { medications: undefined }));
    const prefetched = await cardsOf(sign({ medications: [warfarin()] }));
    const told = (cards: CdsResponse['cards']) =>
      cards.map(({ summary, indicator, detail }) => [summary, indicator, detail]);
    expect(told(fetched)).toEqual(told(prefetched));
    expect(fhir.seen).toEqual([
      { path: 'MedicationRequest?patient=p1&status=active,on-hold', authorization: 'Bearer secret-token' },
    ]);
  });

  it('that is an OperationOutcome could not be had, and is not asked for', async () => {
    const answer = await ask(
      sign(access(), {
        medications: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] },
      }),
    );
    expect(answer.status).toBe(412);
    expect(fhir.seen).toEqual([]);
  });

  it('that only helps becomes "could not check", not a refusal', async () => {
    const answer = await ask(
      sign(
        { medications: [warfarin()] },
        { labs: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] } },
      ),
    );
    expect(answer.status).toBe(200);
    const { extension } = (await answer.json()) as CdsResponse;
    expect(extension!['org.curbside.response']!.couldNotCheck).toContain(
      'Laboratory results could not be read: the EHR could not give them',
    );
  });

  it('is read page by page', async () => {
    await fhir.close();
    fhir = await fakeFhir([
      patient(),
      medication('m1', '197361', 'amlodipine 5 MG Oral Tablet'),
      medication('m2', '310798', 'hydrochlorothiazide 25 MG Oral Tablet'),
      warfarin(),
    ]);
    fhir.pageSize = 1;
    app = testApp({ env: { TRUSTED_FHIR_SERVERS: fhir.url } });
    expect(await cardsOf(sign(access(), { medications: undefined }))).not.toEqual([]);
    expect(fhir.seen).toHaveLength(3);
  });

  it('whose first page alone came by prefetch is followed on the server, or refused without one', async () => {
    const firstPage = () => ({
      ...bundle(medication('m1', '197361', 'amlodipine 5 MG Oral Tablet')),
      link: [{ relation: 'next', url: `${fhir.url}/MedicationRequest?patient=p1` }],
    });
    expect(await cardsOf(sign(access(), { medications: firstPage() }))).not.toEqual([]);
    expect((await ask(sign({}, { medications: firstPage() }))).status).toBe(412);
  });

  it('of another patient stops the call', async () => {
    expect((await ask(sign({}, { patient: patient({ id: 'p2' }) }))).status).toBe(400);
  });

  it('is read under a key of the client’s own', async () => {
    const request = sign({}, { medications: undefined, theirMeds: bundle(warfarin()) });
    expect(await cardsOf(request)).not.toEqual([]);
  });

  it('that names its drug by reference is asked for the drug', async () => {
    await fhir.close();
    const { medicationCodeableConcept: code, ...order } = warfarin();
    fhir = await fakeFhir([
      patient(),
      { ...order, medicationReference: { reference: 'Medication/w5' } },
      { resourceType: 'Medication', id: 'w5', code },
    ]);
    app = testApp({ env: { TRUSTED_FHIR_SERVERS: fhir.url } });
    expect(await cardsOf(sign(access(), { medications: undefined }))).not.toEqual([]);
    expect(fhir.seen.map(({ path }) => path)).toContain('Medication/w5');
  });
});

describe('a FHIR server that fails is 412 for a required part', () => {
  const json = (status: number, body: unknown) => () =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/fhir+json' } });
  it.each([
    ['401', json(401, {})],
    ['403', json(403, {})],
    ['404', json(404, {})],
    ['500', json(500, { resourceType: 'OperationOutcome' })],
    ['garbage', () => new Response('<html>not FHIR</html>')],
    ['an OperationOutcome with 200', json(200, { resourceType: 'OperationOutcome', issue: [] })],
    ['a bare array', json(200, [])],
    ['null', () => new Response('null')],
    ['nothing', () => new Response('')],
    ['no answer in time', () => new Promise<Response>(() => undefined)],
    [
      'a body that never ends',
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('{"resourceType":')),
          }),
        ),
    ],
    [
      'a redirect elsewhere',
      () => new Response(null, { status: 302, headers: { location: `${elsewhere.url}/MedicationRequest` } }),
    ],
    [
      'a next link elsewhere',
      () => Response.json({ ...bundle(), link: [{ relation: 'next', url: `${elsewhere.url}/MedicationRequest` }] }),
    ],
    [
      'a next link that looks like ours',
      () => Response.json({ ...bundle(), link: [{ relation: 'next', url: `${fhir.url}-evil/MedicationRequest` }] }),
    ],
    [
      'a next link out of the base',
      () => Response.json({ ...bundle(), link: [{ relation: 'next', url: `${fhir.url}/../admin` }] }),
    ],
    [
      'a next link that goes in circles',
      (path: string) => Response.json({ ...bundle(), link: [{ relation: 'next', url: `${fhir.url}/${path}` }] }),
    ],
  ])('%s', async (_, answer) => {
    fhir.misbehave('MedicationRequest?patient=p1&status=active', answer);
    const refused = await ask(sign(access(), { medications: undefined }));
    expect(refused.status).toBe(412);
    const outcome = (await refused.json()) as { resourceType: string; issue: { diagnostics: string }[] };
    expect(outcome.resourceType).toBe('OperationOutcome');
    expect(outcome.issue[0]!.diagnostics).toContain('medications');
    expect(JSON.stringify(outcome)).not.toContain('secret-token');
    expect(elsewhere.seen).toEqual([]);
  });

  it('nothing listening', async () => {
    await fhir.close();
    expect((await ask(sign(access(), { medications: undefined }))).status).toBe(412);
    fhir = await fakeFhir([]);
  });
});

describe('a FHIR server that is not trusted', () => {
  it.each([
    ['another host', (url: string) => url.replace('127.0.0.1', 'localhost')],
    ['a longer path', (url: string) => `${url}/deeper`],
    ['a user in the URL', (url: string) => url.replace('http://', 'http://user@')],
    ['another scheme', () => 'file:///etc/passwd'],
    ['no URL', () => 'not a url'],
  ])('is refused and never called: %s', async (_, spell) => {
    const answer = await ask(sign({ ...access(), fhirServer: spell(fhir.url) }, { medications: undefined }));
    expect(answer.status).toBe(400);
    expect(fhir.seen).toEqual([]);
  });

  it('is the same with a slash at its end', async () => {
    expect((await ask(sign({ ...access(), fhirServer: `${fhir.url}/` }, { medications: undefined }))).status).toBe(200);
  });
});

it('never logs the token, a name or a birth date', async () => {
  fhir.misbehave('Patient', () => new Response('boom', { status: 500 }));
  await ask(
    sign(
      { ...access(), medications: [warfarin()] },
      { patient: patient({ name: [{ family: 'Quillfeather' }], birthDate: '1952-03-09' }) },
    ),
  );
  await ask(sign(access(), { patient: undefined, medications: undefined }));
  const logged = JSON.stringify(app.logs);
  expect(logged).not.toMatch(/secret-token|Quillfeather|1952-03-09/);
});

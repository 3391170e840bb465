// Where we may call: spellings, references, links and redirects that would lead out of what the site configured.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { type FakeFhir, fakeFhir } from '../support/fhir-server.ts';
import { bundle, ibuprofen, medication, orderSign, patient, patientView, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;
const base = 'http://127.0.0.1:8089/fhir';
const authorization = {
  access_token: 'secret-token',
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'user/*.rs',
  subject: 'x',
};

const spellings = [
  ['decimal', 'http://2130706433:8089/fhir'],
  ['octal', 'http://0177.0.0.1:8089/fhir'],
  ['hexadecimal', 'http://0x7f000001:8089/fhir'],
  ['hexadecimal steps', 'http://0x7f.0x0.0x0.0x1:8089/fhir'],
  ['short', 'http://127.1:8089/fhir'],
  ['with a zero before', 'http://127.0.0.01:8089/fhir'],
  ['IPv6', 'http://[::1]:8089/fhir'],
  ['IPv4 in IPv6', 'http://[::ffff:127.0.0.1]:8089/fhir'],
  ['IPv4 in IPv6, hexadecimal', 'http://[::ffff:7f00:1]:8089/fhir'],
  ['NAT64', 'http://[64:ff9b::7f00:1]:8089/fhir'],
  ['unspecified', 'http://0.0.0.0:8089/fhir'],
  ['a name for it', 'http://localhost:8089/fhir'],
  ['a public name for it', 'http://127.0.0.1.nip.io:8089/fhir'],
  ['a dot at the end', 'http://127.0.0.1.:8089/fhir'],
  ['full-width digits', 'http://１２７.０.０.１:8089/fhir'],
  ['ideographic dots', 'http://127。0。0。1:8089/fhir'],
  ['circled digits', 'http://①②⑦.⓪.⓪.①:8089/fhir'],
  ['a user', 'http://127.0.0.1:8089@attacker.example/fhir'],
  ['a user before it', 'http://attacker.example@127.0.0.1:8089/fhir'],
  ['a backslash', 'http://attacker.example\\@127.0.0.1:8089/fhir'],
  ['backslashes for slashes', 'http:\\\\127.0.0.1:8089\\fhir'],
  ['a fragment', 'http://attacker.example#http://127.0.0.1:8089/fhir'],
  ['a fragment behind it', `${base}#@attacker.example`],
  ['a query', `http://attacker.example/?${base}`],
  ['a query behind it', `${base}?redirect=http://attacker.example`],
  ['another port', 'http://127.0.0.1:80/fhir'],
  ['two ports', 'http://127.0.0.1:8089:80/fhir'],
  ['a port with zeros', 'http://127.0.0.1:08089/fhir'],
  ['no port', 'http://127.0.0.1/fhir'],
  ['another scheme', 'https://127.0.0.1:8089/fhir'],
  ['a scheme in capitals', 'HTTP://127.0.0.1:8089/fhir'],
  ['no scheme', '//127.0.0.1:8089/fhir'],
  ['one slash', 'http:/127.0.0.1:8089/fhir'],
  ['a step up', `${base}/../admin`],
  ['a step up, encoded', `${base}/%2e%2e/admin`],
  ['a step that does nothing', 'http://127.0.0.1:8089/./fhir'],
  ['a letter encoded', 'http://127.0.0.1:8089/%66hir'],
  ['another case', 'http://127.0.0.1:8089/FHIR'],
  ['a prefix', `${base}-attacker`],
  ['a host that begins like it', 'http://127.0.0.1.attacker.example:8089/fhir'],
  ['a space before', ` ${base}`],
  ['a space behind', `${base} `],
  ['a tab inside', 'http://127.0.0.1:80\t89/fhir'],
  ['a line break', `${base}\r\nHost: attacker.example`],
  ['a zero byte', `${base}\u0000`],
  ['the cloud’s metadata', 'http://169.254.169.254/latest/meta-data/'],
  ['the cloud’s metadata, IPv6', 'http://[fd00:ec2::254]/latest/meta-data/'],
  ['a file', 'file:///etc/passwd'],
  ['gopher', 'gopher://127.0.0.1:8089/_GET'],
  ['data', 'data:application/fhir+json,{}'],
  ['ourselves', 'http://127.0.0.1:8787/audit'],
] as const;

describe('a fhirServer that is not spelt as the site spells it is refused, and nobody is called', () => {
  const app = testApp({ env: { TRUSTED_FHIR_SERVERS: base } });
  afterEach(() => void vi.restoreAllMocks());

  it.each(spellings)('%s', async (_, fhirServer) => {
    const called = vi.spyOn(globalThis, 'fetch');
    const changes = [{ do: 'stop', medication: { reference: 'MedicationRequest/m-warfarin' } }];
    const chart = { ...orderSign({ draftOrders: [ibuprofen()] }), fhirServer, fhirAuthorization: authorization };
    delete (chart as unknown as { prefetch: Json }).prefetch.medications;
    for (const [path, body] of [
      ['/cds-services/medication-safety', chart],
      ['/consult', { ...patientView(), fhirServer }],
      ['/what-if', { ...chart, changes }],
      ['/calculators/ckd_epi_2021', { ...chart, inputs: {} }],
      ['/audit/replay', { record: 1, request: chart }],
    ] as const) {
      const answer = await app.post(path, body);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.status, path).toBeLessThan(500);
      expect(await answer.text()).not.toContain('secret-token');
    }
    expect(called).not.toHaveBeenCalled();
  });

  it.each([[[base]], [{ url: base }], [42], [true]])('%j', async (fhirServer) => {
    expect((await app.post('/cds-services/medication-safety', { ...orderSign({}), fhirServer })).status).toBe(400);
  });
});

describe('a trusted server that points elsewhere', () => {
  let fhir: FakeFhir;
  let elsewhere: FakeFhir;
  let app: TestApp;
  beforeEach(async () => {
    [fhir, elsewhere] = await Promise.all([fakeFhir([patient(), warfarin()]), fakeFhir([patient(), warfarin()])]);
    app = testApp({ env: { TRUSTED_FHIR_SERVERS: fhir.url, CHART_DEADLINE_MS: '2000' } });
  });
  afterEach(() => Promise.all([fhir.close(), elsewhere.close()]));
  const ask = (given: { draftOrders?: Json[]; context?: Json } = {}) => {
    const { context = {}, ...rest } = given;
    const request = {
      ...orderSign({ draftOrders: [ibuprofen()], ...rest }),
      fhirServer: fhir.url,
      fhirAuthorization: authorization,
    } as unknown as { prefetch: Json; context: Json };
    delete request.prefetch.medications;
    Object.assign(request.context, context);
    return app.post('/cds-services/medication-safety', request);
  };

  it.each([301, 302, 303, 307, 308])('by a %i is not followed, with or without the token', async (status) => {
    for (const location of [
      `${elsewhere.url}/MedicationRequest`,
      elsewhere.url.replace('http:', ''),
      `${fhir.url}/../outside`,
      `${fhir.url}/Patient/p1`,
    ]) {
      fhir.misbehave('MedicationRequest', () => new Response(null, { status, headers: { location } }));
      expect((await ask()).status).toBe(412);
    }
    expect(elsewhere.seen).toEqual([]);
    expect(fhir.seen.every(({ path }) => path.startsWith('MedicationRequest') || !path.includes('outside'))).toBe(true);
  });

  it('by a link to its next page is not followed', async () => {
    const { host } = new URL(fhir.url);
    for (const next of [
      `${elsewhere.url}/MedicationRequest?page=2`,
      elsewhere.url.replace('http:', ''),
      `http://user:password@${host}/fhir/MedicationRequest?page=2`,
      `http://${host}@attacker.example/fhir`,
      `http://${host}\\@attacker.example/fhir`,
      `${fhir.url}/%2e%2e/outside`,
      `${fhir.url}/..%2foutside/../../outside`,
      `${fhir.url}-outside/MedicationRequest`,
      '/outside',
      '../outside',
      '\\\\attacker.example\\x',
      'javascript:alert(1)',
      'file:///etc/passwd',
      `http://${host.replace('127.0.0.1', '2130706433')}/outside`,
    ]) {
      fhir.misbehave('MedicationRequest', () =>
        Response.json({ ...bundle(warfarin()), link: [{ relation: 'next', url: next }] }),
      );
      expect((await ask()).status, next).toBe(412);
    }
    expect(elsewhere.seen).toEqual([]);
    expect(fhir.seen.filter(({ path }) => path.includes('outside'))).toEqual([]);
  });

  it('by a reference is read below its own base, or not at all', async () => {
    const pointing = [
      `${elsewhere.url}/Medication/m1`,
      '//attacker.example/Medication/m1',
      'Medication/..',
      'Medication/../../outside',
      'Medication/%2e%2e',
      'Medication/m1?patient=p2',
      'Medication/m1#x',
      'Medication\\..\\..\\outside',
      'Medication/@attacker.example',
      'Medication/.',
    ];
    fhir.misbehave('MedicationRequest', () =>
      Response.json(
        bundle(
          ...pointing.map((reference, place) =>
            medication(`m${place}`, '', '', {
              medicationCodeableConcept: undefined,
              medicationReference: { reference },
            }),
          ),
        ),
      ),
    );
    expect((await ask()).status).toBe(200);
    expect(elsewhere.seen).toEqual([]);
    const read = fhir.seen.map(({ path }) => path).filter((path) => !/^[A-Z]\w+\?|^Patient\/p1$/.test(path));
    expect(read).toEqual(['Medication/m1']);
  });

  it('by an order that is dispatched is read below its own base, or not at all', async () => {
    const request = {
      ...orderSign({}),
      hook: 'order-dispatch',
      fhirServer: fhir.url,
      fhirAuthorization: authorization,
      context: {
        patientId: 'p1',
        dispatchedOrders: [
          `${elsewhere.url}/MedicationRequest/x1`,
          'MedicationRequest/..',
          'MedicationRequest/?patient=p2',
          '../outside/x',
        ],
        performer: 'Organization/o',
      },
    };
    for (const { id, hooks } of (
      (await (await app.get('/cds-services')).json()) as { services: { id: string; hook: string; hooks?: string[] }[] }
    ).services.map(({ id, hook }) => ({ id, hooks: [hook] })))
      if (hooks.includes('order-dispatch')) await app.post(`/cds-services/${id}`, request);
    expect(elsewhere.seen).toEqual([]);
    expect(fhir.seen.map(({ path }) => path).filter((path) => !/^[A-Z]\w+(\?patient=p1|\/x1$)/.test(path))).toEqual([]);
  });
});

describe('a model that points elsewhere', () => {
  it('gets no second prompt there', async () => {
    const app = testApp({
      env: { OPENAI_API_KEY: 'sk-secret', OPENAI_BASE_URL: 'https://model.example.org/v1', OPENAI_MODEL: 'some-model' },
    });
    const called: { host: string; redirect?: string }[] = [];
    app.platform.fetch = async (input, init) => {
      called.push({
        host: new URL(input instanceof Request ? input.url : String(input)).host,
        redirect: init?.redirect,
      });
      return new Response(null, { status: 307, headers: { location: 'https://attacker.example/v1' } });
    };
    await (await app.post('/consult', { ...patientView(), question: 'crushing chest pain for two hours' })).text();
    await app.settled();
    expect(called.length).toBeGreaterThan(0);
    for (const { host, redirect } of called)
      expect({ host, redirect }).toEqual({ host: 'model.example.org', redirect: 'manual' });
  });
});

describe('a trace', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  it('goes along to the EHR, the log and the ledger; what is no trace goes nowhere', async () => {
    const seen: (string | null)[] = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      seen.push(new Headers(input instanceof Request ? input.headers : init?.headers).get('traceparent'));
      return Response.json(bundle(warfarin()));
    });
    const app = testApp({ env: { TRUSTED_FHIR_SERVERS: base } });
    const request = { ...orderSign({ draftOrders: [ibuprofen()] }), fhirServer: base } as unknown as { prefetch: Json };
    delete request.prefetch.medications;
    expect((await app.post('/cds-services/medication-safety', request, { traceparent })).status).toBe(200);
    expect(new Set(seen)).toEqual(new Set([traceparent]));
    expect(app.logs.find(({ event }) => event === 'hook')!.trace).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(await (await app.get('/audit/export')).text()).toContain('0af7651916cd43dd8448eb211c80319c');
    seen.length = 0;
    for (const wrong of [
      'Mrs Quillfeather',
      traceparent.replace(/^00/, 'ff'),
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    ])
      await app.post('/cds-services/medication-safety', request, { traceparent: wrong });
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([null]));
    vi.restoreAllMocks();
  });
});

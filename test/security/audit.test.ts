// Who asked what about whom: in the ledger before the answer leaves, readable by an auditor only, and without a word of PHI.
import { afterEach, describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { Refused } from '../../src/outcome.ts';
import type { Ledger } from '../../src/record/ledger.ts';
import type { LedgerEvent } from '../../src/record/ledger-event.ts';
import { createSeal } from '../../src/smart/seal.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type FakeFhir, fakeFhir } from '../support/fhir-server.ts';
import { ibuprofen, orderSign, patientView, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;
interface AuditBundle {
  link: { relation: string; url: string }[];
  entry: {
    resource: {
      id: string;
      subtype: { code: string }[];
      recorded: string;
      outcome: string;
      entity: { what?: { reference?: string }; name?: string; detail?: { type: string; valueString: string }[] }[];
    };
  }[];
}

const sign = (given: Json = {}) => orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()], ...given });
const token = 'an-auditor-token-of-some-length';

async function events(app: TestApp, path = '/audit/export', headers = {}): Promise<LedgerEvent[]> {
  const text = await (await app.get(path, headers)).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse((JSON.parse(line) as { body: string }).body) as LedgerEvent);
}

describe('the ledger holds', () => {
  it('a hook with its cards: rule, version, tier, indicator', async () => {
    const app = testApp();
    const request = sign();
    const { cards } = (await (await app.post('/cds-services/medication-safety', request)).json()) as CdsResponse;
    const [hook] = await events(app);
    expect(hook).toMatchObject({
      kind: 'hook',
      service: 'medication-safety',
      hook: 'order-sign',
      patient: 'p1',
      user: 'Practitioner/dr',
      instance: request.hookInstance,
      via: 'open',
    });
    const shown = hook!.cards as { uuid: string; rule: string; version: string; tier: string; indicator: string }[];
    expect(shown.map(({ uuid, rule, indicator }) => [uuid, rule, indicator])).toEqual(
      cards.map(({ uuid, indicator, extension }) => [uuid, extension!['org.curbside.card']!.ruleId, indicator]),
    );
    expect(shown[0]!.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('consults, what-ifs, calculations, reasons asked for, feedback and refusals', async () => {
    const app = testApp();
    const { cards } = (await (await app.post('/cds-services/medication-safety', sign())).json()) as CdsResponse;
    await app.get(`/why/${cards[0]!.uuid}`);
    await app.post('/cds-services/medication-safety/feedback', {
      feedback: [
        {
          card: cards[0]!.uuid,
          outcome: 'overridden',
          overrideReason: { reason: { code: 'will-monitor' }, userComment: 'Mrs Quillfeather insists' },
        },
      ],
    });
    await (await app.post('/consult', { ...patientView(), question: 'cough' })).text();
    await app.settled();
    await app.post('/what-if', {
      ...sign(),
      changes: [{ do: 'stop', medication: { reference: 'MedicationRequest/m-warfarin' } }],
    });
    await app.post('/calculators/bsa', { inputs: { weight_kg: 70, height_cm: 170 } });
    const bad = sign() as { prefetch: Json };
    delete bad.prefetch.medications;
    await app.post('/cds-services/medication-safety', bad);
    await app.post('/cds-services/medication-safety', '{');
    const all = await events(app);
    expect(all.map(({ kind }) => kind)).toEqual([
      'hook',
      'why',
      'feedback',
      'consult',
      'consult-end',
      'what-if',
      'calculate',
      'refusal',
      'refusal',
      'audit',
    ]);
    expect(all[2]!.feedback).toEqual([
      {
        card: cards[0]!.uuid,
        outcome: 'overridden',
        at: '2026-11-24T09:00:00.000Z',
        suggestions: [],
        reason: 'will-monitor',
        hasComment: true,
      },
    ]);
    expect(all[4]).toMatchObject({ outcome: 'off' });
    expect(all[7]).toMatchObject({
      status: 412,
      reason: 'required_part_unavailable',
      part: 'medications',
      patient: 'p1',
    });
    expect(all[8]).toMatchObject({ status: 400, reason: 'malformed' });
    expect(((await (await app.get('/audit/verify')).json()) as { ok: boolean }).ok).toBe(true);
  });

  it('a disclosure to a model, before the model hears anything', async () => {
    const app = testApp({
      env: { OPENAI_API_KEY: 'sk-secret', OPENAI_BASE_URL: 'https://model.example.org/v1', OPENAI_MODEL: 'some-model' },
    });
    const order: string[] = [];
    const { ledger } = app.platform;
    expect(ledger).toBeUndefined();
    app.platform.fetch = async () => {
      order.push(
        ...(await events(app))
          .filter(({ kind }) => kind === 'disclosure')
          .map(({ model, patient }) => `${String(model)} about ${patient}`),
      );
      return Response.json({ error: {} }, { status: 500 });
    };
    await (await app.post('/consult', { ...patientView(), question: 'crushing chest pain for two hours' })).text();
    await app.settled();
    expect(order[0]).toBe('some-model about p1');
    const all = await events(app);
    const disclosure = all.find(({ kind }) => kind === 'disclosure');
    expect(disclosure).toMatchObject({
      host: 'model.example.org',
      patient: 'p1',
      promptHash: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect(JSON.stringify(all)).not.toMatch(/sk-secret|crushing/);
  });

  it('the refusals of a flood in numbers, not one by one', async () => {
    const app = testApp({
      env: {
        SANDBOX: 'off',
        AUDIT_TOKEN: token,
        CDS_CLIENTS: '[{"issuer":"https://ehr.example.org","jwksUrl":"https://ehr.example.org/jwks"}]',
      },
    });
    for (let n = 0; n < 200; n++) await app.get('/cds-services');
    const refusals = (await events(app, '/audit/export', { authorization: `Bearer ${token}` })).filter(
      ({ kind }) => kind === 'refusal',
    );
    expect(refusals.length).toBeGreaterThan(20);
    expect(refusals.length).toBeLessThan(120);
  });
});

describe('every door', () => {
  it('writes down whom it turned away', async () => {
    const app = testApp({
      env: {
        SANDBOX: 'off',
        AUDIT_TOKEN: token,
        CDS_CLIENTS: '[{"issuer":"https://ehr.example.org","jwksUrl":"https://ehr.example.org/jwks"}]',
      },
    });
    const uuid = crypto.randomUUID();
    const gets = [
      '/cds-services',
      `/why/${uuid}`,
      '/calculators',
      '/audit',
      '/audit/verify',
      '/audit/export',
      '/quality',
    ];
    const panels = ['/console/api/summary', '/panel/session', '/panel/fhir/Observation', '/panel/fhir/Patient/p1'];
    const posts = [
      '/cds-services/medication-safety',
      '/cds-services/medication-safety/feedback',
      '/consult',
      '/summary',
      '/discharge-summary',
      '/ask',
      '/what-if',
      '/trials',
      '/worklist',
      '/calculators/bsa',
      '/hl7v2',
      '/ccda',
      '/audit/replay',
      '/console/api/replay',
    ];
    for (const path of [...gets, ...panels]) expect((await app.get(path)).status, path).toBe(401);
    for (const path of posts) expect((await app.post(path, {})).status, path).toBe(401);
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_services', arguments: {} } };
    expect((await app.post('/mcp', call, { origin: 'https://attacker.example' })).status).toBe(403);
    expect((await app.get('/smart/launch?iss=https://attacker.example')).status).toBeGreaterThanOrEqual(400);
    await app.settled();
    const refused = (await events(app, '/audit/export', { authorization: `Bearer ${token}` })).filter(
      ({ kind }) => kind === 'refusal',
    );
    expect(refused.map(({ status }) => status)).toEqual([
      ...Array<number>(gets.length + panels.length + posts.length).fill(401),
      403,
      expect.any(Number),
    ]);
  });

  it('of a panel writes down what was read of whom', async () => {
    const fhir = await fakeFhir([{ resourceType: 'Patient', id: 'p1' }]);
    try {
      const app = testApp({
        env: { SESSION_KEYS: 'a-session-key-of-more-than-32-characters' },
        registeredEhrs: [{ iss: fhir.url, clientId: 'curbside', frameAncestors: [] }],
      });
      const session = {
        iss: fhir.url,
        access_token: 'secret-token',
        patient: 'p1',
        encounter: 'e1',
        user: 'Practitioner/dr',
        scope: 'patient/*.rs',
        expiresAt: app.platform.now().getTime() + 3_600_000,
      };
      const bearer = await createSeal(app.platform).seal('session', session, new Date(session.expiresAt));
      const read = { authorization: `Bearer ${bearer}` };
      expect((await app.get('/panel/fhir/Patient/p1', read)).status).toBe(200);
      expect((await app.get('/panel/fhir/Observation?patient=p2', read)).status).toBe(403);
      const [reading, refusal] = await events(app);
      expect(reading).toMatchObject({
        kind: 'panel',
        what: 'fhir/Patient',
        via: 'panel',
        patient: 'p1',
        encounter: 'e1',
        user: 'Practitioner/dr',
      });
      expect(refusal).toMatchObject({ kind: 'refusal', status: 403, patient: 'p1' });
      expect(JSON.stringify(await events(app))).not.toContain('secret-token');
    } finally {
      await fhir.close();
    }
  });

  it('for old messages and for agents writes the same record as for a hook', async () => {
    const app = testApp();
    const message = [
      'MSH|^~\\&|HIS|H|CURBSIDE|H|20261124090000||OMP^O09|1|P|2.5.1',
      'PID|1||p1^^^H^MR||Quillfeather^Zebulon||19520309|F',
      'ORC|NW|1',
      'RXO|197806^ibuprofen 600 MG Oral Tablet^RXNORM|600||mg',
    ].join('\r');
    expect((await app.post('/hl7v2', message, { 'content-type': 'x-application/hl7-v2+er7' })).status).toBe(200);
    await app.post('/mcp', {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'check_orders', arguments: sign() },
    });
    const all = await events(app);
    expect(all[0]).toMatchObject({ kind: 'hook', what: 'hl7v2', patient: 'p1', service: expect.any(String) as string });
    expect(JSON.stringify(all)).not.toMatch(/Quillfeather|19520309/);
  });
});

describe('an answer without its record', () => {
  const away: Ledger = {
    append: async () => Promise.reject(new Refused({ reason: 'not_recorded' })),
    read: async () => [],
    prune: async () => ({ through: 0 }),
    close: async () => undefined,
  };

  it('is not given: 503 with Retry-After', async () => {
    const app = testApp();
    const broken = testApp({ platform: { ...app.platform, ledger: away } });
    for (const answer of [
      await broken.post('/cds-services/medication-safety', sign()),
      await broken.post('/what-if', {
        ...sign(),
        changes: [{ do: 'stop', medication: { reference: 'MedicationRequest/m-warfarin' } }],
      }),
      await broken.post('/consult', patientView()),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(((await answer.json()) as { resourceType: string }).resourceType).toBe('OperationOutcome');
    }
    await broken.settled();
    // What nobody saw does not count as ignored.
    expect(await (await app.get('/quality')).json()).toMatchObject({ shown: 0 });
    // What was refused anyway stays refused as it was.
    expect((await broken.post('/cds-services/no-such', {})).status).toBe(404);
  });
});

describe('GET /audit', () => {
  it('is a Bundle of AuditEvents, the newest first, by patient and date, page by page', async () => {
    const app = testApp();
    for (let n = 0; n < 5; n++) await app.post('/cds-services/medication-safety', sign());
    const first = (await (await app.get('/audit?patient=Patient/p1&_count=2')).json()) as AuditBundle;
    expect(first).toMatchObject({ resourceType: 'Bundle', type: 'searchset' });
    expect(first.entry.map(({ resource }) => resource.id)).toEqual(['ledger-5', 'ledger-4']);
    const { resource } = first.entry[0]!;
    expect(resource).toMatchObject({
      resourceType: 'AuditEvent',
      action: 'E',
      outcome: '0',
      recorded: '2026-11-24T09:00:00.000Z',
    });
    expect(resource.entity[0]!.what!.reference).toBe('Patient/p1');
    expect(resource.entity.some(({ name }) => name?.startsWith('warfarin'))).toBe(true);
    const { url } = first.link.find(({ relation }) => relation === 'next')!;
    const { pathname, search } = new URL(url);
    const second = (await (await app.get(pathname + search)).json()) as AuditBundle;
    expect(second.entry.map((entry) => entry.resource.id)).toEqual(['ledger-3', 'ledger-2']);
    const none = (await (await app.get('/audit?patient=p2')).json()) as AuditBundle;
    expect(none.entry).toEqual([]);
    expect(
      ((await (await app.get('/audit?patient=p1&date=2026-11-24&_count=500')).json()) as AuditBundle).entry,
    ).toHaveLength(5);
    expect(((await (await app.get('/audit?patient=p1&date=lt2026-11-24')).json()) as AuditBundle).entry).toHaveLength(
      0,
    );
    for (const wrong of ['/audit?name=x', '/audit?date=yesterday', '/audit?_count=-1', '/audit?date=2026-13-45'])
      expect((await app.get(wrong)).status).toBe(400);
  });

  it('is for the auditor alone', async () => {
    const app = testApp({ env: { AUDIT_TOKEN: token } });
    for (const path of ['/audit', '/audit/verify', '/audit/export', '/quality']) {
      expect((await app.get(path)).status).toBe(401);
      expect((await app.get(path, { authorization: `Bearer ${token}x` })).status).toBe(401);
      expect((await app.get(path, { authorization: `Bearer ${token}` })).status).toBe(200);
    }
  });

  it('and every reading of it is in it', async () => {
    const app = testApp({ env: { AUDIT_TOKEN: token } });
    const read = { authorization: `Bearer ${token}` };
    await app.get('/audit', read);
    expect((await events(app, '/audit/export', read)).map(({ kind, via, what }) => [kind, via, what])).toEqual([
      ['audit', 'auditor', '/audit'],
      ['audit', 'auditor', '/audit/export'],
    ]);
  });
});

describe('planted words', () => {
  let fhir: FakeFhir | undefined;
  afterEach(() => fhir?.close());

  it('appear neither in the log nor in a byte of the database', async () => {
    const { mkdtempSync, readdirSync, readFileSync, rmSync } = await import('node:fs');
    const { join } = await import('node:path');
    const { tmpdir } = await import('node:os');
    const { start } = await import('../../src/node.ts');
    const folder = mkdtempSync(join(tmpdir(), 'planted-'));
    const said: string[] = [];
    const log = console.log;
    console.log = (...words: unknown[]) => void said.push(words.join(' '));
    try {
      fhir = await fakeFhir([]);
      const { publicUrl, stop } = await start({ PORT: '0', DATA_DIR: folder, TRUSTED_FHIR_SERVERS: fhir.url });
      const planted = [
        'Quillfeather',
        '1931-07-19',
        'tok-4f9a7c',
        'MRN-77-1234',
        'she-knits-on-tuesdays',
        'Hollyhock Lane',
        'comment-lurks-here',
        'Zebulon',
      ];
      const patient = {
        resourceType: 'Patient',
        id: 'p1',
        gender: 'female',
        birthDate: '1931-07-19',
        name: [{ family: 'Quillfeather', given: ['Zebulon'] }],
        identifier: [{ value: 'MRN-77-1234' }],
        address: [{ line: ['Hollyhock Lane 3'] }],
        telecom: [{ value: 'Quillfeather@example.org' }],
      };
      const post = async (path: string, body: unknown) => {
        const answer = await fetch(`${publicUrl}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer tok-4f9a7c' },
          body: JSON.stringify(body),
        });
        return { status: answer.status, text: await answer.text() };
      };
      const authorised = {
        fhirServer: fhir.url,
        fhirAuthorization: {
          access_token: 'tok-4f9a7c',
          token_type: 'Bearer',
          expires_in: 300,
          scope: 'patient/*.rs',
          subject: 'x',
        },
      };
      const noted = {
        ...ibuprofen(),
        note: [{ text: 'she-knits-on-tuesdays' }],
        requester: { display: 'Quillfeather' },
      };
      const request = { ...sign({ draftOrders: [noted] }), ...authorised } as unknown as Json & {
        prefetch: Json;
        context: Json;
      };
      request.prefetch.patient = patient;
      request.context.userId = 'Dr Quillfeather';
      const shown = JSON.parse((await post('/cds-services/medication-safety', request)).text) as CdsResponse;
      await post('/cds-services/medication-safety', { ...request, hook: 'Quillfeather', hookInstance: 'Quillfeather' });
      await post('/cds-services/Quillfeather', request);
      await post('/cds-services/medication-safety', {
        ...request,
        fhirServer: 'https://Quillfeather.example/tok-4f9a7c',
      });
      await post('/cds-services/medication-safety', {
        ...request,
        context: { ...request.context, patientId: 'Zebulon Quillfeather' },
      });
      await post('/cds-services/medication-safety/feedback', {
        feedback: [
          {
            card: shown.cards[0]!.uuid,
            outcome: 'overridden',
            overrideReason: { reason: { code: 'Quillfeather said so' }, userComment: 'comment-lurks-here' },
          },
          { card: 'Quillfeather', outcome: 'accepted', acceptedSuggestions: [{ id: 'Hollyhock Lane' }] },
        ],
      });
      await post('/consult', {
        ...patientView({ patient }),
        ...authorised,
        question: 'Quillfeather coughs, she-knits-on-tuesdays',
        clinicianDifferential: ['Zebulon'],
      });
      await post('/what-if', { ...request, changes: [{ do: 'start', order: noted }] });
      await post('/ask', { ...patientView({ patient }), question: 'Does Quillfeather knit?' });
      await post('/calculators/Quillfeather', { inputs: { x: 'Quillfeather' } });
      await fetch(`${publicUrl}/why/Quillfeather`);
      await fetch(`${publicUrl}/panel/fhir/Patient/Quillfeather`, { headers: { authorization: 'Bearer tok-4f9a7c' } });
      const audit = await (await fetch(`${publicUrl}/audit/export`)).text();
      await stop();
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
      expect(files.length).toBeGreaterThan(1);
      expect(said.length).toBeGreaterThan(2);
      for (const word of planted) {
        expect(said.join('\n'), `the log says ${word}`).not.toContain(word);
        expect(audit, `the ledger says ${word}`).not.toContain(word);
        for (const bytes of files)
          for (const encoding of ['utf8', 'utf16le'] as const)
            expect(bytes.includes(Buffer.from(word, encoding)), `the database holds ${word}`).toBe(false);
        for (const bytes of files)
          expect(
            bytes.includes(Buffer.from(word).toString('base64').replaceAll('=', '')),
            `the database holds ${word}, barely disguised`,
          ).toBe(false);
      }
    } finally {
      console.log = log;
      rmSync(folder, { recursive: true });
    }
  });
});

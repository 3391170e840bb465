// A server under stress: stops, reloads, faults, switches.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { start } from '../../src/node.ts';
import { SettingsError } from '../../src/settings.ts';
import { testApp } from '../support/app.ts';
import { bundle, ibuprofen, orderSign, patientView, warfarin } from '../support/requests.ts';

const sign = () => orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] });
const json = { 'content-type': 'application/json' };
const post = (url: string, body: unknown) =>
  fetch(`${url}/cds-services/medication-safety`, { method: 'POST', headers: json, body: JSON.stringify(body) });

let folder: string;
let slow: { server: Server; url: string } | undefined;
const said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'operations-'));
  said.length = 0;
  vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => void said.push(words.join(' ')));
});
afterEach(async () => {
  vi.restoreAllMocks();
  if (slow) await new Promise((resolve) => slow!.server.close(resolve));
  slow = undefined;
  rmSync(folder, { recursive: true });
});

/** A FHIR server that takes its time. */
async function slowFhir(milliseconds: number): Promise<string> {
  const server = createServer(
    (_, answer) =>
      void setTimeout(
        () =>
          answer
            .setHeader('content-type', 'application/fhir+json')
            .end(JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry: [{ resource: warfarin() }] })),
        milliseconds,
      ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  slow = { server, url: `http://127.0.0.1:${(server.address() as { port: number }).port}/fhir` };
  return slow.url;
}

describe('stopping', () => {
  it('finishes what was accepted', async () => {
    const fhir = await slowFhir(600);
    const { publicUrl, stop } = await start({ PORT: '0', DATA_DIR: folder, TRUSTED_FHIR_SERVERS: fhir });
    const request = { ...sign(), fhirServer: fhir } as unknown as { prefetch: Record<string, unknown> };
    delete request.prefetch.medications;
    const answers = Array.from({ length: 5 }, () => post(publicUrl, request));
    await new Promise((resolve) => setTimeout(resolve, 250));
    const stopped = stop();
    for (const answer of await Promise.all(answers)) {
      expect(answer.status).toBe(200);
      expect(((await answer.json()) as CdsResponse).cards.length).toBeGreaterThan(0);
    }
    await stopped;
    await expect(post(publicUrl, sign())).rejects.toThrow();
    const database = new DatabaseSync(join(folder, 'ledger.sqlite'));
    expect(database.prepare("SELECT count(*) AS n FROM ledger WHERE kind = 'hook'").get()).toEqual({ n: 5 });
    expect(database.prepare('SELECT kind FROM ledger ORDER BY seq DESC LIMIT 1').get()).toEqual({ kind: 'stop' });
    database.close();
  });
});

describe('a database that is away', () => {
  it('is 503 with Retry-After, never 500, and all is well when it is back', async () => {
    const { publicUrl, stop } = await start({ PORT: '0', DATA_DIR: folder });
    expect((await post(publicUrl, sign())).status).toBe(200);
    const locks = ['ledger.sqlite', 'curbside.sqlite'].map((name) => new DatabaseSync(join(folder, name)));
    for (const lock of locks) lock.exec('BEGIN IMMEDIATE');
    const feedback = { feedback: [{ card: crypto.randomUUID(), outcome: 'accepted' }] };
    const refused = [
      await post(publicUrl, sign()),
      await fetch(`${publicUrl}/cds-services/medication-safety/feedback`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify(feedback),
      }),
    ];
    for (const answer of refused) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    expect((await fetch(`${publicUrl}/health`)).status).toBe(200);
    const ready = await fetch(`${publicUrl}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ why: 'the ledger and the database cannot be written' });
    for (const lock of locks) {
      lock.exec('ROLLBACK');
      lock.close();
    }
    expect((await post(publicUrl, sign())).status).toBe(200);
    expect(await (await fetch(`${publicUrl}/audit/verify`)).json()).toMatchObject({ ok: true });
    await stop();
  });
});

describe('a slow FHIR server', () => {
  it('takes no more of us than the limit: the rest is told 503 at once', async () => {
    const fhir = await slowFhir(500);
    const { publicUrl, stop } = await start({
      PORT: '0',
      DATA_DIR: ':memory:',
      TRUSTED_FHIR_SERVERS: fhir,
      MAX_REQUESTS_IN_FLIGHT: '4',
    });
    const request = { ...sign(), fhirServer: fhir } as unknown as { prefetch: Record<string, unknown> };
    delete request.prefetch.medications;
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(publicUrl, request)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect(count(200) + count(503)).toBe(20);
    expect(count(200)).toBeGreaterThanOrEqual(4);
    expect(answers.find(({ status }) => status === 503)!.headers.get('retry-after')).toBe('1');
    expect((await post(publicUrl, sign())).status).toBe(200);
    await stop();
  });
});

/** Everything that a rules folder needs, and of the rules themselves a few: checking them all is another test's matter. */
function copyRules(to: string): void {
  const from = new URL('../../rules', import.meta.url).pathname;
  const kept =
    /^(?:interactions|value-sets|terminology|conditions|findings|presentations|tests|guidelines|trials|schema)?$/;
  cpSync(from, to, {
    recursive: true,
    filter: (path) => {
      const [folder = '', ...inner] = path.slice(from.length + 1).split('/');
      if (folder === 'interactions' && inner[0]) return inner[0].startsWith('warfarin-');
      return kept.test(folder) || (inner.length === 0 && folder.includes('.'));
    },
  });
}

describe('rules are reloaded while requests are served', () => {
  it('a good set takes over, a broken one does not and says why, and no request is dropped', {
    timeout: 90_000,
  }, async () => {
    const rules = join(folder, 'rules');
    copyRules(rules);
    const { publicUrl, stop, reload } = await start({ PORT: '0', DATA_DIR: ':memory:', RULES_DIR: rules });
    const hash = async () => ((await (await fetch(`${publicUrl}/ready`)).json()) as { rulesHash: string }).rulesHash;
    const before = await hash();
    let isOver = false;
    const statuses = new Set<number>();
    const load = (async () => {
      while (!isOver) statuses.add((await post(publicUrl, sign())).status);
    })();
    const file = join(rules, 'interactions/warfarin-nsaid.json');
    const rule = JSON.parse(readFileSync(file, 'utf8')) as { version: string; title: string };

    writeFileSync(file, '{ "id": "warfarin-nsaid", broken');
    expect(await reload()).toBe(false);
    expect(await hash()).toBe(before);
    expect(said.join('\n')).toMatch(/rules_refused.*warfarin-nsaid\.json/);

    writeFileSync(file, JSON.stringify({ ...rule, version: '9.0.0' }));
    await reload();
    expect(await hash()).not.toBe(before);
    isOver = true;
    await load;
    expect([...statuses]).toEqual([200]);
    const kinds = (await (await fetch(`${publicUrl}/audit/export`)).text()).match(/\\"kind\\":\\"rules\\"/g);
    expect(kinds!.length).toBeGreaterThanOrEqual(2);
    await stop();
  });

  it('a folder that is broken at the start stops it', async () => {
    const rules = join(folder, 'rules');
    copyRules(rules);
    writeFileSync(join(rules, 'interactions/warfarin-nsaid.json'), '{');
    await expect(start({ PORT: '0', DATA_DIR: ':memory:', RULES_DIR: rules })).rejects.toThrow(
      /warfarin-nsaid\.json:1/,
    );
  });
});

describe('switches', () => {
  it('a service that is off is not offered, and says so when it is called', async () => {
    const app = testApp({ env: { SERVICES_OFF: 'medication-safety' } });
    const { services } = (await (await app.get('/cds-services')).json()) as { services: { id: string }[] };
    expect(services.map(({ id }) => id)).not.toContain('medication-safety');
    expect(services.length).toBeGreaterThan(0);
    const answer = await app.post('/cds-services/medication-safety', sign());
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('switched off');
  });

  it('a name that is no service stops the start', () => {
    expect(() => testApp({ env: { SERVICES_OFF: 'no-such' } })).toThrow(SettingsError);
  });

  it('a programme that is off is silent, the others speak; a name that is no programme stops the start', async () => {
    const arrival = {
      ...patientView({
        encounters: bundle({
          resourceType: 'Encounter',
          id: 'e1',
          status: 'in-progress',
          class: { code: 'EMER' },
          subject: { reference: 'Patient/p1' },
          reasonCode: [{ text: 'Chest pain' }],
        }),
      }),
      hook: 'encounter-start',
      context: { userId: 'Practitioner/dr', patientId: 'p1', encounterId: 'e1' },
    };
    const cards = async (off: string) => {
      const app = testApp({ env: { PROGRAMMES_OFF: off } });
      return ((await (await app.post('/cds-services/chart-review', arrival)).json()) as { cards: unknown[] }).cards
        .length;
    };
    expect(await cards('diabetes')).toBeGreaterThan(0);
    expect(await cards('diabetes,deterioration')).toBe(0);
    expect(() => testApp({ env: { PROGRAMMES_OFF: 'no-such' } })).toThrow(SettingsError);
  });

  it('the model is off with MODEL_OFF, whatever else is set', async () => {
    const app = testApp({
      env: { MODEL_OFF: 'on', OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: 'https://model.example.org/v1' },
    });
    app.platform.fetch = async () => {
      throw new Error('the model was called');
    };
    const text = await (await app.post('/consult', { ...sign(), question: 'chest pain' })).text();
    expect(text.trim().split('\n').at(-1)).toContain('"off"');
  });
});

describe('CORS', () => {
  it('is open in the sandbox, and a list elsewhere, on errors too', async () => {
    const open = testApp();
    expect((await open.post('/cds-services/no-such', {})).headers.get('access-control-allow-origin')).toBe('*');
    const listed = testApp({
      env: {
        SANDBOX: 'off',
        CORS_ORIGINS: 'https://ehr.example.org',
        CDS_CLIENTS: '[{"issuer":"x","jwksUrl":"https://x.example/jwks"}]',
      },
    });
    const from = async (origin: string) => (await listed.get('/cds-services', { origin })).headers;
    expect((await from('https://ehr.example.org')).get('access-control-allow-origin')).toBe('https://ehr.example.org');
    expect((await from('https://ehr.example.org')).get('vary')).toContain('Origin');
    expect((await from('https://evil.example')).get('access-control-allow-origin')).toBeNull();
    const preflight = await listed.app.fetch(
      new Request('http://127.0.0.1:8787/cds-services/medication-safety/feedback', {
        method: 'OPTIONS',
        headers: { origin: 'https://ehr.example.org' },
      }),
    );
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('transparency', () => {
  it('names 13 attributes of every rule and 31 of the model', async () => {
    const told = (await (await testApp().get('/source-attributes.json')).json()) as {
      evidenceBased: { id: string; attributes: { id: string; value: string }[] }[];
      predictive: { isOff: boolean; attributes: { value: string }[] }[];
    };
    expect(told.evidenceBased.length).toBeGreaterThan(100);
    for (const { attributes } of told.evidenceBased) {
      expect(attributes).toHaveLength(13);
      for (const { value } of attributes) expect(value.length).toBeGreaterThan(3);
    }
    expect(told.predictive[0]!.attributes).toHaveLength(31);
    expect(told.predictive[0]!.isOff).toBe(true);
    const warfarin = told.evidenceBased.find(({ id }) => id === 'warfarin-nsaid')!;
    expect(warfarin.attributes.find(({ id }) => id === 'race')!.value).toContain('Not used');
  });
});

describe('quality', () => {
  it('counts what was accepted, overridden and ignored for each rule, with the action rate, and as CSV', async () => {
    const app = testApp();
    const shown: string[] = [];
    for (let n = 0; n < 4; n++)
      shown.push(
        ((await (await app.post('/cds-services/medication-safety', sign())).json()) as CdsResponse).cards[0]!.uuid!,
      );
    await app.settled();
    await app.post('/cds-services/medication-safety/feedback', {
      feedback: [
        { card: shown[0], outcome: 'accepted' },
        { card: shown[1], outcome: 'overridden', overrideReason: { reason: { code: 'will-monitor' } } },
        { card: shown[2], outcome: 'overridden' },
        { card: shown[2], outcome: 'accepted', outcomeTimestamp: '2026-11-24T09:05:00Z' },
      ],
    });
    const told = (await (await app.get('/quality')).json()) as {
      actionRate: number;
      rules: {
        rule: string;
        shown: number;
        accepted: number;
        overridden: number;
        ignored: number;
        actionRate: number;
        reasons: object;
      }[];
    };
    expect(told.rules[0]).toMatchObject({
      shown: 4,
      accepted: 2,
      overridden: 1,
      ignored: 1,
      actionRate: 0.5,
      reasons: { 'will-monitor': 1 },
    });
    const csv = await (await app.get('/quality?format=csv&from=2026-11-01')).text();
    expect(csv.split('\n')[0]).toMatch(/^rule,version,shown,accepted,overridden,ignored,actionRate,/);
    expect(csv.split('\n')[1]).toContain(',4,2,1,1,0.5,');
    expect((await app.get('/quality?from=yesterday')).status).toBe(400);
  });
});

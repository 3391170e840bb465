// The worklist: who is urgent, by which score or sign, read again as vital signs arrive.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorklistAnswer } from '../../src/cds-hooks/worklist.ts';
import { Access } from '../../src/sandbox/fhir/access.ts';
import { createSandboxFhir } from '../../src/sandbox/fhir/server.ts';
import { sandboxResources } from '../../src/sandbox/patients/index.ts';
import { now, type TestApp, testApp } from '../support/app.ts';

const everything = new Access('user/*.cruds');

let url = '';
let close = () => Promise.resolve();
let isBroken: (path: string) => boolean = () => false;

beforeAll(async () => {
  const holder = { baseUrl: '' };
  const app = new Hono();
  const server = serve({ fetch: (request) => app.fetch(request), port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  holder.baseUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}/fhir`;
  const fhir = createSandboxFhir({
    now: () => now,
    uuid: () => crypto.randomUUID(),
    baseUrl: holder.baseUrl,
    resources: sandboxResources,
    bearerCheck: async () => everything,
  });
  app.use('*', async (c, next) => {
    if (isBroken(c.req.url))
      return c.json({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] }, 500);
    await next();
  });
  app.route('/fhir', fhir);
  url = holder.baseUrl;
  close = () => new Promise((resolve) => server.close(() => resolve()));
});
afterAll(() => close());

let shared: TestApp | undefined;
const app = () => {
  shared ??= testApp({ env: { TRUSTED_FHIR_SERVERS: url, CHART_DEADLINE_MS: '60000' } });
  return shared;
};
async function read(more: object = {}) {
  const response = await app().post('/worklist', {
    fhirServer: url,
    context: { userId: 'Practitioner/okafor' },
    ...more,
  });
  expect(response.status).toBe(200);
  return (await response.json()) as WorklistAnswer;
}
const of = ({ entries }: WorklistAnswer, id: string) =>
  entries.find(({ patient }) => patient.reference === `Patient/${id}`)!;

describe('the worklist', () => {
  it('puts shock first and a twisted ankle last, each with its why in one line', async () => {
    const answer = await read({ classes: ['EMER', 'IMP'] });
    expect(answer).toMatchObject({ notRead: [], isComplete: true });
    const order = answer.entries.map(({ patient, priority }) => `${patient.reference.slice(8)} ${priority}`);
    expect(order).toEqual([
      'marchetti immediate',
      'winterbourne immediate',
      'halloran immediate',
      'delacroix immediate',
      'castellanos immediate',
      'tremaine immediate',
      'okonjo urgent',
      'ashdown urgent',
      'yarrow urgent',
      'corvin soon',
      'bellweather routine',
    ]);
    expect(of(answer, 'marchetti').why).toMatch(
      /^Possible septic shock: lactate .* mmol\/L, NEWS2 at least \d+ \(.*20 min ago/,
    );
    expect(of(answer, 'yarrow').why).toBe('No vital signs since arrival 4 min ago');
    for (const { why } of answer.entries) expect(why).not.toMatch(/\n|undefined|\{\{/);
  });

  it('scores hypercapnic failure on scale 2: saturation 89 on a litre is where it should be', async () => {
    const { scores } = of(await read({ classes: ['EMER'] }), 'corvin');
    // Scale 1 would give 3 for the saturation beside 2 for the oxygen.
    expect(scores.find(({ id }) => id === 'news2')).toMatchObject({ least: 2, most: 2, shown: '2' });
  });

  it('moves a patient when new vital signs arrive', async () => {
    const vital = (code: string, value: number, unit: string) =>
      fetch(`${url}/Observation`, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify({
          resourceType: 'Observation',
          status: 'final',
          category: [{ coding: [{ code: 'vital-signs' }] }],
          code: { coding: [{ system: 'http://loinc.org', code }] },
          subject: { reference: 'Patient/bellweather' },
          effectiveDateTime: now.toISOString(),
          valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
        }),
      });
    expect(of(await read({ classes: ['EMER'] }), 'bellweather').priority).toBe('routine');
    for (const [code, value, unit] of [
      ['9279-1', 28, '/min'],
      ['8867-4', 132, '/min'],
      ['59408-5', 90, '%'],
    ] as const)
      expect((await vital(code, value, unit)).status).toBe(201);
    const after = of(await read({ classes: ['EMER'] }), 'bellweather');
    expect(after.priority).toBe('immediate');
    expect(after.why).toMatch(/NEWS2 .*9, up from 0, 2 h earlier/);
  });

  it('names a chart that could not be read instead of calling the patient well', async () => {
    isBroken = (path) => path.endsWith('/Patient/corvin');
    const answer = await read({ classes: ['EMER'] });
    isBroken = () => false;
    expect(answer.notRead).toMatchObject([{ patient: 'Patient/corvin', reason: expect.stringContaining('500') }]);
    expect(of(answer, 'corvin')).toBeUndefined();
  });

  it('says that vital signs could not be read, and does not put the patient last', async () => {
    isBroken = (path) => path.includes('patient=bellweather&category=vital-signs');
    const { priority, why } = of(await read({ classes: ['EMER'] }), 'bellweather');
    isBroken = () => false;
    expect({ priority, why }).toEqual({
      priority: 'urgent',
      why: expect.stringMatching(/^Vital signs could not be read/),
    });
  });

  it('refuses without encounters, with an untrusted server, and when it is switched off', async () => {
    isBroken = (path) => path.includes('/Encounter?');
    const without = await app().post('/worklist', { fhirServer: url });
    isBroken = () => false;
    expect(without.status).toBe(412);
    expect((await app().post('/worklist', { fhirServer: 'https://elsewhere.example/fhir' })).status).toBe(400);
    expect((await app().post('/worklist', {})).status).toBe(400);
    const off = testApp({ env: { TRUSTED_FHIR_SERVERS: url, SERVICES_OFF: 'worklist' } });
    expect((await off.post('/worklist', { fhirServer: url })).status).toBe(503);
  });

  it('is in the ledger with everybody who was on it, and in the description of the routes', async () => {
    const server = app();
    await server.post('/worklist', { fhirServer: url, context: { userId: 'Practitioner/okafor' }, classes: ['IMP'] });
    const audit = JSON.stringify(await (await server.get('/audit')).json());
    expect(audit).toContain('worklist');
    expect(audit).toContain('Patient/marchetti immediate');
    expect(audit).toContain('Practitioner/okafor');
    expect(await (await server.get('/openapi.json')).json()).toHaveProperty(['paths', '/worklist', 'post']);
  });
});

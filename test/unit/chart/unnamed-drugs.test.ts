// A terminology server that listens on the loopback: quick, slow and broken.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { RXNORM } from '../../../src/terminology/systems.ts';
import { testApp } from '../../support/app.ts';

/** RxNorm has no such code; the server below says that it is apixaban. */
const unlisted = '99990001';
const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
const order = (id: string, medicine: object) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'draft',
  intent: 'order',
  subject: { reference: 'Patient/p1' },
  ...medicine,
});
const coded = { medicationCodeableConcept: { coding: [{ system: RXNORM, code: unlisted }] } };
const request = (...drafts: object[]) => ({
  hook: 'order-sign',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  context: { userId: 'Practitioner/1', patientId: 'p1', draftOrders: bundle(...drafts) },
  prefetch: {
    patient: {
      resourceType: 'Patient',
      id: 'p1',
      name: [{ family: 'Secretname' }],
      birthDate: '1950-01-01',
      gender: 'male',
    },
    medications: bundle({ ...order('m1', { medicationCodeableConcept: { text: 'warfarin 5 mg' } }), status: 'active' }),
  },
});

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listening(answer: 'quick' | 'slow' | 'broken') {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization ?? ''}`.trim());
    if (answer === 'broken') return void incoming.socket.destroy();
    const say = () =>
      outgoing
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ rxcuiStatusHistory: { attributes: { name: 'apixaban 5 MG Oral Tablet' } } }));
    if (answer === 'slow') waiting.push(say);
    else say();
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/REST`;
  return { url, asked, letGo: () => waiting.forEach((say) => void say()) };
}

async function cardsFor(app: ReturnType<typeof testApp>, ...drafts: object[]): Promise<string[]> {
  const answer = await app.post('/cds-services/medication-safety', request(...drafts));
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { cards: { summary: string }[] }).cards.map(({ summary }) => summary);
}
const unmatched = expect.stringContaining('the drug was not recognised');
const twoAnticoagulants = expect.stringMatching(
  /apixaban.*anticoagulant|anticoagulant.*apixaban|apixaban.*warfarin|warfarin.*apixaban/i,
);

describe('a terminology server', () => {
  test('is not asked when none is configured', async () => {
    expect(await cardsFor(testApp(), order('d1', coded))).toContainEqual(unmatched);
  });

  test.each([
    ['coded on the order', order('d1', coded)],
    [
      'contained in it',
      order('d1', {
        medicationReference: { reference: '#m' },
        contained: [{ resourceType: 'Medication', id: 'm', code: coded.medicationCodeableConcept }],
      }),
    ],
  ])('names a drug %s, is sent its code and nothing else, and is asked once', async (_, draft) => {
    const { url, asked } = await listening('quick');
    const app = testApp({ env: { TERMINOLOGY_URL: url, TERMINOLOGY_DEADLINE_MS: '5000' } });
    const cards = await cardsFor(app, draft);
    expect(cards).toContainEqual(twoAnticoagulants);
    expect(cards).not.toContainEqual(unmatched);
    await cardsFor(app, draft);
    expect(asked).toEqual([`GET /REST/rxcui/${unlisted}/historystatus.json`]);
  });

  test('that is slow holds nobody up beyond the deadline, and helps the next request', async () => {
    const { url, letGo } = await listening('slow');
    const app = testApp({ env: { TERMINOLOGY_URL: url, TERMINOLOGY_DEADLINE_MS: '10' } });
    expect(await cardsFor(app, order('d1', coded))).toContainEqual(unmatched);
    letGo();
    await app.settled();
    expect(await cardsFor(app, order('d1', coded))).toContainEqual(twoAnticoagulants);
  });

  test('that is broken changes nothing but the log, which names no code and no patient', async () => {
    const { url, asked } = await listening('broken');
    const app = testApp({ env: { TERMINOLOGY_URL: url, TERMINOLOGY_DEADLINE_MS: '5000' } });
    for (let i = 0; i < 3; i++) expect(await cardsFor(app, order('d1', coded))).toContainEqual(unmatched);
    expect(asked).toHaveLength(1);
    expect(app.logs.filter(({ event }) => event === 'terminology_unavailable')).toEqual([
      { level: 'warn', event: 'terminology_unavailable', why: 'no connection' },
    ]);
  });
});

// GET /ready where what has to be written cannot be: full, read-only, locked or away.
import { beforeEach, describe, expect, it } from 'vitest';
import { services } from '../../hooks/index.ts';
import { createApp } from '../../src/app.ts';
import { Refused } from '../../src/outcome.ts';
import { createLedger } from '../../src/record/ledger.ts';
import { knowledge, now, publicUrl, type TestApp, testPlatform } from '../support/app.ts';
import { ibuprofen, orderSign, warfarin } from '../support/requests.ts';

let clock: number;
let isAway: { ledger: boolean; database: boolean };
let tried: number;
let platform: ReturnType<typeof testPlatform>['platform'];
let app: TestApp['app'];

const refused = () => Promise.reject(new Refused({ reason: 'not_recorded' }));
beforeEach(() => {
  clock = 0;
  tried = 0;
  isAway = { ledger: false, database: false };
  ({ platform } = testPlatform());
  const { sql } = platform;
  const ledger = createLedger(sql, { now: () => now });
  platform.elapsed = () => clock;
  platform.ledger = {
    ...ledger,
    append(event) {
      tried += 1;
      return isAway.ledger ? refused() : ledger.append(event);
    },
  };
  platform.sql = { ...sql, run: (...asked) => (isAway.database ? refused() : sql.run(...asked)) };
  app = createApp({ platform, services, knowledge, publicUrl });
});

const json = { 'content-type': 'application/json' };
const post = async (path: string, body: unknown) =>
  app.fetch(new Request(`${publicUrl}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) }));
const sign = async () =>
  (await post('/cds-services/medication-safety', orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] })))
    .status;
const ready = async () => {
  const answer = await app.fetch(new Request(`${publicUrl}/ready`));
  const { status, why } = (await answer.json()) as { status: string; why?: string };
  return `${answer.status} ${why ?? status}`;
};

describe('a ledger that cannot be written', () => {
  it('is not ready from the first refusal on, says what is missing, and is ready when it can be written again', async () => {
    isAway.ledger = true;
    expect(await ready()).toBe('200 ready');
    expect(await sign()).toBe(503);
    expect(await ready()).toBe('503 the ledger cannot be written');
    isAway.ledger = false;
    clock += 3000;
    expect(await ready()).toBe('200 ready');
    expect(await sign()).toBe(200);
  });

  it('is tried every three seconds at most, however many ask', async () => {
    isAway.ledger = true;
    await sign();
    const before = tried;
    for (; clock < 9000; clock += 100) await Promise.all([ready(), ready(), ready()]);
    expect(tried - before).toBe(3);
  });

  it('is only written to when a request was refused; then how many were is in it', async () => {
    await sign();
    const before = tried;
    await ready();
    expect(tried).toBe(before);
    isAway.ledger = true;
    await sign();
    await sign();
    isAway.ledger = false;
    await ready();
    await ready();
    const [last, ...others] = (await platform.ledger!.read({ limit: 10 })).map(({ body }) => JSON.parse(body));
    expect(last).toMatchObject({ kind: 'refusal', reason: 'not_recorded', notWrittenBefore: 2 });
    expect(others.map(({ kind }) => kind)).toEqual(['hook']);
  });
});

describe('a database that cannot be written', () => {
  it('is not ready either, though its ledger is elsewhere and whole', async () => {
    isAway.database = true;
    const feedback = { feedback: [{ card: '3f0ad5c2-0b8e-4a53-8a9e-1d1a4b7f1c11', outcome: 'accepted' }] };
    platform.sql.batch = refused;
    expect((await post('/cds-services/medication-safety/feedback', feedback)).status).toBe(503);
    expect(await ready()).toBe('503 the database cannot be written');
    isAway.ledger = true;
    clock += 3000;
    expect(await ready()).toBe('503 the ledger and the database cannot be written');
  });
});

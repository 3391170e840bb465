// D1 that fails: the store is away (503), or we asked for nonsense (500). Over the app, with a database that answers as D1 does.
import { describe, expect, it } from 'vitest';
import { Refused } from '../../../src/outcome.ts';
import { d1 } from '../../../src/record/d1.ts';
import type { D1Database } from '../../../src/worker-types.ts';
import { testApp } from '../../support/app.ts';
import { ibuprofen, orderSign, warfarin } from '../../support/requests.ts';

function failing(message: string): D1Database {
  const fail = async () => {
    throw new Error(message);
  };
  const statement = { bind: () => statement, all: fail, run: fail };
  return { prepare: () => statement, batch: fail } as unknown as D1Database;
}
const away = [
  'D1_ERROR: Network connection lost.',
  'D1 DB is overloaded. Requests queued for too long.',
  'D1 DB is overloaded. Too many requests queued.',
  'D1_ERROR: D1 DB reset because its code was updated.',
  'D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.',
  'D1_ERROR: D1 DB exceeded its CPU time limit and was reset.',
  'D1_ERROR: Exceeded maximum DB size',
  'D1_ERROR: database is locked: SQLITE_BUSY',
  'D1_ERROR: database or disk is full: SQLITE_FULL',
  'D1_ERROR: no such table: client_tokens: SQLITE_ERROR',
  'something nobody has seen yet',
];
const ours = [
  'D1_ERROR: near "SELCT": syntax error at offset 0: SQLITE_ERROR',
  'D1_ERROR: UNIQUE constraint failed: cards.uuid: SQLITE_CONSTRAINT',
  "D1_TYPE_ERROR: Type 'object' not supported for value '[object Object]'",
];

describe('D1', () => {
  it.each(away)('is away: %s', async (message) => {
    const sql = d1(failing(message));
    for (const call of [
      () => sql.all('SELECT 1'),
      () => sql.run('DELETE FROM cards'),
      () => sql.batch([{ sql: 'DELETE FROM cards' }]),
    ])
      await expect(call()).rejects.toBeInstanceOf(Refused);
  });

  it.each(ours)('was asked for nonsense: %s', async (message) => {
    await expect(d1(failing(message)).run('DELETE FROM cards')).rejects.toThrow(message);
  });

  it('that is away is 503 with Retry-After on every route that needs it, and a hook needs it only for its token', async () => {
    const whole = testApp();
    const app = testApp({ platform: { ...whole.platform, sql: d1(failing(away[0]!)), ledger: quiet } });
    const feedback = { feedback: [{ card: crypto.randomUUID(), outcome: 'accepted' }] };
    for (const answer of [
      await app.post('/cds-services/medication-safety/feedback', feedback),
      await app.get(`/why/${crypto.randomUUID()}`),
      await app.get('/quality'),
      await app.get('/console/api/summary'),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    expect((await app.get('/ready')).status).toBe(503);
    expect((await app.get('/health')).status).toBe(200);
    const sign = orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] });
    const seal = { SESSION_KEYS: ['a-session-key-of-more-than-32-characters'] };
    const keyed = testApp({
      platform: { ...app.platform, settings: { ...whole.platform.settings, ...seal }, ledger: quiet },
    });
    expect((await keyed.post('/cds-services/medication-safety', sign)).status).toBe(200);
  });
});

const quiet = {
  append: async () => undefined,
  read: async () => [],
  prune: async () => ({ through: 0 }),
  close: async () => undefined,
};

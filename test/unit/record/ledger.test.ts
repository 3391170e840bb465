// One chain, whatever it is kept in: the same suite for a database in memory and for a file behind a thread.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refused } from '../../../src/outcome.ts';
import type { Sql } from '../../../src/platform.ts';
import { createLedger, genesis, type Ledger, type LedgerOptions, type LedgerRow } from '../../../src/record/ledger.ts';
import type { LedgerEvent } from '../../../src/record/ledger-event.ts';
import { openDatabase, sqlOver } from '../../../src/record/sqlite.ts';
import { openSqliteThread } from '../../../src/record/sqlite-thread.ts';
import { pagesOf, verifyLedger } from '../../../src/record/verify-ledger.ts';

const event = (given: Partial<LedgerEvent> = {}): LedgerEvent => ({
  kind: 'hook',
  at: '2026-11-24T09:00:00.000Z',
  patient: 'p1',
  ...given,
});
const on = (day: string, given: Partial<LedgerEvent> = {}) => event({ at: `2026-11-${day}T09:00:00.000Z`, ...given });

let folder: string;
let closing: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true });
});

const kept = {
  'in memory': (): Sql => {
    const store = sqlOver(openDatabase(':memory:', { busyMs: 100 }));
    closing.push(() => store.close());
    return store;
  },
  'in a file, behind a thread': (): Sql => {
    const store = openSqliteThread(join(folder, 'ledger.sqlite'));
    closing.push(() => store.close());
    return store;
  },
};
const open = (sql: Sql, options: Partial<LedgerOptions> = {}): Ledger =>
  createLedger(sql, { now: () => new Date('2026-11-24T09:00:00Z'), ...options });
const verify = (ledger: Ledger, options = {}) =>
  verifyLedger(
    pagesOf((query) => ledger.read(query), 7),
    options,
  );

describe.each(Object.entries(kept))('a ledger %s', (_, make) => {
  it('chains every record to the one before', async () => {
    const ledger = open(make());
    await ledger.append(event());
    await ledger.append(event({ kind: 'feedback' }));
    const rows = await ledger.read({ after: 0, limit: 10 });
    expect(rows.map(({ seq, prev_hash }) => [seq, prev_hash])).toEqual([
      [1, genesis],
      [2, rows[0]!.hash],
    ]);
    expect(await verify(ledger)).toMatchObject({ ok: true, records: 2, head: rows[1]!.hash });
  });

  it('does not fork when forty arrive at once', async () => {
    const ledger = open(make());
    await Promise.all(Array.from({ length: 40 }, (_, n) => ledger.append(event({ n }))));
    expect(await verify(ledger)).toMatchObject({ ok: true, records: 40 });
  });

  it('does not fork with two writers on one store', async () => {
    const sql = make();
    const writers = [open(sql), open(sql)];
    await Promise.all(Array.from({ length: 60 }, (_, n) => writers[n % 2]!.append(event({ n }))));
    expect(await verify(writers[0]!)).toMatchObject({ ok: true, records: 60 });
  });

  it('refuses to change or delete a record', async () => {
    const sql = make();
    const ledger = open(sql);
    await ledger.append(event());
    await expect(sql.run("UPDATE ledger SET body = '{}' WHERE seq = 1")).rejects.toThrow('append-only');
    await expect(sql.run('DELETE FROM ledger')).rejects.toThrow('append-only');
    await expect(
      sql.run("INSERT INTO ledger (seq, body, prev_hash, hash) VALUES (2, '{}', ?, 'x')", genesis),
    ).rejects.toThrow(/UNIQUE/);
    expect(await verify(ledger)).toMatchObject({ ok: true, records: 1 });
  });

  it('is searched by patient and by time, page by page', async () => {
    const ledger = open(make());
    for (const day of ['20', '21', '22']) for (const patient of ['p1', 'p2']) await ledger.append(on(day, { patient }));
    const about = (rows: LedgerRow[]) => rows.map(({ body }) => (JSON.parse(body) as LedgerEvent).at.slice(8, 10));
    const ofPatient = (rows: LedgerRow[]) =>
      rows.filter(({ body }) => (JSON.parse(body) as LedgerEvent).patient === 'p2');
    expect(about(await ledger.read({ patient: 'p2', limit: 10 }))).toEqual(['22', '21', '20']);
    expect(
      about(ofPatient(await ledger.read({ from: '2026-11-21T00:00:00Z', until: '2026-11-22T00:00:00Z', limit: 10 }))),
    ).toEqual(['21']);
    const [first] = await ledger.read({ patient: 'p1', limit: 1 });
    expect(about(await ledger.read({ patient: 'p1', limit: 1, before: first!.seq }))).toEqual(['21']);
  });

  it('lets go of what is older up to a checkpoint, says so, and stays verifiable', async () => {
    const sql = make();
    const ledger = open(sql, { key: 'a key of the auditor’s own' });
    for (const day of ['01', '02', '03', '04']) for (let n = 0; n < 5; n++) await ledger.append(on(day));
    expect(await verify(ledger, { key: 'a key of the auditor’s own' })).toMatchObject({
      ok: true,
      records: 23,
      checkpoints: 3,
      signed: 3,
    });
    const { through } = await ledger.prune(new Date('2026-11-03T12:00:00Z'));
    const days = (await ledger.read({ after: 0, limit: 100 })).map(({ body }) =>
      (JSON.parse(body) as LedgerEvent).at.slice(8, 10),
    );
    expect(through).toBe(17);
    expect(days[0]).toBe('04');
    expect(await verify(ledger, { key: 'a key of the auditor’s own' })).toMatchObject({ ok: true, first: 18 });
    await expect(sql.run('DELETE FROM ledger WHERE seq = 20')).rejects.toThrow('append-only');
    // Again, and nothing is left to let go.
    expect(await ledger.prune(new Date('2026-11-03T12:00:00Z'))).toEqual({ through: 0 });
    // A reopened writer goes on where the chain ends.
    const again = open(sql);
    await again.append(on('05'));
    expect(await verify(again)).toMatchObject({ ok: true });
  });

  it('held in memory only, it does not grow without end', async () => {
    const ledger = open(make(), { most: 20, now: () => new Date('2026-10-31T09:00:00Z') });
    for (let n = 0; n < 60; n++) await ledger.append(on(String(1 + Math.floor(n / 10)).padStart(2, '0')));
    const rows = await ledger.read({ after: 0, limit: 100 });
    expect(rows.length).toBeLessThan(50);
    expect(await verify(ledger)).toMatchObject({ ok: true });
  });

  it('stays valid when the clock jumps back and forth', async () => {
    const ledger = open(make());
    for (const day of ['10', '09', '20', '08', '21']) await ledger.append(on(day));
    expect(await verify(ledger)).toMatchObject({ ok: true });
    await ledger.prune(new Date('2026-11-09T12:00:00Z'));
    // Nothing younger went with it.
    const days = (await ledger.read({ after: 0, limit: 100 })).map(({ body }) =>
      (JSON.parse(body) as LedgerEvent).at.slice(8, 10),
    );
    expect(days).toEqual(expect.arrayContaining(['10', '20', '21']));
  });
});

describe('tampering shows', () => {
  /** Someone with the file and a SQLite shell: triggers do not stop them, the chain tells on them. */
  async function tampered(change: (database: DatabaseSync) => void, options: { key?: string; check?: string } = {}) {
    const database = openDatabase(':memory:', { busyMs: 100 });
    const store = sqlOver(database);
    const ledger = open(store, options.key === undefined ? {} : { key: options.key });
    for (const day of ['01', '02', '03']) for (let n = 0; n < 3; n++) await ledger.append(on(day, { n }));
    database.exec('DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete');
    change(database);
    const verified = await verify(ledger, options.check === undefined ? {} : { key: options.check });
    store.close();
    return verified;
  }

  it.each<[string, (database: DatabaseSync) => void, RegExp]>([
    [
      'a changed record',
      (d) => d.exec(`UPDATE ledger SET body = replace(body, 'p1', 'p2') WHERE seq = 5`),
      /changed after/,
    ],
    ['a missing record', (d) => d.exec('DELETE FROM ledger WHERE seq = 5'), /missing/],
    ['a cut beginning', (d) => d.exec('DELETE FROM ledger WHERE seq < 5'), /does not begin/],
    ['a beginning cut at a checkpoint, unsaid', (d) => d.exec('DELETE FROM ledger WHERE seq < 4'), /no record says/],
    [
      'two records exchanged',
      (d) =>
        d.exec(
          'UPDATE ledger SET body = CASE seq WHEN 5 THEN (SELECT body FROM ledger WHERE seq = 6) ELSE body END WHERE seq = 5',
        ),
      /changed after/,
    ],
    ['a body that is no JSON', (d) => d.exec(`UPDATE ledger SET body = 'x' WHERE seq = 5`), /not JSON|malformed/],
  ])('%s', async (_, change, why) => {
    const verified = await tampered(change).catch((error: Error) => ({ ok: false as const, why: error.message }));
    expect(verified.ok).toBe(false);
    expect((verified as { why: string }).why).toMatch(why);
  });

  it('a chain made anew by someone without the key', async () => {
    expect(
      await tampered(() => undefined, { key: 'the key of the hospital', check: 'the key of the hospital' }),
    ).toMatchObject({ ok: true, signed: 2 });
    expect(
      await tampered(() => undefined, { key: 'the key of someone else', check: 'the key of the hospital' }),
    ).toMatchObject({ ok: false, why: expect.stringContaining('signature') as string });
  });

  it('a tail that was cut off, to whoever noted down a record of it', async () => {
    const sql = kept['in memory']();
    const ledger = open(sql);
    for (let n = 0; n < 3; n++) await ledger.append(event({ n }));
    const [last] = await ledger.read({ limit: 1 });
    expect(await verify(ledger, { anchor: { seq: 3, hash: last!.hash } })).toMatchObject({ ok: true });
    expect(await verify(ledger, { anchor: { seq: 4, hash: last!.hash } })).toMatchObject({ ok: false, at: 4 });
    expect(await verify(ledger, { anchor: { seq: 2, hash: last!.hash } })).toMatchObject({ ok: false, at: 2 });
  });
});

describe('a store that is away', () => {
  it('refuses what cannot be written, loses nothing that was acknowledged, and goes on when it is back', async () => {
    const file = join(folder, 'ledger.sqlite');
    const ledger = open(kept['in a file, behind a thread']());
    await ledger.append(event({ n: 1 }));
    const other = new DatabaseSync(file);
    other.exec('BEGIN EXCLUSIVE');
    const refused = await Promise.allSettled([ledger.append(event({ n: 2 })), ledger.append(event({ n: 3 }))]);
    for (const one of refused)
      expect(one).toMatchObject({
        status: 'rejected',
        reason: expect.objectContaining({ refusal: { reason: 'not_recorded' } }) as unknown,
      });
    other.exec('ROLLBACK');
    other.close();
    await ledger.append(event({ n: 4 }));
    const numbers = (await ledger.read({ after: 0, limit: 10 })).map(
      ({ body }) => (JSON.parse(body) as { n: number }).n,
    );
    expect(numbers).toEqual([1, 4]);
    expect(await verify(ledger)).toMatchObject({ ok: true });
  });

  it('such as a full disk', async () => {
    const database = openDatabase(join(folder, 'ledger.sqlite'), { busyMs: 100 });
    closing.push(() => database.close());
    const ledger = open(sqlOver(database));
    await ledger.append(event());
    database.exec('PRAGMA max_page_count = 30');
    let written = 1;
    await expect(
      (async () => {
        for (; written < 1000; written++) await ledger.append(event({ filler: 'x'.repeat(2000) }));
      })(),
    ).rejects.toThrow(Refused);
    database.exec('PRAGMA max_page_count = 100000');
    await ledger.append(event());
    expect(await verify(ledger)).toMatchObject({ ok: true, records: written + 1 });
  });
});

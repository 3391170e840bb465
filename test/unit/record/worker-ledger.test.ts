// The ledger's Durable Object, its isolates and the nightly retention, over a SQLite that behaves as the object's own.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { Refused } from '../../../src/outcome.ts';
import { pagesOf, verifyLedger } from '../../../src/record/verify-ledger.ts';
import worker from '../../../src/worker.ts';
import { LedgerObject, remoteLedger } from '../../../src/worker-ledger.ts';
import type { DurableObjectNamespace, DurableObjectState } from '../../../src/worker-types.ts';

const day = 86_400_000;

function objectOf(database: DatabaseSync): LedgerObject {
  const exec = (text: string, ...values: (string | number | null)[]) => {
    const statement = database.prepare(text);
    const isRead = /^\s*SELECT/i.test(text);
    const rows = isRead ? statement.all(...values) : [];
    return { toArray: () => rows, rowsWritten: isRead ? 0 : Number(statement.run(...values).changes) };
  };
  const transactionSync = (act: () => void) => {
    database.exec('BEGIN');
    try {
      act();
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
  return new LedgerObject({ storage: { sql: { exec }, transactionSync } } as unknown as DurableObjectState, {});
}

const namespaceOf = (fetch: (url: string, init: RequestInit) => Promise<Response>): DurableObjectNamespace =>
  ({ idFromName: (name: string) => name, get: () => ({ fetch }) }) as unknown as DurableObjectNamespace;
const reaching = (object: LedgerObject) => namespaceOf((url, init) => object.fetch(new Request(url, init)));

describe('the ledger on Workers', () => {
  it('is one chain for all isolates, and the cron lets go of what is older than LEDGER_DAYS', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const namespace = reaching(objectOf(new DatabaseSync(':memory:')));
    const isolates = [remoteLedger(namespace), remoteLedger(namespace)];
    for (let ago = 50; ago >= 0; ago -= 5)
      await Promise.all(
        isolates.map((ledger) =>
          ledger.append({ kind: 'hook', at: new Date(Date.now() - ago * day).toISOString(), patient: `p${ago}` }),
        ),
      );
    const [ledger] = isolates;
    const verified = () => verifyLedger(pagesOf((query) => ledger!.read(query)));
    expect(await verified()).toMatchObject({ ok: true });

    const env = { DB: undefined, ASSETS: undefined, LEDGER: namespace, SANDBOX: 'on' } as never;
    await worker.scheduled({}, env);
    expect(await ledger!.read({ patient: 'p50', limit: 10 })).toHaveLength(2);
    await worker.scheduled({}, { ...(env as object), LEDGER_DAYS: '30' } as never);
    expect(await ledger!.read({ patient: 'p50', limit: 10 })).toEqual([]);
    expect(await ledger!.read({ patient: 'p25', limit: 10 })).toHaveLength(2);
    expect(await verified()).toMatchObject({ ok: true });
    vi.restoreAllMocks();
  });

  it('refuses, so that nothing is answered without its record, when the object cannot be reached or cannot write', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const closed = new DatabaseSync(':memory:');
    const broken = reaching(objectOf(closed));
    closed.close();
    const overloaded = namespaceOf(async () => new Response(null, { status: 503 }));
    const gone = namespaceOf(async () => {
      throw new Error('Network connection lost.');
    });
    for (const namespace of [broken, overloaded, gone]) {
      const ledger = remoteLedger(namespace);
      await expect(ledger.append({ kind: 'hook', at: new Date().toISOString() })).rejects.toBeInstanceOf(Refused);
    }
    vi.restoreAllMocks();
  });
});

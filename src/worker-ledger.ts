// The ledger's single writer on Cloudflare: one Durable Object with a SQLite of its own. Its answer leaves only when what it
// wrote is durable (the output gate), so "appended" means on disk.
import { Refused } from './outcome.ts';
import type { Sql, SqlValue } from './platform.ts';
import { createLedger, type Ledger, type LedgerQuery, type LedgerRow } from './record/ledger.ts';
import type { LedgerEvent } from './record/ledger-event.ts';
import type { DurableObjectNamespace, DurableObjectState, SqlStorage } from './worker-types.ts';

type Ask =
  | { do: 'append'; events: LedgerEvent[] }
  | { do: 'read'; query: LedgerQuery }
  | { do: 'prune'; olderThan: string };

export class LedgerObject {
  readonly #ledger: Ledger;

  constructor({ storage }: DurableObjectState, env: { LEDGER_KEY?: string }) {
    this.#ledger = createLedger(
      overStorage(storage.sql, (act) => storage.transactionSync(act)),
      {
        now: () => new Date(),
        ...(env.LEDGER_KEY && { key: env.LEDGER_KEY }),
        onCheckpoint: ({ through, hash }) =>
          console.log(
            JSON.stringify({ at: new Date().toISOString(), level: 'info', event: 'ledger_checkpoint', through, hash }),
          ),
      },
    );
  }

  async fetch(request: Request): Promise<Response> {
    const ask = (await request.json()) as Ask;
    try {
      switch (ask.do) {
        case 'append':
          await Promise.all(ask.events.map((event) => this.#ledger.append(event)));
          return Response.json({});
        case 'read':
          return Response.json(await this.#ledger.read(ask.query));
        case 'prune':
          return Response.json(await this.#ledger.prune(new Date(ask.olderThan)));
      }
    } catch (error) {
      console.log(
        JSON.stringify({
          level: 'error',
          event: 'ledger_failed',
          kind: error instanceof Error ? error.name : 'unknown',
        }),
      );
      return new Response(null, { status: 503 });
    }
  }
}

function overStorage(sql: SqlStorage, transaction: (act: () => void) => void): Sql {
  return {
    all: async <Row>(text: string, ...values: SqlValue[]) => sql.exec(text, ...values).toArray() as Row[],
    run: async (text, ...values) => ({ changes: sql.exec(text, ...values).rowsWritten }),
    batch: async (statements) =>
      transaction(() => statements.forEach(({ sql: text, values = [] }) => void sql.exec(text, ...values))),
  };
}

/** The ledger as the isolates see it: all of them write through the one object. */
export function remoteLedger(namespace: DurableObjectNamespace): Ledger {
  const ask = async <Result>(what: Ask): Promise<Result> => {
    let answer: Response;
    try {
      answer = await namespace
        .get(namespace.idFromName('ledger'))
        .fetch('https://ledger/', { method: 'POST', body: JSON.stringify(what) });
    } catch {
      throw new Refused({ reason: 'not_recorded' });
    }
    if (!answer.ok) throw new Refused({ reason: 'not_recorded' });
    return (await answer.json()) as Result;
  };
  return {
    append: (event) => ask({ do: 'append', events: [event] }),
    read: (query) => ask<LedgerRow[]>({ do: 'read', query }),
    prune: (olderThan) => ask({ do: 'prune', olderThan: olderThan.toISOString() }),
    close: async () => undefined,
  };
}

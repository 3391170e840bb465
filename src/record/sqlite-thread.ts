// The Sql port over a SQLite file in a thread of its own: the disk is waited for there, while this thread goes on answering.
// This file is both sides; in the thread it serves, elsewhere it exports `openSqliteThread`.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Refused } from '../outcome.ts';
import type { Sql, SqlValue, Statement } from '../platform.ts';
import { openDatabase, sqlOver } from './sqlite.ts';

type Call = { id: number } & (
  | { do: 'all' | 'run'; sql: string; values: SqlValue[] }
  | { do: 'batch'; statements: Statement[] }
  | { do: 'close' }
);
type Answer = { id: number; result?: unknown; refused?: true; message?: string };

const serves = 'curbside-sqlite';

export interface SqliteThread extends Sql {
  close(): Promise<void>;
}

/** The file must be in a folder that exists. A thread that dies is replaced at the next call. */
export function openSqliteThread(file: string): SqliteThread {
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: unknown) => void }>();
  let thread: Worker | undefined;
  let last = 0;

  function running(): Worker {
    if (thread) return thread;
    const started = new Worker(new URL('./sqlite-thread.ts', import.meta.url), {
      workerData: { serves, file },
      stderr: false,
    });
    thread = started;
    started.unref();
    started.on('message', ({ id, result, refused, message }: Answer) => {
      const caller = waiting.get(id);
      waiting.delete(id);
      if (refused) caller?.reject(new Refused({ reason: 'not_recorded' }));
      else if (message !== undefined) caller?.reject(new Error(message));
      else caller?.resolve(result as never);
    });
    const gone = () => {
      if (thread !== started) return;
      thread = undefined;
      for (const { reject } of waiting.values()) reject(new Refused({ reason: 'not_recorded' }));
      waiting.clear();
    };
    started.on('error', gone);
    started.on('exit', gone);
    return started;
  }

  // A Call without its number, each kind by itself.
  type Asked = Call extends infer One ? (One extends Call ? Omit<One, 'id'> : never) : never;
  const ask = <Result>(call: Asked): Promise<Result> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      running().postMessage({ id, ...call });
    });

  return {
    all: (sql, ...values) => ask({ do: 'all', sql, values }),
    run: (sql, ...values) => ask({ do: 'run', sql, values }),
    batch: (statements) => ask({ do: 'batch', statements }),
    async close() {
      if (!thread) return;
      await ask({ do: 'close' });
      await thread?.terminate();
    },
  };
}

if (!isMainThread && (workerData as { serves?: string } | null)?.serves === serves) {
  const store = sqlOver(openDatabase((workerData as { file: string }).file, { busyMs: 2000 }));
  parentPort!.on('message', (call: Call) => {
    const { id } = call;
    const work =
      call.do === 'close'
        ? Promise.resolve(store.close())
        : call.do === 'batch'
          ? store.batch(call.statements)
          : call.do === 'all'
            ? store.all(call.sql, ...call.values)
            : store.run(call.sql, ...call.values);
    work.then(
      (result) => parentPort!.postMessage({ id, result } satisfies Answer),
      (error: unknown) =>
        parentPort!.postMessage(
          (error instanceof Refused
            ? { id, refused: true }
            : { id, message: error instanceof Error ? error.message : String(error) }) satisfies Answer,
        ),
    );
  });
}

// What the engine asks of the machine it runs on. `node.ts` and `worker.ts` each build one; tests build a fixed one.
import type { Ledger } from './record/ledger.ts';
import type { Settings } from './settings.ts';

export type SqlValue = string | number | null;

export interface Statement {
  sql: string;
  values?: SqlValue[];
}

/** One small interface over node:sqlite and D1. `batch` is a transaction: all or nothing. */
export interface Sql {
  all<Row = Record<string, SqlValue>>(sql: string, ...values: SqlValue[]): Promise<Row[]>;
  run(sql: string, ...values: SqlValue[]): Promise<{ changes: number }>;
  batch(statements: Statement[]): Promise<void>;
}

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  event: string;
  /** Ids, counts, milliseconds and reasons only: never a token, a name, a birth date, a prompt or a resource. */
  [field: string]: string | number | boolean | undefined;
}

export interface Platform {
  readonly settings: Settings;
  now(): Date;
  uuid(): string;
  /** Milliseconds since some start, for measuring; does not jump with the wall clock. */
  elapsed(): number;
  fetch: typeof fetch;
  /**
   * AES-256-GCM under a fresh nonce, on the spot; the parts in base64url. Absent where there is only WebCrypto, whose hop to
   * another thread costs ten times as much.
   */
  encrypt?: (
    key: Uint8Array,
    content: string | Uint8Array,
    additional: string,
  ) => { nonce: string; ciphertext: string; tag: string };
  /** SHA-256 in hex, on the spot; absent where there is only WebCrypto. */
  digest?: (text: string) => string;
  sql: Sql;
  /** The one writer of the ledger; beside the other tables when there is none. */
  ledger?: Ledger;
  log(entry: LogEntry): void;
  /** A built file of the panel, the console or the sandbox EHR page; undefined when there is none. */
  asset(path: string): Promise<Response | undefined>;
  /** In the next turn of the event loop, after what has arrived; absent where the platform spreads the load itself. */
  soon?: (act: () => void) => void;
  /** Lets work outlive the answer where the platform would otherwise stop it. */
  waitUntil(work: Promise<unknown>): void;
}

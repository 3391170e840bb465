// The little that we use of Cloudflare's own types.

export interface D1PreparedStatement {
  bind(...values: unknown[]): D1PreparedStatement;
  all<Row>(): Promise<{ results: Row[]; meta: { changes?: number } }>;
  run(): Promise<{ meta: { changes?: number } }>;
}

export interface D1Database {
  prepare(sql: string): D1PreparedStatement;
  batch(statements: D1PreparedStatement[]): Promise<unknown>;
}

export interface Fetcher {
  fetch(request: Request): Promise<Response>;
}

export interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void;
}

export interface SqlStorage {
  exec(sql: string, ...values: unknown[]): { toArray(): unknown[]; rowsWritten: number };
}

export interface DurableObjectState {
  storage: { sql: SqlStorage; transactionSync(act: () => void): void };
}

export interface DurableObjectNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch: (url: string, init?: RequestInit) => Promise<Response> };
}

// A sandbox on a fixed clock and an SQLite file in memory.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Platform, Sql } from '../../../src/platform.ts';
import { createSandbox } from '../../../src/sandbox/index.ts';
import { readSettings } from '../../../src/settings.ts';

export const ehrOrigin = 'http://localhost:8787';
export const panelOrigin = 'http://127.0.0.1:8787';
export const fhir = `${ehrOrigin}/fhir/R4`;
export const start = new Date('2026-11-24T09:41:00Z');

function memorySql(): Sql {
  const database = new DatabaseSync(':memory:');
  database.exec(readFileSync(new URL('../../../src/record/migrations/0002_sandbox.sql', import.meta.url), 'utf8'));
  const all: Sql['all'] = async (sql, ...values) => database.prepare(sql).all(...values) as never;
  return {
    all,
    run: async (sql, ...values) => ({ changes: Number(database.prepare(sql).run(...values).changes) }),
    batch: async (statements) => {
      for (const { sql, values = [] } of statements) database.prepare(sql).run(...values);
    },
  };
}

export function testSandbox() {
  let offset = 0;
  const platform: Platform = {
    settings: readSettings({}),
    now: () => new Date(start.getTime() + offset),
    uuid: () => crypto.randomUUID(),
    elapsed: () => performance.now(),
    fetch,
    sql: memorySql(),
    log: () => {},
    asset: async (path) =>
      path === 'ehr/index.html'
        ? new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })
        : undefined,
    waitUntil: () => {},
  };
  const app = createSandbox(platform, { ehrOrigin, panelOrigin });
  const request = async (path: string, init?: RequestInit) =>
    await app.request(path.startsWith('http') ? path : `${ehrOrigin}${path}`, init);
  const api = async (path: string, body: object, headers: Record<string, string> = { origin: ehrOrigin }) =>
    await request(`/ehr/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const token = async (body: object = {}) =>
    ((await (await api('cds-token', body)).json()) as { access_token: string }).access_token;
  return {
    app,
    platform,
    request,
    api,
    token,
    pass: (milliseconds: number) => {
      offset += milliseconds;
    },
    /** The page's own session, which may write. */
    session: async () => ((await (await api('session', {})).json()) as { access_token: string }).access_token,
  };
}

// The app on a platform that stands still: fixed clock, database in memory, nothing served from disk.
import { readFileSync } from 'node:fs';
import { services } from '../../hooks/index.ts';
import { type App, createApp, type Wiring } from '../../src/app.ts';
import { type Knowledge, type KnowledgeFiles, openKnowledge } from '../../src/knowledge.ts';
import type { LogEntry, Platform } from '../../src/platform.ts';
import { openSqlite } from '../../src/record/sqlite.ts';
import { readSettings } from '../../src/settings.ts';

export const now = new Date('2026-11-24T09:00:00Z');
export const publicUrl = 'http://127.0.0.1:8787';

let shared: Knowledge | undefined;
export function knowledge(): Knowledge {
  shared ??= openKnowledge(
    JSON.parse(readFileSync(new URL('../../dist/knowledge.json', import.meta.url), 'utf8')) as KnowledgeFiles,
  );
  return shared;
}

export interface TestApp {
  app: App;
  platform: Platform;
  logs: LogEntry[];
  /** Work that was let outlive its answer. */
  settled(): Promise<void>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

export function testPlatform(env: Record<string, string> = {}): {
  platform: Platform;
  logs: LogEntry[];
  settled: () => Promise<void>;
} {
  const logs: LogEntry[] = [];
  let work: Promise<unknown>[] = [];
  return {
    logs,
    settled: async () => {
      while (work.length) {
        const running = work;
        work = [];
        await Promise.all(running);
      }
    },
    platform: {
      settings: readSettings(env),
      now: () => now,
      uuid: () => crypto.randomUUID(),
      elapsed: () => performance.now(),
      fetch: (input, init) => fetch(input, init),
      sql: openSqlite(':memory:'),
      log: (entry) => void logs.push(entry),
      asset: async () => undefined,
      waitUntil: (promise) => void work.push(promise.catch(() => undefined)),
    },
  };
}

export function testApp({ env = {}, ...wiring }: Partial<Wiring> & { env?: Record<string, string> } = {}): TestApp {
  const { platform, logs, settled } = testPlatform(env);
  const app = createApp({ platform, services, knowledge, publicUrl, ...wiring });
  const call = async (path: string, init: RequestInit = {}) => app.fetch(new Request(`${publicUrl}${path}`, init));
  return {
    app,
    platform,
    logs,
    settled,
    get: (path, headers = {}) => call(path, { headers }),
    post: (path, body, headers = {}) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

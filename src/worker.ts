// Curbside on Cloudflare Workers: when one machine is not enough.

import knowledgeFiles from '../dist/knowledge.json' with { type: 'json' };
import { services } from '../hooks/index.ts';
import { createApp } from './app.ts';
import { type Knowledge, type KnowledgeFiles, openKnowledge } from './knowledge.ts';
import type { Platform } from './platform.ts';
import { d1 } from './record/d1.ts';
import { readSettings, SettingsError } from './settings.ts';
import { remoteLedger } from './worker-ledger.ts';
import type { D1Database, DurableObjectNamespace, ExecutionContext, Fetcher } from './worker-types.ts';

export { LedgerObject } from './worker-ledger.ts';

interface Env {
  DB: D1Database;
  ASSETS: Fetcher;
  LEDGER: DurableObjectNamespace;
  [setting: string]: unknown;
}

let knowledge: Knowledge | undefined;
let app: ReturnType<typeof createApp> | undefined;
let current: ExecutionContext | undefined;

/** One app an isolate, made by its first request: nothing random and no I/O happens before. */
function appOf(env: Env, origin: string) {
  if (app) return app;
  const { DB, ASSETS, LEDGER, ...given } = env;
  const settings = readSettings(given);
  const files = knowledgeFiles as unknown as KnowledgeFiles;
  knowledge ??= openKnowledge(files);
  const platform: Platform = {
    settings,
    now: () => new Date(),
    uuid: () => crypto.randomUUID(),
    elapsed: () => performance.now(),
    fetch: (input, init) => fetch(input, init),
    sql: d1(DB),
    ledger: remoteLedger(LEDGER),
    log: (entry) => console.log(JSON.stringify({ at: new Date().toISOString(), ...entry })),
    asset: async (path) => {
      const found = await ASSETS.fetch(new Request(`https://assets.local/${path}`));
      // The binding's own answer cannot be changed; a copy can.
      return found.ok
        ? new Response(found.body, {
            headers: { 'content-type': found.headers.get('content-type') ?? 'application/octet-stream' },
          })
        : undefined;
    },
    waitUntil: (work) => current?.waitUntil(work),
  };
  const publicUrl = (settings.PUBLIC_URL ?? origin).replace(/\/+$/, '');
  const sandboxUrl = settings.SANDBOX === 'on' ? (settings.SANDBOX_URL ?? origin).replace(/\/+$/, '') : undefined;
  app = createApp({ platform, services, knowledge: () => knowledge!, publicUrl, sandboxUrl });
  return app;
}

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    current = context;
    try {
      return await appOf(env, new URL(request.url).origin).fetch(request);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      console.log(JSON.stringify({ level: 'error', event: 'settings', why: error.message }));
      return new Response(error.message, { status: 503 });
    }
  },
  /** Once a day (wrangler.toml): the ledger lets go of what is older than LEDGER_DAYS. */
  async scheduled(_event: unknown, { DB: _db, ASSETS: _assets, LEDGER, ...given }: Env): Promise<void> {
    const { LEDGER_DAYS } = readSettings(given);
    if (LEDGER_DAYS !== undefined) await remoteLedger(LEDGER).prune(new Date(Date.now() - LEDGER_DAYS * 86_400_000));
  },
};

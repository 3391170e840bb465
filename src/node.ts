// Curbside on Node: a hospital's own server.
import { createCipheriv, randomFillSync } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { serve } from '@hono/node-server';
import { services } from '../hooks/index.ts';
import { createApp } from './app.ts';
import { type KnowledgeFiles, openKnowledge } from './knowledge.ts';
import type { Platform } from './platform.ts';
import { openSqlite } from './record/sqlite.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { readKnowledge } from './tools/rules/read-folder.ts';

const dist = new URL('../dist/', import.meta.url);

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
};

export function nodePlatform(settings: Settings): { platform: Platform; settle: () => Promise<void>; close: () => void } {
  const sql = openSqlite(settings.DATA_DIR);
  const running = new Set<Promise<unknown>>();
  const platform: Platform = {
    settings,
    now: () => new Date(),
    uuid: () => crypto.randomUUID(),
    elapsed: () => performance.now(),
    fetch: (input, init) => fetch(input, init),
    encrypt: (key, content, additional) => {
      const nonce = freshNonce();
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(additional));
      const ciphertext = (typeof content === 'string' ? cipher.update(content, 'utf8') : cipher.update(content)).toString('base64url');
      cipher.final();
      return { nonce: nonce.toString('base64url'), ciphertext, tag: cipher.getAuthTag().toString('base64url') };
    },
    sql,
    log: (entry) => console.log(JSON.stringify({ at: new Date().toISOString(), ...entry })),
    asset: async (path) => {
      const file = join(dist.pathname, 'app', normalize(`/${path}`));
      return existsSync(file) && statSync(file).isFile() ? new Response(readFileSync(file), { headers: { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream' } }) : undefined;
    },
    waitUntil: (work) => {
      const settled = work.catch(() => undefined).finally(() => running.delete(settled));
      running.add(settled);
    },
  };
  return { platform, settle: async () => void (await Promise.all(running)), close: () => sql.close() };
}

const nonces = Buffer.alloc(12 * 256);
let nextNonce = nonces.length;

/** 96 random bits, each used once; drawn by the hundred, because asking the system is what costs. */
function freshNonce(): Buffer {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces);
    nextNonce = 0;
  }
  nextNonce += 12;
  return nonces.subarray(nextNonce - 12, nextNonce);
}

/** A setting that may hold JSON or name a file with it. */
function fromFile(value: string | undefined): string | undefined {
  if (value === undefined || /^\s*[[{]/.test(value)) return value;
  if (!existsSync(value)) throw new SettingsError(`The setting CDS_CLIENTS names the file ${value}, which is not there.`);
  return readFileSync(value, 'utf8');
}

export async function start(env: Record<string, unknown>) {
  const read = readSettings(env);
  const settings = { ...read, CDS_CLIENTS: fromFile(read.CDS_CLIENTS) };
  const files = settings.RULES_DIR ? readKnowledge(settings.RULES_DIR) : (JSON.parse(readFileSync(new URL('knowledge.json', dist), 'utf8')) as KnowledgeFiles);
  const knowledge = openKnowledge(files);
  const { platform, settle, close } = nodePlatform(settings);

  // The address is only known once the port is: 0 takes any free one.
  let app: ReturnType<typeof createApp> | undefined;
  const server = serve({ fetch: (request) => app!.fetch(request), port: settings.PORT, hostname: settings.HOST });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : settings.PORT;
  const publicUrl = (settings.PUBLIC_URL ?? `http://127.0.0.1:${port}`).replace(/\/+$/, '');
  const sandboxUrl = settings.SANDBOX === 'on' ? (settings.SANDBOX_URL ?? `http://localhost:${port}`).replace(/\/+$/, '') : undefined;
  app = createApp({ platform, services, knowledge: () => knowledge, publicUrl, sandboxUrl });

  const stop = async () => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ('closeIdleConnections' in server) server.closeIdleConnections();
    });
    await app!.close();
    await settle();
    close();
  };
  return { publicUrl, sandboxUrl, stop, platform };
}

if (import.meta.main) {
  try {
    const { publicUrl, sandboxUrl, stop } = await start(process.env);
    console.log(
      [
        'Curbside is running.',
        ...(sandboxUrl ? [`  Sandbox EHR       ${sandboxUrl}/ehr/   start here`] : []),
        `  CDS services      ${publicUrl}/cds-services`,
        ...(sandboxUrl ? [`  FHIR server       ${sandboxUrl}/fhir/R4`] : []),
        `  Health            ${publicUrl}/health`,
        ...(sandboxUrl ? ['  Sandbox mode: synthetic patients only, no sign-in. Set SANDBOX=off and CDS_CLIENTS for real use.'] : []),
      ].join('\n'),
    );
    let isStopping = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (isStopping) return;
        isStopping = true;
        void stop().then(() => process.exit(0));
      });
    }
  } catch (error) {
    const { code, port } = error as { code?: string; port?: number };
    if (error instanceof SettingsError) console.error(error.message);
    else if (code === 'EADDRINUSE') console.error(`Port ${port} is taken by another program. Choose another: PORT=8788 npm start`);
    else throw error;
    process.exit(1);
  }
}

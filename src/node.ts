// Curbside on Node: a hospital's own server.
import { createCipheriv, hash, randomFillSync } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { services } from '../hooks/index.ts';
import { createApp } from './app.ts';
import { readClients } from './cds-hooks/client-auth.ts';
import { watchNames } from './node-addresses.ts';
import { listen } from './node-server.ts';
import type { Platform, Sql } from './platform.ts';
import { createLedger } from './record/ledger.ts';
import { openSqlite } from './record/sqlite.ts';
import { openSqliteThread } from './record/sqlite-thread.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { guestsIn } from './tools/patients/guests.ts';
import { BrokenRules, type LiveRules, liveRules } from './tools/rules/live-rules.ts';
import { saveDraftIn } from './tools/rules/save-draft.ts';

const dist = new URL('../dist/', import.meta.url);

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
};

export function nodePlatform(settings: Settings): {
  platform: Platform;
  settle: () => Promise<void>;
  close: () => Promise<void>;
} {
  const { sql, ledgerSql, closeStores } = openStores(settings.DATA_DIR);
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
      const ciphertext = (
        typeof content === 'string' ? cipher.update(content, 'utf8') : cipher.update(content)
      ).toString('base64url');
      cipher.final();
      return { nonce: nonce.toString('base64url'), ciphertext, tag: cipher.getAuthTag().toString('base64url') };
    },
    digest,
    sql,
    ledger: createLedger(ledgerSql, {
      now: () => new Date(),
      digest,
      key: settings.LEDGER_KEY,
      soon: setImmediate,
      ...(ledgerSql === sql && { most: 20_000 }),
      // Whoever keeps the log elsewhere can tell by it that no earlier record was changed.
      onCheckpoint: ({ through, hash }) => platform.log({ level: 'info', event: 'ledger_checkpoint', through, hash }),
    }),
    soon: (act) => void setImmediate(act),
    log: (entry) => console.log(JSON.stringify({ at: new Date().toISOString(), ...entry })),
    asset: async (path) => {
      const file = join(dist.pathname, 'app', normalize(`/${path}`));
      return existsSync(file) && statSync(file).isFile()
        ? new Response(readFileSync(file), {
            headers: { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream' },
          })
        : undefined;
    },
    waitUntil: (work) => {
      const settled = work.catch(() => undefined).finally(() => running.delete(settled));
      running.add(settled);
    },
  };
  return {
    platform,
    settle: async () => void (await Promise.all(running)),
    close: closeStores,
  };
}

/** In memory one store for all; in a folder a file for the ledger and one for the rest, each waited for in a thread of its own. */
function openStores(folder: string): { sql: Sql; ledgerSql: Sql; closeStores: () => Promise<void> } {
  const store = openSqlite(folder);
  if (folder === ':memory:') return { sql: store, ledgerSql: store, closeStores: async () => store.close() };
  // It has brought the tables up to date; a mistake in that is heard here and now.
  store.close();
  const threads = ['curbside.sqlite', 'ledger.sqlite'].map((name) => openSqliteThread(join(folder, name)));
  return {
    sql: threads[0]!,
    ledgerSql: threads[1]!,
    closeStores: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}

const digest = (text: string): string => hash('sha256', text, 'hex');

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
  if (!existsSync(value))
    throw new SettingsError(`The setting CDS_CLIENTS names the file ${value}, which is not there.`);
  return readFileSync(value, 'utf8');
}

export async function start(env: Record<string, unknown>) {
  const read = readSettings(env);
  const settings = { ...read, CDS_CLIENTS: fromFile(read.CDS_CLIENTS) };
  // Whatever is wrong with the settings is said before the first caller can reach us.
  if (settings.CDS_CLIENTS) readClients(settings.CDS_CLIENTS);
  const rules = rulesOf(settings);
  const { platform, settle, close } = nodePlatform(settings);
  rules.tell = platform;
  // In the sandbox everything is on this machine.
  const unwatch =
    settings.SANDBOX === 'off'
      ? watchNames((host) => platform.log({ level: 'error', event: 'address_refused', host }))
      : () => undefined;

  // The address is only known once the port is: 0 takes any free one.
  let app: ReturnType<typeof createApp> | undefined;
  const server = await listen((request) => app!.fetch(request), { port: settings.PORT, hostname: settings.HOST });
  const { port } = server;
  const publicUrl = (settings.PUBLIC_URL ?? `http://127.0.0.1:${port}`).replace(/\/+$/, '');
  const sandboxUrl =
    settings.SANDBOX === 'on' ? (settings.SANDBOX_URL ?? `http://localhost:${port}`).replace(/\/+$/, '') : undefined;
  try {
    app = createApp({
      platform,
      services,
      knowledge: rules.current,
      publicUrl,
      sandboxUrl,
      ...(settings.SANDBOX_PATIENTS && { sandboxGuests: guestsFrom(settings.SANDBOX_PATIENTS) }),
      saveDraft: saveDraftIn(settings.RULES_DIR ?? new URL('../rules', import.meta.url).pathname),
    });
    await platform.ledger!.append({
      kind: 'start',
      at: platform.now().toISOString(),
      rules: rules.current().hash,
      sandbox: settings.SANDBOX,
    });
  } catch (error) {
    server.close();
    unwatch();
    await close();
    throw error;
  }
  const forget = retention(platform);

  const stop = async () => {
    clearInterval(forget);
    rules.close();
    // What was accepted is finished.
    await server.drain();
    await settle();
    unwatch();
    await platform.ledger!.append({ kind: 'stop', at: platform.now().toISOString() }).catch(() => undefined);
    await app!.close();
    await close();
  };
  return { publicUrl, sandboxUrl, stop, platform, reload: rules.reload };
}

/** The people of a folder; one that is not there is said at the start. */
function guestsFrom(folder: string) {
  if (!existsSync(folder))
    throw new SettingsError(`The setting SANDBOX_PATIENTS names the folder ${folder}, which is not there.`);
  return guestsIn(folder);
}

const dayMs = 86_400_000;

/** The rules in force, and the ledger's word for every change of them. */
function rulesOf({ RULES_DIR }: Settings): LiveRules & { tell?: Platform } {
  const tellTo = (): Platform | undefined => rules.tell;
  const rules: LiveRules & { tell?: Platform } = liveRules({
    ...(RULES_DIR && { folder: RULES_DIR }),
    bundle: new URL('knowledge.json', dist),
    onReload: (from, to) => {
      tellTo()?.log({ level: 'info', event: 'rules_reloaded', from, to });
      tellTo()?.waitUntil(tellTo()!.ledger!.append({ kind: 'rules', at: new Date().toISOString(), from, to }));
    },
    onRefused: (why) => {
      tellTo()?.log({ level: 'error', event: 'rules_refused', why });
      tellTo()?.waitUntil(
        tellTo()!.ledger!.append({
          kind: 'rules',
          at: new Date().toISOString(),
          from: rules.current().hash,
          isRefused: true,
        }),
      );
    },
  });
  return rules;
}

/** Once a day, and at the start, the ledger lets go of what is older than LEDGER_DAYS. */
function retention(platform: Platform): NodeJS.Timeout | undefined {
  const days = platform.settings.LEDGER_DAYS;
  if (days === undefined) return undefined;
  const prune = () =>
    platform.ledger!.prune(new Date(platform.now().getTime() - days * dayMs)).then(
      ({ through }) => platform.log({ level: 'info', event: 'ledger_pruned', through }),
      () => platform.log({ level: 'error', event: 'ledger_not_pruned' }),
    );
  void prune();
  return setInterval(prune, dayMs).unref();
}

if (import.meta.main) {
  try {
    const { publicUrl, sandboxUrl, stop, reload } = await start(process.env);
    process.on('SIGHUP', () => void reload());
    console.log(
      [
        'Curbside is running.',
        ...(sandboxUrl ? [`  Sandbox EHR       ${sandboxUrl}/ehr/   start here`] : []),
        `  Console           ${publicUrl}/console/`,
        `  CDS services      ${publicUrl}/cds-services`,
        ...(sandboxUrl ? [`  FHIR server       ${sandboxUrl}/fhir/R4`] : []),
        `  Health            ${publicUrl}/health`,
        ...(sandboxUrl
          ? ['  Sandbox mode: synthetic patients only, no sign-in. Set SANDBOX=off and CDS_CLIENTS for real use.']
          : []),
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
    else if (error instanceof BrokenRules) console.error(`The rules in RULES_DIR are broken: ${error.message}`);
    else if (code === 'EADDRINUSE')
      console.error(`Port ${port} is taken by another program. Choose another: PORT=8788 npm start`);
    else throw error;
    process.exit(1);
  }
}

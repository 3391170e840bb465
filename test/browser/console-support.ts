// The built console on a server with a few weeks of synthetic use behind it.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { build } from 'vite';
import { services } from '../../hooks/index.ts';
import { createApp } from '../../src/app.ts';
import type { Card } from '../../src/cds-hooks/contract.ts';
import { requestsOf } from '../../src/console/cohort-requests.ts';
import { patients } from '../../src/sandbox/patients/index.ts';
import { knowledge, now, testPlatform } from '../support/app.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export interface ConsoleServer {
  base: string;
  dist: string;
  saved: Map<string, string>;
  stop(): Promise<void>;
}

export async function startConsole(env: Record<string, string> = {}): Promise<ConsoleServer> {
  const dist = await mkdtemp(join(tmpdir(), 'curbside-console-'));
  await build({
    root: fileURLToPath(new URL('../../smart-app/console', import.meta.url)),
    base: './',
    configFile: false,
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: join(dist, 'console'),
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
    },
  });
  const { platform, settled } = testPlatform(env);
  let clock = now;
  const saved = new Map<string, string>();
  const app = createApp({
    platform: {
      ...platform,
      now: () => clock,
      asset: async (path) =>
        existsSync(join(dist, path))
          ? new Response(readFileSync(join(dist, path)), {
              headers: { 'content-type': types[extname(path)] ?? 'text/plain' },
            })
          : undefined,
    },
    services,
    knowledge,
    publicUrl: 'http://127.0.0.1',
    saveDraft: async (id, text) => {
      saved.set(id, text);
      return `rules/drafts/${id}.json`;
    },
  });
  if (!env.AUDIT_TOKEN) {
    for (const daysAgo of [50, 36, 20, 6, 1]) {
      clock = new Date(now.getTime() - daysAgo * 86_400_000);
      await use(app, clock, daysAgo);
    }
    for (const [what, name, times] of [
      ['ai-run', 'done', 41],
      ['ai-run', 'failed deadline', 3],
      ['ai', 'shown', 412],
      ['ai', 'withheld', 35],
      ['ai-check', 'uncited', 21],
      ['ai-check', 'drugs', 14],
      ['ai', 'not-addressed', 2],
      ['ai-ms', '5000', 44],
    ] as const)
      await platform.sql.run(
        'INSERT INTO counted (day, what, name, times) VALUES (?, ?, ?, ?)',
        now.toISOString().slice(0, 10),
        what,
        name,
        times,
      );
    clock = now;
    await settled();
  }
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((ready) => server.once('listening', () => ready()));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/console/`,
    dist,
    saved,
    async stop() {
      await new Promise((done) => server.close(done));
      await app.close();
      await rm(dist, { recursive: true, force: true });
    },
  };
}

/** A day on which every sandbox patient has each of their drugs ordered, and clinicians answer by a fixed pattern. */
async function use(app: ReturnType<typeof createApp>, at: Date, daysAgo: number): Promise<void> {
  const post = (path: string, body: unknown) =>
    app.fetch(
      new Request(`http://127.0.0.1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  let turn = daysAgo;
  for (const { story, build: chart } of patients.slice(0, 12)) {
    const resources = chart(at) as unknown as Record<string, unknown>[];
    for (const { hook, context, prefetch } of requestsOf({ id: story.patientId, resources })) {
      if (hook !== 'order-sign') continue;
      const answer = await post('/cds-services/medication-safety', {
        hook,
        hookInstance: crypto.randomUUID(),
        context,
        prefetch,
      });
      const { cards } = (await answer.json()) as { cards: Card[] };
      const feedback = cards.flatMap(({ uuid, overrideReasons = [], suggestions = [] }): object[] => {
        turn += 1;
        if (turn % 5 === 0) return [];
        const outcomeTimestamp = at.toISOString();
        if (turn % 3 === 0 && suggestions[0])
          return [
            { card: uuid, outcome: 'accepted', outcomeTimestamp, acceptedSuggestions: [{ id: suggestions[0].uuid }] },
          ];
        const reason =
          overrideReasons[turn % 7 === 0 ? overrideReasons.length - 1 : turn % Math.max(overrideReasons.length, 1)];
        return [
          {
            card: uuid,
            outcome: 'overridden',
            outcomeTimestamp,
            ...(reason && {
              overrideReason: {
                reason,
                ...(reason.code === 'alert-wrong' && {
                  userComment: 'The potassium was drawn from a haemolysed sample.',
                }),
              },
            }),
          },
        ];
      });
      if (feedback.length) await post('/cds-services/medication-safety/feedback', { feedback });
    }
  }
}

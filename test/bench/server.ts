// One server of the bench, in a process of its own: the floor (Hono, JSON.parse, a fixed card), or the service with so many rules.
import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { services } from '../../hooks/index.ts';
import { createApp } from '../../src/app.ts';
import { RuleSet } from '../../src/guards/rule-set.ts';
import { type KnowledgeFiles, openKnowledge } from '../../src/knowledge.ts';
import { nodePlatform } from '../../src/node.ts';
import { readSettings } from '../../src/settings.ts';
import { interactionRules } from './rules.ts';

const [mode, count = '0'] = process.argv.slice(2);

function service(rules: number): (request: Request) => Response | Promise<Response> {
  const { platform } = nodePlatform(readSettings({ DATA_DIR: ':memory:', SANDBOX: 'on' }));
  const files = JSON.parse(
    readFileSync(new URL('../../dist/knowledge.json', import.meta.url), 'utf8'),
  ) as KnowledgeFiles;
  const knowledge = openKnowledge({ ...files, rules: [] });
  const measured = { ...knowledge, ruleSet: new RuleSet(interactionRules(rules, knowledge.terminology)) };
  return createApp({
    platform: { ...platform, log: () => undefined },
    services,
    knowledge: () => measured,
    publicUrl: 'http://127.0.0.1:8787',
  }).fetch;
}

function floor(): (request: Request) => Response | Promise<Response> {
  const app = new Hono();
  const card = {
    uuid: '00000000-0000-0000-0000-000000000000',
    summary: 'A fixed card',
    indicator: 'warning',
    source: { label: 'floor' },
    detail: 'x'.repeat(600),
  };
  app.post('/cds-services/medication-safety', async (c) => {
    await c.req.json();
    return c.json({ cards: [card] });
  });
  return app.fetch;
}

const answer = mode === 'floor' ? floor() : service(Number(count));
const server = serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request) => (request.url.endsWith('/cpu') ? Response.json(process.cpuUsage()) : answer(request)),
});
server.once('listening', () => process.send?.({ port: (server.address() as { port: number }).port }));

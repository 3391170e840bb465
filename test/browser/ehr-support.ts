// The sandbox EHR page, built and served with the real sandbox behind it and a small CDS service of the test's own:
// EHR on http://localhost, panel and service on http://127.0.0.1, one port, two sites.

import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { build } from 'vite';
import { createSandbox } from '../../src/sandbox/index.ts';
import { testSandbox } from '../unit/sandbox/support.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export interface Heard {
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the page sent
  body: any;
}

type CardsFor = (hook: string, body: Heard['body']) => object[];

/** Drugs whose RxNorm code is in `stops` get a Stop card that offers ceftriaxone instead. */
const defaultCards: CardsFor = (hook, { context }) => {
  if (hook === 'patient-view') return [card('c0', 'Potassium 5.3, on lisinopril', 'warning')];
  const draft = context.draftOrders.entry
    .map((entry: Heard['body']) => entry.resource)
    .find((one: Heard['body']) => one.medicationCodeableConcept?.coding?.[0]?.code === '198335');
  if (!draft) return [];
  return [
    {
      ...card('c1', 'Warfarin: serious bleeding risk, INR already 2.6', 'critical'),
      detail:
        'TMP-SMX slows **warfarin** clearance. <img src=x onerror="document.title=1">\n\n- INR usually climbs in 3 to 5 days',
      suggestions: [
        {
          label: 'Switch to ceftriaxone 1 g IV',
          uuid: 's1',
          isRecommended: true,
          actions: [
            {
              type: 'update',
              description: 'Switch to ceftriaxone 1 g IV',
              resource: {
                ...draft,
                medicationCodeableConcept: {
                  coding: [
                    {
                      system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
                      code: '1665021',
                      display: 'ceftriaxone 1000 MG Injection',
                    },
                  ],
                  text: 'ceftriaxone 1000 MG Injection',
                },
                dosageInstruction: [{ text: '1 g IV once daily' }],
              },
            },
          ],
        },
      ],
      overrideReasons: [
        { system: 'urn:test', code: 'benefit', display: 'Benefit outweighs the risk' },
        { system: 'urn:test', code: 'monitor', display: 'I will monitor' },
      ],
      links: [{ label: 'Open in the panel', url: 'PANEL/smart/launch', type: 'smart', appContext: '{"card":"c1"}' }],
    },
  ];
};

const card = (uuid: string, summary: string, indicator: string) => ({
  uuid,
  summary,
  indicator,
  source: { label: 'Test rules' },
});

export async function startEhr(cardsFor: CardsFor = defaultCards) {
  const outDir = mkdtempSync(join(tmpdir(), 'curbside-ehr-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: new URL('../../smart-app', import.meta.url).pathname,
    base: './',
    build: {
      outDir,
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      rollupOptions: { input: new URL('../../smart-app/ehr/index.html', import.meta.url).pathname },
    },
  });
  const heard: Heard[] = [];
  const app = new Hono();
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as { port: number };
  const origins = { ehrOrigin: `http://localhost:${port}`, panelOrigin: `http://127.0.0.1:${port}` };
  const platform = {
    ...testSandbox().platform,
    now: () => new Date(),
    asset: async (path: string) => {
      const bytes = await readFile(join(outDir, path)).catch(() => undefined);
      return (
        bytes &&
        new Response(new Uint8Array(bytes), {
          headers: { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' },
        })
      );
    },
  };
  app.use('/cds-services/*', cors({ origin: '*', allowHeaders: ['content-type', 'authorization'] }));
  app.use('/cds-services', cors({ origin: '*', allowHeaders: ['content-type', 'authorization'] }));
  app.use('/worklist', cors({ origin: '*', allowHeaders: ['content-type', 'authorization'] }));
  app.post('/worklist', (c) => {
    const urgency = { marchetti: 'immediate', halloran: 'urgent', corvin: 'soon' } as Record<string, string>;
    const entry = (id: string) => ({
      patient: { reference: `Patient/${id}` },
      encounter: { reference: `Encounter/${id}-visit`, class: id === 'everly' ? 'AMB' : 'EMER', status: 'in-progress' },
      priority: urgency[id] ?? 'routine',
      why: `NEWS2 9, up from 3, 6 h earlier (Respiratory rate 28 /min, 20 min ago)`,
      flags: [],
      scores: [],
      couldNotCheck: [],
    });
    return c.json({
      checkedAt: new Date().toISOString(),
      entries: ['marchetti', 'halloran', 'corvin', 'everly'].map(entry),
      notRead: [
        { encounter: 'Encounter/yarrow-visit', patient: 'Patient/yarrow', reason: 'the EHR did not answer in time' },
      ],
      isComplete: true,
    });
  });
  app.get('/cds-services', (c) =>
    c.json({
      services: [
        {
          id: 'chart-review',
          hook: 'patient-view',
          description: 'Test',
          prefetch: { patient: 'Patient/{{context.patientId}}' },
        },
        ...['order-select', 'order-sign'].map((hook) => ({
          id: 'medication-safety',
          hook,
          description: 'Test',
          prefetch: {
            patient: 'Patient/{{context.patientId}}',
            medications: 'MedicationRequest?patient={{context.patientId}}&status=active',
          },
        })),
      ],
    }),
  );
  app.post('/cds-services/:id', async (c) => {
    const body = await c.req.json();
    heard.push({ path: c.req.path, body });
    return c.json({
      cards: JSON.parse(JSON.stringify(cardsFor(body.hook, body)).replaceAll('PANEL/', `${origins.panelOrigin}/`)),
    });
  });
  app.post('/cds-services/:id/feedback', async (c) => {
    heard.push({ path: c.req.path, body: await c.req.json() });
    return c.json({});
  });
  // A panel that says which messages it gets back; the test drives it through its window.
  app.get('/smart/launch', (c) =>
    c.html(
      `<!doctype html><title>Panel</title><p id="launch">${new URL(c.req.url).searchParams.get('launch') ?? ''}</p><ul></ul><script>addEventListener('message',(e)=>{const li=document.createElement('li');li.textContent=JSON.stringify({origin:e.origin,data:e.data});document.querySelector('ul').append(li)})</script>`,
    ),
  );
  app.get('/assets/:file', async (c) => (await platform.asset(`assets/${c.req.param('file')}`)) ?? c.notFound());
  app.route('/', createSandbox(platform, origins));
  return {
    ...origins,
    heard,
    platform,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

// POST /worklist: who may ask, and what is written down of it.
import type { Context, Hono } from 'hono';
import { refuse } from './outcome.ts';
import type { RecordedVariables } from './recording.ts';
import type { Engine } from './service.ts';
import { readWorklistRequest, worklist } from './worklist.ts';

export interface WorklistWiring {
  engine: Engine;
  isOff: boolean;
  json: (request: Request) => Promise<unknown>;
}

export function worklistRoute(
  // biome-ignore lint/suspicious/noExplicitAny: the app's own variables are of no interest here
  app: Hono<any>,
  { engine, isOff, json }: WorklistWiring,
): void {
  app.post('/worklist', async (c: Context<{ Variables: RecordedVariables }>) => {
    if (isOff) refuse({ reason: 'switched_off', id: 'worklist' });
    if (c.get('caller').session)
      refuse({ reason: 'forbidden', what: 'A panel session is for one patient; a worklist reads all in progress.' });
    const asked = readWorklistRequest(await json(c.req.raw));
    const { platform } = engine;
    const started = platform.elapsed();
    const answer = await worklist(asked, engine);
    c.set('happened', {
      kind: 'hook',
      what: 'worklist',
      ...(asked.userId && /^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(asked.userId) && { user: asked.userId }),
      patients: answer.entries.map(({ patient, priority }) => `${patient.reference} ${priority}`),
      notRead: answer.notRead.length,
    });
    platform.log({
      level: 'info',
      event: 'worklist',
      entries: answer.entries.length,
      notRead: answer.notRead.length,
      ms: Math.round(platform.elapsed() - started),
      requestId: c.get('requestId'),
    });
    c.header('cache-control', 'no-store');
    return c.json(answer);
  });
}

// A FHIR server on loopback that tests can make misbehave. Search is by type only: what it holds is one patient's chart.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

type Json = Record<string, unknown>;

export interface FakeFhir {
  url: string;
  /** Requests that came in: method, path with query, and whether they carried a token. */
  seen: { path: string; authorization: string | undefined }[];
  /** Answers for the next requests whose path begins so. */
  misbehave(prefix: string, answer: (path: string) => Response | Promise<Response>): void;
  pageSize?: number;
  close(): Promise<void>;
}

export async function fakeFhir(resources: Json[]): Promise<FakeFhir> {
  const misbehaviours = new Map<string, (path: string) => Response | Promise<Response>>();
  const app = new Hono();
  const fake: FakeFhir = {
    url: '',
    seen: [],
    misbehave: (prefix, answer) => void misbehaviours.set(prefix, answer),
    close: async () => undefined,
  };
  app.all('*', async (c) => {
    const { pathname, search, searchParams } = new URL(c.req.url);
    const path = `${pathname.replace(/^\/fhir\//, '')}${search}`;
    fake.seen.push({ path, authorization: c.req.header('authorization') });
    for (const [prefix, answer] of misbehaviours) if (path.startsWith(prefix)) return answer(path);
    const [type, id] = pathname.replace(/^\/fhir\//, '').split('/');
    if (id) {
      const found = resources.find((resource) => resource.resourceType === type && resource.id === id);
      return found
        ? c.json(found)
        : c.json({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] }, 404);
    }
    const status = searchParams.get('status')?.split(',');
    const category = searchParams.get('category');
    const all = resources.filter(
      (resource) =>
        resource.resourceType === type &&
        (!status || typeof resource.status !== 'string' || status.includes(resource.status)) &&
        (!category || JSON.stringify(resource.category ?? '').includes(category)),
    );
    const from = Number(searchParams.get('_from') ?? 0);
    const size = fake.pageSize ?? all.length;
    searchParams.set('_from', String(from + size));
    return c.json({
      resourceType: 'Bundle',
      type: 'searchset',
      link: from + size < all.length ? [{ relation: 'next', url: `${fake.url}/${type}?${searchParams}` }] : [],
      entry: all.slice(from, from + size).map((resource) => ({ resource })),
    });
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  fake.url = `http://127.0.0.1:${(server.address() as { port: number }).port}/fhir`;
  fake.close = () => new Promise((resolve) => server.close(() => resolve()));
  return fake;
}

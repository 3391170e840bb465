// The sandbox FHIR R4 server: read, search, create, update and delete over resources in memory. Small on purpose; what it
// does not understand it refuses by name. `../smart` decides who may come in.
import type { Resource } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Access } from './access.ts';
import { capabilityStatement, type OAuthEndpoints } from './capability.ts';
import { FHIR_JSON, FhirError, refuse } from './outcome.ts';
import { resourceTypes } from './parameters.ts';
import { search } from './search.ts';
import { patientOf, Store } from './store.ts';

export interface SandboxFhirOptions {
  now(): Date;
  uuid(): string;
  /** The address clients use, without a trailing slash: `next` links and Location headers start with it. */
  baseUrl: string;
  /** The charts as of a moment; called again when they have aged, so that "this morning" stays this morning. */
  resources(now: Date): Resource[];
  /** Who is asking, from the Authorization header; throws FhirError 401. */
  bearerCheck(request: Request): Promise<Access>;
  oauth?: OAuthEndpoints;
}

const REFRESH_MS = 6 * 3_600_000;
const LARGEST_BODY = 256 * 1024;
const MOST_WRITTEN = 5_000;
const ID = /^[A-Za-z0-9.-]{1,64}$/;

const json = (body: object, status = 200, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers: { 'content-type': FHIR_JSON, 'cache-control': 'no-store', ...headers } });

/** A Hono app to be mounted at the path of `baseUrl`. */
export function createSandboxFhir(options: SandboxFhirOptions): Hono {
  const { now, baseUrl, bearerCheck } = options;
  const store = new Store();
  let loadedAt: number | undefined;
  let written = 0;

  function ready(): Store {
    const time = now().getTime();
    if (loadedAt === undefined || Math.abs(time - loadedAt) > REFRESH_MS) {
      loadedAt = time;
      for (const resource of options.resources(now())) store.put(stamp(resource, resource.id!));
    }
    return store;
  }

  const stamp = (resource: Resource, id: string) =>
    ({ ...resource, id, meta: { ...resource.meta, lastUpdated: now().toISOString() } }) as Resource & { id: string };

  const typeOf = (type: string) => {
    if (!resourceTypes.includes(type))
      throw new FhirError(
        404,
        'not-supported',
        `This server holds no ${type.slice(0, 40)}. It holds ${resourceTypes.join(', ')}.`,
      );
    return type;
  };

  async function body(request: Request, type: string, access: Access): Promise<Resource> {
    if (!/^application\/(fhir\+)?json\b/i.test(request.headers.get('content-type') ?? ''))
      throw new FhirError(415, 'not-supported', `Send ${FHIR_JSON}.`);
    const text = await request.text();
    if (text.length > LARGEST_BODY)
      throw new FhirError(413, 'too-long', `A resource can have up to ${LARGEST_BODY} characters.`);
    const resource = parse(text);
    if (resource?.resourceType !== type)
      throw new FhirError(400, 'invalid', `The body must be a JSON resource with resourceType "${type}".`);
    if (!access.isFor(resource)) throw new FhirError(403, 'forbidden', 'This token is for another patient.');
    const patient = patientOf(resource);
    if (patient !== undefined && type !== 'Patient' && !ready().read('Patient', patient))
      throw new FhirError(422, 'not-found', 'The resource names a patient that is not here.');
    if (written >= MOST_WRITTEN)
      throw new FhirError(507, 'too-costly', 'The sandbox keeps no more new resources until it is restarted.');
    written += 1;
    return resource;
  }

  const app = new Hono();
  app.use(
    '*',
    cors({
      origin: '*',
      allowHeaders: ['authorization', 'content-type', 'accept', 'prefer', 'if-match', 'if-none-match'],
      allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
      exposeHeaders: ['location', 'etag', 'www-authenticate'],
      maxAge: 600,
    }),
  );
  app.use('*', async (c, next) => {
    const accept = c.req.header('accept');
    if (accept && !/json|\*\/\*|application\/\*/i.test(accept))
      throw new FhirError(406, 'not-supported', `Only ${FHIR_JSON} is served.`);
    await next();
  });
  app.onError((error) => refuse(error));

  app.get('/metadata', () => json(capabilityStatement(baseUrl, now().toISOString(), options.oauth)));

  app.get('/:type', async (c) => {
    const access = await bearerCheck(c.req.raw);
    const type = typeOf(c.req.param('type'));
    access.require(type, 's');
    return json(search(ready(), type, new URL(c.req.url).searchParams, access, baseUrl));
  });

  app.post('/:type/_search', async (c) => {
    const access = await bearerCheck(c.req.raw);
    const type = typeOf(c.req.param('type'));
    access.require(type, 's');
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? ''))
      throw new FhirError(415, 'not-supported', 'Send application/x-www-form-urlencoded.');
    const query = new URL(c.req.url).searchParams;
    for (const [key, value] of new URLSearchParams(await c.req.text())) query.append(key, value);
    return json(search(ready(), type, query, access, baseUrl));
  });

  app.get('/:type/:id', async (c) => {
    const access = await bearerCheck(c.req.raw);
    const type = typeOf(c.req.param('type'));
    access.require(type, 'r');
    const resource = find(ready(), type, c.req.param('id'));
    if (!access.isFor(resource)) throw new FhirError(403, 'forbidden', 'This token is for another patient.');
    return json(resource);
  });

  app.post('/:type', async (c) => {
    const access = await bearerCheck(c.req.raw);
    const type = typeOf(c.req.param('type'));
    access.require(type, 'c');
    const resource = stamp(await body(c.req.raw, type, access), options.uuid());
    ready().put(resource);
    return json(resource, 201, { location: `${baseUrl}/${type}/${resource.id}` });
  });

  app.put('/:type/:id', async (c) => {
    const access = await bearerCheck(c.req.raw);
    const type = typeOf(c.req.param('type'));
    const id = c.req.param('id');
    access.require(type, 'u');
    const resource = await body(c.req.raw, type, access);
    if (!ID.test(id) || resource.id !== id)
      throw new FhirError(400, 'invalid', 'The id in the body must be the id in the address.');
    const before = ready().read(type, id);
    if (before && !access.isFor(before)) throw new FhirError(403, 'forbidden', 'This token is for another patient.');
    const after = stamp(resource, id);
    store.put(after);
    return json(after, before ? 200 : 201, before ? {} : { location: `${baseUrl}/${type}/${id}` });
  });

  app.delete('/:type/:id', async (c) => {
    const access = await bearerCheck(c.req.raw);
    const type = typeOf(c.req.param('type'));
    access.require(type, 'd');
    const resource = find(ready(), type, c.req.param('id'));
    if (!access.isFor(resource)) throw new FhirError(403, 'forbidden', 'This token is for another patient.');
    store.remove(type, resource.id!);
    return new Response(null, { status: 204 });
  });

  app.all('*', (c) => {
    const depth = c.req.path.slice(new URL(baseUrl).pathname.length).split('/').filter(Boolean).length;
    if (depth > 2)
      throw new FhirError(
        404,
        'not-found',
        'No such address: versions, history, compartments and operations are not offered. /metadata lists what is.',
      );
    throw new FhirError(405, 'not-supported', `${c.req.method} is not offered here. /metadata lists what is.`, {
      allow: 'GET, POST, PUT, DELETE',
    });
  });
  return app;
}

function find(store: Store, type: string, id: string): Resource {
  const resource = store.read(type, id);
  if (resource) return resource;
  if (store.isGone(type, id)) throw new FhirError(410, 'deleted', `${type} was deleted.`);
  throw new FhirError(404, 'not-found', `${type} with this id is not here.`);
}

function parse(text: string): Resource | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Resource) : undefined;
  } catch {
    return undefined;
  }
}

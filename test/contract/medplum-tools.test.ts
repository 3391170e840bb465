// medplum:setup and medplum:check against a stand-in that answers like Medplum's front door; live against a real one where
// MEDPLUM_* is set.
import { describe, expect, it } from 'vitest';
import { sandboxResources } from '../../src/sandbox/patients/index.ts';
import { checkMedplum } from '../../src/tools/medplum/check.ts';
import { connect, curbsideUrl } from '../../src/tools/medplum/connect.ts';
import { asTransaction, relayCode } from '../../src/tools/medplum/plan.ts';
import { setup } from '../../src/tools/medplum/setup.ts';
import { now } from '../support/app.ts';

type Json = Record<string, unknown>;
const env = { MEDPLUM_BASE_URL: 'https://medplum.example/', MEDPLUM_CLIENT_ID: 'id', MEDPLUM_CLIENT_SECRET: 'secret' };
const curbside = 'https://curbside.example';
const token = `x.${Buffer.from(JSON.stringify({ login_id: 'l', exp: 4102444800, sub: 'id', client_id: 'id' })).toString('base64url')}.x`;

function standIn() {
  const seen: { method: string; path: string; body?: Json }[] = [];
  const held = new Map<string, Json>();
  const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/fhir+json', ...headers } });
  const fetchWith = (async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(String(input instanceof Request ? input.url : input));
    const method = init.method ?? 'GET';
    const text =
      typeof init.body === 'string'
        ? init.body
        : init.body instanceof URLSearchParams
          ? init.body.toString()
          : undefined;
    const body = text?.startsWith('{') ? (JSON.parse(text) as Json) : undefined;
    const path = `${url.pathname}${decodeURIComponent(url.search)}`;
    seen.push({ method, path, ...(body && { body }) });
    if (path === '/oauth2/token')
      return answer({
        access_token: token,
        token_type: 'Bearer',
        expires_in: 3600,
        project: { reference: 'Project/pr1' },
        profile: { reference: 'ClientApplication/id' },
      });
    if (path === '/auth/me')
      return answer({
        project: { resourceType: 'Project', id: 'pr1' },
        profile: { resourceType: 'ClientApplication', id: 'id' },
        config: {},
        accessPolicy: {},
      });
    if (url.hostname === 'curbside.example')
      return path === '/cds-services'
        ? answer({
            services: [
              {
                id: 'chart-review',
                hook: 'patient-view',
                description: 'x',
                prefetch: {
                  patient: 'Patient/{{context.patientId}}',
                  problems: 'Condition?patient={{context.patientId}}',
                },
              },
            ],
          })
        : answer({ cards: [{ summary: 'a card' }] });
    if (path.endsWith('/.well-known/smart-configuration'))
      return answer({ code_challenge_methods_supported: ['S256'] });
    if (path.includes('$smart-launch')) return answer({}, 302, { location: `${curbside}/smart/launch?iss=x&launch=y` });
    if (path.endsWith('/invite')) return answer({ resourceType: 'ProjectMembership', id: 'm-1' });
    if (path.startsWith('/admin/projects/pr1/')) {
      const type = path.endsWith('/bot') ? 'Bot' : 'ClientApplication';
      held.set(type, { resourceType: type, id: `${type}-1`, ...body });
      return answer(held.get(type));
    }
    const [, type] = /^\/fhir\/R4\/(\w+)(?:\?|\/|$)/.exec(path) ?? [];
    if (method === 'GET' && path.startsWith('/fhir/R4/Patient/')) return answer({ resourceType: 'Patient', id: 'p-1' });
    if (method === 'GET')
      return answer({
        resourceType: 'Bundle',
        type: 'searchset',
        entry:
          type === 'Patient'
            ? [{ resource: { resourceType: 'Patient', id: 'p-1' } }]
            : held.has(type!)
              ? [{ resource: held.get(type!) }]
              : [],
      });
    if (path === '/fhir/R4') return answer({ resourceType: 'Bundle', type: 'transaction-response', entry: [] });
    if (method === 'DELETE') return answer({ resourceType: 'OperationOutcome', id: 'ok', issue: [] });
    if (method === 'POST' && !path.includes('$')) held.set(type!, { ...body, id: 'new-1' });
    return answer(method === 'PUT' ? body : (held.get(type!) ?? {}));
  }) as typeof fetch;
  return { seen, fetchWith };
}

describe('medplum:setup', () => {
  const resources = sandboxResources(now).slice(0, 40);
  it('says what is missing', async () => {
    await expect(connect({})).rejects.toThrow('MEDPLUM_BASE_URL, MEDPLUM_CLIENT_ID, MEDPLUM_CLIENT_SECRET are not set');
  });
  it('sends the charts as conditional updates that point to one another', () => {
    const { entry } = asTransaction(resources, (name) => name);
    expect(
      entry!.every(
        ({ request }) =>
          request!.method === 'PUT' && request!.url!.includes('?identifier=https://curbside.org/fhir/sandbox|'),
      ),
    ).toBe(true);
    expect(JSON.stringify(entry)).not.toMatch(/"reference":"Patient\//);
    expect(entry!.every(({ resource }) => !('id' in resource!))).toBe(true);
  });
  it('makes the panel’s client application with launch and redirect addresses, once, and a Bot for each hook', async () => {
    const { seen, fetchWith } = standIn();
    const medplum = await connect(env, fetchWith);
    const lines: string[] = [];
    const services = [
      {
        id: 'chart-review',
        hook: 'patient-view',
        description: 'x',
        prefetch: { patient: 'Patient/{{context.patientId}}' },
      },
    ];
    const run = () =>
      setup({
        medplum,
        curbside,
        resources,
        services,
        withBots: true,
        practitioner: { email: 'dr@example.com', password: 'a long one' },
        tell: (line) => lines.push(line),
      });
    await run();
    expect(seen.find(({ path }) => path === '/admin/projects/pr1/invite')?.body).toMatchObject({
      resourceType: 'Practitioner',
      email: 'dr@example.com',
      sendEmail: false,
    });
    const updated = seen.filter(({ method }) => method === 'PUT').map(({ body }) => body);
    expect(updated).toContainEqual(
      expect.objectContaining({
        resourceType: 'ClientApplication',
        launchUri: `${curbside}/smart/launch`,
        redirectUris: [`${curbside}/smart/callback`],
        pkceOptional: false,
      }),
    );
    expect(updated).toContainEqual(
      expect.objectContaining({
        resourceType: 'Bot',
        cdsService: expect.objectContaining({
          hook: 'patient-view',
          prefetch: [{ key: 'patient', query: 'Patient/{{context.patientId}}' }],
        }),
      }),
    );
    expect(seen.find(({ path }) => path.endsWith('$deploy'))?.body?.code).toContain(
      `${curbside}/cds-services/chart-review`,
    );
    await run();
    expect(seen.filter(({ method, path }) => method === 'POST' && path === '/admin/projects/pr1/client')).toHaveLength(
      1,
    );
    expect(lines.join('\n')).toContain('TRUSTED_FHIR_SERVERS=https://medplum.example/fhir/R4');
  });
  it('a relay Bot passes the request on, and a refusal is an error', async () => {
    const exports: { handler?: (medplum: unknown, event: unknown) => Promise<unknown> } = {};
    let status = 200;
    const asked: unknown[] = [];
    const fetchWith = async (url: string, init: RequestInit) => {
      asked.push(url, JSON.parse(String(init.body)));
      return new Response('{"cards":[]}', { status });
    };
    new Function('exports', 'fetch', relayCode(curbside, 'chart-review'))(exports, fetchWith);
    expect(await exports.handler!({}, { input: { hook: 'patient-view' }, secrets: {} })).toEqual({ cards: [] });
    expect(asked).toEqual([`${curbside}/cds-services/chart-review`, { hook: 'patient-view' }]);
    status = 412;
    await expect(exports.handler!({}, { input: {}, secrets: {} })).rejects.toThrow('Curbside answered 412');
  });
});

describe('medplum:check', () => {
  it('walks through prefetch, hook, launch and write-back and says what passed', async () => {
    const { fetchWith } = standIn();
    const medplum = await connect(env, fetchWith);
    await medplum.post('admin/projects/pr1/client', { name: 'Curbside panel' });
    const lines: string[] = [];
    expect(
      await checkMedplum({ medplum, curbside, fetch: fetchWith, tell: (line) => lines.push(line) }),
      lines.join('\n'),
    ).toBe(0);
    expect(lines.map((line) => line[0])).toEqual(lines.map(() => '✓'));
    expect(lines).toContain('✓ a launch leads to the panel, with patient and server');
  });
});

const isLive = Boolean(
  process.env.MEDPLUM_BASE_URL && process.env.MEDPLUM_CLIENT_ID && process.env.MEDPLUM_CLIENT_SECRET,
);
if (!isLive)
  console.warn(
    'SKIPPED: the live Medplum checks. Set MEDPLUM_BASE_URL, MEDPLUM_CLIENT_ID, MEDPLUM_CLIENT_SECRET and start Curbside (CURBSIDE_URL).',
  );
describe.skipIf(!isLive)('a running Medplum (MEDPLUM_*)', () => {
  it('passes every step of medplum:check', async () => {
    const lines: string[] = [];
    expect(
      await checkMedplum({
        medplum: await connect(process.env),
        curbside: curbsideUrl(process.env),
        fetch,
        tell: (line) => lines.push(line),
      }),
      lines.join('\n'),
    ).toBe(0);
  }, 120_000);
});

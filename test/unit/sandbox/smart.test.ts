// The clauses of SMART App Launch that our authorization server must keep, one test each.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { grantScopes } from '../../../src/sandbox/smart/clients.ts';
import { ehrOrigin, fhir, panelOrigin, testSandbox } from './support.ts';

const verifier = 'v'.repeat(64);
const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))).toString(
  'base64url',
);
const redirect = `${panelOrigin}/smart/callback`;

let sandbox: ReturnType<typeof testSandbox>;
beforeEach(() => {
  sandbox = testSandbox();
});

const mint = async (more: object = {}) =>
  (await (await sandbox.api('launch', { patient: 'halloran', encounter: 'halloran-visit', ...more })).json()) as {
    launch: string;
    messagingHandle: string;
  };

async function authorize(changes: Record<string, string | undefined> = {}, method = 'GET'): Promise<Response> {
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: 'curbside-panel',
    redirect_uri: redirect,
    scope: 'launch openid fhirUser launch/patient patient/Observation.rs patient/Patient.rs messaging/scratchpad',
    state: 'st',
    aud: fhir,
    nonce: 'n-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    launch: 'launch' in changes ? undefined : (await mint()).launch,
    ...changes,
  };
  const query = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return method === 'GET'
    ? await sandbox.request(`/ehr/oauth/authorize?${query}`)
    : await sandbox.request('/ehr/oauth/authorize', {
        method,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: query.toString(),
      });
}

const sentBack = (response: Response) => {
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location')!);
};
const code = async (changes?: Record<string, string | undefined>) =>
  sentBack(await authorize(changes)).searchParams.get('code')!;

const exchange = async (changes: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  await sandbox.request('/ehr/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: changes.code ?? (await code()),
      redirect_uri: redirect,
      client_id: 'curbside-panel',
      code_verifier: verifier,
      ...changes,
    }).toString(),
  });
const granted = async (changes?: Record<string, string>) =>
  (await (await exchange(changes)).json()) as Record<string, string>;

describe('discovery', () => {
  it('is JSON whatever Accept says, open to other origins, and offers S256 only', async () => {
    const response = await sandbox.request('/fhir/R4/.well-known/smart-configuration', {
      headers: { accept: 'text/html', origin: 'https://app.example' },
    });
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toMatchObject({
      issuer: ehrOrigin,
      code_challenge_methods_supported: ['S256'],
      capabilities: expect.arrayContaining([
        'launch-ehr',
        'client-public',
        'sso-openid-connect',
        'context-ehr-patient',
        'permission-v2',
      ]),
    });
  });

  it('takes its addresses from configuration and not from the Host header', async () => {
    const response = await sandbox.app.request('http://evil.example/fhir/R4/.well-known/smart-configuration', {
      headers: { host: 'evil.example' },
    });
    expect(JSON.stringify(await response.json())).not.toContain('evil');
  });

  it('publishes the key set without the private half', async () => {
    const { keys } = (await (await sandbox.request('/.well-known/jwks.json')).json()) as {
      keys: Record<string, string>[];
    };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
    expect(keys[0]).not.toHaveProperty('d');
  });
});

describe('launch handles', () => {
  it.each<[string, Record<string, string>]>([
    ['another origin', { origin: panelOrigin }],
    ['no origin', {}],
    ['a cross-site fetch', { origin: ehrOrigin, 'sec-fetch-site': 'cross-site' }],
  ])('are not minted for %s', async (_, headers) => {
    expect((await sandbox.api('launch', { patient: 'halloran' }, headers)).status).toBe(403);
    expect((await sandbox.api('cds-token', {}, headers)).status).toBe(403);
    expect((await sandbox.api('session', {}, headers)).status).toBe(403);
  });

  it('are long, random and different each time', async () => {
    const [one, two] = [await mint(), await mint()];
    expect(one.launch).toMatch(/^[\w-]{43}$/);
    expect(one.launch).not.toBe(two.launch);
  });
});

describe('authorize', () => {
  it('gives a code and the state back', async () => {
    const url = sentBack(await authorize());
    expect(url.href.startsWith(`${redirect}?`)).toBe(true);
    expect(url.searchParams.get('state')).toBe('st');
    expect(url.searchParams.get('code')).toMatch(/^[\w-]{43}$/);
  });

  it('takes POST as well', async () => {
    expect(sentBack(await authorize({}, 'POST')).searchParams.get('code')).toBeTruthy();
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['an unknown client', { client_id: 'nobody' }],
    ['no client', { client_id: undefined }],
    ['an unregistered redirect', { redirect_uri: 'https://evil.example/callback' }],
    ['a redirect with more after it', { redirect_uri: `${redirect}/more` }],
    ['a redirect of the other client', { redirect_uri: 'http://localhost:3000/' }],
    ['no redirect', { redirect_uri: undefined }],
    ['a foreign redirect of the loopback client', { client_id: 'sandbox-app', redirect_uri: 'https://evil.example/' }],
    ['a loopback look-alike', { client_id: 'sandbox-app', redirect_uri: 'http://localhost.evil.example/' }],
    ['a script redirect', { client_id: 'sandbox-app', redirect_uri: 'javascript:alert(1)' }],
  ])('answers %s with a plain 400 and no redirect', async (_, changes) => {
    const response = await authorize(changes);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['a wrong aud', { aud: 'https://other.example/fhir' }, 'invalid_request'],
    ['no aud', { aud: undefined }, 'invalid_request'],
    ['no state', { state: undefined }, 'invalid_request'],
    ['no code challenge', { code_challenge: undefined }, 'invalid_request'],
    ['no challenge method', { code_challenge_method: undefined }, 'invalid_request'],
    ['the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'short' }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['no launch scope', { scope: 'openid launch/patient patient/*.rs' }, 'invalid_scope'],
    ['no launch handle', { launch: undefined }, 'invalid_request'],
    ['an unknown launch handle', { launch: 'made-up' }, 'invalid_request'],
  ])('sends %s back as an error', async (_, changes, error) => {
    const url = sentBack(await authorize(changes));
    expect(url.searchParams.get('error')).toBe(error);
    expect(url.searchParams.get('code')).toBeNull();
  });

  it('ignores one trailing slash of aud', async () => {
    expect(sentBack(await authorize({ aud: `${fhir}/` })).searchParams.get('code')).toBeTruthy();
  });

  it('takes a launch handle once, even of two at the same time', async () => {
    const { launch } = await mint();
    const both = await Promise.all([authorize({ launch }), authorize({ launch })]);
    expect(both.map((response) => sentBack(response).searchParams.has('code')).sort()).toEqual([false, true]);
  });

  it('does not use a handle up on a malformed request', async () => {
    const { launch } = await mint();
    await authorize({ launch, aud: 'wrong' });
    expect(sentBack(await authorize({ launch })).searchParams.get('code')).toBeTruthy();
  });

  it('refuses a handle after five minutes', async () => {
    const { launch } = await mint();
    sandbox.pass(301_000);
    expect(sentBack(await authorize({ launch })).searchParams.get('error')).toBe('invalid_request');
  });

  it('lets outside apps come back to any loopback port', async () => {
    for (const redirect_uri of ['http://localhost:3000/', 'http://127.0.0.1:51234/cb?x=1', 'http://[::1]:9/']) {
      expect(
        sentBack(await authorize({ client_id: 'sandbox-app', redirect_uri })).searchParams.get('code'),
      ).toBeTruthy();
    }
  });
});

describe('token', () => {
  it('hands over the launch context, uncached and to other origins', async () => {
    const { launch, messagingHandle } = await mint({ intent: 'differential', appContext: '{"a":1}' });
    const response = await exchange({ code: await code({ launch }) }, { origin: 'https://app.example' });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'launch openid fhirUser launch/patient patient/Observation.rs patient/Patient.rs messaging/scratchpad',
      patient: 'halloran',
      encounter: 'halloran-visit',
      need_patient_banner: false,
      intent: 'differential',
      appContext: '{"a":1}',
      tenant: 'curbside-sandbox',
      smart_style_url: `${ehrOrigin}/ehr/style.json`,
      smart_web_messaging_handle: messagingHandle,
      smart_web_messaging_origin: ehrOrigin,
      fhirContext: [{ reference: 'Encounter/halloran-visit' }],
    });
  });

  it('signs an id_token with an absolute fhirUser and the nonce', async () => {
    const { id_token } = await granted();
    const keys = createLocalJWKSet((await (await sandbox.request('/.well-known/jwks.json')).json()) as { keys: [] });
    const { payload, protectedHeader } = await jwtVerify(id_token!, keys, {
      issuer: ehrOrigin,
      audience: 'curbside-panel',
      currentDate: sandbox.platform.now(),
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({ fhirUser: `${fhir}/Practitioner/okafor`, nonce: 'n-1' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a wrong verifier', { code_verifier: 'w'.repeat(64) }, 'invalid_grant'],
    ['a verifier that is too short', { code_verifier: 'v' }, 'invalid_grant'],
    ['another redirect', { redirect_uri: `${panelOrigin}/other` }, 'invalid_grant'],
    ['another client', { client_id: 'sandbox-app' }, 'invalid_grant'],
    ['an unknown code', { code: 'made-up' }, 'invalid_grant'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('refuses %s', async (_, changes, error) => {
    const response = await exchange(changes);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error });
  });

  it('takes a code once, even of two at the same time', async () => {
    const once = await code();
    const both = await Promise.all([exchange({ code: once }), exchange({ code: once })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  it('has no second try for a code that met a wrong verifier', async () => {
    const once = await code();
    await exchange({ code: once, code_verifier: 'w'.repeat(64) });
    expect((await exchange({ code: once })).status).toBe(400);
  });

  it('refuses a code after a minute', async () => {
    const late = await code();
    sandbox.pass(61_000);
    expect((await exchange({ code: late })).status).toBe(400);
  });

  it('does not take a launch handle for a code', async () => {
    expect((await exchange({ code: (await mint()).launch })).status).toBe(400);
  });

  it('wants a form', async () => {
    expect((await exchange({}, { 'content-type': 'application/json' })).status).toBe(400);
  });
});

describe('the launched token', () => {
  const read = async (path: string, token: string) =>
    (await sandbox.request(`/fhir/R4/${path}`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('reads what was granted, of the launched patient, for an hour', async () => {
    const { access_token } = await granted();
    expect(await read('Observation?patient=halloran', access_token!)).toBe(200);
    expect(await read('Condition?patient=halloran', access_token!)).toBe(403);
    expect(await read('Observation?patient=everly', access_token!)).toBe(403);
    expect(await read('Patient/everly', access_token!)).toBe(403);
    sandbox.pass(3_601_000);
    expect(await read('Patient/halloran', access_token!)).toBe(401);
  });

  it('is dead after it was revoked, by its own client only', async () => {
    const { access_token } = await granted();
    const revoke = (client_id: string) =>
      sandbox.request('/ehr/oauth/revoke', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: access_token!, client_id }).toString(),
      });
    expect((await revoke('nobody')).status).toBe(401);
    await revoke('sandbox-app');
    expect(await read('Patient/halloran', access_token!)).toBe(200);
    expect((await revoke('curbside-panel')).status).toBe(200);
    expect(await read('Patient/halloran', access_token!)).toBe(401);
  });

  it('can be introspected by a client that has one', async () => {
    const { access_token } = await granted();
    const introspect = async (headers: Record<string, string>, token: string) =>
      await sandbox.request('/ehr/oauth/introspect', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ token }).toString(),
      });
    expect((await introspect({}, access_token!)).status).toBe(401);
    expect(await (await introspect({ authorization: `Bearer ${access_token}` }, access_token!)).json()).toMatchObject({
      active: true,
      patient: 'halloran',
      client_id: 'curbside-panel',
    });
    expect(await (await introspect({ authorization: `Bearer ${access_token}` }, 'junk')).json()).toEqual({
      active: false,
    });
  });

  it('is not an id_token', async () => {
    const { id_token } = await granted();
    expect(await read('Patient/halloran', id_token!)).toBe(401);
  });
});

describe('scopes', () => {
  it.each<[string, string]>([
    ['patient/*.rs launch', 'patient/*.rs launch'],
    ['patient/*.cruds', 'patient/*.rs'],
    ['patient/Observation.read', 'patient/Observation.read'],
    ['patient/Observation.write', ''],
    ['user/*.rs system/*.rs', ''],
    ['offline_access launch launch', 'launch'],
    ['patient/Observation. patient/.rs', ''],
  ])('%s becomes "%s"', (asked, given) => {
    expect(grantScopes(asked, ['launch', 'patient/*.rs']).join(' ')).toBe(given);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { createSmart, type Smart } from '../../../src/smart/smart.ts';
import { type FakeEhr, fakeEhr, fixedPlatform, iss, now, panelOrigin } from './fakes.ts';

let ehr: FakeEhr;
let smart: Smart;
let platform: ReturnType<typeof fixedPlatform>;
const registered = [{ iss, clientId: 'curbside', frameAncestors: ['http://ehr.test', 'http://portal.test'] }];

beforeEach(async () => {
  ehr = await fakeEhr();
  platform = fixedPlatform({ fetch: ehr.fetch });
  smart = createSmart(platform, { panelOrigin, registered });
});

async function launch(at = iss) {
  const answer = await smart.routes.request(`/smart/launch?iss=${encodeURIComponent(at)}&launch=xyz`);
  const address = new URL(answer.headers.get('location') ?? 'http://none.test');
  ehr.remember(address.searchParams);
  return {
    answer,
    parameters: address.searchParams,
    address,
    cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '',
  };
}

const callback = (query: Record<string, string>, cookie: string) =>
  smart.routes.request(`/smart/callback?${new URLSearchParams(query)}`, { headers: { cookie } });

async function openSession(): Promise<string> {
  const { parameters, cookie } = await launch();
  const answer = await callback({ code: 'good', state: parameters.get('state')! }, cookie);
  expect(answer.status, await answer.clone().text()).toBe(302);
  return answer.headers.get('location')!.split('#s=')[1]!;
}

const get = (path: string, bearer: string) =>
  smart.routes.request(path, { headers: { authorization: `Bearer ${bearer}` } });

describe('launch', () => {
  it('sends the browser to authorize with PKCE, the bare launch scope and aud', async () => {
    const { answer, address, parameters } = await launch();
    expect(answer.status).toBe(302);
    expect(address.origin + address.pathname).toBe('http://ehr.test/authorize');
    expect(Object.fromEntries(parameters)).toMatchObject({
      response_type: 'code',
      client_id: 'curbside',
      redirect_uri: 'https://panel.test/smart/callback',
      aud: iss,
      launch: 'xyz',
      code_challenge_method: 'S256',
    });
    expect(parameters.get('code_challenge')).toHaveLength(43);
    expect(parameters.get('scope')!.split(' ')).toContain('launch');
    const cookie = answer.headers.get('set-cookie')!;
    for (const word of ['bind', 'Secure', 'HttpOnly', 'SameSite=None', 'Partitioned', 'Max-Age=300'])
      expect(cookie).toContain(word);
  });

  it('knows the issuer exactly, but for one trailing slash', async () => {
    expect((await launch(`${iss}/`)).answer.status).toBe(302);
    for (const other of [`${iss}//`, `${iss}/x`, 'http://ehr.test.evil.test/fhir', 'http://evil.test/fhir', '']) {
      const { answer } = await launch(other);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
    expect(ehr.asked.every((line) => line.includes('http://ehr.test/'))).toBe(true);
  });

  it('refuses an EHR without S256, and endpoints on a host that is not its own', async () => {
    ehr.lie.configuration = { code_challenge_methods_supported: ['plain'] };
    expect((await launch()).answer.status).toBe(502);
    ehr.lie.configuration = { token_endpoint: 'http://evil.test/token' };
    const { parameters, cookie } = await launch();
    expect((await callback({ code: 'good', state: parameters.get('state')! }, cookie)).status).toBe(502);
    expect(ehr.asked.some((line) => line.includes('evil'))).toBe(false);
  });

  it('says so when the EHR is silent, broken or redirects', async () => {
    for (const answer of [
      new Response('<html>'),
      new Response('{}', { status: 500 }),
      new Response(null, { status: 302, headers: { location: 'http://evil.test' } }),
    ]) {
      ehr.lie.answer = () => answer.clone() as Response;
      expect((await launch()).answer.status).toBe(502);
    }
    ehr.lie.answer = () => {
      throw new TypeError('fetch failed');
    };
    const { answer } = await launch();
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('cannot be reached');
  });
});

describe('callback', () => {
  it('lets two launches at the same moment both finish', async () => {
    const [one, two] = [await launch(), await launch()];
    const cookies = `${one.cookie}; ${two.cookie}`;
    for (const { parameters } of [one, two]) {
      ehr.remember(parameters);
      expect((await callback({ code: 'good', state: parameters.get('state')! }, cookies)).status).toBe(302);
    }
  });

  it('refuses without the cookie, with a foreign state, a wrong code, or an error from the EHR', async () => {
    const { parameters, cookie } = await launch();
    const state = parameters.get('state')!;
    expect((await callback({ code: 'good', state }, '')).status).toBe(400);
    expect((await callback({ code: 'good', state }, `${cookie}x`)).status).toBe(400);
    expect((await callback({ code: 'good', state: 'a.b.c.d.e' }, cookie)).status).toBe(400);
    expect((await callback({ code: 'good' }, cookie)).status).toBe(400);
    expect((await callback({ code: 'bad', state }, cookie)).status).toBe(502);
    expect((await callback({ error: '<script>', state }, cookie)).status).toBe(400);
  });

  it.each([
    ['another nonce', { nonce: 'other' }],
    ['another audience', { audience: 'someone-else' }],
    ['another issuer', { issuer: 'http://evil.test' }],
    ['another key', { otherKey: true }],
    ['no id_token', { token: { id_token: undefined } }],
    ['an unsigned id_token', { token: { id_token: `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x"}')}.` } }],
    ['no patient', { token: { patient: undefined } }],
    ['no access token', { token: { access_token: undefined } }],
  ])('refuses %s', async (_, lie) => {
    ehr.lie = lie;
    const { parameters, cookie } = await launch();
    const answer = await callback({ code: 'good', state: parameters.get('state')! }, cookie);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('location')).toBeNull();
  });

  it('opens a session that lives as long as the token, and never shows the token', async () => {
    const bearer = await openSession();
    expect(bearer).not.toContain('ehr-token');
    expect(await smart.openSession(bearer)).toEqual({
      fhirServer: iss,
      access_token: 'ehr-token',
      scope: 'launch openid fhirUser patient/*.rs',
      patientId: 'p1',
      userId: 'Practitioner/okafor',
      encounterId: 'e1',
      expires_in: 600,
    });
    platform.now = () => new Date(now.getTime() + 601_000);
    expect(await smart.openSession(bearer)).toBeUndefined();
    expect((await get('/panel/session', bearer)).status).toBe(401);
  });
});

describe('session', () => {
  it('shows who the panel is about', async () => {
    const answer = await get('/panel/session', await openSession());
    expect(await answer.json()).toMatchObject({
      patientId: 'p1',
      userId: 'Practitioner/okafor',
      encounterId: 'e1',
      intent: 'differential',
      notGranted: [],
      identity: {
        name: 'HALLORAN, Marguerite',
        age: '74',
        sex: 'female',
        birthDate: '1952-03-09',
        mrn: 'SYN-004182',
        weight: { value: 58, unit: 'kg' },
        allergies: [{ text: 'Penicillin', reaction: 'rash' }],
        couldNotRead: [],
      },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('says which parts could not be read instead of leaving them out', async () => {
    const bearer = await openSession();
    ehr.lie.answer = (url) =>
      url.pathname.endsWith('AllergyIntolerance') ? new Response('{}', { status: 403 }) : undefined;
    const { identity } = (await (await get('/panel/session', bearer)).json()) as {
      identity: { allergies?: unknown; couldNotRead: string[] };
    };
    expect(identity.allergies).toBeUndefined();
    expect(identity.couldNotRead).toEqual(['allergies']);
  });

  it('names what the launch did not grant', async () => {
    ehr.lie.token = { scope: 'launch openid patient/Patient.rs patient/Observation.read' };
    const { notGranted } = (await (await get('/panel/session', await openSession())).json()) as {
      notGranted: string[];
    };
    expect(notGranted).toContain('AllergyIntolerance');
    expect(notGranted).not.toContain('Observation');
  });

  it('gives back our own appContext, and only for this patient', async () => {
    const context = {
      hook: 'order-select',
      card: 'c1',
      patientId: 'p1',
      drafts: [{ resourceType: 'MedicationRequest', id: 'd1' }],
    };
    ehr.lie.token = { appContext: await smart.seal.sealAppContext(context) };
    expect(await (await get('/panel/session', await openSession())).json()).toMatchObject({ appContext: context });
    for (const appContext of [await smart.seal.sealAppContext({ ...context, patientId: 'p2' }), '{"card":"c1"}']) {
      ehr.lie.token = { appContext };
      expect(await (await get('/panel/session', await openSession())).json()).not.toHaveProperty('appContext');
    }
  });

  it('answers 401 to anything that is not a living session', async () => {
    for (const bearer of ['', 'a.b.c', 'a.b.c.d.e', 'ehr-token'])
      expect((await get('/panel/session', bearer)).status).toBe(401);
    const bearer = await openSession();
    ehr.lie.answer = () => new Response('{}', { status: 401 });
    expect((await get('/panel/session', bearer)).status).toBe(401);
    expect(await smart.openSession(bearer.split('.').slice(0, 3).join('.'))).toBeUndefined();
  });
});

describe('reading the chart', () => {
  it('reads what is of this patient and nothing else', async () => {
    const bearer = await openSession();
    expect((await get('/panel/fhir/Observation/w1', bearer)).status).toBe(200);
    expect((await get('/panel/fhir/Observation/foreign', bearer)).status).toBe(403);
    expect((await get('/panel/fhir/Patient/p2', bearer)).status).toBe(403);
    expect((await get('/panel/fhir/Observation/none', bearer)).status).toBe(404);
    expect((await get('/panel/fhir/Practitioner/okafor', bearer)).status).toBe(404);
    expect((await get('/panel/fhir/Observation/..%2f..%2ftoken', bearer)).status).toBe(404);
    const post = await smart.routes.request('/panel/fhir/Observation/w1', {
      method: 'DELETE',
      headers: { authorization: `Bearer ${bearer}` },
    });
    expect(post.status).toBe(404);
  });

  it('searches within the patient, drops foreign entries, and never follows a link off the server', async () => {
    const bearer = await openSession();
    const answer = await get(
      '/panel/fhir/Observation?code=29463-7&_include=Observation:subject&patient=p1&_count=100000',
      bearer,
    );
    const bundle = (await answer.json()) as { entry: { resource: { id: string } }[]; meta?: unknown };
    expect(bundle.entry.map(({ resource }) => resource.id)).toEqual(['w1']);
    expect(bundle.meta).toEqual({ tag: [{ code: 'SUBSETTED' }] });
    expect(ehr.asked.at(-1)).toBe('GET http://ehr.test/fhir/Observation?patient=p1&code=29463-7&_count=200');
    expect((await get('/panel/fhir/Observation?patient=p2', bearer)).status).toBe(403);
    expect(ehr.asked.some((line) => line.includes('evil'))).toBe(false);
  });
});

describe('the page', () => {
  it('may be framed by the registered EHR and by nobody else', async () => {
    const answer = await smart.routes.request('/panel/');
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toContain('frame-ancestors http://ehr.test http://portal.test');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('x-frame-options')).toBeNull();
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    const unknown = await smart.routes.request('/panel/?ehr=7');
    expect(unknown.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect((await smart.routes.request('/panel/..%2fconsole/index.html')).status).toBe(404);
  });

  it('tells several EHRs apart by the address the launch ends on', async () => {
    smart = createSmart(platform, {
      panelOrigin,
      registered: [{ iss: 'http://first.test/fhir', clientId: 'x' }, ...registered],
    });
    const { parameters, cookie } = await launch();
    const { headers } = await callback({ code: 'good', state: parameters.get('state')! }, cookie);
    expect(headers.get('location')).toMatch(/^https:\/\/panel\.test\/panel\/\?ehr=1#s=/);
    const policyOf = async (path: string) => (await smart.routes.request(path)).headers.get('content-security-policy');
    expect(await policyOf('/panel/?ehr=1')).toContain('http://portal.test');
    expect(await policyOf('/panel/')).toContain("frame-ancestors 'none'");
  });
});

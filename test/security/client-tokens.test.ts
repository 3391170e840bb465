// Who may call: every way we know of to get past the check of a CDS client's token, and that none of them says which check it was.
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, exportJWK, exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { services } from '../../hooks/index.ts';
import { createApp } from '../../src/app.ts';
import { readClients } from '../../src/cds-hooks/client-auth.ts';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { readSettings, SettingsError } from '../../src/settings.ts';
import { knowledge, now, publicUrl, type TestApp, testApp, testPlatform } from '../support/app.ts';
import { bundle, drafts, ibuprofen, orderSign, patient, warfarin } from '../support/requests.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const jwk = async (key: KeyObject, kid: string) => ({ ...(await exportJWK(key)), kid });
const strangersKey = await jwk(stranger.publicKey, 'mine');
const keys = [await jwk(ec.publicKey, 'k1'), await jwk(rsa.publicKey, 'k2')];

const issuer = 'https://ehr.example.org';
const seconds = Math.floor(now.getTime() / 1000);
const url = `${publicUrl}/cds-services`;
let serial = 0;

const clients = (...more: object[]) =>
  JSON.stringify([
    { issuer, jwks: { keys } },
    { issuer: 'https://tenanted.example.org', tenant: 'north', jwks: { keys } },
    ...more,
  ]);
const env = (more: object[] = []) => ({ SANDBOX: 'off', CDS_CLIENTS: clients(...more) });

interface Given {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: KeyObject;
}
const good = () => ({ iss: issuer, aud: url, iat: seconds, exp: seconds + 300, jti: `j${++serial}` });
const token = ({ claims = {}, header = {}, key = ec.privateKey }: Given = {}): Promise<string> => {
  const all = Object.fromEntries(Object.entries({ ...good(), ...claims }).filter(([, value]) => value !== undefined));
  return new SignJWT(all).setProtectedHeader({ alg: 'ES384', kid: 'k1', typ: 'JWT', ...header } as never).sign(key);
};

let app: TestApp;
beforeEach(() => {
  app = testApp({ env: env() });
});
const call = (bearer: string, path = '/cds-services') => app.get(path, { authorization: `Bearer ${bearer}` });

async function isRefused(answer: Response): Promise<void> {
  expect(answer.status).toBe(401);
  // The same words whichever check it was.
  expect(await answer.json()).toEqual({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'login', diagnostics: 'This caller is not trusted.' }],
  });
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
}

describe('a good token', () => {
  it.each<[string, Given]>([
    ['signed with ES384', {}],
    ['signed with RS384', { header: { alg: 'RS384', kid: 'k2' }, key: rsa.privateKey }],
    ['with aud as a list', { claims: { aud: ['https://other.example.org', url] } }],
    ['with aud as this server’s address', { claims: { aud: publicUrl } }],
    ['with claims we do not know', { claims: { sub: 'someone', nbf: seconds - 5, custom: { deep: true } } }],
    ['a quarter of an hour long', { claims: { exp: seconds + 900 } }],
    ['from a clock a little ahead', { claims: { iat: seconds + 30 } }],
    ['from a tenant', { claims: { iss: 'https://tenanted.example.org', tenant: 'north' } }],
    ['with a jku, which is not looked at', { header: { jku: 'https://attacker.example/jwks' } }],
  ])('%s', async (_, given) => {
    expect((await call(await token(given))).status).toBe(200);
  });

  it('is needed on discovery, invocation and feedback alike', async () => {
    await isRefused(await app.get('/cds-services'));
    await isRefused(await app.post('/cds-services/medication-safety', orderSign({})));
    await isRefused(await app.post('/cds-services/medication-safety/feedback', { feedback: [] }));
    for (const path of ['/consult', '/summary', '/discharge-summary', '/ask', '/what-if', '/calculators/bsa'])
      await isRefused(await app.post(path, {}));
    await isRefused(await app.get('/why/00000000-0000-4000-8000-000000000000'));
    await isRefused(await app.get('/audit'));
  });
});

describe('a token is refused', () => {
  it.each<[string, Given]>([
    ['of a stranger’s key under a known kid', { key: stranger.privateKey }],
    ['of an unknown issuer', { claims: { iss: 'https://attacker.example' } }],
    ['without issuer', { claims: { iss: undefined } }],
    ['for another address', { claims: { aud: 'https://other.example.org/cds-services' } }],
    ['for another route of ours', { claims: { aud: `${publicUrl}/cds-services/medication-safety` } }],
    ['for an address that begins like ours', { claims: { aud: `${publicUrl}.attacker.example` } }],
    ['with an empty aud', { claims: { aud: [] } }],
    ['without aud', { claims: { aud: undefined } }],
    ['that has expired', { claims: { iat: seconds - 900, exp: seconds - 120 } }],
    ['that is not yet valid', { claims: { nbf: seconds + 300 } }],
    ['from the future', { claims: { iat: seconds + 600, exp: seconds + 900 } }],
    ['that lives too long', { claims: { exp: seconds + 86_400 } }],
    ['that ends before it begins', { claims: { iat: seconds + 50, exp: seconds + 40 } }],
    ['without exp', { claims: { exp: undefined } }],
    ['without iat', { claims: { iat: undefined } }],
    ['without jti', { claims: { jti: undefined } }],
    ['with iat as a word', { claims: { iat: 'now' } }],
    ['with exp as text', { claims: { exp: String(seconds + 300) } }],
    ['with an empty jti', { claims: { jti: '' } }],
    ['with jti as an object', { claims: { jti: { a: 1 } } }],
    ['with a jti of a megabyte', { claims: { jti: 'x'.repeat(1_000_000) } }],
    ['with a kid that is not there', { header: { kid: 'k9' } }],
    ['without kid', { header: { kid: undefined } }],
    ['with an algorithm that was not agreed', { header: { alg: 'RS256', kid: 'k2' }, key: rsa.privateKey }],
    ['of another tenant', { claims: { iss: 'https://tenanted.example.org', tenant: 'south' } }],
    ['that leaves its tenant out', { claims: { iss: 'https://tenanted.example.org' } }],
    ['that brings its own key', { header: { kid: 'mine', jwk: strangersKey }, key: stranger.privateKey }],
    ['that brings its own key under a known kid', { header: { jwk: strangersKey }, key: stranger.privateKey }],
    [
      'whose key set is at the caller’s own address',
      { header: { kid: 'mine', jku: 'https://attacker.example/jwks' }, key: stranger.privateKey },
    ],
    [
      'whose certificate is at the caller’s own address',
      { header: { kid: 'mine', x5u: 'https://attacker.example/cert' }, key: stranger.privateKey },
    ],
    ['whose kid is a path', { header: { kid: '../../../../dev/null' } }],
    ['whose kid is a query', { header: { kid: "k1' OR '1'='1" } }],
    ['whose kid is the name of a member of every object', { header: { kid: '__proto__' } }],
    ['whose kid is no text', { header: { kid: ['k1'] } }],
    ['issued long ago, with an end that is still to come', { claims: { iat: 1, exp: seconds + 300 } }],
    ['issued before time began', { claims: { iat: -1e18 } }],
    ['that never ends', { claims: { exp: 1e300 } }],
    ['with a lifetime of zero', { claims: { exp: seconds, iat: seconds } }],
    ['whose issuer is a list with ours in it', { claims: { iss: [issuer] } }],
    ['whose issuer is ours with a slash', { claims: { iss: `${issuer}/` } }],
    ['whose address is another scheme’s', { claims: { aud: url.replace('http:', 'https:') } }],
    ['whose address has a user in it', { claims: { aud: url.replace('//', '//127.0.0.1:8787@') } }],
  ])('%s', async (_, given) => {
    await isRefused(await call(await token(given)));
  });

  it('with alg none', async () => {
    const unsigned = new UnsecuredJWT(good()).encode();
    await isRefused(await call(unsigned));
    for (const alg of ['none', 'None', 'NONE', 'nOnE'])
      await isRefused(await call(`${b64({ alg, kid: 'k1' })}.${b64(good())}.`));
  });

  it('when a public key is used as a shared secret', async () => {
    const pem = await exportSPKI(rsa.publicKey);
    for (const [alg, hash] of [
      ['HS256', 'sha256'],
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
    ] as const) {
      for (const secret of [pem, pem.trim(), JSON.stringify(keys[1])]) {
        const text = `${b64({ alg, kid: 'k2', typ: 'JWT' })}.${b64(good())}`;
        await isRefused(await call(`${text}.${createHmac(hash, secret).update(text).digest('base64url')}`));
      }
    }
  });

  it('with its claims changed, its signature cut, or its header swapped', async () => {
    const [header, , signature] = (await token()).split('.');
    await isRefused(await call(`${header}.${b64({ ...good(), tenant: 'x' })}.${signature}`));
    await isRefused(await call(`${header}.${b64(good())}.`));
    const [, payload, theirs] = (await token()).split('.');
    await isRefused(await call(`${b64({ alg: 'RS384', kid: 'k2' })}.${payload}.${theirs}`));
    // The all-zero ECDSA signature that broken verifiers take for valid.
    await isRefused(await call(`${header}.${b64(good())}.${Buffer.alloc(96).toString('base64url')}`));
  });

  it('with critical extensions we do not know', async () => {
    const text = `${b64({ alg: 'ES384', kid: 'k1', crit: ['exp-policy'], 'exp-policy': 1 })}.${b64(good())}`;
    await isRefused(await call(`${text}.${'A'.repeat(128)}`));
  });

  it('whose payload is not what was signed (RFC 7797, b64)', async () => {
    const header = { alg: 'ES384', kid: 'k1', b64: false, crit: ['b64'] };
    const payload = JSON.stringify(good());
    const text = `${b64(header)}.${payload}`;
    const signature = sign('sha384', Buffer.from(text), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
    await isRefused(await call(`${b64(header)}.${b64(good())}.${signature.toString('base64url')}`));
  });

  it('with a member said twice, when one of the two is not ours', async () => {
    const signed = (header: string, payload: string, key: KeyObject) => {
      const text = `${Buffer.from(header).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`;
      return `${text}.${sign('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };
    const claims = JSON.stringify(good()).slice(1);
    // What the last says is what counts, for whoever checks and for whoever uses it: there is one parser.
    await isRefused(await call(signed('{"alg":"ES384","kid":"k1","alg":"none"}', `{${claims}`, ec.privateKey)));
    await isRefused(
      await call(
        signed(
          '{"alg":"ES384","kid":"k1"}',
          `{"iss":"${issuer}",${claims.replace(issuer, 'https://x.example')}`,
          ec.privateKey,
        ),
      ),
    );
    await isRefused(await call(signed('{"alg":"ES384","kid":"k1"}', `{${claims}`, stranger.privateKey)));
  });

  it('under any scheme but one Bearer, and anywhere but in its header', async () => {
    for (const spell of [
      (bearer: string) => `Bearer Bearer ${bearer}`,
      (bearer: string) => `Bearer ${bearer}, Bearer ${bearer}`,
      (bearer: string) => `Bearer ${bearer} ${bearer}`,
      (bearer: string) => `Basic ${bearer}`,
      (bearer: string) => `Token ${bearer}`,
      (bearer: string) => bearer,
      (bearer: string) => `Bearer\t${bearer}`,
    ])
      await isRefused(await app.get('/cds-services', { authorization: spell(await token()) }));
    const twice = new Headers();
    for (let n = 0; n < 2; n++) twice.append('authorization', `Bearer ${await token()}`);
    await isRefused(await app.app.fetch(new Request(url, { headers: twice })));
    for (const name of ['x-authorization', 'proxy-authorization', 'cookie', 'x-forwarded-authorization'])
      await isRefused(await app.get('/cds-services', { [name]: `Bearer ${await token()}` }));
    await isRefused(await app.get(`/cds-services?access_token=${await token()}`));
  });

  it('as the same token in another spelling: the other signature of an elliptic curve, padding, another case', async () => {
    const bearer = await token();
    expect((await call(bearer)).status).toBe(200);
    const [header, payload, signature] = bearer.split('.') as [string, string, string];
    const order = BigInt(
      '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    );
    const bytes = Buffer.from(signature, 'base64url');
    const s = BigInt(`0x${bytes.subarray(48).toString('hex')}`);
    const other = Buffer.concat([
      bytes.subarray(0, 48),
      Buffer.from((order - s).toString(16).padStart(96, '0'), 'hex'),
    ]).toString('base64url');
    for (const again of [
      `${header}.${payload}.${other}`,
      `${bearer}=`,
      `${bearer}==`,
      `${header}=.${payload}.${signature}`,
    ])
      await isRefused(await call(again));
  });

  it('that is encrypted, nested or no token at all', async () => {
    const inner = new TextEncoder().encode(await token());
    const nested = await new CompactEncrypt(inner)
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' })
      .encrypt(rsa.publicKey);
    for (const bearer of [nested, '', 'a', 'a.b.c', '..', '....', 'x'.repeat(100_000), `${'e30.'.repeat(3)}`])
      await isRefused(await call(bearer));
  });

  it('and is refused the second time, on this instance and on any other of the same database', async () => {
    const { platform } = testPlatform(env());
    const [one, two] = [1, 2].map(() => createApp({ platform, services, knowledge, publicUrl }));
    const request = (bearer: string) => new Request(url, { headers: { authorization: `Bearer ${bearer}` } });
    const bearer = await token();
    expect((await one!.fetch(request(bearer))).status).toBe(200);
    await isRefused(await one!.fetch(request(bearer)));
    await isRefused(await two!.fetch(request(bearer)));
    // Forty at once: one of them is the first.
    const again = await token();
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, place) => (await [one, two][place % 2]!.fetch(request(again))).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(new Set(statuses)).toEqual(new Set([200, 401]));
  });

  it('and still the second time when the clock has jumped ahead meanwhile and come back', async () => {
    const { platform } = testPlatform(env());
    let clock = now.getTime();
    platform.now = () => new Date(clock);
    const made = createApp({ platform, services, knowledge, publicUrl });
    const ask = async (bearer: string) =>
      (await made.fetch(new Request(url, { headers: { authorization: `Bearer ${bearer}` } }))).status;
    const bearer = await token();
    expect(await ask(bearer)).toBe(200);
    clock += 6 * 3_600_000;
    const ahead = Math.floor(clock / 1000);
    // So many that what has expired is swept out.
    const later = await Promise.all(
      Array.from({ length: 501 }, () => token({ claims: { iat: ahead, exp: ahead + 300 } })),
    );
    expect(new Set(await Promise.all(later.map(ask)))).toEqual(new Set([200]));
    clock = now.getTime();
    expect(await ask(bearer)).toBe(401);
  });

  it('never with a word about it in the log but issuer, tenant and reason', async () => {
    const bearer = await token({ claims: { exp: seconds - 600, iat: seconds - 900, sub: 'Quillfeather' } });
    await isRefused(await call(bearer));
    const logged = JSON.stringify(app.logs);
    expect(logged).toContain(issuer);
    expect(logged).not.toContain(bearer.split('.')[1]);
    expect(logged).not.toContain('Quillfeather');
  });

  it('whatever it is made of', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            alg: fc.constantFrom('ES384', 'RS384', 'none', 'HS256', 'EdDSA', ''),
            kid: fc.constantFrom('k1', 'k2', '', '../k1'),
          },
          { requiredKeys: [] },
        ),
        fc.dictionary(
          fc.constantFrom('iss', 'aud', 'exp', 'iat', 'jti', 'tenant'),
          fc.oneof(fc.jsonValue(), fc.constantFrom(issuer, url, seconds)),
        ),
        fc.base64String({ maxLength: 200 }),
        async (header, claims, signature) => {
          expect(
            (
              await call(
                `${b64(header)}.${b64(claims)}.${signature.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`,
              )
            ).status,
          ).toBe(401);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('keys at an address', () => {
  let served: object[];
  let fetched: number;
  let isDown: boolean;
  let clock: number;

  beforeEach(() => {
    served = [keys[0]!];
    fetched = 0;
    isDown = false;
    clock = 0;
    const { platform, logs, settled } = testPlatform({
      SANDBOX: 'off',
      CDS_CLIENTS: JSON.stringify([{ issuer, jwksUrl: 'https://ehr.example.org/jwks' }]),
    });
    platform.elapsed = () => clock;
    platform.fetch = async (input, init) => {
      fetched += 1;
      expect(String(input)).toBe('https://ehr.example.org/jwks');
      expect(init?.redirect).toBe('manual');
      await Promise.resolve();
      return isDown ? new Response('', { status: 503 }) : Response.json({ keys: served });
    };
    const made = createApp({ platform, services, knowledge, publicUrl });
    app = {
      ...app,
      app: made,
      platform,
      logs,
      settled,
      get: async (path, headers = {}) => made.fetch(new Request(`${publicUrl}${path}`, { headers })),
    };
  });

  it('are fetched once for many calls at once', async () => {
    const bearers = await Promise.all(Array.from({ length: 20 }, () => token()));
    expect(new Set(await Promise.all(bearers.map(async (bearer) => (await call(bearer)).status)))).toEqual(
      new Set([200]),
    );
    expect(fetched).toBe(1);
  });

  it('are asked for again for a kid that is new, but not more than once a minute', async () => {
    await call(await token());
    served.push(keys[1]!);
    const rotated = () => token({ header: { alg: 'RS384', kid: 'k2' }, key: rsa.privateKey });
    await isRefused(await call(await rotated()));
    clock += 61_000;
    expect((await call(await rotated())).status).toBe(200);
    for (let n = 0; n < 50; n++) await isRefused(await call(await token({ header: { kid: `made-up-${n}` } })));
    expect(fetched).toBe(2);
  });

  it('stop working when they are withdrawn', async () => {
    expect((await call(await token())).status).toBe(200);
    served = [keys[1]!];
    clock += 11 * 60_000;
    await isRefused(await call(await token()));
  });

  it('outlive an hour of silence and no more, and silence is not hammered', async () => {
    expect((await call(await token())).status).toBe(200);
    isDown = true;
    clock += 30 * 60_000;
    expect((await call(await token())).status).toBe(200);
    for (let n = 0; n < 20; n++) await call(await token());
    expect(fetched).toBe(2);
    clock += 31 * 60_000;
    await isRefused(await call(await token()));
  });

  it('may hold no shared secret', async () => {
    served = [{ kty: 'oct', k: Buffer.from('secret').toString('base64url'), kid: 'k1', alg: 'HS256' }];
    const text = `${b64({ alg: 'HS256', kid: 'k1' })}.${b64(good())}`;
    await isRefused(await call(`${text}.${createHmac('sha256', 'secret').update(text).digest('base64url')}`));
  });
});

describe('two tenants of one issuer', () => {
  it('are told apart by the claim, each with its own keys', async () => {
    const shared = 'https://vendor.example.org';
    app = testApp({
      env: env([
        { issuer: shared, tenant: 'a', jwks: { keys: [keys[0]] } },
        { issuer: shared, tenant: 'b', jwks: { keys: [keys[1]] } },
      ]),
    });
    expect((await call(await token({ claims: { iss: shared, tenant: 'a' } }))).status).toBe(200);
    expect(
      (
        await call(
          await token({
            claims: { iss: shared, tenant: 'b' },
            header: { alg: 'RS384', kid: 'k2' },
            key: rsa.privateKey,
          }),
        )
      ).status,
    ).toBe(200);
    await isRefused(await call(await token({ claims: { iss: shared, tenant: 'b' } })));
    await isRefused(await call(await token({ claims: { iss: shared } })));
  });
});

describe('rates', () => {
  it('are kept for each client by itself', async () => {
    app = testApp({ env: env([{ issuer: 'https://slow.example.org', jwks: { keys }, requestsPerSecond: 2 }]) });
    const statuses: number[] = [];
    for (let n = 0; n < 10; n++)
      statuses.push((await call(await token({ claims: { iss: 'https://slow.example.org' } }))).status);
    expect(statuses).toContain(429);
    const limited = await call(await token({ claims: { iss: 'https://slow.example.org' } }));
    expect(limited.headers.get('retry-after')).toBe('1');
    expect((await call(await token())).status).toBe(200);
  });
});

describe('settings that cannot be right stop the start, in a sentence', () => {
  const privateKey = { ...keys[0], d: 'secret' };
  it.each<[string, string, RegExp]>([
    ['not JSON', 'issuer=me', /CDS_CLIENTS is not JSON/],
    ['an empty list', '[]', /CDS_CLIENTS is wrong at the top: is empty/],
    ['not a list', '{"issuer":"x"}', /must be a list/],
    ['no keys', '[{"issuer":"x"}]', /at 0: needs "jwks" or "jwksUrl"/],
    ['a set without keys', '[{"issuer":"x","jwks":{"keys":[]}}]', /at 0\.jwks\.keys: holds no key/],
    [
      'a private key',
      JSON.stringify([{ issuer: 'x', jwks: { keys: [privateKey] } }]),
      /at 0\.jwks\.keys\.0: is a private key/,
    ],
    ['a shared secret', '[{"issuer":"x","jwks":{"keys":[{"kty":"oct","kid":"1","k":"AAAA"}]}}]', /shared secret/],
    ['a key without kid', '[{"issuer":"x","jwks":{"keys":[{"kty":"EC"}]}}]', /needs a kid/],
    ['a weak algorithm', JSON.stringify([{ issuer: 'x', jwks: { keys }, algorithms: ['HS256'] }]), /HS family/],
    ['a member we do not know', JSON.stringify([{ issuer: 'x', jwks: { keys }, issuers: [] }]), /at 0/],
    [
      'a name twice',
      JSON.stringify([
        { issuer: 'x', jwks: { keys } },
        { issuer: 'x', jwks: { keys } },
      ]),
      /names x twice/,
    ],
    ['an address that is none', '[{"issuer":"x","jwksUrl":"ftp://x/y"}]', /http or https/],
  ])('%s', (_, setting, words) => {
    expect(() => readClients(setting)).toThrow(words);
    expect(() => readClients(setting)).toThrow(SettingsError);
  });

  it('never start open outside the sandbox', () => {
    for (const wrong of [
      { SANDBOX: 'off' },
      { NODE_ENV: 'production' },
      { NODE_ENV: 'production', SANDBOX: 'on' },
      { NODE_ENV: 'production', SANDBOX: 'off', CDS_CLIENTS: '' },
    ]) {
      expect(() => readSettings(wrong)).toThrow(/CDS_CLIENTS is missing/);
    }
    expect(readSettings({ NODE_ENV: 'production', CDS_CLIENTS: clients() }).SANDBOX).toBe('off');
  });
});

function b64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('a signed request', () => {
  const order = () => orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] });

  it('of a tenant gets the cards in the dialect of its EHR', async () => {
    const plain = testApp({ env: env() });
    const short = testApp({
      env: env([
        {
          issuer: 'https://short.example.org',
          tenant: 'south',
          jwks: { keys },
          dialect: { oneActionPerSuggestion: true, selectionBehavior: 'any', cardLength: 120 },
        },
      ]),
    });
    const ask = async (asked: TestApp, iss: string, tenant?: string) => {
      const bearer = await token({
        claims: { iss, tenant, aud: `${publicUrl}/cds-services/medication-safety` },
      });
      const answer = await asked.post('/cds-services/medication-safety', order(), {
        authorization: `Bearer ${bearer}`,
      });
      expect(answer.status).toBe(200);
      return ((await answer.json()) as CdsResponse).cards;
    };
    const [usual, shortened] = [await ask(plain, issuer), await ask(short, 'https://short.example.org', 'south')];
    const told = (cards: CdsResponse['cards']) => cards.map(({ summary, indicator }) => [indicator, summary]);
    expect(told(shortened)).toEqual(told(usual));
    expect(usual.length).toBeGreaterThan(0);
    for (const { detail, selectionBehavior, suggestions = [] } of shortened) {
      expect((detail ?? '').length).toBeLessThanOrEqual(120);
      if (suggestions.length > 0) expect(selectionBehavior).toBe('any');
      for (const { actions = [] } of suggestions) expect(actions.length).toBeLessThanOrEqual(1);
    }
  });

  it('of an agent reaches the tools with one token per call, and no token twice', async () => {
    const bearer = await token({ claims: { aud: publicUrl } });
    const rpc = (name: string, given: object, authorization: string) =>
      app.post(
        '/mcp',
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } },
        { authorization: `Bearer ${authorization}` },
      );
    const checked = {
      patientId: 'p1',
      draftOrders: drafts(ibuprofen()),
      prefetch: { patient: patient(), medications: bundle(warfarin()) },
    };
    const told = async () =>
      (
        (await (await rpc('check_orders', checked, bearer)).json()) as {
          result: { isError: boolean; content: { text: string }[] };
        }
      ).result;
    const first = await told();
    expect(first.isError, first.content[0]!.text).toBe(false);
    expect((JSON.parse(first.content[0]!.text) as CdsResponse).cards[0]!.summary).toMatch(/warfarin/i);
    expect(await told()).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^401/) }] });
  });
});

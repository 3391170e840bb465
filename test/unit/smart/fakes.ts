// A platform with a fixed clock and counted ids, and an EHR that is an issuer and a FHIR server at once.
import { DatabaseSync } from 'node:sqlite';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Platform, Sql, SqlValue } from '../../../src/platform.ts';
import { readSettings } from '../../../src/settings.ts';

export const now = new Date('2026-11-18T09:41:00Z');
export const iss = 'http://ehr.test/fhir';
export const panelOrigin = 'https://panel.test';

export function memorySql(): Sql {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE keys (purpose TEXT PRIMARY KEY, secret TEXT NOT NULL, created_at TEXT NOT NULL) STRICT');
  return {
    all: async <Row>(sql: string, ...values: SqlValue[]) => database.prepare(sql).all(...values) as Row[],
    run: async (sql, ...values) => ({ changes: Number(database.prepare(sql).run(...values).changes) }),
    batch: async () => {},
  };
}

export function fixedPlatform(changes: Partial<Platform> & { env?: Record<string, string> } = {}): Platform {
  return {
    settings: readSettings(changes.env ?? {}),
    now: () => now,
    uuid: () => crypto.randomUUID(),
    elapsed: () => 0,
    fetch: async () => Response.error(),
    sql: memorySql(),
    log: () => {},
    asset: async (path) =>
      path === 'panel/index.html'
        ? new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })
        : undefined,
    waitUntil: () => {},
    ...changes,
  };
}

export interface FakeEhr {
  fetch: typeof fetch;
  asked: string[];
  /** Changes what the EHR says; each is read at the time of the request. */
  lie: {
    configuration?: Record<string, unknown>;
    token?: Record<string, unknown>;
    nonce?: string;
    audience?: string;
    issuer?: string;
    algorithm?: 'none';
    otherKey?: boolean;
    answer?: (url: URL) => Response | undefined;
  };
  /** What authorize saw last. */
  remember(parameters: URLSearchParams): void;
}

export async function fakeEhr(): Promise<FakeEhr> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const other = await generateKeyPair('RS256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] };
  let authorized = new URLSearchParams();
  const json = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  const ehr: FakeEhr = {
    asked: [],
    lie: {},
    remember: (parameters) => {
      authorized = parameters;
    },
    fetch: (async (input: string, init?: RequestInit) => {
      const url = new URL(input);
      ehr.asked.push(`${init?.method ?? 'GET'} ${url.href}`);
      const lied = ehr.lie.answer?.(url);
      if (lied) return lied;
      if (url.pathname === '/fhir/.well-known/smart-configuration') {
        return json({
          issuer: iss,
          authorization_endpoint: 'http://ehr.test/authorize',
          token_endpoint: 'http://ehr.test/token',
          jwks_uri: 'http://ehr.test/keys',
          code_challenge_methods_supported: ['S256'],
          ...ehr.lie.configuration,
        });
      }
      if (url.pathname === '/keys') return json(keys);
      if (url.pathname === '/token') {
        const form = new URLSearchParams(String(init?.body));
        const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(form.get('code_verifier') ?? ''));
        const challenge = Buffer.from(digest).toString('base64url');
        if (challenge !== authorized.get('code_challenge') || form.get('code') !== 'good')
          return json({ error: 'invalid_grant' }, 400);
        const time = Math.floor(now.getTime() / 1000);
        const id_token = await new SignJWT({
          nonce: ehr.lie.nonce ?? authorized.get('nonce'),
          fhirUser: `${iss}/Practitioner/okafor`,
        })
          .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
          .setIssuer(ehr.lie.issuer ?? iss)
          .setAudience(ehr.lie.audience ?? 'curbside')
          .setSubject('okafor')
          .setIssuedAt(time)
          .setExpirationTime(time + 300)
          .sign(ehr.lie.otherKey ? other.privateKey : privateKey);
        return json({
          access_token: 'ehr-token',
          token_type: 'Bearer',
          expires_in: 600,
          scope: 'launch openid fhirUser patient/*.rs',
          patient: 'p1',
          encounter: 'e1',
          need_patient_banner: false,
          intent: 'differential',
          id_token,
          ...ehr.lie.token,
        });
      }
      if ((init?.headers as Record<string, string>)?.authorization !== 'Bearer ehr-token') return json({}, 401);
      return chart(url, json);
    }) as typeof fetch,
  };
  return ehr;
}

function chart(url: URL, json: (body: unknown, status?: number) => Response): Response {
  const subject = { reference: 'Patient/p1' };
  const path = url.pathname.replace('/fhir/', '');
  const weight = {
    resourceType: 'Observation',
    id: 'w1',
    status: 'final',
    subject,
    code: { coding: [{ code: '29463-7' }] },
    effectiveDateTime: '2026-11-01',
    valueQuantity: { value: 58, unit: 'kg' },
  };
  if (path === 'Patient/p1') {
    return json({
      resourceType: 'Patient',
      id: 'p1',
      gender: 'female',
      birthDate: '1952-03-09',
      name: [{ family: 'Halloran', given: ['Marguerite'] }],
      identifier: [{ value: 'other' }, { type: { coding: [{ code: 'MR' }] }, value: 'SYN-004182' }],
    });
  }
  if (path === 'Patient/p2') return json({ resourceType: 'Patient', id: 'p2' });
  if (path === 'Observation/w1') return json(weight);
  if (path === 'Observation/foreign') return json({ ...weight, id: 'foreign', subject: { reference: 'Patient/p2' } });
  if (path === 'AllergyIntolerance') {
    return json({
      resourceType: 'Bundle',
      entry: [
        {
          resource: {
            resourceType: 'AllergyIntolerance',
            id: 'a1',
            patient: subject,
            code: { text: 'Penicillin' },
            reaction: [{ manifestation: [{ text: 'rash' }] }],
          },
        },
      ],
    });
  }
  if (path === 'Observation') {
    return json({
      resourceType: 'Bundle',
      link: [{ relation: 'next', url: 'http://evil.test/next' }],
      entry: [{ resource: weight }, { resource: { ...weight, id: 'foreign', subject: { reference: 'Patient/p2' } } }],
    });
  }
  return json({ resourceType: 'OperationOutcome' }, 404);
}

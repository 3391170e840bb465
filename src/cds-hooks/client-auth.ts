// CDS client JWTs: only issuers and keys that this site configured. A `jku` or `jwk` in a token is never looked at.
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Dialect, dialectSchema } from '../cards/dialect.ts';
import { Refused } from '../outcome.ts';
import type { Platform } from '../platform.ts';
import { SettingsError } from '../settings.ts';
import { clientKeys, fixedKeys, type KeysOf } from './client-keys.ts';

const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'] as const;
/** What a client may do besides calling the services: read the ledger, or read how the rules are received. */
const roles = ['auditor', 'informaticist'] as const;
export type Role = (typeof roles)[number];

const publicKey = z
  .looseObject({
    kty: z.enum(['EC', 'RSA', 'OKP'], { error: 'must be EC, RSA or OKP: a shared secret is no client key' }),
    kid: z.string({ error: 'needs a kid' }).min(1),
  })
  .refine((key) => !('d' in key), { error: 'is a private key: keep it with the client and give only its public part' });

const clientSchema = z
  .strictObject({
    issuer: z.string({ error: 'must be the client’s "iss"' }).min(1),
    /** The keys themselves, or where this site says they are. */
    jwks: z.looseObject({ keys: z.array(publicKey).min(1, 'holds no key') }).optional(),
    jwksUrl: z.url({ protocol: /^https?$/, error: 'is not an http or https URL' }).optional(),
    /** With a tenant, tokens must name it; two clients of one issuer are told apart by it. */
    tenant: z.string().min(1).optional(),
    /** What the client was told to put into `aud`; the URL called, and this server's address, are always right. */
    audience: z.array(z.string().min(1)).optional(),
    algorithms: z
      .array(
        z.enum(algorithms, {
          error: `must be one of ${algorithms.join(', ')}: none and the HS family are never allowed`,
        }),
      )
      .min(1)
      .default(['ES384', 'RS384']),
    roles: z.array(z.enum(roles, { error: `must be one of ${roles.join(', ')}` })).optional(),
    requestsPerSecond: z.number().positive().optional(),
    /** What this EHR can do with a card. */
    dialect: dialectSchema.optional(),
  })
  .refine(({ jwks, jwksUrl }) => Boolean(jwks) !== Boolean(jwksUrl), 'needs "jwks" or "jwksUrl", one of the two');
const clientsSchema = z
  .array(clientSchema, { error: 'must be a list of {"issuer", "jwks" or "jwksUrl"}' })
  .min(1, 'is empty: nobody could call');
export type CdsClient = z.infer<typeof clientSchema>;

const skewSeconds = 60;
const longestLifetimeSeconds = 20 * 60;
const longestToken = 8192;
const longestId = 256;

export function readClients(setting: string): CdsClient[] {
  let json: unknown;
  try {
    json = JSON.parse(setting);
  } catch {
    throw new SettingsError('The setting CDS_CLIENTS is not JSON: expected a list of {"issuer", "jwks" or "jwksUrl"}.');
  }
  const parsed = clientsSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new SettingsError(
      `The setting CDS_CLIENTS is wrong at ${path.length ? path.map(String).join('.') : 'the top'}: ${message}.`,
    );
  }
  const seen = new Set<string>();
  for (const { issuer, tenant } of parsed.data) {
    const name = JSON.stringify([issuer, tenant]);
    if (seen.has(name))
      throw new SettingsError(
        `The setting CDS_CLIENTS names ${issuer}${tenant ? ` with tenant ${tenant}` : ''} twice: give each its own tenant.`,
      );
    seen.add(name);
  }
  return parsed.data;
}

export interface VerifiedClient {
  issuer: string;
  tenant?: string;
  roles: readonly Role[];
  requestsPerSecond?: number;
  dialect?: Dialect;
}

/** Undefined when no clients are configured: the service is open, which only the sandbox allows. */
export function clientVerifier(platform: Platform, publicUrl: string) {
  if (!platform.settings.CDS_CLIENTS) return undefined;
  const clients = readClients(platform.settings.CDS_CLIENTS).map((client) => ({
    client,
    keys: client.jwks ? fixedKeys(client.jwks) : clientKeys(client.jwksUrl!, platform),
  }));
  const takeOnce = tokensTaken(platform);

  return async (token: string, url: string): Promise<VerifiedClient | undefined> => {
    let who: Pick<CdsClient, 'issuer' | 'tenant'> | undefined;
    try {
      if (token.length > longestToken) throw new NotTrusted('too long');
      const claimed = decodeJwt(token);
      const known =
        clients.find(
          ({ client }) =>
            client.issuer === claimed.iss && client.tenant !== undefined && client.tenant === claimed.tenant,
        ) ?? clients.find(({ client }) => client.issuer === claimed.iss && client.tenant === undefined);
      if (!known)
        throw new NotTrusted(clients.some(({ client }) => client.issuer === claimed.iss) ? 'tenant' : 'issuer');
      who = known.client;
      if (typeof decodeProtectedHeader(token).kid !== 'string') throw new NotTrusted('kid');
      const payload = await verified(token, known.client, known.keys, url);
      await takeOnce(JSON.stringify([known.client.issuer, payload.jti]), payload.exp! + skewSeconds);
      const { issuer, tenant, roles = [], requestsPerSecond, dialect } = known.client;
      return { issuer, tenant, roles, requestsPerSecond, dialect };
    } catch (error) {
      // A store that cannot say whether a token was used is an outage, not a forgery.
      if (error instanceof Refused) throw error;
      platform.log({
        level: 'warn',
        event: 'client_refused',
        issuer: who?.issuer,
        tenant: who?.tenant,
        why: whyOf(error),
      });
      return undefined;
    }
  };

  async function verified(token: string, client: CdsClient, keys: KeysOf, url: string): Promise<JWTPayload> {
    const called = `${publicUrl}${new URL(url).pathname}`;
    const { payload } = await jwtVerify(token, keys, {
      issuer: client.issuer,
      audience: [called, publicUrl, `${publicUrl}/`, ...(client.audience ?? [])],
      algorithms: client.algorithms,
      requiredClaims: ['exp', 'iat', 'jti', 'aud'],
      clockTolerance: skewSeconds,
      currentDate: platform.now(),
    });
    const { iat, exp, jti } = payload as { iat: unknown; exp: number; jti: unknown };
    if (typeof iat !== 'number' || !Number.isFinite(iat) || iat > platform.now().getTime() / 1000 + skewSeconds)
      throw new NotTrusted('iat');
    if (exp <= iat || exp - iat > longestLifetimeSeconds) throw new NotTrusted('lifetime');
    if (typeof jti !== 'string' || jti.length === 0 || jti.length > longestId) throw new NotTrusted('jti');
    return payload;
  }
}

class NotTrusted extends Error {}

const whyOf = (error: unknown): string =>
  error instanceof NotTrusted
    ? error.message
    : error instanceof errors.JOSEError
      ? error.code
      : error instanceof Error
        ? error.name
        : 'unknown';

/**
 * One row per token until it expires; the table is shared by all instances, so a token works once, anywhere. Tokens that
 * arrive together are written together: a signed call costs a share of a disk write, not one of its own.
 */
function tokensTaken({ sql, now }: Platform): (id: string, expiresAt: number) => Promise<void> {
  interface Waiting {
    id: string;
    expiresAt: number;
    settle: (isFirst: boolean) => void;
    fail: (error: unknown) => void;
  }
  const waiting: Waiting[] = [];
  let isWriting = false;
  let written = 0;

  async function write(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, 500);
      try {
        const rows = await sql.all<{ jti: string }>(
          'INSERT INTO client_tokens (jti, expires_at) SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true ON CONFLICT (jti) DO NOTHING RETURNING jti',
          JSON.stringify(group.map(({ id, expiresAt }) => [id, Math.ceil(expiresAt)])),
        );
        const fresh = new Set(rows.map(({ jti }) => jti));
        // Of the same token twice in one group, one is the first.
        for (const { id, settle } of group) settle(fresh.delete(id));
        written += group.length;
        if (written >= 500) {
          written = 0;
          // A day late, so that a clock that jumps ahead and back does not forget a token that is still good.
          await sql.run('DELETE FROM client_tokens WHERE expires_at < ?', Math.floor(now().getTime() / 1000) - 86_400);
        }
      } catch (error) {
        for (const { fail } of group) fail(error);
      }
    }
    isWriting = false;
  }

  return async (id, expiresAt) => {
    const isFirst = await new Promise<boolean>((settle, fail) => {
      waiting.push({ id, expiresAt, settle, fail });
      if (!isWriting) void Promise.resolve().then(() => (isWriting ? undefined : write()));
    });
    if (!isFirst) throw new NotTrusted('replayed');
  };
}

// CDS client JWTs: only issuers and keys that this site configured. A `jku` in a token is never fetched.
import { createLocalJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { Platform } from '../platform.ts';
import { SettingsError } from '../settings.ts';

const clientSchema = z.strictObject({
  issuer: z.string().min(1),
  /** The keys themselves, or where this site says they are. */
  jwks: z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) }).optional(),
  jwksUrl: z.url().optional(),
  tenant: z.string().optional(),
  /** What the client was told to put into `aud`; the URL called, and this server's address, are always right. */
  audience: z.array(z.string()).optional(),
  algorithms: z.array(z.enum(['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'])).default(['ES384', 'RS384']),
});
const clientsSchema = z.array(clientSchema.refine(({ jwks, jwksUrl }) => Boolean(jwks) !== Boolean(jwksUrl), 'needs "jwks" or "jwksUrl", one of the two')).min(1);
export type CdsClient = z.infer<typeof clientSchema>;

const skewSeconds = 60;
const longestLifetimeSeconds = 20 * 60;
const refetchAfterMs = 60_000;

export function readClients(setting: string): CdsClient[] {
  let json: unknown;
  try {
    json = JSON.parse(setting);
  } catch {
    throw new SettingsError('The setting CDS_CLIENTS is not JSON: expected a list of {"issuer", "jwks" or "jwksUrl"}.');
  }
  const parsed = clientsSchema.safeParse(json);
  if (!parsed.success) throw new SettingsError(`The setting CDS_CLIENTS is wrong at ${parsed.error.issues[0]!.path.join('.') || 'the top'}: ${parsed.error.issues[0]!.message}.`);
  return parsed.data;
}

/** Undefined when no clients are configured: the service is open, which only the sandbox allows. */
export function clientVerifier(platform: Platform, publicUrl: string) {
  if (!platform.settings.CDS_CLIENTS) return undefined;
  const clients = new Map(readClients(platform.settings.CDS_CLIENTS).map((client) => [client.issuer, { client, keys: keysOf(client, platform) }]));

  return async (token: string, url: string): Promise<{ issuer: string; tenant?: string } | undefined> => {
    let issuer: string | undefined;
    try {
      issuer = decodeJwt(token).iss;
      const known = issuer === undefined ? undefined : clients.get(issuer);
      if (!known) throw new errors.JWTInvalid('issuer');
      const { client, keys } = known;
      const called = `${publicUrl}${new URL(url).pathname}`;
      const { payload } = await jwtVerify(token, keys, {
        issuer: client.issuer,
        audience: [called, publicUrl, `${publicUrl}/`, ...(client.audience ?? [])],
        algorithms: client.algorithms,
        requiredClaims: ['exp', 'iat', 'jti', 'aud'],
        clockTolerance: skewSeconds,
        currentDate: platform.now(),
      });
      const nowSeconds = platform.now().getTime() / 1000;
      if (payload.iat! > nowSeconds + skewSeconds || payload.exp! - payload.iat! > longestLifetimeSeconds) throw new errors.JWTInvalid('lifetime');
      if (client.tenant && payload.tenant !== undefined && payload.tenant !== client.tenant) throw new errors.JWTInvalid('tenant');
      await takeOnce(platform, `${client.issuer} ${payload.jti}`, payload.exp! + skewSeconds);
      return { issuer: client.issuer, tenant: client.tenant };
    } catch (error) {
      platform.log({ level: 'warn', event: 'client_refused', issuer: issuer?.slice(0, 100), why: error instanceof errors.JOSEError ? error.code : error instanceof Error ? error.name : 'unknown' });
      return undefined;
    }
  };
}

class Replayed extends Error {
  override name = 'Replayed';
}

/** One row per token until it expires; the table is shared by all instances, so a token works once, anywhere. */
async function takeOnce({ sql, now }: Platform, jti: string, expiresAt: number): Promise<void> {
  const seconds = Math.floor(now().getTime() / 1000);
  const { changes } = await sql.run('INSERT INTO client_tokens (jti, expires_at) VALUES (?, ?) ON CONFLICT (jti) DO NOTHING', jti, Math.ceil(expiresAt));
  if (changes === 0) throw new Replayed();
  // Now and then the expired ones go; which call it falls on does not matter.
  if (expiresAt % 50 === 0) await sql.run('DELETE FROM client_tokens WHERE expires_at < ?', seconds);
}

function keysOf(client: CdsClient, platform: Platform): JWTVerifyGetKey {
  if (client.jwks) return createLocalJWKSet(client.jwks as JSONWebKeySet);
  let held: JWTVerifyGetKey | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  const refetch = async () => {
    fetchedAt = platform.elapsed();
    const answer = await platform.fetch(client.jwksUrl!, { redirect: 'manual', signal: AbortSignal.timeout(3000) });
    if (!answer.ok) throw new Error('jwks');
    held = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
  };
  return async (header, token) => {
    if (!held) await refetch();
    try {
      return await held!(header, token);
    } catch (error) {
      // A key we do not know may be a new one; asking again is rationed.
      if (!(error instanceof errors.JWKSNoMatchingKey) || platform.elapsed() - fetchedAt < refetchAfterMs) throw error;
      await refetch();
      return held!(header, token);
    }
  };
}

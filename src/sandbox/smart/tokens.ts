// Signed tokens: access tokens that carry their own grant, id_tokens for the app, and the key behind both.
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { Platform } from '../../platform.ts';

export interface AccessClaims {
  clientId: string;
  subject: string;
  scope: string;
  patient?: string;
  encounter?: string;
}

export interface OpenToken extends AccessClaims {
  jti: string;
  issuedAt: number;
  expiresAt: number;
}

interface SigningKey {
  secret: CryptoKey;
  verify: CryptoKey;
  public: JWK & { kid: string };
}

export class Tokens {
  #platform: Pick<Platform, 'sql' | 'now' | 'uuid'>;
  #issuer: string;
  #audience: string;
  // The key itself may be kept between requests; a promise of it may not (Workers).
  #key: SigningKey | undefined;

  constructor(platform: Pick<Platform, 'sql' | 'now' | 'uuid'>, issuer: string, audience: string) {
    this.#platform = platform;
    this.#issuer = issuer;
    this.#audience = audience;
  }

  async issueAccess(claims: AccessClaims, seconds: number): Promise<string> {
    return await this.#sign(
      {
        client_id: claims.clientId,
        scope: claims.scope,
        patient: claims.patient,
        encounter: claims.encounter,
        jti: this.#platform.uuid(),
      },
      { audience: this.#audience, subject: claims.subject, seconds, typ: 'at+jwt' },
    );
  }

  async issueIdentity(
    audience: string,
    subject: string,
    claims: { fhirUser?: string; nonce?: string },
    seconds: number,
  ): Promise<string> {
    return await this.#sign({ ...claims }, { audience, subject, seconds, typ: 'JWT' });
  }

  /** The token's grant; undefined for one that is not ours, has ended, or was revoked. */
  async open(token: string): Promise<OpenToken | undefined> {
    const key = await this.#signingKey();
    try {
      const { payload } = await jwtVerify(token, key.verify, {
        issuer: this.#issuer,
        audience: this.#audience,
        typ: 'at+jwt',
        algorithms: ['RS256'],
        currentDate: this.#platform.now(),
        requiredClaims: ['exp', 'iat', 'jti', 'sub', 'scope', 'client_id'],
      });
      if (await this.#isRevoked(payload.jti!)) return undefined;
      const optional = (name: string) => (typeof payload[name] === 'string' ? (payload[name] as string) : undefined);
      return {
        clientId: String(payload.client_id),
        subject: payload.sub!,
        scope: String(payload.scope),
        patient: optional('patient'),
        encounter: optional('encounter'),
        jti: payload.jti!,
        issuedAt: payload.iat!,
        expiresAt: payload.exp!,
      };
    } catch {
      return undefined;
    }
  }

  async revoke(token: OpenToken): Promise<void> {
    const now = Math.floor(this.#platform.now().getTime() / 1000);
    await this.#platform.sql.batch([
      { sql: 'DELETE FROM sandbox_revoked WHERE expires_at < ?', values: [now] },
      {
        sql: 'INSERT OR IGNORE INTO sandbox_revoked (jti, expires_at) VALUES (?, ?)',
        values: [token.jti, token.expiresAt],
      },
    ]);
  }

  async keySet(): Promise<{ keys: JWK[] }> {
    const key = await this.#signingKey();
    return { keys: [key.public] };
  }

  async #isRevoked(jti: string): Promise<boolean> {
    const rows = await this.#platform.sql.all('SELECT 1 AS revoked FROM sandbox_revoked WHERE jti = ?', jti);
    return rows.length > 0;
  }

  async #sign(
    claims: JWTPayload,
    { audience, subject, seconds, typ }: { audience: string; subject: string; seconds: number; typ: string },
  ): Promise<string> {
    const key = await this.#signingKey();
    const now = Math.floor(this.#platform.now().getTime() / 1000);
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.public.kid, typ })
      .setIssuer(this.#issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(now)
      .setExpirationTime(now + seconds)
      .sign(key.secret);
  }

  async #signingKey(): Promise<SigningKey> {
    if (this.#key) return this.#key;
    const { sql } = this.#platform;
    let [row] = await sql.all<{ jwk: string }>('SELECT jwk FROM sandbox_keys WHERE id = 1');
    if (!row) {
      const pair = await generateKeyPair('RS256', { extractable: true });
      const jwk = { ...(await exportJWK(pair.privateKey)), kid: this.#platform.uuid(), alg: 'RS256', use: 'sig' };
      // Two nodes may make one at once: the first stays, both read it back.
      await sql.run('INSERT OR IGNORE INTO sandbox_keys (id, jwk) VALUES (1, ?)', JSON.stringify(jwk));
      [row] = await sql.all<{ jwk: string }>('SELECT jwk FROM sandbox_keys WHERE id = 1');
    }
    const jwk = JSON.parse(row!.jwk) as JWK & { kid: string };
    const { kty, n, e, kid, alg, use } = jwk;
    const open = { kty, n, e, kid, alg, use } as SigningKey['public'];
    this.#key = {
      secret: (await importJWK(jwk, 'RS256')) as CryptoKey,
      verify: (await importJWK(open, 'RS256')) as CryptoKey,
      public: open,
    };
    return this.#key;
  }
}

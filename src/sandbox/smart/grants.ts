// Launch handles and authorization codes: random, short-lived, and good for one taking.
import type { Platform } from '../../platform.ts';

export interface Launch {
  patient: string;
  encounter?: string;
  /** `Practitioner/…` */
  user: string;
  intent?: string;
  appContext?: string;
  needPatientBanner: boolean;
  messagingHandle: string;
}

export interface Code {
  clientId: string;
  redirectUri: string;
  challenge: string;
  scopes: string[];
  nonce?: string;
  launch: Launch;
}

export const LAUNCH_SECONDS = 300;
export const CODE_SECONDS = 60;

/** Two UUIDs of the platform, 244 random bits, safe in a URL. */
export function secret(uuid: () => string): string {
  const hex = `${uuid()}${uuid()}`.replaceAll('-', '');
  return base64url(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

export const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

export class Grants {
  #platform: Pick<Platform, 'sql' | 'now' | 'uuid'>;

  constructor(platform: Pick<Platform, 'sql' | 'now' | 'uuid'>) {
    this.#platform = platform;
  }

  async give(kind: 'launch', body: Launch): Promise<string>;
  async give(kind: 'code', body: Code): Promise<string>;
  async give(kind: 'launch' | 'code', body: Launch | Code): Promise<string> {
    const { sql } = this.#platform;
    const now = this.#seconds();
    const id = secret(() => this.#platform.uuid());
    await sql.batch([
      { sql: 'DELETE FROM sandbox_grants WHERE expires_at < ?', values: [now] },
      {
        sql: 'INSERT INTO sandbox_grants (id, kind, body, expires_at) VALUES (?, ?, ?, ?)',
        values: [id, kind, JSON.stringify(body), now + (kind === 'launch' ? LAUNCH_SECONDS : CODE_SECONDS)],
      },
    ]);
    return id;
  }

  /** Of several takers at once exactly one gets it; late ones get nothing. */
  async take(kind: 'launch', id: string): Promise<Launch | undefined>;
  async take(kind: 'code', id: string): Promise<Code | undefined>;
  async take(kind: 'launch' | 'code', id: string): Promise<Launch | Code | undefined> {
    const [row] = await this.#platform.sql.all<{ body: string; expires_at: number }>(
      'DELETE FROM sandbox_grants WHERE id = ? AND kind = ? RETURNING body, expires_at',
      id,
      kind,
    );
    return row && row.expires_at >= this.#seconds() ? (JSON.parse(row.body) as Launch | Code) : undefined;
  }

  #seconds = () => Math.floor(this.#platform.now().getTime() / 1000);
}

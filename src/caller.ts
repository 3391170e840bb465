// Who is calling: a panel's session, a CDS client that we trust by configuration, or, in the sandbox only, anybody.
import { clientVerifier, type Role, type VerifiedClient } from './cds-hooks/client-auth.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { tokenBucket } from './rate-limit.ts';
import { bearerOf, looksLikeSession, type PanelSession } from './smart/session.ts';

export interface Caller {
  session?: PanelSession;
  client?: VerifiedClient;
  /** Came with AUDIT_TOKEN. */
  isAuditor?: true;
}

export type Called = (request: Request) => Promise<Caller>;

export function createCaller(
  platform: Platform,
  publicUrl: string,
  openSession: (bearer: string) => Promise<PanelSession | undefined>,
): Called {
  const verify = clientVerifier(platform, publicUrl);
  const bucket = tokenBucket(platform.elapsed);
  const usual = platform.settings.CLIENT_REQUESTS_PER_SECOND;
  const within = (name: string, perSecond: number | undefined): void => {
    if (perSecond !== undefined && !bucket.take(name, { perSecond }))
      refuse({ reason: 'too_many', retryAfterSeconds: 1 });
  };
  return async (request) => {
    const bearer = bearerOf(request.headers.get('authorization') ?? undefined);
    if (looksLikeSession(bearer)) {
      const session = await openSession(bearer);
      if (!session) return refuse({ reason: 'not_trusted' });
      within('panel', usual);
      return { session };
    }
    if (!verify) {
      within('open', usual);
      return {};
    }
    const client = await verify(bearer, request.url);
    if (!client) return refuse({ reason: 'not_trusted' });
    within(JSON.stringify([client.issuer, client.tenant]), client.requestsPerSecond ?? usual);
    return { client };
  };
}

/** The caller, who has at least one of these roles. */
export type RequireRole = (request: Request, ...roles: Role[]) => Promise<Caller>;

/** Who may read the ledger and the figures: AUDIT_TOKEN, or a client with the role. In a sandbox without either, anybody. */
export function requireRole({ settings }: Platform, called: Called): RequireRole {
  const { AUDIT_TOKEN, CDS_CLIENTS, SANDBOX } = settings;
  return async (request, ...roles) => {
    const bearer = bearerOf(request.headers.get('authorization') ?? undefined);
    if (AUDIT_TOKEN && (await isSame(bearer, AUDIT_TOKEN))) return { isAuditor: true };
    if (!CDS_CLIENTS) return SANDBOX === 'on' && !AUDIT_TOKEN ? {} : refuse({ reason: 'not_trusted' });
    const caller = await called(request);
    return roles.some((role) => caller.client?.roles.includes(role))
      ? caller
      : refuse({ reason: 'forbidden', what: `This caller does not have the role "${roles.join('" or "')}".` });
  };
}

/** In the same time wherever they differ: hashes are compared, not the secrets. */
async function isSame(given: string, secret: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [given, secret].map(
      async (text) => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
    ),
  );
  return a!.reduce((difference, byte, place) => difference | (byte ^ b![place]!), 0) === 0;
}

// Who is calling: a panel's session, a CDS client that we trust by configuration, or, in the sandbox only, anybody.
import { clientVerifier } from './cds-hooks/client-auth.ts';
import { refuse } from './outcome.ts';
import type { Platform } from './platform.ts';
import { bearerOf, looksLikeSession, type PanelSession } from './smart/session.ts';

export interface Caller {
  session?: PanelSession;
  client?: { issuer: string; tenant?: string };
}

export function createCaller(platform: Platform, publicUrl: string, openSession: (bearer: string) => Promise<PanelSession | undefined>): (request: Request) => Promise<Caller> {
  const verify = clientVerifier(platform, publicUrl);
  return async (request) => {
    const bearer = bearerOf(request.headers.get('authorization') ?? undefined);
    if (looksLikeSession(bearer)) {
      const session = await openSession(bearer);
      return session ? { session } : refuse({ reason: 'not_trusted' });
    }
    if (!verify) return {};
    const client = await verify(bearer, request.url);
    return client ? { client } : refuse({ reason: 'not_trusted' });
  };
}

// A panel session: what the token answer said, sealed into the bearer that the page carries. Nothing is stored.
import type { Seal } from './seal.ts';

/** Sealed into the bearer. Short names of ours, long names of the token answer. */
export interface SessionContent {
  iss: string;
  access_token: string;
  patient: string;
  encounter?: string;
  /** `Practitioner/…`, from the id_token's fhirUser. */
  user?: string;
  scope: string;
  need_patient_banner?: boolean;
  intent?: string;
  smart_style_url?: string;
  appContext?: string;
  smart_web_messaging_handle?: string;
  smart_web_messaging_origin?: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** What the public routes need to act for a session: the request's FHIR server, its token, and whom it is about. */
export interface PanelSession {
  fhirServer: string;
  access_token: string;
  scope: string;
  patientId: string;
  userId: string;
  encounterId?: string;
  /** Seconds left, for `fhirAuthorization.expires_in`. */
  expires_in: number;
}

/** A sealed session is a five-part JWE; a CDS client's own token is a three-part JWS. */
export const looksLikeSession = (bearer: string) => bearer.split('.').length === 5;

export const bearerOf = (authorization: string | undefined): string =>
  /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1] ?? '';

export async function openSessionContent(seal: Seal, bearer: string): Promise<SessionContent | undefined> {
  return looksLikeSession(bearer) ? seal.open<SessionContent>('session', bearer) : undefined;
}

export function panelSession(content: SessionContent, now: Date): PanelSession {
  return {
    fhirServer: content.iss,
    access_token: content.access_token,
    scope: content.scope,
    patientId: content.patient,
    userId: content.user ?? '',
    encounterId: content.encounter,
    expires_in: Math.max(0, Math.floor((content.expiresAt - now.getTime()) / 1000)),
  };
}

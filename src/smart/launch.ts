// SMART App Launch 2.2, EHR launch, with our server as the client: the page never sees a token.
import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { base64url, createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { Platform } from '../platform.ts';
import {
  discover,
  EhrError,
  fetchJson,
  fetchKeys,
  fhirBase,
  findEhr,
  frameAncestors,
  type RegisteredEhr,
  type SmartConfiguration,
} from './ehr.ts';
import { messagePage } from './page.ts';
import type { Seal } from './seal.ts';
import type { SessionContent } from './session.ts';

export interface LaunchOptions {
  /** Where the panel is reached: `https://curbside.example.org`. */
  panelOrigin: string;
  registered: RegisteredEhr[];
}

interface LaunchState {
  iss: string;
  verifier: string;
  nonce: string;
  bind: string;
}

const stateLifetimeMs = 5 * 60_000;
const longestSessionMs = 12 * 3_600_000;
const usualSessionMs = 3_600_000;

/** What the panel and the guards read of a chart. */
export const readTypes = [
  'Patient',
  'AllergyIntolerance',
  'Appointment',
  'Condition',
  'Consent',
  'DocumentReference',
  'Encounter',
  'Immunization',
  'Medication',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
  'QuestionnaireResponse',
  'ServiceRequest',
];

export const defaultScopes = [
  'launch openid fhirUser launch/patient launch/encounter',
  ...readTypes.map((type) => `patient/${type}.rs`),
  'messaging/scratchpad messaging/ui',
].join(' ');

/** One cookie per launch, so that two charts opened at the same moment do not undo each other. */
const cookieName = (nonce: string) => `bind-${nonce.slice(0, 8)}`;

// Secure also on the plain loopback address of the sandbox: Chromium and Firefox treat 127.0.0.1 as trustworthy and
// accept it there (seen in Chromium 147, at top level and in a cross-site frame). Partitioned keeps it working where
// third-party cookies are blocked, because the launch and the callback happen in the same frame.
const cookieOptions = { path: '/smart', secure: true, httpOnly: true, sameSite: 'None', partitioned: true } as const;

export function launchRoutes(platform: Platform, seal: Seal, { panelOrigin, registered }: LaunchOptions): Hono {
  const redirectUri = `${panelOrigin}/smart/callback`;
  const app = new Hono();

  const refuse = (ehr: RegisteredEhr | undefined, status: 400 | 502, reason: string, detail: string) => {
    platform.log({ level: 'warn', event: 'smart_launch_refused', reason });
    return messagePage(status, 'Curbside could not open', detail, frameAncestors(ehr));
  };

  app.get('/smart/launch', async (c) => {
    const { iss, launch } = c.req.query();
    const ehr = findEhr(registered, iss);
    if (!ehr)
      return refuse(
        undefined,
        400,
        'unknown_issuer',
        'This EHR is not registered with Curbside. Ask whoever runs Curbside to register its FHIR address.',
      );
    if (!launch) return refuse(ehr, 400, 'no_launch', 'The EHR sent no launch value. Open Curbside from the chart.');
    try {
      const configuration = await discover(platform, ehr);
      const state: LaunchState = {
        iss: ehr.iss,
        verifier: `${platform.uuid()}${platform.uuid()}`.replaceAll('-', ''),
        nonce: platform.uuid(),
        bind: platform.uuid(),
      };
      const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(state.verifier));
      const address = new URL(configuration.authorizationEndpoint);
      const parameters = {
        response_type: 'code',
        client_id: ehr.clientId,
        redirect_uri: redirectUri,
        scope: ehr.scopes ?? defaultScopes,
        state: await seal.seal('state', { ...state }, new Date(platform.now().getTime() + stateLifetimeMs)),
        aud: iss!,
        launch,
        nonce: state.nonce,
        code_challenge: base64url.encode(new Uint8Array(challenge)),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
      setCookie(c, cookieName(state.nonce), state.bind, { ...cookieOptions, maxAge: stateLifetimeMs / 1000 });
      c.header('Cache-Control', 'no-store');
      c.header('Referrer-Policy', 'no-referrer');
      return c.redirect(address.href);
    } catch (error) {
      return refuse(ehr, 502, 'discovery_failed', reasonOf(error));
    }
  });

  app.get('/smart/callback', async (c) => {
    const { code, state: sealed, error } = c.req.query();
    const state = sealed ? await seal.open<LaunchState>('state', sealed) : undefined;
    const ehr = findEhr(registered, state?.iss);
    if (!state || !ehr)
      return refuse(
        undefined,
        400,
        'bad_state',
        'This launch is too old or not ours. Open Curbside again from the chart.',
      );
    const bind = getCookie(c, cookieName(state.nonce));
    deleteCookie(c, cookieName(state.nonce), cookieOptions);
    if (bind !== state.bind)
      return refuse(
        ehr,
        400,
        'other_browser',
        'This launch was started elsewhere, or cookies are off. Open Curbside again from the chart.',
      );
    if (error)
      return refuse(
        ehr,
        400,
        'authorization_refused',
        'The EHR did not allow the launch. Open Curbside again from the chart.',
      );
    if (!code) return refuse(ehr, 400, 'no_code', 'The EHR sent no code. Open Curbside again from the chart.');
    try {
      const session = await redeem(platform, ehr, { code, state, redirectUri });
      const bearer = await seal.seal('session', { ...session }, new Date(session.expiresAt));
      platform.log({ level: 'info', event: 'smart_session_opened', hasEncounter: session.encounter !== undefined });
      c.header('Cache-Control', 'no-store');
      c.header('Referrer-Policy', 'no-referrer');
      const which = registered.length > 1 ? `?ehr=${registered.indexOf(ehr)}` : '';
      return c.redirect(`${panelOrigin}/panel/${which}#s=${bearer}`);
    } catch (error) {
      return refuse(ehr, 502, 'code_exchange_failed', reasonOf(error));
    }
  });

  return app;
}

const reasonOf = (error: unknown) =>
  error instanceof EhrError
    ? `${error.message} Open Curbside again from the chart.`
    : 'Something went wrong. Open Curbside again from the chart.';

/** Exchanges the code and reads who and what the session is about. */
async function redeem(
  platform: Platform,
  ehr: RegisteredEhr,
  { code, state, redirectUri }: { code: string; state: LaunchState; redirectUri: string },
): Promise<SessionContent> {
  const configuration = await discover(platform, ehr);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: ehr.clientId,
    code_verifier: state.verifier,
  });
  const token = await fetchJson(platform, ehr, configuration.tokenEndpoint, {
    method: 'POST',
    body: form.toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(ehr.clientSecret && {
        authorization: `Basic ${btoa(`${encodeURIComponent(ehr.clientId)}:${encodeURIComponent(ehr.clientSecret)}`)}`,
      }),
    },
  });
  const text = (name: string) => (typeof token[name] === 'string' && token[name] !== '' ? token[name] : undefined);
  const access_token = text('access_token');
  const patient = text('patient')?.replace(/^Patient\//, '');
  if (!access_token || text('token_type')?.toLowerCase() !== 'bearer')
    throw new EhrError('The EHR gave no bearer token.');
  if (!patient) throw new EhrError('The EHR did not say which patient is open.');

  const scope = text('scope') ?? ehr.scopes ?? defaultScopes;
  const idToken = text('id_token');
  if (!idToken && scope.split(/\s+/).includes('openid')) throw new EhrError('The EHR gave no id_token.');
  const user = idToken ? await verifyIdToken(platform, ehr, configuration, idToken, state.nonce) : undefined;
  const seconds = Number(token.expires_in);
  const lifetimeMs =
    Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, longestSessionMs) : usualSessionMs;
  return {
    iss: fhirBase(ehr),
    access_token,
    patient,
    encounter: text('encounter')?.replace(/^Encounter\//, ''),
    user,
    scope,
    need_patient_banner: typeof token.need_patient_banner === 'boolean' ? token.need_patient_banner : undefined,
    intent: text('intent'),
    smart_style_url: text('smart_style_url'),
    appContext: text('appContext'),
    smart_web_messaging_handle: text('smart_web_messaging_handle'),
    smart_web_messaging_origin: text('smart_web_messaging_origin'),
    expiresAt: platform.now().getTime() + lifetimeMs,
  };
}

/** Signature, issuer, audience, lifetime and nonce; answers who signed in, as `Type/id`. */
async function verifyIdToken(
  platform: Platform,
  ehr: RegisteredEhr,
  configuration: SmartConfiguration,
  idToken: string,
  nonce: string,
): Promise<string | undefined> {
  const keys = await fetchKeys(platform, ehr, configuration);
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys as unknown as JSONWebKeySet), {
      issuer: configuration.issuer,
      audience: ehr.clientId,
      currentDate: platform.now(),
      clockTolerance: 30,
      algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'ES256', 'ES384'],
      requiredClaims: ['exp', 'sub'],
    });
    if (payload.nonce !== nonce) throw new Error('nonce');
    const named = payload.fhirUser ?? payload.profile;
    return typeof named === 'string' ? /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})$/.exec(named)?.[1] : undefined;
  } catch {
    throw new EhrError('The identity the EHR sent could not be verified.');
  }
}

// The token step: a code, its verifier and its redirect against an access token with the launch context.

import type { Addresses } from './discovery.ts';
import { base64url, type Code, type Grants } from './grants.ts';
import type { Tokens } from './tokens.ts';

export const ACCESS_SECONDS = 3600;
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export interface TokenContext {
  at: Addresses;
  grants: Grants;
  tokens: Tokens;
}

const refuse = (error: string, description: string) => tokenJson({ error, error_description: description }, 400);

export const tokenJson = (body: object, status = 200) =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });

export async function exchange(form: URLSearchParams, context: TokenContext): Promise<Response> {
  const { grants, tokens, at } = context;
  if (form.get('grant_type') !== 'authorization_code')
    return refuse('unsupported_grant_type', 'grant_type must be authorization_code.');
  const code = form.get('code');
  const clientId = form.get('client_id');
  if (!code || !clientId) return refuse('invalid_request', 'code and client_id are needed.');
  // Taken before anything is checked: a code that was tried with a wrong verifier is gone.
  const grant = await grants.take('code', code);
  if (
    !grant ||
    grant.clientId !== clientId ||
    grant.redirectUri !== form.get('redirect_uri') ||
    !(await isVerifier(form.get('code_verifier'), grant))
  ) {
    return refuse(
      'invalid_grant',
      'The code, its verifier, its redirect_uri or its client do not belong together, or the code is used or over.',
    );
  }
  const { launch, scopes } = grant;
  const has = (scope: string) => scopes.includes(scope);
  const fhirUser = `${at.fhir}/${launch.user}`;
  const patient = launch.patient;
  // The bare `launch` scope asks for the whole context of the EHR.
  const encounter = launch.encounter;
  const access = await tokens.issueAccess(
    { clientId, subject: launch.user, scope: scopes.join(' '), patient, encounter },
    ACCESS_SECONDS,
  );
  const messaging = has('messaging/scratchpad') || has('messaging/ui');
  return tokenJson({
    access_token: access,
    token_type: 'Bearer',
    expires_in: ACCESS_SECONDS,
    scope: scopes.join(' '),
    patient,
    ...(encounter ? { encounter, fhirContext: [{ reference: `Encounter/${encounter}` }] } : {}),
    need_patient_banner: launch.needPatientBanner,
    ...(launch.intent ? { intent: launch.intent } : {}),
    tenant: 'curbside-sandbox',
    smart_style_url: `${at.issuer}/ehr/style.json`,
    ...(launch.appContext ? { appContext: launch.appContext } : {}),
    ...(messaging ? { smart_web_messaging_handle: launch.messagingHandle, smart_web_messaging_origin: at.issuer } : {}),
    ...(has('openid')
      ? {
          id_token: await tokens.issueIdentity(
            clientId,
            launch.user,
            { ...(has('fhirUser') || has('profile') ? { fhirUser } : {}), nonce: grant.nonce },
            ACCESS_SECONDS,
          ),
        }
      : {}),
  });
}

async function isVerifier(verifier: string | null, grant: Code): Promise<boolean> {
  if (!verifier || !VERIFIER.test(verifier)) return false;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest)) === grant.challenge;
}

// The authorize step of an EHR launch. The clinician is already in the EHR (the launch handle says so), so there is no page to show.
import { type Client, grantScopes } from './clients.ts';
import type { Grants } from './grants.ts';

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

type Refusal = { error: string; description: string };

export interface AuthorizeContext {
  clients: Map<string, Client>;
  grants: Grants;
  /** The FHIR base an app must name as `aud`. */
  fhir: string;
}

/** Until client and redirect are known nothing is sent anywhere; after that every refusal goes back to the app. */
export async function authorize(
  parameters: URLSearchParams,
  { clients, grants, fhir }: AuthorizeContext,
): Promise<Response> {
  const one = (name: string) => (parameters.getAll(name).length === 1 ? parameters.get(name)! : undefined);
  const client = clients.get(one('client_id') ?? '');
  const redirectUri = one('redirect_uri');
  if (!client) return plain('This app is not registered here (client_id).');
  if (redirectUri === undefined || !client.isRedirect(redirectUri))
    return plain('This redirect_uri is not registered for the app.');

  const state = one('state');
  const refusal = check(parameters, one, fhir);
  if (refusal) return back(redirectUri, { error: refusal.error, error_description: refusal.description, state });

  const scopes = grantScopes(one('scope')!, client.scopes);
  // Last, so that a malformed request does not use the handle up.
  const launch = await grants.take('launch', one('launch')!);
  if (!launch)
    return back(redirectUri, {
      error: 'invalid_request',
      error_description: 'The launch handle is unknown, used or over. Launch again from the chart.',
      state,
    });
  const code = await grants.give('code', {
    clientId: client.id,
    redirectUri,
    challenge: one('code_challenge')!,
    scopes,
    nonce: one('nonce'),
    launch,
  });
  return back(redirectUri, { code, state });
}

function check(
  parameters: URLSearchParams,
  one: (name: string) => string | undefined,
  fhir: string,
): Refusal | undefined {
  const wrong = (description: string, error = 'invalid_request'): Refusal => ({ error, description });
  const repeated = [...new Set(parameters.keys())].find((name) => parameters.getAll(name).length > 1);
  if (repeated) return wrong('A parameter is there twice.');
  if (one('response_type') !== 'code') return wrong('response_type must be code.', 'unsupported_response_type');
  if (!one('state')) return wrong('state is missing.');
  if (one('aud')?.replace(/\/$/, '') !== fhir) return wrong('aud must be the FHIR base URL this launch came from.');
  if (one('code_challenge_method') !== 'S256') return wrong('code_challenge_method must be S256.');
  if (!CHALLENGE.test(one('code_challenge') ?? '')) return wrong('code_challenge must be 43 base64url characters.');
  if (!one('scope')?.split(/\s+/).includes('launch'))
    return wrong('The scope launch is missing: this server takes EHR launches only.', 'invalid_scope');
  if (!one('launch')) return wrong('launch is missing.');
  return undefined;
}

function back(redirectUri: string, parameters: Record<string, string | undefined>): Response {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return new Response(null, {
    status: 302,
    headers: { location: url.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
}

const plain = (message: string) =>
  new Response(message, {
    status: 400,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });

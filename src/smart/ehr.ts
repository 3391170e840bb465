// The EHRs that may launch the panel, what each says about itself, and the only way out to them.
import type { Platform } from '../platform.ts';

export interface RegisteredEhr {
  /** FHIR base URL, as the EHR sends it in `iss`. */
  iss: string;
  clientId: string;
  /** For confidential clients; sent as HTTP Basic. */
  clientSecret?: string;
  /** Every origin that may stand above the panel's frame; default: the origin of `iss`. */
  frameAncestors?: string[];
  /** Asked for instead of the default list. */
  scopes?: string;
  /** Other origins of the same EHR, where its authorization server lives apart from FHIR. */
  origins?: string[];
}

/** The parts of smart-configuration that a launch needs. */
export interface SmartConfiguration {
  authorizationEndpoint: string;
  tokenEndpoint: string;
  issuer: string;
  jwksUri?: string;
}

export class EhrError extends Error {
  /** The EHR's answer, where there was one. */
  readonly status?: number;
  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

const withoutSlash = (url: string) => url.replace(/\/$/, '');

/** Exact, but for one trailing slash. */
export const findEhr = (registered: RegisteredEhr[], iss: string | undefined): RegisteredEhr | undefined =>
  iss === undefined ? undefined : registered.find((ehr) => withoutSlash(ehr.iss) === withoutSlash(iss));

export const fhirBase = (ehr: RegisteredEhr) => withoutSlash(ehr.iss);

export const frameAncestors = (ehr: RegisteredEhr | undefined): string => {
  const origins = ehr ? (ehr.frameAncestors ?? [new URL(ehr.iss).origin]) : [];
  return origins.length ? origins.join(' ') : "'none'";
};

/** Fetches from this EHR and from nowhere else: other origins and redirects are refused, and time is limited. */
export async function fetchFromEhr(
  platform: Platform,
  ehr: RegisteredEhr,
  url: string,
  init: RequestInit & { timeoutMs?: number } = {},
): Promise<Response> {
  const { timeoutMs = 5000, ...request } = init;
  const { origin } = new URL(url);
  if (![ehr.iss, ...(ehr.origins ?? [])].some((known) => new URL(known).origin === origin)) {
    throw new EhrError(`The EHR names an address on ${origin}, which is not registered for it.`);
  }
  try {
    // A redirect could carry the token to another host. Workers know no `redirect: 'error'`.
    const answer = await platform.fetch(url, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status === 0 || (answer.status >= 300 && answer.status < 400)) {
      throw new EhrError('The EHR answered with a redirect.');
    }
    return answer;
  } catch (error) {
    if (error instanceof EhrError) throw error;
    throw new EhrError(
      error instanceof Error && error.name === 'TimeoutError'
        ? 'The EHR did not answer in time.'
        : 'The EHR cannot be reached.',
    );
  }
}

const jsonLimit = 5_000_000;

/** Fetches and reads JSON; anything but a 2xx with a JSON object is an EhrError with the status. */
export async function fetchJson(
  platform: Platform,
  ehr: RegisteredEhr,
  url: string,
  init: RequestInit & { timeoutMs?: number } = {},
): Promise<Record<string, unknown>> {
  const answer = await fetchFromEhr(platform, ehr, url, {
    ...init,
    headers: { accept: 'application/json', ...(init.headers as Record<string, string>) },
  });
  const text = await answer.text().catch(() => {
    throw new EhrError('The EHR stopped in the middle of its answer.');
  });
  if (!answer.ok) throw new EhrError(`The EHR answered ${answer.status}.`, answer.status);
  if (text.length > jsonLimit) throw new EhrError('The EHR answered with too much.', answer.status);
  try {
    const value: unknown = JSON.parse(text);
    if (value && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new EhrError('The EHR answered with something that is not JSON.', answer.status);
}

/** SMART App Launch, discovery. PKCE with S256 is required, not preferred. */
export async function discover(platform: Platform, ehr: RegisteredEhr): Promise<SmartConfiguration> {
  const found = await fetchJson(platform, ehr, `${fhirBase(ehr)}/.well-known/smart-configuration`);
  const methods = found.code_challenge_methods_supported;
  if (!Array.isArray(methods) || !methods.includes('S256'))
    throw new EhrError('The EHR does not offer PKCE with S256.');
  const endpoint = (name: string) => {
    const value = found[name];
    if (typeof value !== 'string' || !URL.canParse(value)) throw new EhrError(`The EHR does not name its ${name}.`);
    return value;
  };
  return {
    authorizationEndpoint: endpoint('authorization_endpoint'),
    tokenEndpoint: endpoint('token_endpoint'),
    issuer: typeof found.issuer === 'string' ? found.issuer : ehr.iss,
    jwksUri: typeof found.jwks_uri === 'string' ? found.jwks_uri : undefined,
  };
}

/** The key set, from smart-configuration or, failing that, from the issuer's OpenID configuration. */
export async function fetchKeys(platform: Platform, ehr: RegisteredEhr, configuration: SmartConfiguration) {
  let address = configuration.jwksUri;
  if (!address) {
    const openid = await fetchJson(
      platform,
      ehr,
      `${withoutSlash(configuration.issuer)}/.well-known/openid-configuration`,
    );
    address = typeof openid.jwks_uri === 'string' ? openid.jwks_uri : undefined;
  }
  if (!address) throw new EhrError('The EHR does not name its key set.');
  return fetchJson(platform, ehr, address);
}

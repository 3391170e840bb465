// SMART App Launch 2.2, discovery of a FHIR server: what `[base]/.well-known/smart-configuration` must say.
// npm run conformance -- <url> --smart <FHIR base>
import { type Clause, isObject, type Json, type Target } from './clauses.ts';

async function configuration(target: Target): Promise<Json> {
  return (await (await target.fetch('/.well-known/smart-configuration')).json()) as Json;
}

const says = (find: (configuration: Json) => string | undefined) => async (target: Target) =>
  find(await configuration(target));
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const isAbsolute = (value: unknown): boolean => typeof value === 'string' && URL.canParse(value);

export const smartClauses: Clause[] = [
  {
    id: 'smart-200',
    level: 'SHALL',
    text: 'The configuration is JSON, without authentication and whatever Accept says',
    check: async (target) => {
      for (const accept of ['application/json', 'text/html', '*/*']) {
        const answer = await target.fetch('/.well-known/smart-configuration', { headers: { accept } });
        if (answer.status !== 200) return `answered ${answer.status} to Accept ${accept}`;
        if (!answer.headers.get('content-type')?.includes('application/json'))
          return `is not application/json to Accept ${accept}`;
        if (!isObject(await answer.json())) return 'is not an object';
      }
      return undefined;
    },
  },
  {
    id: 'smart-token',
    level: 'SHALL',
    text: 'It names a token endpoint',
    check: says(({ token_endpoint }) => (isAbsolute(token_endpoint) ? undefined : 'no absolute token_endpoint')),
  },
  {
    id: 'smart-authorize',
    level: 'SHALL',
    text: 'With the launch capability it names an authorization endpoint',
    check: says(({ authorization_endpoint, capabilities }) =>
      listOf(capabilities).some((word) => word.startsWith('launch-')) && !isAbsolute(authorization_endpoint)
        ? 'no absolute authorization_endpoint'
        : undefined,
    ),
  },
  {
    id: 'smart-capabilities',
    level: 'SHALL',
    text: 'It lists capabilities',
    check: says(({ capabilities }) => (listOf(capabilities).length ? undefined : 'no capabilities')),
  },
  {
    id: 'smart-grants',
    level: 'SHALL',
    text: 'It lists grant types',
    check: says(({ grant_types_supported }) =>
      listOf(grant_types_supported).includes('authorization_code')
        ? undefined
        : 'authorization_code is not among the grant types',
    ),
  },
  {
    id: 'smart-s256',
    level: 'SHALL',
    text: 'PKCE with S256 is offered',
    check: says(({ code_challenge_methods_supported }) =>
      listOf(code_challenge_methods_supported).includes('S256') ? undefined : 'S256 is not offered',
    ),
  },
  {
    id: 'smart-no-plain',
    level: 'SHALL',
    text: 'PKCE with plain is not offered',
    check: says(({ code_challenge_methods_supported }) =>
      listOf(code_challenge_methods_supported).includes('plain') ? 'plain is offered' : undefined,
    ),
  },
  {
    id: 'smart-openid',
    level: 'SHALL',
    text: 'With sso-openid-connect it names issuer and keys',
    check: says(({ capabilities, issuer, jwks_uri }) =>
      listOf(capabilities).includes('sso-openid-connect') && !(isAbsolute(issuer) && isAbsolute(jwks_uri))
        ? 'issuer or jwks_uri is missing'
        : undefined,
    ),
  },
  {
    id: 'smart-v2',
    level: 'SHOULD',
    text: 'Scopes of SMART 2 are understood',
    check: says(({ capabilities }) =>
      listOf(capabilities).includes('permission-v2') ? undefined : 'permission-v2 is not among the capabilities',
    ),
  },
  {
    id: 'smart-launch',
    level: 'SHOULD',
    text: 'An EHR launch with a patient is offered',
    check: says(({ capabilities }) =>
      ['launch-ehr', 'context-ehr-patient'].find((word) => !listOf(capabilities).includes(word)),
    ),
  },
  {
    id: 'smart-scopes',
    level: 'SHOULD',
    text: 'It lists scopes',
    check: says(({ scopes_supported }) => (listOf(scopes_supported).length ? undefined : 'no scopes')),
  },
  {
    id: 'smart-cors',
    level: 'SHALL',
    text: 'A browser of another origin may read it',
    check: async (target) =>
      (
        await target.fetch('/.well-known/smart-configuration', { headers: { origin: 'https://app.example' } })
      ).headers.get('access-control-allow-origin')
        ? undefined
        : 'has no Access-Control-Allow-Origin',
  },
  {
    id: 'smart-bearer',
    level: 'SHALL',
    text: 'A resource is not read without a token',
    check: async (target) => {
      const { status } = await target.fetch('/Patient/conformance');
      return status === 401 || status === 403 ? undefined : `answered ${status}, expected 401`;
    },
  },
];

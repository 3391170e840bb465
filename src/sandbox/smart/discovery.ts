// What an app reads before it asks: SMART configuration and OpenID configuration. Addresses come from configuration, never from the Host header.

export interface Addresses {
  issuer: string;
  fhir: string;
  authorize: string;
  token: string;
  introspect: string;
  revoke: string;
  keys: string;
}

export function addresses(ehrOrigin: string): Addresses {
  const oauth = `${ehrOrigin}/ehr/oauth`;
  return {
    issuer: ehrOrigin,
    fhir: `${ehrOrigin}/fhir/R4`,
    authorize: `${oauth}/authorize`,
    token: `${oauth}/token`,
    introspect: `${oauth}/introspect`,
    revoke: `${oauth}/revoke`,
    keys: `${ehrOrigin}/.well-known/jwks.json`,
  };
}

const scopes = [
  'launch',
  'launch/patient',
  'launch/encounter',
  'openid',
  'fhirUser',
  'profile',
  'patient/*.rs',
  'messaging/scratchpad',
  'messaging/ui',
];

export const smartConfiguration = (at: Addresses) => ({
  issuer: at.issuer,
  jwks_uri: at.keys,
  authorization_endpoint: at.authorize,
  token_endpoint: at.token,
  introspection_endpoint: at.introspect,
  revocation_endpoint: at.revoke,
  token_endpoint_auth_methods_supported: ['none'],
  grant_types_supported: ['authorization_code'],
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  scopes_supported: scopes,
  capabilities: [
    'launch-ehr',
    'authorize-post',
    'client-public',
    'sso-openid-connect',
    'context-banner',
    'context-style',
    'context-ehr-patient',
    'context-ehr-encounter',
    'permission-patient',
    'permission-v1',
    'permission-v2',
    'smart-web-messaging',
  ],
});

export const openidConfiguration = (at: Addresses) => ({
  issuer: at.issuer,
  jwks_uri: at.keys,
  authorization_endpoint: at.authorize,
  token_endpoint: at.token,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['none'],
  code_challenge_methods_supported: ['S256'],
  scopes_supported: scopes,
  claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce', 'fhirUser'],
});

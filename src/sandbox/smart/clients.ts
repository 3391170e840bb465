// The apps this authorization server knows. Both are public clients: what keeps them honest is the redirect and PKCE.
import { readScope } from '../fhir/access.ts';

export interface Client {
  id: string;
  isRedirect(uri: string): boolean;
  scopes: string[];
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const launchScopes = [
  'launch',
  'launch/patient',
  'launch/encounter',
  'openid',
  'fhirUser',
  'profile',
  'messaging/scratchpad',
  'messaging/ui',
];

export function knownClients(panelOrigin: string): Map<string, Client> {
  const panel: Client = {
    id: 'curbside-panel',
    isRedirect: (uri) => uri === `${panelOrigin}/smart/callback`,
    scopes: [...launchScopes, 'patient/*.rs'],
  };
  const outside: Client = {
    id: 'sandbox-app',
    // RFC 8252: a loopback redirect may have any port.
    isRedirect: (uri) => {
      const url = URL.canParse(uri) ? new URL(uri) : undefined;
      return (
        url !== undefined &&
        /^https?:$/.test(url.protocol) &&
        LOOPBACK.has(url.hostname) &&
        url.hash === '' &&
        url.username === '' &&
        url.password === ''
      );
    },
    scopes: [...launchScopes, 'patient/*.rs'],
  };
  return new Map([panel, outside].map((client) => [client.id, client]));
}

/** The grant: asked ∩ registered. A resource scope wider than the registration is cut down to it. */
export function grantScopes(asked: string, registered: string[]): string[] {
  const granted = asked
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((scope) => {
      if (registered.includes(scope)) return [scope];
      const wanted = readScope(scope);
      if (!wanted) return [];
      for (const one of registered) {
        const allowed = readScope(one);
        if (!allowed || allowed.context !== wanted.context || (allowed.type !== '*' && allowed.type !== wanted.type))
          continue;
        const both = [...'cruds'].filter((p) => wanted.permissions.has(p as 'r') && allowed.permissions.has(p as 'r'));
        if (both.length === wanted.permissions.size) return [scope];
        if (both.length > 0) return [`${wanted.context}/${wanted.type}.${both.join('')}`];
      }
      return [];
    });
  return [...new Set(granted)];
}

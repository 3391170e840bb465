// What a Medplum project needs for Curbside, as plain data: the invented patients as one transaction, the panel's client
// application, and a relay Bot that lists our services among Medplum's own.
import type { Bot, Bundle, BundleEntry, ClientApplication, Resource } from '@medplum/fhirtypes';

type Json = Record<string, unknown>;

export const identifierSystem = 'https://curbside.org/fhir/sandbox';

/**
 * Medplum chooses ids by itself: the charts come as conditional updates by identifier, so that a second run changes nothing, and
 * references between them as the urn of their entry.
 */
export function asTransaction(resources: readonly Resource[], uuid: (name: string) => string): Bundle {
  const urns = new Map(
    resources.map((resource) => [
      `${resource.resourceType}/${resource.id}`,
      `urn:uuid:${uuid(`${resource.resourceType}/${resource.id}`)}`,
    ]),
  );
  const pointed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(pointed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value as Json).map(([key, held]) => [
        key,
        key === 'reference' && typeof held === 'string' ? (urns.get(held) ?? held) : pointed(held),
      ]),
    );
  };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource): BundleEntry => {
      const { id, meta: _, ...rest } = pointed(resource) as Json;
      const identifier = { system: identifierSystem, value: String(id) };
      const own = Array.isArray(rest.identifier) ? (rest.identifier as Json[]) : [];
      return {
        fullUrl: urns.get(`${resource.resourceType}/${id}`),
        request: { method: 'PUT', url: `${resource.resourceType}?identifier=${identifierSystem}|${id}` },
        resource: { ...rest, identifier: [identifier, ...own] } as unknown as Resource,
      };
    }),
  };
}

/** The panel as Medplum's Apps tab launches it: public, with PKCE. */
export const panelClient = (
  curbsideUrl: string,
): Pick<ClientApplication, 'name' | 'description' | 'launchUri' | 'redirectUris' | 'pkceOptional'> => ({
  name: 'Curbside panel',
  description: 'Clinical decision support beside the chart: cards, evidence, what-if',
  launchUri: `${curbsideUrl}/smart/launch`,
  redirectUris: [`${curbsideUrl}/smart/callback`],
  pkceOptional: false,
});

export interface DiscoveredService {
  id: string;
  hook: string;
  title?: string;
  description: string;
  prefetch?: Record<string, string>;
}

/** One Bot a service and hook: Medplum lists it under GET /cds-services and runs it on POST. */
export const relayBot = ({ id, hook, title, description, prefetch = {} }: DiscoveredService) =>
  ({
    name: `Curbside ${id} ${hook}`,
    runtimeVersion: 'vmcontext',
    cdsService: {
      hook,
      title: title ?? id,
      description,
      prefetch: Object.entries(prefetch).map(([key, query]) => ({ key, query })),
    },
  }) as unknown as Pick<Bot, 'name' | 'runtimeVersion'>;

/** The Bot's code. It asks and passes on; a refusal of ours becomes an error of the Bot, never an empty list of cards. */
export const relayCode = (
  curbsideUrl: string,
  serviceId: string,
): string => `exports.handler = async function (medplum, event) {
  const response = await fetch(${JSON.stringify(`${curbsideUrl}/cds-services/${serviceId}`)}, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(event.secrets.CURBSIDE_TOKEN && { authorization: 'Bearer ' + event.secrets.CURBSIDE_TOKEN.valueString }) },
    body: JSON.stringify(event.input),
  });
  if (!response.ok) throw new Error('Curbside answered ' + response.status);
  return response.json();
};
`;

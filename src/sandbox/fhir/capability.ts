// `/metadata`, made from the same tables that serve the searches, so that it cannot promise more than there is.
import type { CapabilityStatement } from '@medplum/fhirtypes';
import { searchParameters } from './parameters.ts';

export interface OAuthEndpoints {
  authorize: string;
  token: string;
}

export function capabilityStatement(
  baseUrl: string,
  date: string,
  oauth: OAuthEndpoints | undefined,
): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Curbside sandbox FHIR server' },
    implementation: { description: 'Synthetic patients, kept in memory', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        security: {
          cors: true,
          service: [
            {
              coding: [
                { system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' },
              ],
            },
          ],
          ...(oauth
            ? {
                extension: [
                  {
                    url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
                    extension: [
                      { url: 'authorize', valueUri: oauth.authorize },
                      { url: 'token', valueUri: oauth.token },
                    ],
                  },
                ],
              }
            : {}),
        },
        resource: Object.entries(searchParameters).map(([type, parameters]) => ({
          type: type as 'Patient',
          interaction: (['read', 'search-type', 'create', 'update', 'delete'] as const).map((code) => ({ code })),
          versioning: 'no-version' as const,
          readHistory: false,
          updateCreate: true,
          conditionalCreate: false,
          conditionalUpdate: false,
          searchInclude: Object.entries(parameters).flatMap(([name, { kind }]) =>
            kind === 'reference' ? [`${type}:${name}`] : [],
          ),
          searchParam: Object.entries(parameters).map(([name, { kind }]) => ({ name, type: kind })),
        })),
      },
    ],
  };
}

// Wires the sandbox: FHIR server, authorization server, and what only the sandbox EHR's own page may ask for.
import { Hono } from 'hono';
import type { Platform } from '../platform.ts';
import { createEhrApi } from './ehr-api.ts';
import { createSandboxFhir } from './fhir/server.ts';
import { sandboxResources } from './patients/index.ts';
import type { SandboxPatient } from './patients/story.ts';
import { createSmart } from './smart/server.ts';

export interface SandboxOrigins {
  /** Where the EHR page, the FHIR server and the authorization server live: http://localhost:8787 */
  ehrOrigin: string;
  /** Where the panel and the CDS service live, another site by design: http://127.0.0.1:8787 */
  panelOrigin: string;
}

/** Routes: /fhir/R4/*, /.well-known/*, /ehr/oauth/*, /ehr/api/*, /ehr/*. Mount it at the root. */
export function createSandbox(
  platform: Platform,
  origins: SandboxOrigins,
  guests: readonly SandboxPatient[] = [],
): Hono {
  const smart = createSmart(platform, origins);
  const fhir = createSandboxFhir({
    now: () => platform.now(),
    uuid: () => platform.uuid(),
    baseUrl: smart.at.fhir,
    resources: (now) => [...sandboxResources(now), ...guests.flatMap(({ build }) => build(now))],
    bearerCheck: smart.bearerCheck,
    oauth: smart.at,
  });
  return new Hono()
    .route('/', smart.app)
    .route('/fhir/R4', fhir)
    .route('/', createEhrApi(platform, origins, smart, guests));
}

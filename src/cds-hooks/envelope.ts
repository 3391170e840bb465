// The envelope of a CDS Hooks request. Only the envelope is validated: resources are read defensively where they are used.
import { z } from 'zod';
import { isObject, type Json } from '../fhir/reading.ts';
import { refuse } from '../outcome.ts';
import { asCurrent } from './earlier.ts';

const fhirAuthorization = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string().optional(),
  expires_in: z.number().optional(),
  scope: z.string().optional(),
  subject: z.string().optional(),
  patient: z.string().nullish(),
});

export const envelopeSchema = z.looseObject({
  hook: z.string().min(1),
  hookInstance: z.string().min(1).max(200),
  context: z.record(z.string(), z.unknown()),
  fhirServer: z.string().nullish(),
  fhirAuthorization: fhirAuthorization.nullish(),
  prefetch: z.record(z.string(), z.unknown()).nullish(),
  extension: z.record(z.string(), z.unknown()).nullish(),
});

export interface HookRequest {
  hook: string;
  hookInstance: string;
  context: Json;
  fhirServer?: string;
  fhirAuthorization?: z.infer<typeof fhirAuthorization>;
  prefetch: Json;
  extension: Json;
  /** Members of our own routes: question, changes, clinicianDifferential, inputs. */
  rest: Json;
  /** W3C Trace Context of the call, for the calls that follow from it. */
  traceparent?: string;
}

const encounterHooks = new Set(['encounter-start', 'encounter-discharge']);
const id = /^[A-Za-z0-9\-._~|:]{1,128}$/;

/** The request, or a refusal that names the member and what was expected. `hook` may be left out of our own routes. */
export function readEnvelope(given: unknown, { isHook }: { isHook: boolean }): HookRequest {
  const body = isObject(given) ? asCurrent(given) : given;
  if (!isObject(body))
    return refuse({ reason: 'malformed', what: 'The body must be a JSON object: a CDS Hooks request.' });
  const parsed = envelopeSchema.safeParse(isHook ? body : { hook: 'patient-view', hookInstance: 'none', ...body });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue!.path.map(String).join('.') || 'body';
    const isMissing =
      issue!.path.length > 0 &&
      issue!.path.reduce<unknown>((held, step) => (isObject(held) ? held[String(step)] : undefined), body) ===
        undefined;
    return refuse({
      reason: 'malformed',
      what: isMissing ? `"${at}" is missing from the request.` : `"${at}" is not of the right type: ${issue!.message}.`,
    });
  }
  const {
    hook,
    hookInstance,
    context,
    fhirServer,
    fhirAuthorization: authorization,
    prefetch,
    extension,
    ...rest
  } = parsed.data;
  const patientId = typeof context.patientId === 'string' ? context.patientId.replace(/^Patient\//, '') : undefined;
  if (!patientId || !id.test(patientId))
    return refuse({ reason: 'malformed', what: '"context.patientId" must be the FHIR id of a Patient.' });
  for (const name of ['userId', 'encounterId']) {
    const held = context[name];
    if (held !== undefined && held !== null && typeof held !== 'string')
      return refuse({ reason: 'malformed', what: `"context.${name}" must be a string.` });
  }
  if (encounterHooks.has(hook) && !context.encounterId)
    return refuse({ reason: 'malformed', what: `"context.encounterId" is missing: ${hook} requires it.` });
  for (const name of ['draftOrders', 'medications', 'appointments', 'conditions']) {
    const given = context[name];
    if (given !== undefined && given !== null && typeof given !== 'object')
      return refuse({ reason: 'malformed', what: `"context.${name}" must be a FHIR Bundle.` });
  }
  if (context.selections !== undefined && context.selections !== null && !Array.isArray(context.selections)) {
    return refuse({ reason: 'malformed', what: '"context.selections" must be a list of references.' });
  }
  if (authorization && !fhirServer)
    return refuse({ reason: 'malformed', what: '"fhirServer" is missing: fhirAuthorization is of no use without it.' });
  return {
    hook,
    hookInstance,
    context: { ...context, patientId },
    ...(fhirServer && { fhirServer }),
    ...(authorization && { fhirAuthorization: authorization }),
    prefetch: prefetch ?? {},
    extension: extension ?? {},
    rest: rest as Json,
  };
}

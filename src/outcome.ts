// Every refusal, once: its status and its OperationOutcome. A message names what failed, what was expected and what to do,
// and never holds a token, a name, a birth date or a resource body.
import type { ChartRefusal } from './chart/open.ts';
import { partNames } from './chart/parts.ts';

export type Refusal =
  | { reason: 'malformed'; what: string }
  | { reason: 'not_json' }
  | { reason: 'too_large'; limit: number }
  | { reason: 'not_trusted' }
  | { reason: 'wrong_patient' }
  | { reason: 'forbidden'; what: string }
  | { reason: 'unknown_service'; id: string }
  | { reason: 'unknown'; what: string }
  | { reason: 'wrong_method'; allow: string }
  | { reason: 'cannot_compute'; issues: { what: string; why: string }[] }
  | { reason: 'overloaded'; retryAfterSeconds: number }
  | { reason: 'too_many'; retryAfterSeconds: number }
  | { reason: 'not_recorded' }
  | { reason: 'switched_off'; id: string }
  | { reason: 'ours'; requestId: string }
  | ChartRefusal;

interface Issue {
  severity: 'error';
  code: string;
  diagnostics: string;
  expression?: string[];
}

export interface Outcome {
  status: 400 | 401 | 403 | 404 | 405 | 412 | 413 | 415 | 422 | 429 | 500 | 503;
  headers: Record<string, string>;
  body: { resourceType: 'OperationOutcome'; issue: Issue[] };
}

export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** Stops the request with this answer. */
export const refuse = (refusal: Refusal): never => {
  throw new Refused(refusal);
};

export function outcomeOf(refusal: Refusal): Outcome {
  switch (refusal.reason) {
    case 'malformed':
      return outcome(400, 'invalid', refusal.what);
    case 'not_json':
      return outcome(415, 'not-supported', 'The body must be plain JSON: content-type application/json, uncompressed.');
    case 'too_large':
      return outcome(
        413,
        'too-long',
        `The body is larger than ${refusal.limit} bytes. Send fewer prefetched resources and a fhirServer to read the rest from.`,
        // The rest of it is not waited for.
        { Connection: 'close' },
      );
    case 'not_trusted':
      return outcome(401, 'login', 'This caller is not trusted.', { 'WWW-Authenticate': 'Bearer' });
    case 'wrong_patient':
    case 'another_patient':
      return refusal.reason === 'wrong_patient'
        ? outcome(403, 'forbidden', 'The session is for another patient than context.patientId.')
        : outcome(400, 'invalid', 'The prefetched Patient is not context.patientId. Nothing was evaluated.');
    case 'forbidden':
      return outcome(403, 'forbidden', refusal.what);
    case 'unknown_service':
      return outcome(
        404,
        'not-found',
        `There is no service "${refusal.id.slice(0, 60)}". GET /cds-services lists them.`,
      );
    case 'unknown':
      return outcome(404, 'not-found', refusal.what);
    case 'wrong_method':
      return outcome(405, 'not-supported', `This address takes ${refusal.allow}.`, { Allow: refusal.allow });
    case 'required_part_unavailable':
      return outcome(
        412,
        'incomplete',
        `${capital(refusal.why)}. Send the prefetch key "${refusal.part}" (${partNames[refusal.part]}), or a fhirServer and token that can read it.`,
      );
    case 'cannot_compute':
      return {
        ...outcome(422, 'business-rule', ''),
        body: {
          resourceType: 'OperationOutcome',
          issue: refusal.issues.map(({ what, why }) => ({
            severity: 'error',
            code: 'business-rule',
            diagnostics: `${what}: ${why}`,
            expression: [what],
          })),
        },
      };
    case 'overloaded':
      return outcome(503, 'throttled', 'Too much work at once. Try again shortly.', {
        'Retry-After': String(refusal.retryAfterSeconds),
      });
    case 'too_many':
      return outcome(429, 'throttled', 'Too many requests from this caller.', {
        'Retry-After': String(refusal.retryAfterSeconds),
      });
    case 'not_recorded':
      return outcome(
        503,
        'transient',
        'The database cannot be written at the moment, and nothing is answered without a record of it. Try again shortly.',
        { 'Retry-After': '2' },
      );
    case 'switched_off':
      return outcome(
        503,
        'suppressed',
        `This site has switched off ${refusal.id.slice(0, 60)} (setting SERVICES_OFF).`,
        { 'Retry-After': '3600' },
      );
    case 'ours':
      return outcome(500, 'exception', `A defect of ours. Tell us the request id ${refusal.requestId}.`);
  }
}

function outcome(
  status: Outcome['status'],
  code: string,
  diagnostics: string,
  headers: Record<string, string> = {},
): Outcome {
  return {
    status,
    headers,
    body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] },
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

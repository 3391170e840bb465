// Refusals of the sandbox FHIR server, always as an OperationOutcome.
import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';

export const FHIR_JSON = 'application/fhir+json';

export class FhirError extends Error {
  readonly status: number;
  readonly code: OperationOutcomeIssue['code'];
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: OperationOutcomeIssue['code'],
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const outcome = (code: OperationOutcomeIssue['code'], diagnostics: string): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, diagnostics }],
});

/** Answers any thrown thing; one that is not ours says nothing about itself. */
export function refuse(error: unknown): Response {
  const known = error instanceof FhirError ? error : new FhirError(500, 'exception', 'The sandbox FHIR server failed.');
  return Response.json(outcome(known.code, known.message), {
    status: known.status,
    headers: { 'content-type': FHIR_JSON, 'cache-control': 'no-store', ...known.headers },
  });
}

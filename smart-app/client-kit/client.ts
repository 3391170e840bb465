// A typed client of Curbside for an EHR's own code, browser or server: discovery, hooks, feedback, what-if, equations. The types
// are the service's own contract. Nothing here knows more than the standard but for `org.curbside.*` under `extension`.
import type { Card, CdsResponse, Coding, WhatIfAnswer } from '../../src/cds-hooks/contract.ts';

export interface Service {
  id: string;
  hook: string;
  title?: string;
  description: string;
  prefetch?: Record<string, string>;
}

export interface ClientOptions {
  /** Where `/cds-services` is: `http://127.0.0.1:8787`. */
  base: string;
  fetch?: typeof fetch;
  /** A fresh token for the address that is called; left out, none is sent. */
  token?: (url: string) => string | Promise<string>;
  /** Reads `Patient/1` or `Condition?patient=1` with the EHR's own rights; throws when it cannot. */
  readFhir?: (path: string) => Promise<unknown>;
}

export interface HookCall {
  hook: string;
  context: { patientId: string } & Record<string, unknown>;
  /** What is known already, by prefetch key; the rest is read with `readFhir`. */
  prefetch?: Record<string, unknown>;
  fhirServer?: string;
  fhirAuthorization?: Record<string, unknown>;
  hookInstance?: string;
  signal?: AbortSignal;
}

export interface Answered {
  service: Service;
  response: CdsResponse;
}

export interface Outcome {
  card: string;
  outcome: 'accepted' | 'overridden';
  acceptedSuggestions?: { id: string }[];
  overrideReason?: { reason?: Coding; userComment?: string };
  outcomeTimestamp: string;
}

/** A refusal, with the sentence of its OperationOutcome. */
export class CurbsideError extends Error {
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

export function createClient({
  base,
  fetch: fetchWith = (input, init) => fetch(input, init),
  token,
  readFhir,
}: ClientOptions) {
  const root = base.replace(/\/+$/, '').replace(/\/cds-services$/, '');
  async function call<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const url = `${root}${path}`;
    const response = await fetchWith(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${await token(url)}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    });
    const answer = (await response.json().catch(() => undefined)) as { issue?: { diagnostics?: string }[] } | undefined;
    if (!response.ok || answer === undefined)
      throw new CurbsideError(
        response.status,
        answer?.issue?.[0]?.diagnostics ?? `Curbside answered ${response.status}`,
      );
    return answer as T;
  }

  let discovered: Promise<Service[]> | undefined;
  const services = (): Promise<Service[]> => {
    discovered ??= call<{ services: Service[] }>('/cds-services').then(
      (answer) => answer.services,
      (error: unknown) => {
        discovered = undefined;
        throw error;
      },
    );
    return discovered;
  };

  /** A key that cannot be read is left out: "could not fetch" is not "nothing there". */
  async function prefetchFor(
    { prefetch = {} }: Service,
    context: HookCall['context'],
    known: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const entries = await Promise.all(
      Object.entries(prefetch).map(async ([key, template]): Promise<[string, unknown][]> => {
        if (key in known) return [[key, known[key]]];
        const path = filled(template, context);
        if (!readFhir || path === undefined) return [];
        return readFhir(path).then(
          (resource) => [[key, resource]],
          () => [],
        );
      }),
    );
    return Object.fromEntries(entries.flat());
  }

  return {
    services,

    /** Asks every service of a hook; each answers or fails by itself. */
    async ask({
      hook,
      context,
      prefetch = {},
      hookInstance = crypto.randomUUID(),
      signal,
      fhirServer,
      fhirAuthorization,
    }: HookCall): Promise<{ answered: Answered[]; failed: { service: Service; error: unknown }[] }> {
      const wanted = (await services()).filter((service) => service.hook === hook);
      const settled = await Promise.allSettled(
        wanted.map(async (service): Promise<Answered> => {
          const body = {
            hook,
            hookInstance,
            context,
            prefetch: await prefetchFor(service, context, prefetch),
            ...(fhirServer && { fhirServer, fhirAuthorization }),
          };
          return {
            service,
            response: await call<CdsResponse>(`/cds-services/${encodeURIComponent(service.id)}`, body, signal),
          };
        }),
      );
      return {
        answered: settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
        failed: settled.flatMap((result, place) =>
          result.status === 'rejected' ? [{ service: wanted[place]!, error: result.reason as unknown }] : [],
        ),
      };
    },

    feedback: (serviceId: string, outcomes: Outcome[]): Promise<object> =>
      call(`/cds-services/${encodeURIComponent(serviceId)}/feedback`, { feedback: outcomes }),
    whatIf: (request: Omit<HookCall, 'hook'> & { changes: object[] }): Promise<WhatIfAnswer> =>
      call('/what-if', request),
    calculate: (
      id: string,
      inputs: Record<string, unknown>,
    ): Promise<{ value: number; unit: string; citation: string }> =>
      call(`/calculators/${encodeURIComponent(id)}`, { inputs }),
  };
}

export type Client = ReturnType<typeof createClient>;

export const accepted = (card: Card, suggestion: string | undefined, at = new Date()): Outcome => ({
  card: card.uuid,
  outcome: 'accepted',
  ...(suggestion && { acceptedSuggestions: [{ id: suggestion }] }),
  outcomeTimestamp: at.toISOString(),
});

export const overridden = (
  card: Card,
  reason: Coding | undefined,
  userComment: string | undefined,
  at = new Date(),
): Outcome => ({
  card: card.uuid,
  outcome: 'overridden',
  ...((reason || userComment) && {
    overrideReason: { ...(reason && { reason }), ...(userComment && { userComment }) },
  }),
  outcomeTimestamp: at.toISOString(),
});

/** A prefetch template with the values of the context; undefined when one is missing. */
export function filled(template: string, context: Record<string, unknown>): string | undefined {
  let isComplete = true;
  const path = template.replace(/\{\{\s*context\.(\w+)\s*\}\}/g, (_, name: string) => {
    const value = context[name];
    if (typeof value !== 'string' || !value) isComplete = false;
    return encodeURIComponent(String(value)).replaceAll('%2F', '/');
  });
  return isComplete && !path.includes('{{') ? path : undefined;
}

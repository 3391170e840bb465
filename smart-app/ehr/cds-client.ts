// A CDS Hooks client: discovery, prefetch resolved by ourselves, one request per service, feedback. Knows the standard, not our engine.
import type { Card, CdsResponse } from '../../src/cds-hooks/contract.ts';
import type { WorklistAnswer } from '../../src/cds-hooks/worklist.ts';
import type { Decision, Hook, Service } from './types.ts';

export interface CdsClientOptions {
  /** Where `/cds-services` is. */
  base: string;
  fetch: typeof fetch;
  /** Reads from the chart for prefetch, with the EHR's own rights. Throws when it cannot. */
  readFhir(path: string): Promise<unknown>;
}

export interface HookCall {
  service: Service;
  hook: Hook;
  hookInstance: string;
  context: Record<string, unknown>;
  /** Left out when the EHR offers no FHIR access. */
  fhir?: { fhirServer: string; fhirAuthorization: Record<string, unknown> };
  withPrefetch: boolean;
  signal: AbortSignal;
}

export class CdsError extends Error {}

export function createCdsClient({ base, fetch, readFhir }: CdsClientOptions) {
  const post = async (path: string, body: unknown, signal?: AbortSignal) => {
    const response = await fetch(`${base}/cds-services/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw new CdsError(await said(response));
    return { status: response.status, body: (await response.json()) as unknown };
  };

  return {
    async discover(): Promise<Service[]> {
      const response = await fetch(`${base}/cds-services`);
      if (!response.ok) throw new CdsError(await said(response));
      const body = (await response.json()) as { services?: Service[] };
      return (body.services ?? []).filter(({ id, hook }) => typeof id === 'string' && typeof hook === 'string');
    },

    /** The request as it goes out. A key that could not be read is left out: "could not fetch" is not "nothing there". */
    async request(call: HookCall): Promise<Record<string, unknown>> {
      const templates = call.withPrefetch ? Object.entries(call.service.prefetch ?? {}) : [];
      const found = await Promise.all(
        templates.map(async ([key, template]) => {
          const path = fillTemplate(template, call.context);
          if (path === undefined) return [];
          return await readFhir(path).then(
            (resource) => [[key, resource] as const],
            () => [],
          );
        }),
      );
      const prefetch = Object.fromEntries(found.flat());
      return {
        hook: call.hook,
        hookInstance: call.hookInstance,
        ...call.fhir,
        context: call.context,
        ...(Object.keys(prefetch).length > 0 ? { prefetch } : {}),
      };
    },

    async send(service: Service, request: Record<string, unknown>, signal: AbortSignal): Promise<CdsResponse> {
      const { body } = await post(encodeURIComponent(service.id), request, signal);
      const cards = (body as Partial<CdsResponse> | null)?.cards;
      if (!Array.isArray(cards)) throw new CdsError('The answer has no list of cards.');
      return { ...(body as CdsResponse), cards: cards.filter(isCard) };
    },

    /** Ours, beside the standard: who is in progress, the most urgent first. */
    async worklist(body: Record<string, unknown>, signal: AbortSignal): Promise<WorklistAnswer> {
      const response = await fetch(`${base}/worklist`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      });
      if (!response.ok) throw new CdsError(await said(response));
      return (await response.json()) as WorklistAnswer;
    },

    async feedback(serviceId: string, feedback: Record<string, unknown>[]): Promise<number> {
      return (await post(`${encodeURIComponent(serviceId)}/feedback`, { feedback })).status;
    },
  };
}

export type CdsClient = ReturnType<typeof createCdsClient>;

/** `Patient/{{context.patientId}}` with the values of the context; undefined when one is missing. */
export function fillTemplate(template: string, context: Record<string, unknown>): string | undefined {
  let isComplete = true;
  const user = typeof context.userId === 'string' ? context.userId : '';
  const path = template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, token: string) => {
    const value = token.startsWith('context.') ? context[token.slice('context.'.length)] : userToken(token, user);
    if (typeof value !== 'string' || value === '') isComplete = false;
    return encodeURIComponent(String(value)).replaceAll('%2F', '/');
  });
  return isComplete ? path : undefined;
}

const userToken = (token: string, user: string) => {
  const type = /^user(Practitioner|PractitionerRole|Patient|RelatedPerson)Id$/.exec(token)?.[1];
  return type && user.startsWith(`${type}/`) ? user.slice(type.length + 1) : undefined;
};

export function feedbackFor(
  card: Card,
  decision: Decision,
  suggestionId: string | undefined,
  at: string,
): Record<string, unknown> {
  if (decision.outcome === 'accepted') {
    return {
      card: card.uuid,
      outcome: 'accepted',
      ...(suggestionId ? { acceptedSuggestions: [{ id: suggestionId }] } : {}),
      outcomeTimestamp: at,
    };
  }
  const { reason, comment } = decision;
  const overrideReason = { ...(reason ? { reason } : {}), ...(comment ? { userComment: comment } : {}) };
  return {
    card: card.uuid,
    outcome: 'overridden',
    ...(reason || comment ? { overrideReason } : {}),
    outcomeTimestamp: at,
  };
}

const isCard = (card: unknown): card is Card =>
  typeof card === 'object' && card !== null && typeof (card as Card).summary === 'string';

async function said(response: Response): Promise<string> {
  const body = (await response.json().catch(() => undefined)) as
    | { issue?: { diagnostics?: string; details?: { text?: string } }[] }
    | undefined;
  const words = body?.issue?.[0]?.diagnostics ?? body?.issue?.[0]?.details?.text;
  return `${response.status}${words ? `: ${words.slice(0, 200)}` : ''}`;
}

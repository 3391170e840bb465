// The panel as a client of the public contract: the same routes any other client uses, with the sealed session as bearer.
import type { CdsResponse, ConsultEvent, WhatIfAnswer } from '../../src/cds-hooks/contract.ts';
import { readLines } from './ndjson.ts';
import type { Resource, Session } from './session.ts';
import type { Telling, ToldAnswer } from './told.ts';

export class ApiError extends Error {
  /** 0 when there was no answer at all. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Feedback {
  card: string;
  outcome: 'accepted' | 'overridden';
  outcomeTimestamp: string;
  acceptedSuggestions?: { id: string }[];
  overrideReason?: { reason?: { code: string; system?: string; display?: string }; userComment?: string };
}

export interface Api {
  session(): Promise<Session>;
  hook(service: string, request: unknown): Promise<CdsResponse>;
  feedback(service: string, feedback: Feedback[], isLast?: boolean): Promise<void>;
  consult(request: unknown, signal: AbortSignal): AsyncIterable<ConsultEvent>;
  whatIf(request: unknown, signal: AbortSignal): Promise<WhatIfAnswer>;
  tell(telling: Telling, request: unknown, signal: AbortSignal): Promise<ToldAnswer>;
  why(url: string): Promise<Record<string, unknown>>;
  read(reference: string): Promise<Resource>;
  search(query: string): Promise<{ resources: Resource[]; isComplete: boolean }>;
}

const timeoutMs = 15_000;

/** `base` is the folder above `/panel/`, so that the panel also works below a path. */
export function createApi(bearer: string, base: string): Api {
  const address = (path: string) => new URL(path, base).href;

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const signal = init.signal ?? AbortSignal.timeout(timeoutMs);
    const answer = await fetch(address(path), {
      ...init,
      signal,
      credentials: 'omit',
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(init.body !== undefined && { 'content-type': 'application/json' }),
      },
    }).catch((error) => {
      throw new ApiError(
        0,
        error instanceof Error && error.name === 'TimeoutError'
          ? `no answer in ${timeoutMs / 1000} s`
          : 'no connection',
      );
    });
    if (!answer.ok) throw new ApiError(answer.status, await diagnosticsOf(answer));
    return answer;
  }

  const post = (path: string, body: unknown, init: RequestInit = {}) =>
    send(path, { ...init, method: 'POST', body: JSON.stringify(body) });
  const json = async <Value>(answer: Response): Promise<Value> => {
    try {
      return (await answer.json()) as Value;
    } catch {
      throw new ApiError(answer.status, 'the answer could not be read');
    }
  };

  return {
    session: async () => json(await send('panel/session')),
    hook: async (service, request) => json(await post(`cds-services/${service}`, request)),
    feedback: async (service, feedback, isLast = false) => {
      await post(`cds-services/${service}/feedback`, { feedback }, { keepalive: isLast });
    },
    async *consult(request, signal) {
      const { body } = await post('consult', request, { signal });
      if (body) yield* readLines<ConsultEvent>(body);
    },
    whatIf: async (request, signal) => json(await post('what-if', request, { signal })),
    tell: async (telling, request, signal) => json(await post(telling, request, { signal })),
    why: async (url) => {
      const { origin, pathname } = new URL(url, base);
      // The card names the address; it is followed only when it is ours, because the bearer goes along.
      if (origin !== new URL(base).origin) throw new ApiError(0, 'the address is not ours');
      return json(await send(pathname));
    },
    read: async (reference) => json(await send(`panel/fhir/${reference}`)),
    search: async (query) => {
      const bundle = await json<{ entry?: { resource?: Resource }[]; meta?: unknown }>(
        await send(`panel/fhir/${query}`),
      );
      return {
        resources: (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : [])),
        isComplete: bundle.meta === undefined,
      };
    },
  };
}

async function diagnosticsOf(answer: Response): Promise<string> {
  try {
    const outcome = (await answer.json()) as { issue?: { diagnostics?: string; details?: { text?: string } }[] };
    const issue = outcome.issue?.[0];
    const text = issue?.diagnostics ?? issue?.details?.text;
    if (text) return text.slice(0, 300);
  } catch {
    // An answer that explains nothing is named by its number.
  }
  return `the server answered ${answer.status}`;
}

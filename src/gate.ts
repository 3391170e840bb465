// The gate before every route that takes work: bodies of bounded size and depth, bounded bytes and requests in flight, 503
// instead of collapse. Where one thread serves all, requests take turns (queue.ts), and who would wait too long is told so at once.
import type { MiddlewareHandler } from 'hono';
import { refuse } from './outcome.ts';
import type { Queue } from './queue.ts';
import type { Settings } from './settings.ts';

const maxDepth = 60;
/** A late answer is of no use. A few may always wait: what they cost is not known yet when the first come. */
const longestWaitMs = 2000;
const mayAlwaysWait = 32;

export interface Gate {
  middleware: MiddlewareHandler;
  /** The parsed body of a request that says it is JSON. */
  json(request: Request): Promise<unknown>;
  /** The body as text, of whatever type, uncompressed. */
  text(request: Request): Promise<string>;
}

export function createGate(
  {
    MAX_BODY_BYTES,
    MAX_BYTES_IN_FLIGHT,
    MAX_REQUESTS_IN_FLIGHT,
  }: Pick<Settings, 'MAX_BODY_BYTES' | 'MAX_BYTES_IN_FLIGHT' | 'MAX_REQUESTS_IN_FLIGHT'>,
  queue?: Queue,
): Gate {
  let bytes = 0;
  let requests = 0;
  return {
    middleware: async (c, next) => {
      const announced = Number(c.req.header('content-length') ?? 0);
      if (announced > MAX_BODY_BYTES) refuse({ reason: 'too_large', limit: MAX_BODY_BYTES });
      const isFull = requests >= MAX_REQUESTS_IN_FLIGHT || bytes + announced > MAX_BYTES_IN_FLIGHT;
      const isLate = queue !== undefined && queue.length() >= mayAlwaysWait && queue.waitMs() > longestWaitMs;
      if (isFull || isLate) refuse({ reason: 'overloaded', retryAfterSeconds: 1 });
      requests += 1;
      bytes += announced;
      try {
        await queue?.turn();
        await next();
      } finally {
        requests -= 1;
        bytes -= announced;
      }
    },
    async text(request) {
      const encoding = request.headers.get('content-encoding');
      if (encoding && encoding !== 'identity') refuse({ reason: 'malformed', what: 'The body must be uncompressed.' });
      return readText(request, MAX_BODY_BYTES);
    },
    async json(request) {
      const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
      const encoding = request.headers.get('content-encoding');
      if ((type !== 'application/json' && type !== 'application/fhir+json') || (encoding && encoding !== 'identity'))
        refuse({ reason: 'not_json' });
      const text = await readText(request, MAX_BODY_BYTES);
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        return refuse({ reason: 'malformed', what: 'The body is not valid JSON.' });
      }
      if (typeof parsed === 'object' && parsed !== null && isDeeperThan(maxDepth, parsed))
        return refuse({ reason: 'malformed', what: `The body is nested deeper than ${maxDepth} levels.` });
      return parsed;
    },
  };
}

/** The body as text; a body without a length is counted as it comes. */
async function readText(request: Request, limit: number): Promise<string> {
  if (request.headers.has('content-length')) return request.text();
  if (!request.body) return '';
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > limit) {
      await reader.cancel();
      return refuse({ reason: 'too_large', limit });
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Walks what was parsed, which costs a tenth of looking for brackets in the text; its own depth is bounded by the limit. */
function isDeeperThan(limit: number, value: object): boolean {
  if (limit === 0) return true;
  // Most members are plain values: they are told apart here, not by a call each.
  if (Array.isArray(value)) {
    for (const entry of value as unknown[])
      if (typeof entry === 'object' && entry !== null && isDeeperThan(limit - 1, entry)) return true;
    return false;
  }
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'object' && member !== null && isDeeperThan(limit - 1, member)) return true;
  }
  return false;
}

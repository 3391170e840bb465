// The gate before every route that takes work: bodies of bounded size and depth, bounded bytes and requests in flight, 503
// instead of collapse.
import type { MiddlewareHandler } from 'hono';
import { refuse } from './outcome.ts';
import type { Settings } from './settings.ts';

const maxDepth = 60;

export interface Gate {
  middleware: MiddlewareHandler;
  /** The parsed body of a request that says it is JSON. */
  json(request: Request): Promise<unknown>;
}

export function createGate({ MAX_BODY_BYTES, MAX_BYTES_IN_FLIGHT, MAX_REQUESTS_IN_FLIGHT }: Pick<Settings, 'MAX_BODY_BYTES' | 'MAX_BYTES_IN_FLIGHT' | 'MAX_REQUESTS_IN_FLIGHT'>): Gate {
  let bytes = 0;
  let requests = 0;
  return {
    middleware: async (c, next) => {
      const announced = Number(c.req.header('content-length') ?? 0);
      if (announced > MAX_BODY_BYTES) refuse({ reason: 'too_large', limit: MAX_BODY_BYTES });
      if (requests >= MAX_REQUESTS_IN_FLIGHT || bytes + announced > MAX_BYTES_IN_FLIGHT) refuse({ reason: 'overloaded', retryAfterSeconds: 1 });
      requests += 1;
      bytes += announced;
      try {
        await next();
      } finally {
        requests -= 1;
        bytes -= announced;
      }
    },
    async json(request) {
      const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
      const encoding = request.headers.get('content-encoding');
      if ((type !== 'application/json' && type !== 'application/fhir+json') || (encoding && encoding !== 'identity')) refuse({ reason: 'not_json' });
      const text = await readText(request, MAX_BODY_BYTES);
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        return refuse({ reason: 'malformed', what: 'The body is not valid JSON.' });
      }
      if (depthOf(text) > maxDepth) return refuse({ reason: 'malformed', what: `The body is nested deeper than ${maxDepth} levels.` });
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

/** The deepest nesting of a JSON text that is known to parse. Only bracket runs are looked at; a string can only overstate it. */
function depthOf(text: string): number {
  // A shallow body has no run of closing brackets worth counting: the usual request is told apart without a walk.
  if (!/[[{](?:"[^"]{0,80}":)?(?:[[{](?:"[^"]{0,80}":)?){30}/.test(text) && !/[\]}]{30}/.test(text)) return 0;
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let place = 0; place < text.length; place++) {
    const char = text.charCodeAt(place);
    if (inString) {
      if (char === 92) place += 1;
      else if (char === 34) inString = false;
    } else if (char === 34) inString = true;
    else if (char === 123 || char === 91) deepest = Math.max(deepest, ++depth);
    else if (char === 125 || char === 93) depth -= 1;
  }
  return deepest;
}

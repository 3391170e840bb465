// Every answer has its record: one middleware that waits, before an answer leaves, until the ledger has it on disk.
import type { Context, MiddlewareHandler } from 'hono';
import type { Caller } from './caller.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import type { RunRecord } from './consult/request.ts';
import { Refused } from './outcome.ts';
import type { Platform } from './platform.ts';
import { tokenBucket } from './rate-limit.ts';
import type { Ledger } from './record/ledger.ts';
import { aboutWhom, type LedgerEvent, ofSession, refusalOf, runOf, whoCalled } from './record/ledger-event.ts';
import type { SessionContent } from './smart/session.ts';
import type { Timing } from './timing.ts';

/** What a route may say of itself; the rest follows from the address and the request. */
export type Happened = Partial<LedgerEvent> & Pick<LedgerEvent, 'kind'>;

export interface RecordedVariables {
  caller: Caller;
  requestId: string;
  request?: HookRequest;
  happened?: Happened;
  /** What follows when the answer may leave. */
  onceRecorded?: () => void;
  timing?: Timing;
  /** The trace that the call belongs to (W3C Trace Context). */
  trace?: string;
  /** A panel's, on the routes that are its own. */
  session?: SessionContent;
}

const kinds: [RegExp, (match: RegExpExecArray) => Happened][] = [
  [/^\/(consult|summary|discharge-summary|ask|trials)$/, ([, what]) => ({ kind: 'consult', what })],
  [/^\/(hl7v2|ccda)$/, ([, what]) => ({ kind: 'hook', what })],
  [/^\/what-if$/, () => ({ kind: 'what-if' })],
  // What a panel reads of the chart through us.
  [/^\/panel\/(session|fhir\/[A-Za-z]{1,40})(?:\/|$)/, ([, what]) => ({ kind: 'panel', what })],
  [/^\/calculators\/([a-z0-9_]{1,60})$/, ([, calculator]) => ({ kind: 'calculate', calculator })],
  [/^\/why\/([0-9a-f-]{36})$/i, ([, card]) => ({ kind: 'why', card })],
];
/** Refusals that an outsider can cause by the thousand: beyond a few they are counted, not written one by one. */
const cheap = new Set(['not_trusted', 'too_many', 'overloaded', 'not_recorded', 'unknown_service', 'wrong_method']);
const isCheap = (reason: string): boolean => cheap.has(reason) || reason.startsWith('status ');

// biome-ignore lint/suspicious/noExplicitAny: any app of ours has at least these variables
export function recording(ledger: Ledger, platform: Platform, rulesHash: () => string): MiddlewareHandler<any> {
  const bucket = tokenBucket(platform.elapsed);
  let alike = 0;
  return async (c: Context<{ Variables: RecordedVariables }>, next) => {
    await next();
    const method = c.req.method;
    if (method === 'OPTIONS' || (c.error !== undefined && !(c.error instanceof Refused))) {
      // A defect of ours is written down too, but its answer does not wait for that.
      if (method !== 'OPTIONS')
        platform.waitUntil(ledger.append(event(c, { kind: 'refusal', reason: 'ours', status: 500 })));
      return;
    }
    const { status } = c.res;
    if (status >= 400) {
      const reason =
        c.error instanceof Refused
          ? refusalOf(c.error.refusal)
          : { reason: status === 405 ? 'wrong_method' : `status ${status}` };
      if (!isCheap(reason.reason)) return ledger.append(event(c, { kind: 'refusal', status, ...reason }));
      if (!bucket.take('refusals', { perSecond: 5, burst: 50 })) {
        alike += 1;
        return;
      }
      const before = alike;
      alike = 0;
      // Nothing was given away; a ledger that is away must not turn this refusal into another.
      return ledger
        .append(event(c, { kind: 'refusal', status, ...reason, ...(before > 0 && { notWrittenBefore: before }) }))
        .catch(() => undefined);
    }
    const happened = c.get('happened') ?? happenedAt(c.req.path);
    if (!happened) return;
    const timing = c.get('timing');
    const append = () => ledger.append(event(c, { ...happened, rules: rulesHash() }));
    await (timing ? timing.timed('record', append) : append());
    c.get('onceRecorded')?.();
    const took = timing?.header();
    if (took) c.res.headers.set('Server-Timing', took);
  };

  function event(c: Context<{ Variables: RecordedVariables }>, happened: Happened): LedgerEvent {
    const request = c.get('request');
    const trace = c.get('trace');
    const session = c.get('session');
    return {
      at: platform.now().toISOString(),
      requestId: c.get('requestId'),
      ...(trace && { trace }),
      ...(session ? ofSession(session) : whoCalled(c.get('caller'))),
      ...(request && aboutWhom(request)),
      ...happened,
    };
  }
}

function happenedAt(path: string): Happened | undefined {
  for (const [pattern, tell] of kinds) {
    const match = pattern.exec(path);
    if (match) return tell(match);
  }
  return undefined;
}

/** For one request's consult: its model calls and how its run ended, both in the ledger. */
export const consulting = (ledger: Ledger, platform: Platform) => (request: HookRequest) => ({
  platform: disclosing(platform, ledger, request),
  record: (run: RunRecord) =>
    ledger.append({ kind: 'consult-end', at: platform.now().toISOString(), ...aboutWhom(request), ...runOf(run) }),
});

/**
 * A platform through which nothing reaches the model before the ledger says so: which model, how much, under which hash,
 * about whom. Never what.
 */
function disclosing(platform: Platform, ledger: Ledger, request: HookRequest): Platform {
  const { OPENAI_API_KEY, OPENAI_BASE_URL } = platform.settings;
  if (!OPENAI_API_KEY && !OPENAI_BASE_URL) return platform;
  const base = (OPENAI_BASE_URL ?? 'https://api.openai.com/v1').replace(/\/+$/, '');
  return {
    ...platform,
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (!url.startsWith(base)) return platform.fetch(input, init);
      const body = typeof init?.body === 'string' ? init.body : '';
      await ledger.append({
        kind: 'disclosure',
        at: platform.now().toISOString(),
        ...aboutWhom(request),
        host: new URL(base).host,
        model: /"model":"([\w.:/-]{1,80})"/.exec(body)?.[1],
        bytes: body.length,
        promptHash: await promptHash(body),
      });
      const headers = new Headers(init?.headers);
      if (request.traceparent) headers.set('traceparent', request.traceparent);
      // The prompt goes where the record says, and not on to wherever that points.
      return platform.fetch(input, { ...init, headers, redirect: 'manual' });
    },
  };
}

async function promptHash(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

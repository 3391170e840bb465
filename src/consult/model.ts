// Asks a model over any OpenAI-compatible Chat Completions endpoint. Whatever the endpoint does, one tagged outcome comes
// back before the deadline; nothing is thrown past here and no prompt is logged.
import OpenAI, { APIError } from 'openai';
import type { Platform } from '../platform.ts';
import { type Answer, answerJsonSchema, type Reading, readAnswer } from './answer.ts';
import { type Breaker, breaker, type Queue, queue } from './limits.ts';
import { type Message, repairOf, tokensIn } from './prompt.ts';

export interface Endpoint {
  baseURL?: string;
  key?: string;
  model: string;
}

export type FailedReason =
  | 'deadline'
  | 'unreachable'
  | 'refused-by-endpoint'
  | 'overloaded'
  | 'too-large'
  | 'prompt-too-large'
  | 'busy'
  | 'circuit-open';
export type AbstainedReason = 'refusal' | 'truncated' | 'malformed' | 'empty';

interface Spent {
  model: string;
  fingerprint?: string;
  tokens: { in: number; out: number };
  calls: number;
  milliseconds: number;
}

export type Outcome<T = Answer> = Spent &
  (
    | { kind: 'answer'; answer: T }
    | { kind: 'abstained'; reason: AbstainedReason }
    | { kind: 'failed'; reason: FailedReason }
  );

export interface AskOptions<T> {
  signal: AbortSignal;
  hedgeAfterMs: number;
  mostPromptTokens?: number;
  mostAnswerTokens?: number;
  schema?: Record<string, unknown>;
  read?: (content: string) => Reading<T>;
}

export interface Model {
  readonly name: string;
  ask<T = Answer>(messages: readonly Message[], platform: Platform, options: AskOptions<T>): Promise<Outcome<T>>;
}

/** How to ask for the shape, the best first. What an endpoint turns down is not tried again. */
const modes = ['json_schema', 'tool', 'json_object', 'plain'] as const;
type Mode = (typeof modes)[number];

const MOST_BYTES = 512 * 1024;
const AT_ONCE = 4;
const WAITING = 16;

const open = new Map<string, Model>();

/** One model per endpoint and name, so that its breaker, its queue and what it can do are known to all who ask. */
export function openModel(endpoint: Endpoint, platform: Pick<Platform, 'elapsed'>): Model {
  const id = `${endpoint.baseURL ?? 'https://api.openai.com/v1'} ${endpoint.model}`;
  const known =
    open.get(id) ??
    createModel(
      endpoint,
      breaker(() => platform.elapsed()),
      queue(AT_ONCE, WAITING),
    );
  if (open.size > 16) open.clear();
  open.set(id, known);
  return known;
}

export function createModel(endpoint: Endpoint, circuit: Breaker, line: Queue): Model {
  let mode: Mode = modes[0];

  return {
    name: endpoint.model,
    async ask<T = Answer>(
      messages: readonly Message[],
      platform: Platform,
      options: AskOptions<T>,
    ): Promise<Outcome<T>> {
      const started = platform.elapsed();
      const spent: Spent = { model: endpoint.model, tokens: { in: 0, out: 0 }, calls: 0, milliseconds: 0 };
      const read = options.read ?? (readAnswer as unknown as (content: string) => Reading<T>);
      const end = <Kind extends object>(kind: Kind) => ({
        ...spent,
        milliseconds: Math.round(platform.elapsed() - started),
        ...kind,
      });
      const failed = (reason: FailedReason): Outcome<T> => end({ kind: 'failed' as const, reason });
      if (tokensIn(messages) > (options.mostPromptTokens ?? 40_000)) return failed('prompt-too-large');
      const leave = await line.enter(options.signal);
      if (!leave) return failed(options.signal.aborted ? 'deadline' : 'busy');
      try {
        if (!circuit.admits()) return failed('circuit-open');
        const first = await hedged(messages);
        if (first.kind === 'failed') {
          if (first.isEndpoint) circuit.failed();
          return failed(first.reason);
        }
        circuit.succeeded();
        const reading = readReply(first);
        if (reading.ok) return end({ kind: 'answer' as const, answer: reading.value });
        if (reading.reason === 'refusal') return end({ kind: 'abstained' as const, reason: reading.reason });
        const second = await once(repairOf(messages, first.content, reading.problem), options.signal);
        if (second.kind === 'failed')
          return second.reason === 'deadline'
            ? failed('deadline')
            : end({ kind: 'abstained' as const, reason: reading.reason });
        const repaired = readReply(second);
        return repaired.ok
          ? end({ kind: 'answer' as const, answer: repaired.value })
          : end({ kind: 'abstained' as const, reason: repaired.reason });
      } catch {
        return failed('unreachable');
      } finally {
        leave();
      }

      function readReply(
        reply: Reply,
      ): { ok: true; value: T } | { ok: false; reason: AbstainedReason; problem: string } {
        if (reply.isRefusal) return { ok: false, reason: 'refusal', problem: 'was a refusal' };
        if (reply.finish !== 'stop' && !(reply.finish === 'tool_calls' && mode === 'tool'))
          return { ok: false, reason: 'truncated', problem: 'was cut short' };
        if (reply.content.trim() === '') return { ok: false, reason: 'empty', problem: 'is empty' };
        const reading = read(reply.content);
        return reading.ok ? reading : { ok: false, reason: 'malformed', problem: reading.problem };
      }

      /** The first good reply of two: the second starts when the first fails at once or is slow. */
      async function hedged(prompt: readonly Message[]): Promise<Reply | CallFailed> {
        const abort = new AbortController();
        const signal = AbortSignal.any([options.signal, abort.signal]);
        const attempt = once(prompt, signal);
        let timer: ReturnType<typeof setTimeout> | undefined;
        const patience = new Promise<undefined>((resolve) => {
          timer = setTimeout(() => resolve(undefined), options.hedgeAfterMs);
        });
        const early = await Promise.race([attempt, patience]);
        clearTimeout(timer);
        if (early?.kind === 'reply') return early;
        if (early?.kind === 'failed') {
          if (!early.mayRetry || options.signal.aborted) return early;
          await pause(early.retryAfterMs ?? 150, options.signal);
          return once(prompt, options.signal);
        }
        const again = once(prompt, signal);
        const winner = await Promise.race([attempt, again]);
        const result = winner.kind === 'reply' ? winner : await pickGood(attempt, again);
        abort.abort();
        return result;
      }

      /** Asks in the best way the endpoint is known to take; on "no such thing" in the next. */
      async function once(prompt: readonly Message[], signal: AbortSignal): Promise<Reply | CallFailed> {
        for (;;) {
          const tried = mode;
          const reply = await call(prompt, tried, signal);
          const next = modes[modes.indexOf(tried) + 1];
          if (reply.kind !== 'failed' || !reply.isShapeRefused || next === undefined) return reply;
          if (mode === tried) mode = next;
        }
      }

      async function call(prompt: readonly Message[], how: Mode, signal: AbortSignal): Promise<Reply | CallFailed> {
        spent.calls += 1;
        spent.tokens.in += tokensIn(prompt);
        const guard = new AbortController();
        const capped = cappedFetch(platform.fetch, () => guard.abort(new TooLarge()));
        const client = new OpenAI({
          apiKey: endpoint.key ?? 'none',
          baseURL: endpoint.baseURL ?? null,
          fetch: capped,
          maxRetries: 0,
          timeout: 120_000,
          dangerouslyAllowBrowser: true,
          logLevel: 'off',
        });
        const all = AbortSignal.any([signal, guard.signal]);
        try {
          const completion = await orAborted(
            client.chat.completions.create(bodyOf(prompt, how, endpoint, options), { signal: all }),
            all,
          );
          const reply = replyOf(completion, how);
          if (!reply) return { kind: 'failed', reason: 'refused-by-endpoint', isEndpoint: true, mayRetry: true };
          spent.tokens.out += reply.tokensOut;
          spent.model = reply.model ?? spent.model;
          spent.fingerprint = reply.fingerprint;
          return reply;
        } catch (error) {
          if (guard.signal.aborted) return { kind: 'failed', reason: 'too-large', isEndpoint: true, mayRetry: false };
          if (signal.aborted) return { kind: 'failed', reason: 'deadline', isEndpoint: true, mayRetry: false };
          return failureOf(error);
        }
      }
    },
  };
}

interface Reply {
  kind: 'reply';
  content: string;
  finish: string;
  isRefusal: boolean;
  model?: string;
  fingerprint?: string;
  tokensOut: number;
}

interface CallFailed {
  kind: 'failed';
  reason: FailedReason;
  /** Counts against the endpoint. */
  isEndpoint: boolean;
  mayRetry: boolean;
  retryAfterMs?: number;
  /** The endpoint does not know this way of asking for a shape. */
  isShapeRefused?: boolean;
}

class TooLarge extends Error {}

function bodyOf(
  messages: readonly Message[],
  mode: Mode,
  endpoint: Endpoint,
  options: AskOptions<never> | AskOptions<unknown>,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const schema = options.schema ?? answerJsonSchema;
  const most = options.mostAnswerTokens ?? 6000;
  const isOpenAI = endpoint.baseURL === undefined || /(?:openai|azure)\.com/.test(endpoint.baseURL);
  const shape: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> =
    mode === 'json_schema'
      ? { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } } }
      : mode === 'tool'
        ? {
            tools: [{ type: 'function', function: { name: 'answer', strict: true, parameters: schema } }],
            tool_choice: { type: 'function', function: { name: 'answer' } },
          }
        : mode === 'json_object'
          ? { response_format: { type: 'json_object' } }
          : {};
  const isUnenforced = mode === 'json_object' || mode === 'plain';
  const told: Message[] = isUnenforced
    ? [
        {
          role: messages[0]!.role,
          content: `${messages[0]!.content}\n\nThe JSON schema of the answer:\n${JSON.stringify(schema)}`,
        },
        ...messages.slice(1),
      ]
    : [...messages];
  return {
    model: endpoint.model,
    messages: told,
    ...(isOpenAI ? { max_completion_tokens: most } : { max_tokens: most }),
    stream: false,
    ...shape,
  };
}

/** Home-grown gateways return anything; nothing of it is taken on trust. */
function replyOf(completion: unknown, mode: Mode): Reply | undefined {
  const { choices, model, system_fingerprint, usage } = (completion ?? {}) as Record<string, unknown>;
  if (!Array.isArray(choices) || choices.length === 0) return undefined;
  const choice = choices[0] as {
    finish_reason?: unknown;
    message?: {
      content?: unknown;
      refusal?: unknown;
      tool_calls?: { function?: { name?: unknown; arguments?: unknown } }[];
    };
  };
  const { message } = choice;
  if (typeof message !== 'object' || message === null) return undefined;
  const tool =
    mode === 'tool' && Array.isArray(message.tool_calls) ? message.tool_calls[0]?.function?.arguments : undefined;
  const content = typeof tool === 'string' ? tool : message.content;
  const out = (usage as { completion_tokens?: unknown } | undefined)?.completion_tokens;
  return {
    kind: 'reply',
    content: typeof content === 'string' ? content : '',
    finish: typeof choice.finish_reason === 'string' ? choice.finish_reason : '',
    isRefusal:
      (typeof message.refusal === 'string' && message.refusal !== '') || choice.finish_reason === 'content_filter',
    model: idOf(model),
    fingerprint: idOf(system_fingerprint),
    tokensOut:
      typeof out === 'number' && out >= 0 && out < 1e7
        ? out
        : Math.ceil((typeof content === 'string' ? content.length : 0) / 3),
  };
}

/** A name that an endpoint gives itself is shown only if it is a name. */
const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^(?!.*:\/\/)[\w.:/@-]{1,100}$/.test(value) ? value : undefined;

function failureOf(error: unknown): CallFailed {
  if (!(error instanceof APIError) || error.status === undefined)
    return { kind: 'failed', reason: 'unreachable', isEndpoint: true, mayRetry: true };
  const { status } = error;
  if (status === 429 || status === 503) {
    const seconds = Number(error.headers?.get('retry-after'));
    return {
      kind: 'failed',
      reason: 'overloaded',
      isEndpoint: true,
      mayRetry: !(seconds > 2),
      retryAfterMs: seconds > 0 ? seconds * 1000 : 300,
    };
  }
  if (status === 400 || status === 404 || status === 415 || status === 422 || status === 501)
    return {
      kind: 'failed',
      reason: 'refused-by-endpoint',
      isEndpoint: status !== 400,
      mayRetry: false,
      isShapeRefused: status !== 404,
    };
  return {
    kind: 'failed',
    reason: status >= 500 ? 'unreachable' : 'refused-by-endpoint',
    isEndpoint: true,
    mayRetry: status >= 500 || status === 408 || status === 409,
  };
}

async function pickGood(...attempts: Promise<Reply | CallFailed>[]): Promise<Reply | CallFailed> {
  const results = await Promise.all(attempts);
  return results.find((result) => result.kind === 'reply') ?? results[0]!;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Does not wait for a fetch that does not listen to its signal. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** The answer's bytes are counted as they come; redirects are not followed, since they would carry the key and the packet elsewhere. */
function cappedFetch(send: Platform['fetch'], onTooLarge: () => void): Platform['fetch'] {
  return async (input, init) => {
    const response = await send(input, { ...init, redirect: 'manual' });
    let bytes = 0;
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > MOST_BYTES) {
          onTooLarge();
          controller.error(new TooLarge());
        } else controller.enqueue(chunk);
      },
    });
    const { status, headers } = response;
    const isRedirect = response.type === 'opaqueredirect' || (status >= 300 && status < 400);
    return new Response(isRedirect || status === 204 ? null : response.body?.pipeThrough(counter), {
      status: isRedirect || status < 200 ? 502 : status,
      headers: bareHeaders(headers),
    });
  };
}

/** The body has been decoded; its old length and encoding no longer hold. */
function bareHeaders(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
  return kept;
}

// How long the steps of an answer took: as Server-Timing (W3C) for whoever asks the browser or the proxy, and as spans of
// OpenTelemetry, which cost nothing where no SDK is registered. Names of our own and milliseconds, nothing of the request.
import { type Context, context, type SpanContext, SpanStatusCode, trace } from '@opentelemetry/api';

/** Runs one step of an answer under its name. */
export type Timed = <Result>(step: string, work: () => Promise<Result>) => Promise<Result>;
export const untimed: Timed = (_, work) => work();

export interface Timing {
  timed: Timed;
  /** `chart;dur=1.2, guards;dur=0.8`, the steps in the order in which they ended; undefined when there was none. */
  header(): string | undefined;
}

/** `caller`: the trace that the call belongs to, where it says so. */
export function createTiming({ elapsed }: { elapsed: () => number }, caller?: CallersTrace): Timing {
  const took = new Map<string, number>();
  return {
    async timed(step, work) {
      const started = elapsed();
      const parent = parentOf(caller);
      const span = trace.getTracer('curbside').startSpan(`curbside.${step}`, undefined, parent);
      try {
        // What an SDK sees of the work, such as a call to the FHIR server, is then a part of the step.
        return await context.with(trace.setSpan(parent, span), work);
      } catch (error) {
        // Without the message: it may hold what a client sent.
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
        took.set(step, (took.get(step) ?? 0) + elapsed() - started);
      }
    },
    header: () =>
      took.size === 0 ? undefined : [...took].map(([step, ms]) => `${step};dur=${ms.toFixed(1)}`).join(', '),
  };
}

/** A span that is under way, such as that of an instrumented server; else the one that the caller named. */
function parentOf(caller: CallersTrace | undefined): Context {
  const active = context.active();
  return caller && !trace.getSpan(active) ? trace.setSpanContext(active, caller.span) : active;
}

export interface CallersTrace {
  trace: string;
  span: SpanContext;
  traceparent: string;
}

/** W3C Trace Context: `00-<trace>-<parent>-<flags>`; anything else is no trace, as the specification asks. */
export function readTraceparent(header: string | undefined): CallersTrace | undefined {
  const [, version, traceId, spanId, flags] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header?.trim() ?? '') ?? [];
  if (!traceId || version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId!)) return undefined;
  return {
    trace: traceId,
    span: { traceId, spanId: spanId!, traceFlags: Number.parseInt(flags!, 16), isRemote: true },
    traceparent: `00-${traceId}-${spanId}-${flags}`,
  };
}

/** What goes along to the FHIR server and the model: the caller's, unless an SDK is at work, which sends its own. */
export const traceparentOnward = (caller: CallersTrace | undefined): string | undefined =>
  trace.getSpan(context.active()) ? undefined : caller?.traceparent;

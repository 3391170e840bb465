// How long the steps of an answer took: as Server-Timing (W3C) for whoever asks the browser or the proxy, and as spans where a
// tracer is. Names of our own and milliseconds, nothing of the request.
import type { Tracer } from './platform.ts';

/** Runs one step of an answer under its name. */
export type Timed = <Result>(step: string, work: () => Promise<Result>) => Promise<Result>;
export const untimed: Timed = (_, work) => work();

export interface Timing {
  timed: Timed;
  /** `chart;dur=1.2, guards;dur=0.8`, the steps in the order in which they ended; undefined when there was none. */
  header(): string | undefined;
}

export function createTiming({ elapsed, tracer }: { elapsed: () => number; tracer?: Tracer }): Timing {
  const took = new Map<string, number>();
  return {
    async timed(step, work) {
      const started = elapsed();
      const span = tracer?.startSpan(`curbside.${step}`);
      try {
        return await work();
      } finally {
        span?.end();
        took.set(step, (took.get(step) ?? 0) + elapsed() - started);
      }
    },
    header: () =>
      took.size === 0 ? undefined : [...took].map(([step, ms]) => `${step};dur=${ms.toFixed(1)}`).join(', '),
  };
}

/** W3C Trace Context: `00-<trace>-<parent>-<flags>`; anything else is no trace, as the specification asks. */
export function readTraceparent(header: string | undefined): { trace: string; traceparent: string } | undefined {
  const [, version, trace, parent, flags] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header?.trim() ?? '') ?? [];
  if (!trace || version === 'ff' || /^0+$/.test(trace) || /^0+$/.test(parent!)) return undefined;
  return { trace, traceparent: `00-${trace}-${parent}-${flags}` };
}

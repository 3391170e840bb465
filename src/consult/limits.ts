// What keeps a slow or failing endpoint from hurting anyone: a circuit breaker, a bounded queue, a budget a day.

export interface Breaker {
  /** May a call be made now? While open, one probe at a time after the pause. */
  admits(): boolean;
  succeeded(): void;
  failed(): void;
  readonly isOpen: boolean;
}

const FAILURES = 5;
const PAUSE_MS = 30_000;

export function breaker(elapsed: () => number): Breaker {
  let failures = 0;
  let openedAt = 0;
  let probedAt = Number.NEGATIVE_INFINITY;
  return {
    admits: () => {
      if (failures < FAILURES) return true;
      const now = elapsed();
      // A probe that never reports back gives way to the next.
      if (now - openedAt < PAUSE_MS || now - probedAt < PAUSE_MS) return false;
      probedAt = now;
      return true;
    },
    succeeded: () => {
      failures = 0;
      probedAt = Number.NEGATIVE_INFINITY;
    },
    failed: () => {
      failures += 1;
      if (failures >= FAILURES) openedAt = elapsed();
    },
    get isOpen() {
      return failures >= FAILURES;
    },
  };
}

export interface Queue {
  /** Undefined when the line is too long, or the signal ends the wait. Call the result to leave. */
  enter(signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function queue(atOnce: number, waiting: number): Queue {
  let running = 0;
  const line: (() => void)[] = [];
  const leave = () => {
    running -= 1;
    line.shift()?.();
  };
  const once = (): (() => void) => {
    running += 1;
    let hasLeft = false;
    return () => {
      if (!hasLeft) leave();
      hasLeft = true;
    };
  };
  return {
    enter: async (signal) => {
      if (signal.aborted) return undefined;
      if (running < atOnce) return once();
      if (line.length >= waiting) return undefined;
      const isMyTurn = await new Promise<boolean>((resolve) => {
        const turn = () => resolve(true);
        line.push(turn);
        signal.addEventListener('abort', () => {
          const place = line.indexOf(turn);
          if (place >= 0) line.splice(place, 1);
          resolve(false);
        });
      });
      return isMyTurn ? once() : undefined;
    },
  };
}

/** Tokens a tenant has used today. A store of one's own lets several machines share it. */
export interface Budget {
  used(tenant: string, day: string): number | Promise<number>;
  add(tenant: string, day: string, tokens: number): void | Promise<void>;
}

export function memoryBudget(): Budget {
  let today = '';
  let spent = new Map<string, number>();
  return {
    used: (tenant, day) => (day === today ? (spent.get(tenant) ?? 0) : 0),
    add: (tenant, day, tokens) => {
      if (day !== today) [today, spent] = [day, new Map()];
      spent.set(tenant, (spent.get(tenant) ?? 0) + tokens);
    },
  };
}

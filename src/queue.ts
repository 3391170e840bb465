// Whose turn it is, where one thread serves all. A request's work holds the event loop; whatever arrives meanwhile would wait in
// the sockets, and new connections at the door, where nobody counts them and no answer of 503 can reach them. So requests that
// come together stand in a queue, a few are let through at a time, and in between the loop turns to take in what has arrived.

export interface Queue {
  /** Resolves when it is this request's turn; undefined when it is now. */
  turn(): Promise<void> | undefined;
  /** How many wait, and how long the next one to come would. */
  length(): number;
  waitMs(): number;
}

/** What arrives goes first, for so many turns of the loop: Node takes in one new connection a turn. */
const mostTurnsBetween = 16;
/** As much work is let through at a time, and so many at most: together they also share a write to the disk. */
const sliceMs = 20;
const mostAtOnce = 8;

/** `soon` runs something in the next turn of the event loop, after what has arrived. */
export function createQueue({ soon, elapsed }: { soon: (act: () => void) => void; elapsed: () => number }): Queue {
  const waiting: (() => void)[] = [];
  let isTurning = false;
  let arrived = 0;
  let turns = 0;
  let passedAt = 0;
  let msEach = 5;
  let passed = 0;

  function pass(): void {
    if (waiting.length === 0) {
      isTurning = false;
      return;
    }
    turns += 1;
    if (arrived === 0 || turns >= mostTurnsBetween) {
      const now = elapsed();
      if (passed > 0) msEach += ((now - passedAt) / passed - msEach) / 4;
      passedAt = now;
      turns = 0;
      const next = waiting.splice(0, Math.min(mostAtOnce, Math.max(1, Math.floor(sliceMs / msEach))));
      passed = next.length;
      for (const resolve of next) resolve();
    }
    arrived = 0;
    soon(pass);
  }

  return {
    turn() {
      arrived += 1;
      if (isTurning) return new Promise((resolve) => waiting.push(resolve));
      isTurning = true;
      passed = 1;
      passedAt = elapsed();
      soon(pass);
      return undefined;
    },
    length: () => waiting.length,
    waitMs: () => waiting.length * msEach,
  };
}

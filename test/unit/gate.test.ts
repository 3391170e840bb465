import { Hono } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGate } from '../../src/gate.ts';
import { outcomeOf, type Refused } from '../../src/outcome.ts';
import { createQueue } from '../../src/queue.ts';

/** An event loop that turns when it is told to, and a clock that a request's work moves. */
let clock: number;
let due: (() => void)[];
let done: number[];
let app: Hono;
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
async function turnLoop(): Promise<void> {
  const acts = due;
  due = [];
  for (const act of acts) act();
  await settled();
}

beforeEach(() => {
  clock = 0;
  due = [];
  done = [];
  const limits = { MAX_BODY_BYTES: 1000, MAX_BYTES_IN_FLIGHT: 100_000, MAX_REQUESTS_IN_FLIGHT: 1000 };
  const gate = createGate(limits, createQueue({ soon: (act) => void due.push(act), elapsed: () => clock }));
  app = new Hono();
  app.onError((error, c) => {
    const { status, headers } = outcomeOf((error as Refused).refusal);
    return c.body(null, status, headers);
  });
  app.get('/:n', gate.middleware, (c) => {
    clock += 100;
    done.push(Number(c.req.param('n')));
    return c.text('done');
  });
});
const ask = async (n: number) => app.request(`/${n}`);

describe('requests that come together', () => {
  it('take turns in the order in which they came; one alone does not wait', async () => {
    expect((await ask(0)).status).toBe(200);
    await turnLoop();
    const answers = [1, 2, 3, 4].map(ask);
    await settled();
    expect(done).toEqual([0, 1]);
    // What came with them had its turn to be taken in; then a few at a time, as long as a few are quick.
    for (let n = 0; n < 4; n++) await turnLoop();
    expect(done).toEqual([0, 1, 2, 3, 4]);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('wait while others arrive, but not without end', async () => {
    void ask(0);
    void ask(1);
    let turns = 0;
    for (; done.length < 2; turns++) {
      void ask(100 + turns);
      await turnLoop();
    }
    expect(turns).toBe(16);
  });

  it('are refused with Retry-After when they would wait for more than two seconds, and taken again when the queue is short', async () => {
    const answers: Promise<Response>[] = [];
    // Each takes a tenth of a second: twenty fill two seconds.
    for (let n = 0; n < 40; n++) answers.push(ask(n));
    await settled();
    for (let n = 0; n < 8; n++) await turnLoop();
    const before = done.length;
    const late: Response[] = [];
    for (let n = 0; n < 30; n++) {
      const answer = ask(1000 + n);
      answers.push(answer);
      await settled();
      late.push(...(await Promise.race([answer.then((one) => [one]), settled().then(() => [])])));
    }
    expect(late.length).toBeGreaterThan(0);
    for (const answer of late) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect(done.length).toBe(before);
    while (due.length > 0) await turnLoop();
    await Promise.all(answers);
    expect((await ask(2000)).status).toBe(200);
  });
});

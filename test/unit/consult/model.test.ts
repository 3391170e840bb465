import { afterEach, describe, expect, test } from 'vitest';
import { breaker, memoryBudget, queue } from '../../../src/consult/limits.ts';
import { createModel, type Model } from '../../../src/consult/model.ts';
import { type LyingModel, startLyingModel } from '../../support/lying-model.ts';
import { aPlatform } from './a-request.ts';

const servers: LyingModel[] = [];
const start = async (...args: Parameters<typeof startLyingModel>) => {
  const server = await startLyingModel(...args);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const excerpt = {
  facts: [{ handle: 'E1', kind: 'vital', text: 'Heart rate', status: 'final' }],
  notes: [],
  offered: [],
  mustNotMiss: [],
  tests: [],
  passages: [],
};
const messages = [
  { role: 'system' as const, content: 'Answer.' },
  { role: 'user' as const, content: JSON.stringify(excerpt) },
];
const modelAt = (server: LyingModel, elapsed = () => performance.now(), line = queue(4, 4)): Model =>
  createModel({ baseURL: `${server.url}/v1`, model: 'm', key: 'k' }, breaker(elapsed), line);
const ask = (model: Model, ms = 1000, hedgeAfterMs = 300) =>
  model.ask(messages, aPlatform(), { signal: AbortSignal.timeout(ms), hedgeAfterMs });

describe('an endpoint', () => {
  test.each([
    [[], 'json_schema', 1],
    [['json_schema'], 'tool', 2],
    [['json_schema', 'tool'], 'json_object', 3],
    [['json_schema', 'tool', 'json_object'], 'plain', 4],
  ] as const)('that refuses %j is asked by %s, and so at once the next time', async (refuses, how, calls) => {
    const server = await start({ honest: true, refuses: [...refuses] });
    const model = modelAt(server);
    // Patient enough that a busy machine starts no second try.
    const patiently = () => ask(model, 20_000, 15_000);
    expect(await patiently()).toMatchObject({ kind: 'answer', model: 'lying-model-1', fingerprint: 'fp_lies', calls });
    expect(await patiently()).toMatchObject({ kind: 'answer', calls: 1 });
    const last = JSON.parse(server.received.at(-1)!);
    expect(last.tools ? 'tool' : (last.response_format?.type ?? 'plain')).toBe(how);
  });

  test('that fails once gets one more try, and no third', async () => {
    const flaky = await start({ lie: 'flaky' });
    expect(await ask(modelAt(flaky))).toMatchObject({ kind: 'answer', calls: 2 });
    const broken = await start({ lie: 'html-page', seed: 1 });
    const outcome = await ask(modelAt(broken));
    expect(outcome.kind).toBe('failed');
    expect(broken.calls).toBeLessThanOrEqual(2);
  });

  test('that is slow is asked a second time meanwhile, and never past the deadline', async () => {
    const server = await start({ lie: 'slow', slowMs: 5000 });
    expect(await ask(modelAt(server), 500, 100)).toMatchObject({ kind: 'failed', reason: 'deadline', calls: 2 });
  });

  test('that answers the second call first is heard', async () => {
    const server = await start({ honest: true });
    let calls = 0;
    const platform = aPlatform(
      {},
      {
        fetch: async (input, init) => {
          calls += 1;
          if (calls === 1) await new Promise(() => undefined);
          return fetch(input, init);
        },
      },
    );
    expect(
      await modelAt(server).ask(messages, platform, { signal: AbortSignal.timeout(2000), hedgeAfterMs: 100 }),
    ).toMatchObject({ kind: 'answer', calls: 2 });
  });

  test.each([
    ['truncated', 'truncated'],
    ['malformed', 'malformed'],
    ['refusal', 'refusal'],
    ['empty', 'empty'],
    ['extra-keys', 'malformed'],
  ] as const)('that sends a %s answer is asked to repair it once at most', async (lie, reason) => {
    const server = await start({ lie, seed: 3 });
    const outcome = await ask(modelAt(server));
    expect(outcome.kind).toBe('abstained');
    if (lie !== 'truncated' && lie !== 'empty') expect(outcome).toMatchObject({ reason });
    expect(server.calls).toBe(lie === 'refusal' ? 1 : 2);
  });

  test.each([
    'endless',
    'huge',
    'closed',
    'redirect',
    'not-an-answer',
    'no-choices',
    'status-429',
    'status-500',
  ] as const)('that answers %s fails with a reason and no error', async (lie) => {
    const server = await start({ lie, seed: 5 });
    expect((await ask(modelAt(server), 1500, 400)).kind).toMatch(/failed|abstained/);
  });

  test('that is not there fails', async () => {
    const model = createModel(
      { baseURL: 'http://127.0.0.1:9/v1', model: 'm' },
      breaker(() => 0),
      queue(1, 1),
    );
    expect(await ask(model)).toMatchObject({ kind: 'failed', reason: 'unreachable' });
  });

  test('with a fetch that never returns is left at the deadline', async () => {
    const platform = aPlatform({}, { fetch: () => new Promise(() => undefined) });
    const model = createModel(
      { baseURL: 'http://127.0.0.1:9/v1', model: 'm' },
      breaker(() => 0),
      queue(1, 1),
    );
    expect(await model.ask(messages, platform, { signal: AbortSignal.timeout(150), hedgeAfterMs: 50 })).toMatchObject({
      kind: 'failed',
      reason: 'deadline',
    });
  });
});

describe('limits', () => {
  test('five failures open the circuit; after the pause one probe is let through', async () => {
    let clock = 0;
    const server = await start({ lie: 'status-500', seed: 2 });
    const model = modelAt(server, () => clock);
    for (let i = 0; i < 5; i += 1) await ask(model);
    const calls = server.calls;
    expect(await ask(model)).toMatchObject({ kind: 'failed', reason: 'circuit-open', calls: 0 });
    expect(server.calls).toBe(calls);
    clock += 31_000;
    await ask(model);
    expect(server.calls).toBeGreaterThan(calls);
    expect(await ask(model)).toMatchObject({ reason: 'circuit-open' });
    clock += 31_000;
    server.set({ honest: true });
    expect(await ask(model)).toMatchObject({ kind: 'answer' });
    expect(await ask(model)).toMatchObject({ kind: 'answer' });
  });

  test('a line that is full turns away, and one who waits too long leaves it', async () => {
    const line = queue(1, 1);
    const leave = (await line.enter(new AbortController().signal))!;
    const waiting = line.enter(AbortSignal.timeout(5000));
    expect(await line.enter(new AbortController().signal)).toBeUndefined();
    leave();
    const second = (await waiting)!;
    expect(second).toBeTypeOf('function');
    expect(await line.enter(AbortSignal.timeout(20))).toBeUndefined();
    second();
    second();
    expect(await line.enter(new AbortController().signal)).toBeTypeOf('function');
  });

  test('a budget counts by tenant and day', async () => {
    const budget = memoryBudget();
    budget.add('a', '2026-10-14', 5);
    budget.add('a', '2026-10-14', 6);
    expect([budget.used('a', '2026-10-14'), budget.used('b', '2026-10-14')]).toEqual([11, 0]);
    budget.add('b', '2026-10-15', 1);
    expect(budget.used('a', '2026-10-15')).toBe(0);
  });
});

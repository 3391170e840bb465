import { describe, expect, it } from 'vitest';
import type { HookRequest } from '../../../src/cds-hooks/envelope.ts';
import { aiQuality } from '../../../src/console/ai-quality.ts';
import { createCounts } from '../../../src/console/counts.ts';
import type { RequestTrace } from '../../../src/console/trace.ts';
import type { RunRecord } from '../../../src/consult/request.ts';
import { now, testApp, testPlatform } from '../../support/app.ts';
import { ibuprofen, orderSign, warfarin } from '../../support/requests.ts';

const request = orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] });

describe('tracing a request', () => {
  const { post } = testApp();
  const trace = async (body: unknown) => {
    const answer = await post('/console/api/trace', body);
    return {
      status: answer.status,
      said: (await answer.json()) as RequestTrace & { issue?: { diagnostics?: string }[] },
    };
  };

  it('says which rules fired, on what they hang, and what would make the others fire', async () => {
    const { said } = await trace({ request });
    expect(said).toMatchObject({ hook: 'order-sign', patientId: 'p1' });
    expect(said.rules[0]!.result).toBe('fired');
    const fired = said.rules.find(({ id }) => id === 'warfarin-nsaid')!;
    expect(fired).toMatchObject({ result: 'fired', tier: 'high-risk-nsaid-ordered', wouldFire: [] });
    expect(fired.deciding.map(({ fact }) => fact)).toEqual(['newlyCombines']);
    const clear = said.rules.find(({ result }) => result !== 'fired')!;
    expect(clear.wouldFire.length).toBeGreaterThan(0);
  });

  it('is about one rule when it is named, fired or not', async () => {
    const { said } = await trace({ request, rule: 'metformin-kidney' });
    expect(said.rules).toMatchObject([{ id: 'metformin-kidney', result: 'clear' }]);
    expect(said.rules[0]!.deciding).toMatchObject([{ fact: 'orders', truth: 'false' }]);
  });

  it.each([
    [{ request: { ...request, hook: 'order-singed' } }, /no hook request/],
    [{ request: { hook: 'order-sign' } }, /no hook request/],
    [{ request: null }, /Send/],
    [{ request, rule: 'no-such-rule' }, /There is no rule/],
    [{ request, rule: 7 }, /Send/],
  ])('refuses %#', async (body, why) => {
    const { status, said } = await trace(body);
    expect(status).toBe(400);
    expect(JSON.stringify(said.issue)).toMatch(why);
  });

  it('is for the role alone where the console is closed', async () => {
    const closed = testApp({ env: { AUDIT_TOKEN: 'an-audit-token-of-some-length' } });
    for (const answer of [await closed.post('/console/api/trace', { request }), await closed.get('/console/api/ai')])
      expect(answer.status).toBe(401);
    const open = await closed.get('/console/api/ai', { authorization: 'Bearer an-audit-token-of-some-length' });
    expect(open.status).toBe(200);
  });
});

describe('AI quality', () => {
  const run: RunRecord = {
    id: 'r',
    at: now.toISOString(),
    outcome: 'done',
    packetHash: '',
    promptHash: '',
    passagesHash: '',
    rulesHash: '',
    isFromCache: false,
    tokens: { in: 0, out: 0 },
    calls: 1,
    milliseconds: 1800,
    candidatesIn: 3,
    itemsOut: 3,
    sentencesIn: 12,
    sentencesOut: 9,
    dropped: { uncited: 2, drugs: 1 },
    blockedActions: 1,
    notAddressed: 2,
    blockedFacts: 0,
  };

  it('adds up the runs: how they ended, what was withheld by which check, and their time', async () => {
    const { platform } = testPlatform();
    const counts = createCounts(platform);
    const { record } = counts.runsOf(() => ({ record: async (_: RunRecord) => undefined }))({} as HookRequest);
    await record(run);
    await record(run);
    await record({ ...run, outcome: 'failed', reason: 'deadline', sentencesOut: 0, dropped: {}, milliseconds: 20_000 });
    await record({
      ...run,
      outcome: 'off',
      calls: 0,
      sentencesOut: 0,
      dropped: {},
      blockedActions: 0,
      notAddressed: 0,
    });
    await counts.flush();
    expect(await aiQuality(platform.sql, now, 28)).toEqual({
      runs: [
        { ended: 'done', times: 2 },
        { ended: 'failed deadline', times: 1 },
        { ended: 'off', times: 1 },
      ],
      statements: { shown: 18, withheld: 6 },
      checks: [
        { check: 'uncited', times: 4 },
        { check: 'drugs', times: 2 },
      ],
      actionsBlocked: 3,
      notAddressed: 6,
      p95Ms: 60_000,
      weeks: [null, null, null, null, null, null, null, 25],
    });
  });

  it('says nothing of weeks and times without a run', async () => {
    const { platform } = testPlatform();
    const quality = await aiQuality(platform.sql, now, 28);
    expect(quality.weeks).toEqual(Array(8).fill(null));
    expect(quality).not.toHaveProperty('p95Ms');
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConsultItem, ConsultRules } from '../../../src/cds-hooks/contract.ts';
import { memoryCache } from '../../../src/consult/cache.ts';
import { prewarm, type RunRecord, seekConsult } from '../../../src/consult/index.ts';
import { breaker, memoryBudget, queue } from '../../../src/consult/limits.ts';
import { createModel } from '../../../src/consult/model.ts';
import { type LyingModel, startLyingModel } from '../../support/lying-model.ts';
import { aChart } from './a-chart.ts';
import { all, aPlatform, aRequest, knowledge, ports } from './a-request.ts';

let server: LyingModel;
beforeEach(async () => {
  server = await startLyingModel({ honest: true });
});
afterEach(() => server.close());
const models = (...names: string[]) =>
  (names.length > 0 ? names : ['m']).map((model) =>
    createModel(
      { baseURL: `${server.url}/v1`, model },
      breaker(() => 0),
      queue(2, 2),
    ),
  );
const fresh = () => ({ models: models(), cache: memoryCache(() => 0), budget: memoryBudget() });

describe('a consult', () => {
  test('without a model gives rules and knowledge base and says that it is off', async () => {
    const events = await all(seekConsult(aRequest(), aPlatform()));
    expect(events.map((event) => event.type)).toEqual(['rules', 'item', 'item', 'item', 'item', 'off']);
    const rules = events[0] as ConsultRules;
    expect(rules.items).toEqual(events.slice(1, 5));
    expect(rules.evidence[0]).toEqual({ handle: 'E1', text: '67-year-old female', reference: 'Patient/pat-1' });
    expect(rules.items.at(-1)).toMatchObject({
      source: 'rule',
      candidate: { text: 'Aortic dissection', band: 'must-exclude' },
    });
    expect(events.at(-1)).toMatchObject({ type: 'off', reason: expect.stringContaining('No model is configured') });
  });

  test('finds its models in the settings', async () => {
    const events = await all(
      seekConsult(
        aRequest({ cache: memoryCache(() => 0) }),
        aPlatform({ OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_MODEL: 'local' }),
      ),
    );
    expect(events.at(-1)).toMatchObject({ type: 'done' });
    expect(JSON.parse(server.received[0]!).model).toBe('local');
  });

  test('gives the rules before the model has answered', async () => {
    server.set({ lie: 'slow' });
    const events = await all(seekConsult(aRequest({ ...fresh(), policy: { deadlineMs: 600 } }), aPlatform()));
    expect(events[0]).toMatchObject({ type: 'rules' });
    expect(events.at(-1)).toMatchObject({ type: 'failed' });
  });

  test('checks items one by one, with progress and agreement', async () => {
    const events = await all(
      seekConsult(aRequest({ ...fresh(), clinicianDifferential: ['PE', 'Costochondritis'] }), aPlatform()),
    );
    const items = events.filter((event): event is ConsultItem => event.type === 'item' && event.source === 'model');
    expect(items.map((item) => item.progress)).toEqual([1, 2, 3, 4, 5].map((checked) => ({ checked, total: 5 })));
    expect(items.find((item) => item.candidate.id === 'pulmonary-embolism')?.agreement).toEqual([
      'knowledge',
      'model',
      'clinician',
    ]);
    expect(items.find((item) => item.candidate.id === 'aortic-dissection')?.agreement).toEqual(['rule', 'model']);
    expect((events[0] as ConsultRules).agreement).toEqual({
      both: ['Pulmonary embolism'],
      onlyKnowledge: ['Acute coronary syndrome', 'Pericarditis'],
      onlyClinician: ['Costochondritis'],
    });
    expect(events.at(-1)).toMatchObject({
      agreement: {
        both: expect.arrayContaining(['Pulmonary embolism']),
        onlyClinician: ['Costochondritis'],
        onlyModel: expect.arrayContaining(['Aortic dissection']),
      },
    });
  });

  test('never sends the clinician’s own list', async () => {
    await all(seekConsult(aRequest({ ...fresh(), clinicianDifferential: ['Xylophonitis'] }), aPlatform()));
    expect(server.received.join('')).not.toContain('Xylophonitis');
  });

  test('appends what a model leaves out of the list that must not be missed', async () => {
    server.set({ lie: 'omissions' });
    const events = await all(seekConsult(aRequest(fresh()), aPlatform()));
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      notAddressed: ['Acute coronary syndrome', 'Pulmonary embolism', 'Aortic dissection'],
    });
  });

  test('names the second model where it agrees', async () => {
    const events = await all(seekConsult(aRequest({ ...fresh(), models: models('a', 'b') }), aPlatform()));
    expect(
      events.find((event): event is ConsultItem => event.type === 'item' && event.source === 'model')?.agreement,
    ).toContain('second-model');
  });

  test('is off where the patient denies it, and nothing is sent', async () => {
    const consents = [
      {
        resourceType: 'Consent' as const,
        status: 'active' as const,
        scope: { coding: [{ code: 'patient-privacy' }] },
        provision: { type: 'deny' as const },
      },
    ];
    const base = aChart();
    const chart = aChart({ source: { ...base.source, parts: { consents: consents as never } } });
    const events = await all(seekConsult(aRequest({ ...fresh(), chart }), aPlatform()));
    expect(events.at(-1)).toEqual({ type: 'off', reason: 'The patient has not agreed to generative processing.' });
    expect(server.received).toEqual([]);
  });

  test('is off by policy and by an empty purse, and nothing is sent', async () => {
    expect(
      (await all(seekConsult(aRequest({ ...fresh(), policy: { generative: false } }), aPlatform()))).at(-1)?.type,
    ).toBe('off');
    expect(
      (await all(seekConsult(aRequest({ ...fresh(), policy: { tokensPerDay: 10 } }), aPlatform()))).at(-1),
    ).toEqual({ type: 'off', reason: "Today's budget for generated text is used up." });
    expect(server.received).toEqual([]);
  });

  test('that was warmed up asks once, and is checked anew', async () => {
    const shared = fresh();
    const platform = aPlatform();
    prewarm(aRequest(shared), platform);
    await Promise.all(platform.pending);
    expect(server.calls).toBe(1);
    const stricter = { ...ports, checkAction: () => [{ ruleId: 'no-tests', summary: 'no' }] };
    const events = await all(seekConsult(aRequest({ ...shared, ports: stricter }), platform));
    expect(server.calls).toBe(1);
    const item = events.find((event): event is ConsultItem => event.type === 'item' && event.source === 'model');
    expect(item?.actions[0]?.blockedBy).toEqual([{ ruleId: 'no-tests', summary: 'no' }]);
    await all(seekConsult(aRequest({ ...shared, question: 'Another question?' }), platform));
    expect(server.calls).toBe(2);
  });

  test('asked twice at once asks the model once', async () => {
    const shared = fresh();
    const [a, b] = await Promise.all([
      all(seekConsult(aRequest(shared), aPlatform())),
      all(seekConsult(aRequest(shared), aPlatform())),
    ]);
    expect(server.calls).toBe(1);
    expect([a.at(-1)?.type, b.at(-1)?.type]).toEqual(['done', 'done']);
  });

  test('blocks what the guards forbid in the knowledge base’s items too, and what they could not check', async () => {
    const drug = (text: string) => ({ kind: 'drug' as const, text, blockedBy: [] });
    const items = [{ ...knowledge.items[0]!, actions: [drug('amoxicillin'), drug('paracetamol')] }];
    const rules = (
      await all(seekConsult(aRequest({ knowledge: { ...knowledge, items } }), aPlatform()))
    )[0] as ConsultRules;
    expect(rules.items[0]!.actions.map((action) => action.blockedBy.map((one) => one.ruleId))).toEqual([
      ['penicillin-allergy'],
      [],
    ]);
    const broken = {
      ...ports,
      checkAction: () => {
        throw new Error('no');
      },
    };
    const unchecked = (
      await all(seekConsult(aRequest({ knowledge: { ...knowledge, items }, ports: broken }), aPlatform()))
    )[0] as ConsultRules;
    expect(unchecked.items[0]!.actions[1]!.blockedBy[0]!.ruleId).toBe('not-checked');
  });

  test('ends in time when the guards do not answer, the cache is broken, or the reader pauses', async () => {
    const stuck = { ...ports, checkAction: () => new Promise<never>(() => undefined) };
    expect(
      (await all(seekConsult(aRequest({ ...fresh(), ports: stuck, policy: { deadlineMs: 500 } }), aPlatform()))).at(-1),
    ).toMatchObject({ type: 'failed' });
    const broken = {
      get: () => {
        throw new Error('x');
      },
      set: () => {
        throw new Error('x');
      },
    };
    expect((await all(seekConsult(aRequest({ ...fresh(), cache: broken }), aPlatform()))).at(-1)).toMatchObject({
      type: 'done',
    });
    const slowly = seekConsult(aRequest({ ...fresh(), policy: { deadlineMs: 100 } }), aPlatform());
    await slowly.next();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await all(slowly)).at(-1)?.type).toBe('done');
  }, 20_000);

  test('leaves a record without anything of the patient', async () => {
    const records: RunRecord[] = [];
    const platform = aPlatform();
    server.set({ lie: 'wrong-digits' });
    await all(
      seekConsult(aRequest({ ...fresh(), rulesHash: 'rules-1', record: (run) => void records.push(run) }), platform),
    );
    await Promise.all(platform.pending);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      outcome: 'done',
      rulesHash: 'rules-1',
      model: 'lying-model-1',
      fingerprint: 'fp_lies',
      candidatesIn: expect.any(Number),
      dropped: { digits: expect.any(Number) },
      packetHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const kept = JSON.stringify([records, platform.logged]);
    for (const fact of aRequest().packet.facts) expect(kept).not.toContain(fact.name);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as fixtures from '../../../smart-app/gallery/fixtures.ts';
import { type Api, ApiError } from '../../../smart-app/panel/api.ts';
import type { EhrBridge } from '../../../smart-app/panel/bridge/bridge.ts';
import { cardGroups, cardKey, shownCards } from '../../../smart-app/panel/cards-state.ts';
import { createDeeds } from '../../../smart-app/panel/deeds.ts';
import { readLines } from '../../../smart-app/panel/ndjson.ts';
import { start } from '../../../smart-app/panel/state.ts';
import { createStore, type Store } from '../../../smart-app/panel/store.ts';
import type { ConsultEvent } from '../../../src/cds-hooks/contract.ts';

const texts = (store: Store) =>
  store
    .get()
    .said.map(({ text }) => text)
    .join(' ');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function panel({
  api: someApi = {},
  bridge: someBridge = {},
}: {
  api?: Partial<Api>;
  bridge?: Partial<EhrBridge>;
} = {}) {
  const api = {
    session: vi.fn(async () => fixtures.session),
    hook: vi.fn(async (service: string, _request: unknown) =>
      service === 'chart-review' ? fixtures.chartResponse : fixtures.orderResponse,
    ),
    feedback: vi.fn(async () => {}),
    consult: vi.fn(async function* () {
      yield fixtures.consultRules;
      yield fixtures.consultDone;
    }),
    whatIf: vi.fn(async () => fixtures.whatIfAnswer),
    why: vi.fn(async () => fixtures.why),
    read: vi.fn(async () => fixtures.inr),
    search: vi.fn(async () => ({ resources: [], isComplete: true })),
    ...someApi,
  } as unknown as { [Name in keyof Api]: ReturnType<typeof vi.fn> } & Api;
  const bridge = {
    hello: vi.fn(async () => ({ kind: 'web-messaging' as const, canDraft: true, canOpenOrders: true, canClose: true })),
    draft: vi.fn(async () => ({ ok: true as const, id: 'ServiceRequest/new' })),
    openOrders: vi.fn(async () => ({ ok: true as const })),
    done: vi.fn(async () => ({ ok: true as const })),
    ...someBridge,
  };
  const store = createStore(start(fixtures.at));
  const copied: string[] = [];
  const deeds = createDeeds({
    api,
    bridge,
    store,
    now: () => new Date(),
    copy: async (text) => copied.push(text) > 0,
    save: () => {},
  });
  const fix = () => cardGroups(store.get().cards)[0]!.fixes[0]!;
  return { api, bridge, store, deeds, copied, fix };
}

describe('the diagnosis that was typed', () => {
  it('goes out in a second call only, and asks no model again', async () => {
    const agreement = { both: ['Sepsis'], onlyKnowledge: [], onlyClinician: [] };
    const { api, store, deeds } = panel({
      api: {
        consult: vi.fn(async function* (): AsyncGenerator<ConsultEvent> {
          yield { ...fixtures.consultRules, agreement } as ConsultEvent;
          yield { type: 'off' as const, reason: 'no model is configured' };
        }),
      },
    });
    await deeds.open();
    await vi.advanceTimersByTimeAsync(0);
    store.dispatch({ type: 'leading', leading: 'sepsis' });
    await deeds.compare();
    const [first, second] = api.consult.mock.calls.map(([request]) => request as Record<string, unknown>);
    expect(first).not.toHaveProperty('clinicianDifferential');
    expect(second).toMatchObject({
      clinicianDifferential: ['sepsis'],
      extension: { 'org.curbside.consult': { model: 'off' } },
    });
    expect(store.get().diagnosis.agreement).toEqual({ withKnowledge: agreement });
    await deeds.compare();
    expect(api.consult).toHaveBeenCalledTimes(2);
  });
});

describe('what is told from the chart', () => {
  it('is asked for as any client would, copied as text, and never ordered', async () => {
    const { api, bridge, store, deeds, copied } = panel({ api: { tell: vi.fn(async () => fixtures.told) } });
    await deeds.open();
    store.dispatch({ type: 'told-question', question: 'last potassium' });
    await deeds.tell('ask');
    const [route, request] = api.tell.mock.calls[0]!;
    expect(route).toBe('ask');
    expect(request).toMatchObject({ question: 'last potassium', context: { patientId: 'SYN-004182' } });
    expect(store.get().told.status).toBe('told');
    await deeds.copyTold();
    expect(copied[0]).toContain('- Warfarin 4 mg, once daily');
    expect(bridge.draft).not.toHaveBeenCalled();
  });

  it('says why when it could not be had, and forgets what was stopped', async () => {
    let fail: (error: Error) => void = () => {};
    const { store, deeds } = panel({
      api: {
        tell: () =>
          new Promise((_, reject) => {
            fail = reject;
          }),
      },
    });
    await deeds.open();
    const asked = deeds.tell('summary');
    deeds.stopTelling();
    fail(new ApiError(0, 'no connection'));
    await asked;
    expect(store.get().told.status).toBe('none');
    const again = deeds.tell('summary');
    fail(new ApiError(0, 'no connection'));
    await again;
    expect(store.get().told).toMatchObject({ status: 'failed', reason: 'no connection' });
  });
});

describe('opening', () => {
  it('checks the chart and the orders as any client would, then asks for a differential unasked', async () => {
    const { api, store, deeds } = panel();
    await deeds.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(api.hook.mock.calls.map(([service, request]) => [service, (request as { hook: string }).hook])).toEqual([
      ['chart-review', 'patient-view'],
      ['medication-safety', 'order-select'],
    ]);
    const [, request] = api.hook.mock.calls[1] as [string, { context: Record<string, unknown> }];
    expect(request.context).toMatchObject({
      patientId: 'SYN-004182',
      userId: 'Practitioner/okafor',
      encounterId: 'enc-771',
      selections: ['MedicationRequest/draft-1'],
      draftOrders: { resourceType: 'Bundle', entry: [{ resource: fixtures.draft }] },
    });
    expect(store.get().diagnosis.rows).toHaveLength(4);
    expect(JSON.stringify(api.consult.mock.calls[0]![0])).not.toContain('clinicianDifferential');
  });

  it('ends the session on any 401, whatever was asked', async () => {
    for (const asked of ['session', 'hook'] as const) {
      const { store, deeds } = panel({ api: { [asked]: async () => Promise.reject(new ApiError(401, 'no')) } });
      await deeds.open();
      expect(store.get().phase).toBe('ended');
      expect(JSON.stringify(store.get())).not.toContain('HALLORAN');
    }
  });

  it('shows the cards of one check when the other fails', async () => {
    const { store, deeds } = panel({
      api: {
        hook: async (service) => {
          if (service === 'chart-review') return fixtures.chartResponse;
          throw new ApiError(412, 'medication list unavailable');
        },
      },
    });
    await deeds.open();
    expect(store.get().cards.checks.order).toMatchObject({ status: 'failed', reason: 'medication list unavailable' });
    expect(shownCards(store.get().cards)).toHaveLength(2);
  });
});

describe('accepting', () => {
  it('drafts once, clears every card of the fix, and tells nobody for ten seconds', async () => {
    const { api, bridge, store, deeds, fix } = panel();
    await deeds.open();
    await deeds.accept(fix().cards);
    expect(bridge.draft).toHaveBeenCalledTimes(1);
    expect(texts(store)).toContain('Drafted. Sign it in the chart.');
    expect(store.get().cards.drafts[0]).toMatchObject({ medicationCodeableConcept: { text: 'Ceftriaxone 1 g IV' } });
    await vi.advanceTimersByTimeAsync(9000);
    expect(api.feedback).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    const [service, feedback] = api.feedback.mock.calls[0] as unknown as [
      string,
      { card: string; acceptedSuggestions: unknown }[],
    ];
    expect(service).toBe('medication-safety');
    expect(feedback.map(({ card, acceptedSuggestions }) => [card, acceptedSuggestions])).toEqual([
      ['uuid-warfarin-tmp-smx', [{ id: 's1' }]],
      ['uuid-acei-trimethoprim', [{ id: 's3' }]],
    ]);
  });

  it('does not ask again about an order that is kept with a test, and does ask about one that was changed', async () => {
    const { store, deeds } = panel();
    await deeds.open();
    const [shown] = shownCards(store.get().cards);
    await deeds.accept([{ shown: shown!, suggestion: shown!.card.suggestions![1]! }]);
    expect(shownCards(store.get().cards).map(({ card }) => card.uuid)).not.toContain(shown!.card.uuid);
    expect(store.get().cards.decisions[0]!.settled).toEqual([cardKey(shown!)]);
  });

  it('takes the draft back and sends nothing when undone in time', async () => {
    const { api, bridge, store, deeds, fix } = panel();
    await deeds.open();
    await deeds.accept(fix().cards);
    await deeds.undo(store.get().cards.decisions[0]!.id);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(api.feedback).not.toHaveBeenCalled();
    expect(bridge.draft).toHaveBeenLastCalledWith(
      expect.objectContaining({ type: 'update', resource: fixtures.draft }),
    );
    expect(store.get().cards.drafts).toEqual([fixtures.draft]);
  });

  it('sends at once what is still waiting when the page goes away', async () => {
    const { api, deeds, fix } = panel();
    await deeds.open();
    await deeds.accept(fix().cards);
    deeds.flush();
    expect(api.feedback).toHaveBeenCalledWith('medication-safety', expect.any(Array), true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(api.feedback).toHaveBeenCalledTimes(1);
  });

  it('keeps the button and says why when the EHR refuses, and never pretends', async () => {
    const { api, store, deeds, fix } = panel({ bridge: { draft: async () => ({ ok: false, reason: 'locked' }) } });
    await deeds.open();
    const key = cardKey(fix().cards[0]!.shown);
    await deeds.accept(fix().cards);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(store.get().cards.refusals[key]).toBe('locked');
    expect(store.get().cards.decisions).toEqual([]);
    expect(api.feedback).not.toHaveBeenCalled();
  });

  it('copies instead of drafting where there is no bridge, and records no acceptance', async () => {
    const { api, copied, store, deeds, fix } = panel({
      bridge: { hello: async () => ({ kind: 'none', canDraft: false, canOpenOrders: false, canClose: false }) },
    });
    await deeds.open();
    await deeds.accept(fix().cards);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(copied[0]).toContain('Ceftriaxone 1 g IV, once daily');
    expect(texts(store)).toContain('nothing was ordered');
    expect(api.feedback).not.toHaveBeenCalled();
  });
});

describe('overriding', () => {
  it('with monitoring drafts the test and reports an acceptance; without, an override with its reason', async () => {
    for (const [withMonitoring, outcome, drafts] of [
      [true, 'accepted', 1],
      [false, 'overridden', 0],
    ] as const) {
      const { api, bridge, store, deeds } = panel();
      await deeds.open();
      const [shown] = shownCards(store.get().cards);
      store.dispatch({
        type: 'override',
        override: { key: cardKey(shown!), reason: 'will-monitor', withMonitoring, comment: '' },
      });
      await deeds.override(shown!);
      await vi.advanceTimersByTimeAsync(11_000);
      expect(bridge.draft).toHaveBeenCalledTimes(drafts);
      expect(api.feedback).toHaveBeenCalledWith('medication-safety', [expect.objectContaining({ outcome })], false);
    }
  });

  it('does nothing without a reason on a Stop card', async () => {
    const { store, deeds } = panel();
    await deeds.open();
    const [shown] = shownCards(store.get().cards);
    store.dispatch({ type: 'override', override: { key: cardKey(shown!), withMonitoring: true, comment: 'x' } });
    await deeds.override(shown!);
    expect(store.get().cards.decisions).toEqual([]);
  });
});

describe('the consult', () => {
  it('asks without the model when AI is off, and takes only the rules', async () => {
    const { api, store, deeds } = panel();
    await deeds.open();
    deeds.turnAi(true);
    await deeds.ask();
    expect(api.consult.mock.lastCall![0]).toMatchObject({ extension: { 'org.curbside.consult': { model: 'off' } } });
    expect(store.get().diagnosis).toMatchObject({ status: 'ended', end: { type: 'off' } });
  });

  it('keeps the rules when the stream is cut off', async () => {
    const { store, deeds } = panel({
      api: {
        async *consult() {
          yield fixtures.consultRules;
          throw new ApiError(0, 'no connection');
        },
      },
    });
    await deeds.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.get().diagnosis).toMatchObject({ status: 'ended', end: { type: 'failed', reason: 'no connection' } });
    expect(store.get().diagnosis.rows).toHaveLength(4);
  });
});

describe('what if', () => {
  it('waits 150 ms, asks once for the last setting, and forgets an answer that comes late', async () => {
    const { api, store, deeds } = panel();
    await deeds.open();
    for (const egfr of [30, 29, 28]) deeds.changePlan({ egfr });
    await vi.advanceTimersByTimeAsync(149);
    expect(api.whatIf).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(api.whatIf).toHaveBeenCalledTimes(1);
    expect(api.whatIf.mock.calls[0]![0]).toMatchObject({ changes: [{ do: 'observe', value: 28 }] });
    deeds.resetPlan();
    await vi.advanceTimersByTimeAsync(500);
    expect(store.get().whatIf).toMatchObject({ status: 'idle', plan: { standing: {} } });
  });
});

describe('newline-delimited JSON', () => {
  const stream = (pieces: Uint8Array[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });

  it('reads the same lines wherever the network cut them, also inside a letter', async () => {
    const bytes = new TextEncoder().encode('{"a":"Grüße €"}\n\n{"b":2}\r\n{"c":3}');
    for (let size = 1; size < 9; size++) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.slice(at * size, (at + 1) * size),
      );
      const read: unknown[] = [];
      for await (const value of readLines(stream(pieces))) read.push(value);
      expect(read).toEqual([{ a: 'Grüße €' }, { b: 2 }, { c: 3 }]);
    }
  });

  it('refuses a broken line and a line without end', async () => {
    const all = async (text: string) => {
      for await (const _ of readLines(stream([new TextEncoder().encode(text)]))) void _;
    };
    await expect(all('{"a":1}\n{"b"')).rejects.toThrow();
    await expect(all('x'.repeat(1_100_000))).rejects.toThrow('without end');
  });
});

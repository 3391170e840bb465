import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeFor, noBridge } from '../../../smart-app/panel/bridge/bridge.ts';

type Message = Record<string, unknown>;

/** Two windows that only pass messages: ours, and the EHR's above it. */
function windows(
  answer: (message: Message, targetOrigin: string) => { data: unknown; origin?: string; fromStranger?: boolean }[],
) {
  const hearers = new Set<(event: unknown) => void>();
  const sent: { message: Message; targetOrigin: string }[] = [];
  const parent = {
    postMessage(message: Message, targetOrigin: string) {
      sent.push({ message, targetOrigin });
      for (const { data, origin = 'https://ehr.test', fromStranger } of answer(message, targetOrigin)) {
        queueMicrotask(() => {
          for (const hear of hearers) hear({ data, origin, source: fromStranger ? {} : parent });
        });
      }
    },
  };
  const window = {
    parent,
    addEventListener: (type: string, hear: (event: unknown) => void) => type === 'message' && hearers.add(hear),
    removeEventListener: (_: string, hear: (event: unknown) => void) => hearers.delete(hear),
  } as unknown as Window;
  return { window, sent, hearers };
}

const messaging = { handle: 'h1', origin: 'https://ehr.test' };
const order = { type: 'create', description: 'INR', resource: { resourceType: 'ServiceRequest' } } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lets the 1.5 s pass that an EHR has to answer. */
async function settled<Value>(work: Promise<Value>): Promise<Value> {
  await vi.advanceTimersByTimeAsync(1600);
  return work;
}

describe('SMART Web Messaging', () => {
  const reply = ({ messageId }: Message, payload: Message, more: Message = {}) => ({
    data: { messageId: 'r', responseToMessageId: messageId, payload, ...more },
  });

  it('greets, drafts to the one origin with the handle, and tells the id of the draft', async () => {
    const { window, sent, hearers } = windows((message) => [
      reply(
        message,
        message.messageType === 'scratchpad.create'
          ? { status: '201 CREATED', location: 'ServiceRequest/9/_history/1' }
          : {},
      ),
    ]);
    const bridge = bridgeFor(messaging, window);
    expect(await settled(bridge.hello())).toMatchObject({ kind: 'web-messaging', canDraft: true });
    expect(await settled(bridge.draft(order))).toEqual({ ok: true, id: 'ServiceRequest/9' });
    expect(sent.map(({ message }) => message.messageType)).toEqual([
      'status.handshake',
      'scratchpad.read',
      'scratchpad.create',
    ]);
    for (const { message, targetOrigin } of sent) {
      expect(targetOrigin).toBe('https://ehr.test');
      expect(message.messagingHandle).toBe('h1');
    }
    expect(hearers.size).toBe(0);
  });

  it('drops answers from another origin, another window, or to another question', async () => {
    const { window } = windows((message) => [
      { ...reply(message, { status: '201 CREATED' }), origin: 'https://evil.test' },
      { ...reply(message, { status: '201 CREATED' }), fromStranger: true },
      { data: { responseToMessageId: 'other', payload: { status: '201 CREATED' } } },
      { data: null },
      { data: 'text' },
    ]);
    expect(await settled(bridgeFor(messaging, window).draft(order))).toEqual({
      ok: false,
      reason: 'The EHR did not answer.',
    });
  });

  it('passes on why the EHR refused', async () => {
    const outcome = { issue: [{ diagnostics: 'Orders are locked.' }] };
    const { window } = windows((message) => [reply(message, { status: '403 FORBIDDEN', outcome })]);
    expect(await settled(bridgeFor(messaging, window).draft(order))).toEqual({
      ok: false,
      reason: 'Orders are locked.',
    });
  });

  it('offers nothing when the EHR is silent', async () => {
    const { window } = windows(() => []);
    expect(await settled(bridgeFor(messaging, window).hello())).toEqual({
      kind: 'none',
      canDraft: false,
      canOpenOrders: false,
      canClose: false,
    });
  });

  it('takes over the orders the EHR has open', async () => {
    const draft = { resourceType: 'MedicationRequest', id: 'd1' };
    const { window } = windows((message) => [
      reply(message, message.messageType === 'scratchpad.read' ? { scratchpad: [draft, null, 'x'] } : {}),
    ]);
    expect(await settled(bridgeFor(messaging, window).hello())).toMatchObject({ drafts: [draft] });
  });
});

describe('Epic, against a fake', () => {
  const orderKeys = { 'http://loinc.org|6301-6': '7001' };
  const inr = {
    ...order,
    resource: { resourceType: 'ServiceRequest', code: { coding: [{ system: 'http://loinc.org', code: '6301-6' }] } },
  };
  const epic = (actionExecuted = true) => {
    let busy = 0;
    return windows(({ action, token }) => {
      if (++busy > 1) throw new Error('Epic takes one message at a time');
      queueMicrotask(() => busy--);
      const name = String(action).split('.').at(-1);
      if (name === 'InitiateHandshake')
        return [
          {
            data: {
              token: 't1',
              actions: ['PostOrder', 'CloseActivity', 'SaveState'].map((one) => `Epic.Clinical.Informatics.Web.${one}`),
            },
          },
        ];
      return [
        {
          data: {
            actionExecuted: token === 't1' && actionExecuted,
            errorCodes: actionExecuted ? [] : ['OrderNotFound'],
          },
        },
      ];
    });
  };

  it('greets first, sends its token, and drafts only what is on the preference list', async () => {
    const { window, sent } = epic();
    const bridge = bridgeFor({ ...messaging, dialect: 'epic', orderKeys }, window);
    expect(await settled(bridge.draft(inr))).toEqual({ ok: false, reason: 'Epic has not been greeted.' });
    expect(await settled(bridge.hello())).toMatchObject({ kind: 'epic', canDraft: true, canOpenOrders: false });
    expect(await settled(bridge.draft(inr))).toEqual({ ok: true });
    expect(sent.at(-1)!.message).toMatchObject({
      token: 't1',
      action: 'Epic.Clinical.Informatics.Web.PostOrder',
      args: { OrderKey: '7001' },
    });
    expect((await settled(bridge.draft(order))).ok).toBe(false);
  });

  it('sends one message at a time', async () => {
    const { window } = epic();
    const bridge = bridgeFor({ ...messaging, dialect: 'epic', orderKeys }, window);
    await settled(bridge.hello());
    expect(await settled(Promise.all([bridge.draft(inr), bridge.draft(inr), bridge.done()]))).toEqual([
      { ok: true },
      { ok: true },
      { ok: true },
    ]);
  });

  it('never says drafted when Epic refused', async () => {
    const { window } = epic(false);
    const bridge = bridgeFor({ ...messaging, dialect: 'epic', orderKeys }, window);
    await settled(bridge.hello());
    expect(await settled(bridge.draft(inr))).toEqual({ ok: false, reason: 'Epic refused (OrderNotFound).' });
  });
});

it('has no bridge without messaging, or outside a frame', async () => {
  expect(bridgeFor(undefined, windows(() => []).window)).toBe(noBridge);
  const alone = {} as Window & { parent: unknown };
  alone.parent = alone;
  expect(bridgeFor(messaging, alone)).toBe(noBridge);
  expect((await noBridge.draft(order)).ok).toBe(false);
});

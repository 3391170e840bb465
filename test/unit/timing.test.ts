// Our steps as spans of OpenTelemetry, with a provider and a context manager that do what an SDK's do.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testApp } from '../support/app.ts';
import { bundle, ibuprofen, orderSign, warfarin } from '../support/requests.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const caller = { trace: '0af7651916cd43dd8448eb211c80319c', parent: 'b7ad6b7169203331' };
const base = 'http://127.0.0.1:8089/fhir';
const sign = () => orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] });
const withoutMedications = (more: object = {}) => {
  const request = { ...sign(), ...more } as unknown as { prefetch: Record<string, unknown> };
  delete request.prefetch.medications;
  return request;
};

let ended: { name: string; trace?: string; parent?: string; failed?: true }[];
const tracer = {
  startSpan(name, _, from = context.active()) {
    const parent = trace.getSpanContext(from);
    const told: (typeof ended)[number] = { name, ...(parent && { trace: parent.traceId, parent: parent.spanId }) };
    const span = trace.wrapSpanContext({
      traceId: parent?.traceId ?? '1'.repeat(32),
      spanId: String(ended.length + 1).padStart(16, '0'),
      traceFlags: 1,
    });
    span.setStatus = () => {
      told.failed = true;
      return span;
    };
    span.end = () => void ended.push(told);
    return span;
  },
} as Tracer;
const storage = new AsyncLocalStorage<Context>();
const manager: ContextManager = {
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (one, act, self, ...given) => storage.run(one, () => act.call(self as never, ...given)),
  bind: (_, target) => target,
  enable: () => manager,
  disable: () => manager,
};

beforeEach(() => {
  ended = [];
});
afterEach(() => {
  trace.disable();
  context.disable();
  vi.restoreAllMocks();
});

describe('the steps of an answer', () => {
  it('are spans below the one that the caller names, whenever the SDK was registered', async () => {
    const app = testApp();
    trace.setGlobalTracerProvider({ getTracer: () => tracer });
    await app.post('/cds-services/medication-safety', sign(), { traceparent });
    await app.post('/cds-services/medication-safety', sign());
    const steps = ['chart', 'guards', 'cards', 'record'].map((step) => ({ name: `curbside.${step}` }));
    expect(ended).toEqual([...steps.map((step) => ({ ...step, ...caller })), ...steps]);
  });

  it('are marked where they failed', async () => {
    trace.setGlobalTracerProvider({ getTracer: () => tracer });
    const answer = await testApp().post('/cds-services/medication-safety', withoutMedications(), { traceparent });
    expect(answer.status).toBe(412);
    expect(ended).toEqual([{ name: 'curbside.chart', ...caller, failed: true }]);
  });

  it('are below the span that an instrumented server has under way; the SDK alone then carries the trace on', async () => {
    trace.setGlobalTracerProvider({ getTracer: () => tracer });
    context.setGlobalContextManager(manager);
    const sent: unknown[] = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const headers = new Headers(input instanceof Request ? input.headers : init?.headers);
      sent.push({ header: headers.get('traceparent'), inside: trace.getSpanContext(context.active())?.spanId });
      return Response.json(bundle(warfarin()));
    });
    const app = testApp({ env: { TRUSTED_FHIR_SERVERS: base } });
    const underWay = { traceId: '2'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
    await context.with(trace.setSpanContext(ROOT_CONTEXT, underWay), () =>
      app.post('/cds-services/medication-safety', withoutMedications({ fhirServer: base }), { traceparent }),
    );
    expect(ended[0]).toEqual({ name: 'curbside.chart', trace: underWay.traceId, parent: underWay.spanId });
    expect(sent).toEqual([{ header: null, inside: '0000000000000001' }]);
  });
});

// The same requests on Node and on workerd: same status, same cards.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { start } from '../../src/node.ts';
import { bundle, ibuprofen, lab, orderSign, patientView, warfarin } from '../support/requests.ts';

interface Runtime {
  name: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

let node: Awaited<ReturnType<typeof start>>;
let harness: TestHarness;
const runtimes: Runtime[] = [
  { name: 'node', fetch: (path, init) => fetch(`${node.publicUrl}${path}`, init) },
  { name: 'workerd', fetch: (path, init) => harness.fetch(path, init as never) as unknown as Promise<Response> },
];

beforeAll(async () => {
  node = await start({ PORT: '0', DATA_DIR: ':memory:' });
  harness = createTestHarness({ workers: [{ configPath: new URL('../../wrangler.toml', import.meta.url).pathname }] });
  await harness.listen();
  await harness.getWorker().applyD1Migrations('DB');
});
afterAll(async () => {
  await node?.stop();
  await harness?.close();
});

const post = (runtime: Runtime, path: string, body: unknown) =>
  runtime.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const told = ({ cards }: CdsResponse) =>
  cards.map(({ indicator, summary, detail }) => ({ indicator, summary, detail }));

describe.each(runtimes)('on $name', (runtime) => {
  it('lists its services', async () => {
    const answer = await runtime.fetch('/cds-services');
    expect(answer.status).toBe(200);
    const { services } = (await answer.json()) as { services: { id: string }[] };
    expect(services.map(({ id }) => id)).toContain('medication-safety');
  });

  it('warns of ibuprofen with warfarin, keeps feedback, and says why', async () => {
    const answer = await post(
      runtime,
      '/cds-services/medication-safety',
      orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] }),
    );
    expect(answer.status).toBe(200);
    const { cards } = (await answer.json()) as CdsResponse;
    expect(cards.length).toBeGreaterThan(0);
    const [card] = cards;
    const why = await runtime.fetch(`/why/${card!.uuid}`);
    expect(why.status).toBe(200);
    expect(((await why.json()) as { rule: { id: string } }).rule.id).toBe(
      card!.extension!['org.curbside.card']!.ruleId,
    );
    const feedback = await post(runtime, '/cds-services/medication-safety/feedback', {
      feedback: [{ card: card!.uuid, outcome: 'overridden', outcomeTimestamp: '2026-11-24T09:01:00Z' }],
    });
    expect(feedback.status).toBe(200);
    expect(await feedback.json()).toEqual({});
  });

  it('answers 412 when the medication list cannot be had', async () => {
    const request = orderSign({ draftOrders: [ibuprofen()] });
    delete (request.prefetch as Record<string, unknown>).medications;
    expect((await post(runtime, '/cds-services/medication-safety', request)).status).toBe(412);
  });

  it('streams the offline differential and says that the model is off', async () => {
    const answer = await post(runtime, '/consult', { ...patientView(), question: 'crushing chest pain for two hours' });
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const events = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events[0]!.type).toBe('rules');
    expect(events.at(-1)!.type).toBe('off');
  });

  it('computes a published equation', async () => {
    const answer = await post(runtime, '/calculators/ckd_epi_2021', {
      inputs: { age_y: 30, sex: 'female', creatinine_mg_dl: 0.9 },
    });
    expect(((await answer.json()) as { value: number }).value).toBeCloseTo(88.199, 3);
  });

  it('chains its ledger, one writer for all, and shows it as AuditEvents', async () => {
    await Promise.all(
      Array.from({ length: 12 }, () =>
        post(
          runtime,
          '/cds-services/medication-safety',
          orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] }),
        ),
      ),
    );
    const verified = (await (await runtime.fetch('/audit/verify')).json()) as { ok: boolean; records: number };
    expect(verified.ok).toBe(true);
    expect(verified.records).toBeGreaterThan(12);
    const { entry } = (await (await runtime.fetch('/audit?patient=p1&_count=3')).json()) as {
      entry: { resource: { resourceType: string; subtype: { code: string }[] } }[];
    };
    expect(entry.map(({ resource }) => [resource.resourceType, resource.subtype[0]!.code])).toEqual(
      Array(3).fill(['AuditEvent', 'hook']),
    );
  });

  it('refuses what is not JSON, is malformed, or unknown', async () => {
    expect(
      (
        await runtime.fetch('/cds-services/medication-safety', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{',
        })
      ).status,
    ).toBe(400);
    expect(
      (
        await runtime.fetch('/cds-services/medication-safety', {
          method: 'POST',
          headers: { 'content-type': 'text/plain' },
          body: '{}',
        })
      ).status,
    ).toBe(415);
    expect((await post(runtime, '/cds-services/no-such-service', orderSign({}))).status).toBe(404);
  });
});

it('gives the same cards on both', async () => {
  const request = orderSign({
    draftOrders: [ibuprofen()],
    medications: [warfarin()],
    prefetch: { labs: bundle(lab('6301-6', 3.4, '1'), lab('2160-0', 1.6, 'mg/dL')) },
  });
  const [onNode, onWorkerd] = await Promise.all(
    runtimes.map(async (runtime) =>
      told((await (await post(runtime, '/cds-services/medication-safety', request)).json()) as CdsResponse),
    ),
  );
  expect(onWorkerd).toEqual(onNode);
});

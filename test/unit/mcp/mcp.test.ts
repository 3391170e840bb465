// The service's contract for agents: the same answers, read-only, with the trust of whoever asks.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { serveLines } from '../../../src/tools/mcp.ts';
import { publicUrl, testApp } from '../../support/app.ts';
import { bundle, drafts, ibuprofen, patient, warfarin } from '../../support/requests.ts';

type Json = Record<string, unknown>;

const app = testApp();
const rpc = async (method: string, params?: Json, headers: Record<string, string> = {}) => {
  const answer = await app.post('/mcp', { jsonrpc: '2.0', id: 1, method, ...(params && { params }) }, headers);
  return (await answer.json()) as {
    result: Json & { content: { text: string }[]; isError: boolean; tools: Json[] };
    error?: { code: number };
  };
};
const call = (name: string, given: Json = {}) => rpc('tools/call', { name, arguments: given });
const order = () => ({
  patientId: 'p1',
  draftOrders: drafts(ibuprofen()),
  prefetch: { patient: patient(), medications: bundle(warfarin()) },
});

describe('over HTTP', () => {
  it('introduces itself in the version that is asked for, or its newest', async () => {
    expect((await rpc('initialize', { protocolVersion: '2025-03-26', capabilities: {} })).result).toMatchObject({
      protocolVersion: '2025-03-26',
      capabilities: { tools: {} },
      serverInfo: { name: 'curbside' },
    });
    expect((await rpc('initialize', { protocolVersion: '1999-01-01' })).result.protocolVersion).toBe('2025-06-18');
  });
  it('offers tools that only read', async () => {
    const { tools } = (await rpc('tools/list')).result;
    expect(tools.map(({ name }) => name)).toEqual([
      'list_services',
      'check_orders',
      'review_chart',
      'consult',
      'what_if',
      'list_calculators',
      'calculate',
      'why',
    ]);
    expect(tools.every(({ annotations }) => (annotations as Json).readOnlyHint === true)).toBe(true);
  });
  it('checks orders with the cards of the hook, and says why', async () => {
    const { result } = await call('check_orders', order());
    const { cards } = JSON.parse(result.content[0]!.text) as { cards: { uuid: string; summary: string }[] };
    const hook = (await (
      await app.post('/cds-services/medication-safety', {
        hook: 'order-sign',
        hookInstance: crypto.randomUUID(),
        context: { patientId: 'p1', draftOrders: drafts(ibuprofen()) },
        prefetch: order().prefetch,
      })
    ).json()) as { cards: { summary: string }[] };
    expect(cards.map(({ summary }) => summary)).toEqual(hook.cards.map(({ summary }) => summary));
    expect(cards.length).toBeGreaterThan(0);
    expect(JSON.parse((await call('why', { card: cards[0]!.uuid })).result.content[0]!.text)).toHaveProperty('rule');
  });
  it('computes, consults and asks what if', async () => {
    expect(
      JSON.parse(
        (await call('calculate', { id: 'ckd_epi_2021', inputs: { age_y: 30, sex: 'female', creatinine_mg_dl: 0.9 } }))
          .result.content[0]!.text,
      ).value,
    ).toBeCloseTo(88.199, 3);
    expect(
      (await call('consult', { patientId: 'p1', question: 'crushing chest pain', prefetch: { patient: patient() } }))
        .result.content[0]!.text,
    ).toContain('"type":"rules"');
    expect(
      JSON.parse(
        (
          await call('what_if', {
            ...order(),
            changes: [{ do: 'observe', code: { system: 'http://loinc.org', code: '6301-6' }, value: 9, unit: '1' }],
          })
        ).result.content[0]!.text,
      ),
    ).toHaveProperty('difference');
  });
  it('tells a refusal as an error of the tool', async () => {
    const { result } = await call('check_orders', { patientId: 'p1', draftOrders: [] });
    expect([result.isError, result.content[0]!.text]).toEqual([true, expect.stringMatching(/^412: /)]);
    expect((await call('calculate')).result).toMatchObject({ isError: true, content: [{ text: 'Missing: id.' }] });
  });
  it('answers what it does not know as JSON-RPC has it, and a notification with nothing', async () => {
    expect((await rpc('resources/list')).error?.code).toBe(-32601);
    expect((await call('rm')).error?.code).toBe(-32602);
    expect((await app.post('/mcp', { jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202);
    expect((await app.get('/mcp')).status).toBe(405);
  });
  it('does not answer a page of another site', async () => {
    expect(
      (await app.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { origin: 'https://evil.example' }))
        .status,
    ).toBe(403);
    expect(
      (await app.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { origin: publicUrl })).status,
    ).toBe(200);
  });
  it('asks for the trust that every caller needs', async () => {
    const closed = testApp({
      env: { CDS_CLIENTS: JSON.stringify([{ issuer: 'https://ehr.example', jwksUrl: 'https://ehr.example/jwks' }]) },
    });
    const answer = (await (
      await closed.post('/mcp', {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'check_orders', arguments: order() },
      })
    ).json()) as { result: Json };
    expect(answer.result).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^401/) }] });
  });
});

it('over stdio answers line by line, and says what is not JSON', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const done = serveLines(input, output, {
    uuid: () => crypto.randomUUID(),
    call: (path, body) => (body ? app.post(path, body) : app.get(path)),
  });
  input.end(
    [
      '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      'not JSON',
      '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list_services"}}',
      '',
    ].join('\n'),
  );
  await done;
  output.end();
  const written = (await output.toArray()).join('');
  const lines = written
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { id: number | null; error?: { code: number }; result?: { content?: { text: string }[] } },
    );
  expect(lines.find(({ id }) => id === 1)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  expect(lines.find(({ id }) => id === null)?.error?.code).toBe(-32700);
  expect(lines.find(({ id }) => id === 2)?.result?.content?.[0]?.text).toContain('medication-safety');
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsultEvent, ConsultItem } from '../../../src/cds-hooks/contract.ts';
import { memoryCache } from '../../../src/consult/cache.ts';
import { seekConsult } from '../../../src/consult/index.ts';
import { breaker, memoryBudget, queue } from '../../../src/consult/limits.ts';
import { createModel } from '../../../src/consult/model.ts';
import { type Lie, type LyingModel, lies, startLyingModel } from '../../support/lying-model.ts';
import { all, aPlatform, aRequest, forbidden, knowledge, ports } from './a-request.ts';

// LYING_SEEDS=5000 runs as many; the suite is content with every lie a few times.
const seeds = Number(process.env.LYING_SEEDS ?? lies.length * 2);
/** Short where the deadline is what ends it; elsewhere a busy machine must not. */
const deadlineFor = (lie: Lie): number => (['slow', 'endless'].includes(lie) ? 400 : 20_000);

let model: LyingModel;
beforeAll(async () => {
  model = await startLyingModel({ slowMs: 1500 });
});
afterAll(() => model.close());

const allowedNames = /\b(?:type [12]|stage [1-5][ab]?|B12|(?:Hb)?A1c|[SP]pO2)\b/gi;

/** Everything of the events that a screen may show of the model's words. */
function checkEvents(events: ConsultEvent[], request: ReturnType<typeof aRequest>): void {
  const ends = events.filter((event) => ['done', 'abstained', 'failed', 'off'].includes(event.type));
  expect(ends).toHaveLength(1);
  expect(events.at(-1)).toBe(ends[0]);
  const order = events.map((event) => event.type).join(' ');
  expect(order).toMatch(/^rules(?: item)*(?: withheld)* (?:done|abstained|failed|off)$/);

  const items = events.filter((event): event is ConsultItem => event.type === 'item');
  const end = ends[0]!;
  for (const wanted of knowledge.mustNotMiss) expect(items.some((item) => item.candidate.id === wanted.id)).toBe(true);
  const byModel = items.filter((item) => item.source === 'model');
  if (end.type === 'done') {
    for (const wanted of knowledge.mustNotMiss)
      expect(byModel.some((item) => item.candidate.id === wanted.id) || end.notAddressed.includes(wanted.text)).toBe(
        true,
      );
  }
  const facts = request.packet.facts.flatMap((fact) => [fact.text, fact.name]).sort((a, b) => b.length - a.length);
  const bare = (text: string) =>
    facts.reduce((rest, fact) => rest.replaceAll(fact, ' '), text).replace(allowedNames, ' ');
  const shown: string[] = [];
  for (const item of byModel) {
    for (const evidence of [...item.for, ...item.against]) {
      const fact = request.packet.byHandle.get(evidence.handle);
      expect(fact).toBeDefined();
      expect(evidence.reference).toBe(fact!.reference);
    }
    const cleared = item.actions.filter((action) => action.blockedBy.length === 0);
    for (const action of cleared)
      expect(ports.namedDrugs(action.text).filter((drug) => forbidden[drug.text])).toEqual([]);
    for (const { text, handles } of item.sentences) {
      expect(handles.length).toBeGreaterThan(0);
      for (const handle of handles) expect(request.packet.byHandle.has(handle) || handle.startsWith('G')).toBe(true);
      shown.push(bare(text));
    }
    shown.push(
      item.candidate.text,
      ...item.missing.flatMap((one) => [one.text, one.wouldChange]),
      ...cleared.map((action) => action.text),
    );
  }
  if (end.type === 'abstained') shown.push(end.reason, ...end.missing);
  if (end.type === 'failed' || end.type === 'off') shown.push(end.reason);
  for (const event of events) if (event.type === 'withheld') shown.push(bare(event.text), bare(event.reason));
  for (const text of shown) {
    expect(text).not.toMatch(/\p{N}/u);
    expect(text).not.toMatch(/https?:|www\.|evil\.|\]\(|<[a-z]|javascript|@/i);
    expect(text).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u0400-\u04ff\u0600-\u06ff\u4e00-\u9fff]/);
    expect(text).not.toMatch(/ignore all previous|you must|great question|as an ai/i);
    expect(
      ports
        .namedDrugs(text)
        .filter((drug) => forbidden[drug.text])
        .map((drug) => drug.text),
      text,
    ).toEqual([]);
  }
}

describe('a model that lies', () => {
  test(`says nothing false in any of ${seeds} answers, and every consult ends once and in time`, async () => {
    const outcomes = new Map<string, number>();
    const rules: string[] = [];
    for (let seed = 0; seed < seeds; seed += 1) {
      const lie = lies[seed % lies.length]!;
      model.set({ seed });
      const platform = aPlatform();
      const lying = createModel(
        { baseURL: `${model.url}/v1`, model: 'lying' },
        breaker(() => platform.elapsed()),
        queue(4, 4),
      );
      const request = aRequest({
        models: [lying],
        policy: { notes: true, deadlineMs: deadlineFor(lie), hedgeAfterMs: deadlineFor(lie) * 0.4 },
        cache: memoryCache(() => 0),
        budget: memoryBudget(),
      });
      const events = await all(seekConsult(request, platform));
      checkEvents(events, request);
      rules.push(JSON.stringify(events[0]));
      outcomes.set(`${lie} ${events.at(-1)!.type}`, (outcomes.get(`${lie} ${events.at(-1)!.type}`) ?? 0) + 1);
    }
    expect(new Set(rules).size).toBe(1);
    expect([...outcomes.keys()].filter((key) => key.startsWith('correct'))).toEqual(['correct done']);
    for (const lie of ['truncated', 'refusal', 'malformed', 'empty', 'extra-keys', 'abstain', 'abstain-lying'])
      expect([...outcomes.keys()].filter((key) => key.startsWith(`${lie} `))).toEqual([`${lie} abstained`]);
    for (const lie of ['endless', 'huge', 'slow', 'closed', 'redirect'])
      expect([...outcomes.keys()].filter((key) => key.startsWith(`${lie} `))).toEqual([`${lie} failed`]);
    if (process.env.LYING_SEEDS) console.log([...outcomes].map(([key, n]) => `${key} ${n}`).join('\n'));
  }, 600_000);

  test('of an honest model everything is shown', async () => {
    model.set({ honest: true });
    const platform = aPlatform();
    const honest = createModel(
      { baseURL: `${model.url}/v1`, model: 'honest' },
      breaker(() => platform.elapsed()),
      queue(4, 4),
    );
    const events = await all(
      seekConsult(aRequest({ models: [honest], cache: memoryCache(() => 0), budget: memoryBudget() }), platform),
    );
    const end = events.at(-1)!;
    expect(events.filter((event) => event.type === 'withheld')).toEqual([]);
    expect(end).toMatchObject({ type: 'done', notAddressed: [], model: 'lying-model-1', fingerprint: 'fp_lies' });
    expect(events.filter((event) => event.type === 'item' && event.source === 'model')).toHaveLength(5);
  });
});

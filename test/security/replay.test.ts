// A card of then from its record and the chart: the same, or what differs.
import { describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import type { Rule } from '../../src/guards/rule.ts';
import { RuleSet } from '../../src/guards/rule-set.ts';
import type { Replayed } from '../../src/replay.ts';
import { knowledge, type TestApp, testApp } from '../support/app.ts';
import { bundle, ibuprofen, lab, orderSign, patient, patientView, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;
const chart = (given: Json = {}) =>
  orderSign({
    draftOrders: [ibuprofen()],
    medications: [warfarin()],
    prefetch: { labs: bundle(lab('6301-6', 3.4, '1'), lab('2160-0', 1.6, 'mg/dL')) },
    ...given,
  });

async function shown(app: TestApp, request = chart()): Promise<{ card: string; count: number }> {
  const { cards } = (await (await app.post('/cds-services/medication-safety', request)).json()) as CdsResponse;
  await app.settled();
  const warned = cards.find(({ extension }) => extension?.['org.curbside.card']?.ruleId === 'warfarin-nsaid');
  return { card: warned!.uuid, count: cards.length };
}
const replayed = async (app: TestApp, body: Json): Promise<Replayed> =>
  (await (await app.post('/audit/replay', body)).json()) as Replayed;
const ofRule = ({ cards }: Replayed) => cards.find(({ rule }) => rule === 'warfarin-nsaid')!;

/** The app with one rule changed, over the same database. */
function withRule(app: TestApp, change: (rule: Rule) => Rule | undefined): TestApp {
  const held = knowledge();
  const rules = held.ruleSet.rules.flatMap((rule) => (rule.id === 'warfarin-nsaid' ? (change(rule) ?? []) : rule));
  const changed = { ...held, hash: 'another', ruleSet: new RuleSet(rules, 'another') };
  return testApp({ platform: app.platform, knowledge: () => changed });
}

describe('the replay of a card', () => {
  it('of the same chart on the same rules is the same card, by record or by uuid', async () => {
    const app = testApp();
    const { card, count } = await shown(app);
    for (const by of [{ card }, { record: 1 }]) {
      const told = await replayed(app, { ...by, request: chart() });
      expect(told.isReproduced).toBe(true);
      expect(told.chart).toEqual({ isSame: true, differs: [] });
      expect(told.rules).toMatchObject({ isSame: true, recorded: knowledge().hash });
      expect(told.cards).toHaveLength(count);
      expect(new Set(told.cards.map(({ result }) => result))).toEqual(new Set(['same']));
    }
  });

  it('says whether codes and names meant what they mean today, and nothing where the record is from before that was noted', async () => {
    const by = (terminologyHash: string | undefined) => () => ({ ...knowledge(), terminologyHash });
    const app = testApp({ knowledge: by('of then') });
    const { card } = await shown(app);
    const on = async (hash: string | undefined) =>
      replayed(testApp({ platform: app.platform, knowledge: by(hash) }), { card, request: chart() });
    expect((await on('of then')).terminology).toEqual({ recorded: 'of then', used: 'of then', isSame: true });
    const other = await on('of today');
    expect(other.terminology).toEqual({ recorded: 'of then', used: 'of today', isSame: false });
    expect(other.rules.isSame).toBe(true);
    const before = testApp({ knowledge: by(undefined) });
    const old = await shown(before);
    expect((await replayed(before, { card: old.card, request: chart() })).terminology).toEqual({});
  });

  it('is judged at the time of the record, not of today', async () => {
    const app = testApp();
    const { card } = await shown(app);
    const later = testApp({ platform: { ...app.platform, now: () => new Date('2029-01-01T00:00:00Z') } });
    expect(await replayed(later, { card, request: chart() })).toMatchObject({ isReproduced: true });
  });

  it('does not mind the order of a list', async () => {
    const app = testApp();
    const labs = [lab('2160-0', 1.6, 'mg/dL'), lab('6301-6', 3.4, '1')];
    const { card } = await shown(app);
    const told = await replayed(app, { card, request: chart({ prefetch: { labs: bundle(...labs) } }) });
    expect(told.chart.isSame).toBe(true);
  });

  it('does not mind another content of a part that no guard looked at, and the record says which these are', async () => {
    const rule = knowledge().ruleSet.rule('warfarin-nsaid')!;
    const ruleSet = new RuleSet([{ ...rule, tiers: [{ id: 'together', indicator: 'warning' }] }]);
    const plain = testApp({ knowledge: () => ({ ...knowledge(), ruleSet }) });
    const { card } = await shown(plain);
    expect(await (await plain.get('/audit/export')).text()).toContain('labs\\":\\"not read');
    const told = await replayed(plain, {
      card,
      request: chart({ prefetch: { labs: bundle(lab('6301-6', 1.1, '1')) } }),
    });
    expect(told).toMatchObject({ isReproduced: true, chart: { isSame: true, differs: [] } });
  });

  it('says which part of the chart is another, which was known and which condition no longer holds', async () => {
    const app = testApp();
    const { card } = await shown(app);
    const told = await replayed(app, {
      card,
      request: chart({ medications: [warfarin({ status: 'stopped' })], prefetch: { labs: null } }),
    });
    expect(told.isReproduced).toBe(false);
    expect(told.chart.differs).toEqual([
      { part: 'medications', how: 'other content' },
      { part: 'labs', how: 'was known, is empty' },
    ]);
    expect(ofRule(told)).toMatchObject({
      result: 'no longer fires',
      conditions: [{ fact: 'newlyCombines', is: false, was: true, expected: true }],
    });
  });

  it('says that a part which was read then could not be read now', async () => {
    const app = testApp();
    const { card } = await shown(app);
    const request = chart() as { prefetch: Json };
    delete request.prefetch.medications;
    const told = await replayed(app, { card, request });
    expect(told.chart.differs).toContainEqual({ part: 'medications', how: 'was known, is unknown' });
    expect(ofRule(told).conditions![0]!.gap).toContain('could not be read');
  });

  it('names the tier that no longer holds', async () => {
    const app = testApp();
    const { card } = await shown(app);
    const corrected = patient({ birthDate: '1990-01-01' });
    const told = await replayed(app, {
      card,
      request: chart({
        prefetch: { patient: corrected, labs: bundle(lab('6301-6', 3.4, '1'), lab('2160-0', 1.6, 'mg/dL')) },
      }),
    });
    const { result, tier, indicator } = ofRule(told);
    expect({ result, differs: tier.recorded !== tier.used, indicator: indicator.recorded }).toEqual({
      result: 'tier differs',
      differs: true,
      indicator: 'critical',
    });
    expect(ofRule(told).conditions).toContainEqual(
      expect.objectContaining({ fact: 'ageInYears', expected: 65, is: 36, was: 74 }),
    );
    expect(told.chart.differs).toEqual([{ part: 'patient', how: 'other content' }]);
  });

  it('on newer rules shows other words, a condition that was added, and a rule that is gone', async () => {
    const app = testApp();
    const { card } = await shown(app);
    const worded = withRule(app, (rule) => ({
      ...rule,
      version: '9.0.0',
      card: { ...rule.card, detail: 'Other words.' },
      tiers: rule.tiers.map(({ detail: _, ...tier }) => tier),
    }));
    const other = await replayed(worded, { card, request: chart() });
    expect(other.rules).toEqual({ recorded: knowledge().hash, used: 'another', isSame: false });
    expect(ofRule(other)).toMatchObject({ result: 'text differs', version: { used: '9.0.0' } });
    expect(ofRule(other).detail).toContain('Other words.');

    const narrower = withRule(app, (rule) => ({
      ...rule,
      when: { all: [rule.when, { fact: 'ageInYears', operator: 'greaterThan', value: 90 }] } as Rule['when'],
    }));
    expect(ofRule(await replayed(narrower, { card, request: chart() }))).toMatchObject({
      result: 'no longer fires',
      conditions: [{ fact: 'ageInYears', operator: 'greaterThan', expected: 90, is: 74 }],
    });
    const retired = withRule(app, (rule) => ({ ...rule, status: 'retired' }));
    expect(ofRule(await replayed(retired, { card, request: chart() }))).toMatchObject({ why: 'the rule is retired' });
    const gone = withRule(app, () => undefined);
    expect(ofRule(await replayed(gone, { card, request: chart() })).result).toBe('rule is gone');
  });

  it('tells a card that was not there', async () => {
    const app = testApp();
    const before = withRule(app, () => undefined);
    await before.post('/cds-services/medication-safety', chart());
    const told = await replayed(app, { record: 1, request: chart() });
    expect(told.added.map(({ rule }) => rule)).toContain('warfarin-nsaid');
    expect(told.isReproduced).toBe(false);
  });

  it('is refused for another patient, another kind of record, no record, and no request', async () => {
    const app = testApp();
    await shown(app);
    await app.post('/calculators/bsa', { inputs: { weight_kg: 70, height_cm: 170 } });
    const request = chart() as { context: Json };
    const status = async (body: unknown) => (await app.post('/audit/replay', body)).status;
    expect(await status({ record: 1, request: { ...request, context: { ...request.context, patientId: 'p2' } } })).toBe(
      400,
    );
    expect(await status({ record: 2, request })).toBe(400);
    expect(await status({ record: 999, request })).toBe(404);
    expect(await status({ card: crypto.randomUUID(), request })).toBe(404);
    for (const body of [{}, [], { record: 1 }, { record: '1', request }, { card: "x' OR 1=1", request }])
      expect(await status(body)).toBe(400);
  });

  it('is for the auditor and the informaticist, and is in the ledger', async () => {
    const app = testApp({ env: { AUDIT_TOKEN: 'an-auditor-token-of-some-length' } });
    const authorization = 'Bearer an-auditor-token-of-some-length';
    await shown(app);
    expect((await app.post('/audit/replay', { record: 1, request: chart() })).status).toBe(401);
    expect((await app.post('/audit/replay', { record: 1, request: chart() }, { authorization })).status).toBe(200);
    const log = await (await app.get('/audit/export', { authorization })).text();
    expect(log).toContain('/audit/replay');
    expect(log).toMatch(/refusal[^\n]*not_trusted/);
  });

  it('cannot compare words under another key, and says so', async () => {
    const app = testApp({ env: { LEDGER_KEY: 'a-key-of-more-than-24-characters' } });
    const { card } = await shown(app);
    expect((await replayed(app, { card, request: chart() })).isReproduced).toBe(true);
    const other = testApp({
      platform: {
        ...app.platform,
        settings: { ...app.platform.settings, LEDGER_KEY: 'another-key-of-24-characters' },
      },
    });
    const told = await replayed(other, { card, request: chart() });
    expect(told.chart.note).toContain('another LEDGER_KEY');
    expect(ofRule(told).result).toBe('text not comparable');
  });
});

it('a record has fingerprints and not a word of the chart', async () => {
  const app = testApp();
  await shown(app);
  const record = await (await app.get('/audit/export')).text();
  expect(record).toMatch(/medications\\":\\"[0-9a-f]{24}/);
  expect(record).not.toMatch(/855332|3\.4|ibuprofen 600|6301-6/);
});

describe('Server-Timing', () => {
  it('tells the steps of a hook, a consult and a what-if in milliseconds, and nothing else', async () => {
    const app = testApp();
    const stepsOf = (answer: Response) => {
      const header = answer.headers.get('server-timing')!;
      expect(header).toMatch(/^(?:[a-z]+;dur=\d+\.\d(?:, )?)+$/);
      return header.split(', ').map((one) => one.split(';')[0]);
    };
    expect(stepsOf(await app.post('/cds-services/medication-safety', chart()))).toEqual([
      'chart',
      'guards',
      'cards',
      'record',
    ]);
    expect(stepsOf(await app.post('/consult', patientView()))).toEqual(['chart', 'differential', 'record']);
    const changes = [{ do: 'stop', medication: { reference: 'MedicationRequest/m-warfarin' } }];
    expect(stepsOf(await app.post('/what-if', { ...chart(), changes }))).toEqual(['chart', 'guards', 'record']);
  });
});

import { describe, expect, it } from 'vitest';
import { nodePlatform } from '../../../src/node.ts';
import type { Platform } from '../../../src/platform.ts';
import { createRecord, type ShownCard } from '../../../src/record/record.ts';
import { readSettings } from '../../../src/settings.ts';
import { createSeal } from '../../../src/smart/seal.ts';

const shownAt = '2026-11-18T09:41:00.000Z';
const rule = { id: 'warfarin-nsaid', version: '1.0.0', title: 'Warfarin with an NSAID' } as ShownCard['why']['rule'];

const card = (uuid: string): ShownCard => ({
  uuid,
  service: 'medication-safety',
  hook: 'order-sign',
  ruleId: rule.id,
  ruleVersion: rule.version,
  tier: 'usual',
  indicator: 'warning',
  rulesHash: 'h',
  shownAt,
  why: {
    card: uuid,
    patientId: 'p1',
    rule,
    tier: 'usual',
    when: { truth: 'true', kind: 'fact' },
    tiers: [{ id: 'usual' }],
    gaps: [],
    rulesHash: 'h',
    shownAt,
  },
});

const cards = (count: number) => Array.from({ length: count }, (_, place) => card(`card-${place}`));

function given(changes: Partial<Platform> = {}) {
  const { platform } = nodePlatform(readSettings({ DATA_DIR: ':memory:' }));
  const quiet = { ...platform, log: () => undefined, now: () => new Date(shownAt), ...changes };
  return { platform: quiet, again: () => createRecord(quiet, createSeal(quiet)) };
}

describe('cards that were shown', () => {
  it('are told before and after they are on disk, each with its rule', async () => {
    const { again } = given();
    const record = again();
    record.keepCards(cards(70));
    expect(await record.why('card-69')).toEqual(card('card-69').why);
    await record.flush();
    for (const uuid of ['card-0', 'card-31', 'card-32', 'card-69'])
      expect(await again().why(uuid)).toEqual(card(uuid).why);
    expect(await again().why('another')).toBeUndefined();
  });

  it('share a sealed text, and keep a row each for counting', async () => {
    const { platform, again } = given();
    const record = again();
    record.keepCards(cards(40));
    record.keepCards(cards(1));
    await record.flush();
    expect(await platform.sql.all('SELECT count(*) AS n FROM cards')).toEqual([{ n: 40 }]);
    const texts = await platform.sql.all<{ sealed: string }>('SELECT sealed FROM reasons');
    expect(texts).toHaveLength(2);
    expect(texts.some(({ sealed }) => /patientId|Warfarin/.test(sealed))).toBe(false);
  });

  it('are written when the database is back', async () => {
    const { platform, again } = given();
    let isAway = true;
    const sql = {
      ...platform.sql,
      batch: async (statements: Parameters<typeof platform.sql.batch>[0]) =>
        isAway ? Promise.reject(new Error('away')) : platform.sql.batch(statements),
    };
    const record = createRecord({ ...platform, sql }, createSeal(platform));
    record.keepCards(cards(3));
    await record.flush();
    isAway = false;
    record.keepCards([card('later')]);
    await record.flush();
    expect(await again().why('card-2')).toEqual(card('card-2').why);
    expect(await again().why('later')).toBeDefined();
  });

  it('lose their reasons after seven days, and nothing else', async () => {
    const { platform, again } = given();
    const record = again();
    record.keepCards(cards(2));
    await record.flush();
    const later = { ...platform, now: () => new Date(Date.parse(shownAt) + 8 * 86_400_000) };
    const next = createRecord(later, createSeal(later));
    expect(await next.why('card-0')).toBeUndefined();
    next.keepCards([card('new')]);
    await next.flush();
    expect(await platform.sql.all('SELECT count(*) AS n FROM reasons')).toEqual([{ n: 1 }]);
    expect(await platform.sql.all('SELECT count(*) AS n FROM cards')).toEqual([{ n: 3 }]);
  });
});

// The short form of `npm run eval:medication`: a fifth of the cases and 150 charts. The long form is every case, and 600 charts of any seed.
import { describe, expect, it } from 'vitest';
import { runCharts } from './charts.ts';
import { figuresOf, judgeAll, ruleIdOf } from './judge.ts';

describe('medication safety, as two pharmacists would have it', () => {
  it('finds what matters and stays quiet otherwise', async () => {
    const judged = await judgeAll(undefined, 5);
    const { sensitivity, specificity, falseCriticals, misses, stuck } = figuresOf(judged);
    const told = misses
      .map(
        ({ kind, given, cards }) =>
          `${kind}: ${given.name} (${cards.map((card) => `${card.indicator} ${ruleIdOf(card)}`).join(', ') || 'no card'})`,
      )
      .join('\n');
    expect(sensitivity, told).toBeGreaterThanOrEqual(0.98);
    expect(specificity, told).toBeGreaterThanOrEqual(0.98);
    expect(falseCriticals.map(({ given }) => given.name)).toEqual([]);
    expect(stuck).toEqual([]);
  }, 120_000);

  it('interrupts ordinary orders seldom, and never fails', async () => {
    const { errors, interruptivePerHundred } = await runCharts(150, 3);
    expect(errors).toBe(0);
    expect(interruptivePerHundred).toBeLessThan(15);
  }, 60_000);
});

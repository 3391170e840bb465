// The short form; "npm run test:kill" does it a hundred times.
import { expect, it } from 'vitest';
import { killAgainAndAgain } from './kill.ts';

it('loses no acknowledged record to kill -9, and the chain holds', { timeout: 120_000 }, async () => {
  const { acknowledged, missing, chain } = await killAgainAndAgain(3);
  expect(acknowledged).toBeGreaterThan(0);
  expect(missing).toEqual([]);
  expect(chain).toBe('holds');
});

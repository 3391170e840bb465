// The short form; "npm run load -- --minutes 60" goes on for an hour.
import { expect, it } from 'vitest';
import { loadTwiceOver } from './load.ts';

it('answers or says 503 at twice its capacity, stops in the middle of it, and has a record of every answer', {
  timeout: 60_000,
}, async () => {
  const { problems, accepted, refused, stop, ledger } = await loadTwiceOver({ seconds: 4, inFlight: 16 });
  expect(problems).toEqual([]);
  expect(accepted).toBeGreaterThan(20);
  expect(refused).toBeGreaterThan(0);
  expect(stop.code).toBe(0);
  expect(ledger.missing).toBe(0);
});

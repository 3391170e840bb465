// The short form; "npm run fuzz" sends a hundred thousand.
import { expect, it } from 'vitest';
import { fuzzParsers, fuzzRequests } from './fuzz.ts';

it('answers whatever it is sent without a 5xx', { timeout: 120_000 }, async () => {
  const { statuses, failures } = await fuzzRequests(400, 42);
  expect(failures).toEqual([]);
  expect(statuses[200]).toBeGreaterThan(0);
});

it('reads spoilt rule files and model answers without throwing', { timeout: 60_000 }, () => {
  expect(() => fuzzParsers(500, 42)).not.toThrow();
});

// The short form; "npm run fuzz" sends a hundred thousand.
import { expect, it } from 'vitest';
import { ibuprofen, medication, orderSign } from '../support/requests.ts';
import { fuzzApp, fuzzParsers, fuzzRequests } from './fuzz.ts';

it('answers whatever it is sent without a 5xx', { timeout: 120_000 }, async () => {
  const { statuses, failures } = await fuzzRequests(400, 42);
  expect(failures).toEqual([]);
  expect(statuses[200]).toBeGreaterThan(0);
});

it('reads spoilt rule files and model answers without throwing', { timeout: 60_000 }, () => {
  expect(() => fuzzParsers(500, 42)).not.toThrow();
});

it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'takes the code and the name "%s" for a drug it does not know',
  async (word) => {
    const { app } = fuzzApp();
    for (const request of [
      orderSign({ draftOrders: [ibuprofen()], medications: [medication('m', word, word)] }),
      orderSign({ draftOrders: [medication('d', word, word, { status: 'draft' })] }),
    ]) {
      const answer = await app.fetch(
        new Request('http://127.0.0.1:8787/cds-services/medication-safety', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
        }),
      );
      expect(answer.status).toBe(200);
    }
  },
);

// Every calculator against the examples its sources print, to the printed decimal.
import { describe, expect, test } from 'vitest';
import { isRefused, runCalculator } from '../../../src/calculators/index.ts';
import { workedExamples } from './worked-examples.ts';

// A score is exact; any other number agrees when it rounds to what was printed.
const agrees = (value: unknown, printed: string): boolean => {
  if (typeof value !== 'number') return String(value) === printed;
  const decimals = printed.split('.')[1]?.length ?? 0;
  return Math.abs(value - Number(printed)) <= 0.5 * 10 ** -decimals + 1e-9;
};

describe('gives the number its source printed', () => {
  for (const { id, inputs, expected, source } of workedExamples) {
    test(`${id}: ${JSON.stringify(expected)} (${source})`, () => {
      const result = runCalculator(id, inputs);
      if (isRefused(result)) throw new Error(JSON.stringify(result.refused));
      if (typeof expected === 'string') {
        expect(agrees(result.value, expected), `${result.value} is not ${expected}`).toBe(true);
        return;
      }
      for (const [name, printed] of Object.entries(expected)) {
        const got = result.components?.[name];
        expect(agrees(got, printed), `${name}: ${got} is not ${printed}`).toBe(true);
      }
    });
  }
});

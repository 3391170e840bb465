import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Estimate,
  estimateDelay,
  isDelayedTreatment,
  isRefused,
  noDelayModel,
  type Refused,
  sepsisModels,
} from '../../../src/estimates/index.ts';

const estimated = (outcome: Estimate | Refused): Estimate => {
  if (isRefused(outcome)) throw new Error(JSON.stringify(outcome.refused));
  return outcome;
};
const refusedInput = (outcome: Estimate | Refused) => (isRefused(outcome) ? outcome.refused[0]?.input : '(estimated)');
const baseline = { pct: 20, from: 'clinician' };

describe('antibiotics in sepsis', () => {
  test('three hours at 20% give 21.95%, from 21.46 to 22.94', () => {
    const { value, interval, difference, source } = estimated(
      estimateDelay('sepsis-antibiotics', { baseline, delayHours: 3 }),
    );
    expect(value).toBeCloseTo(21.95, 2);
    expect(interval?.[0]).toBeCloseTo(21.46, 2);
    expect(interval?.[1]).toBeCloseTo(22.94, 2);
    expect(difference?.value).toBeCloseTo(1.95, 2);
    expect(source).toContain('Seymour');
  });
  test('a delay of zero hours changes nothing', () => {
    for (const { id } of sepsisModels) {
      const estimate = estimated(estimateDelay('sepsis-antibiotics', { baseline, delayHours: 0, modelId: id }));
      expect([estimate.value, estimate.interval, estimate.difference]).toEqual([
        20,
        [20, 20],
        { value: 0, interval: [0, 0] },
      ]);
    }
  });
  test('outside the studied hours it is refused, and the hours already gone count', () => {
    expect(refusedInput(estimateDelay('sepsis-antibiotics', { baseline, delayHours: 12.1 }))).toBe('delayHours');
    expect(refusedInput(estimateDelay('sepsis-antibiotics', { baseline, delayHours: 3, elapsedHours: 10 }))).toBe(
      'delayHours',
    );
    expect(
      refusedInput(estimateDelay('sepsis-antibiotics', { baseline, delayHours: 7, modelId: 'sepsis-antibiotics-liu' })),
    ).toBe('delayHours');
    for (const delayHours of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(refusedInput(estimateDelay('sepsis-antibiotics', { baseline, delayHours }))).toBe('delayHours');
    }
  });
  test('without a baseline that somebody stands for it is refused', () => {
    for (const wrong of [
      { pct: 0, from: 'clinician' },
      { pct: 100, from: 'clinician' },
      { pct: 20, from: ' ' },
      { pct: 20, from: 'language model' },
      { pct: Number.NaN, from: 'clinician' },
    ]) {
      expect(refusedInput(estimateDelay('sepsis-antibiotics', { baseline: wrong, delayHours: 1 }))).toBe('baseline');
    }
  });
  test('a model of septic shock is refused without shock', () => {
    expect(
      refusedInput(
        estimateDelay('sepsis-antibiotics', {
          baseline,
          delayHours: 1,
          hasShock: false,
          modelId: 'septic-shock-antibiotics-kumar',
        }),
      ),
    ).toBe('hasShock');
  });
  test('waiting longer never lowers the risk, and the value stays inside its interval and below 100%', () => {
    const hours = fc.double({ min: 0, max: 6, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 99.9, noNaN: true }),
        hours,
        hours,
        fc.constantFrom(...sepsisModels),
        (pct, a, b, { id: modelId }) => {
          const at = (delayHours: number) =>
            estimated(estimateDelay('sepsis-antibiotics', { baseline: { pct, from: 'x' }, delayHours, modelId }));
          const [early, late] = [at(Math.min(a, b)), at(Math.max(a, b))];
          expect(late.value).toBeGreaterThanOrEqual(early.value - 1e-9);
          const [low = 0, high = 0] = late.interval ?? [];
          expect(low <= late.value + 1e-9 && late.value <= high + 1e-9 && high <= 100).toBe(true);
        },
      ),
    );
  });
});

describe('door to balloon in STEMI', () => {
  test('gives the printed values at the printed times', () => {
    const at = (plannedMinutes: number, delayHours: number) =>
      estimated(estimateDelay('stemi-pci', { plannedMinutes, delayHours }));
    expect([30, 60, 90, 120, 150, 180].map((minutes) => at(minutes, 0).value)).toEqual([3.0, 3.5, 4.3, 5.6, 7.0, 8.4]);
    expect(at(60, 1).difference?.value).toBeCloseTo(2.1, 9);
    expect(at(75, 0).value).toBeCloseTo(3.9, 9);
    expect(at(75, 0).difference?.value).toBe(0);
  });
  test('is refused outside 30 to 180 minutes', () => {
    for (const [plannedMinutes, delayHours] of [
      [29, 0],
      [181, 0],
      [120, 1.1],
      [Number.NaN, 0],
    ] as const) {
      expect(isRefused(estimateDelay('stemi-pci', { plannedMinutes, delayHours }))).toBe(true);
    }
  });
});

describe('alteplase in stroke', () => {
  const at = (onsetToTreatmentHours: number, delayHours: number) =>
    estimateDelay('stroke-thrombolysis', {
      baseline: { pct: 23.1, from: 'clinician' },
      onsetToTreatmentHours,
      delayHours,
    });
  test('gives up its benefit window by window', () => {
    const values = [3, 3.1, 4.5, 4.6, 6].map((hours) => estimated(at(hours, 0)).value);
    expect(values[0]).toBeCloseTo(34.46, 2);
    expect(values[1]).toBe(values[2]);
    expect(values[3]).toBe(values[4]);
    expect(estimated(at(5, 0)).warnings?.[0]).toContain('4.5 hours');
  });
  test('a delay of zero hours changes nothing, and beyond six hours it is refused', () => {
    expect(estimated(at(2, 0)).difference?.value).toBe(0);
    expect(refusedInput(at(5, 1.5))).toBe('delayHours');
  });
});

test('a treatment without a published model is refused by name', () => {
  expect(isDelayedTreatment('toString')).toBe(false);
  expect(noDelayModel('appendectomy').refused[0]?.reason).toContain('appendectomy');
});

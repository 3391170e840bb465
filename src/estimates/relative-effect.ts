// One relative effect on one stated baseline. Absolute difference first, number needed to treat after it.
import type { Estimate } from './estimate.ts';

export interface RelativeRisk {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The effect of `units` steps of a treatment that was measured per step; no steps change nothing. */
export const perStep = (one: RelativeRisk, units: number): RelativeRisk => ({
  value: one.value ** units,
  low: one.low ** units,
  high: one.high ** units,
});

export function applyRelativeRisk(
  baselinePct: number,
  risk: RelativeRisk,
): Pick<Estimate, 'value' | 'interval' | 'difference'> {
  const at = (ratio: number) => baselinePct * ratio;
  const value = at(risk.value);
  const reduction = (baselinePct - value) / 100;
  return {
    value,
    interval: [at(risk.low), at(risk.high)],
    difference: {
      value: value - baselinePct,
      interval: [at(risk.low) - baselinePct, at(risk.high) - baselinePct],
      ...(reduction > 0 && { nnt: 1 / reduction }),
    },
  };
}

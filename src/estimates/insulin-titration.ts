// Titration of basal insulin in type 2 diabetes: 2 units every 3 days to a fasting target, 10 to 20% less after hypoglycaemia
// without a cause, and a stop at 0.5 units/kg, where more basal insulin is the wrong answer. A proposal, never an order.
import { type Estimate, type Refused, refuseEstimate } from './estimate.ts';

export interface BasalTitration {
  readonly unitsPerDay: number;
  readonly weightKg: number;
  /** Fasting glucose of the last 3 days or more, mg/dL. */
  readonly fastingMgDl: readonly number[];
  readonly targetMgDl?: { readonly low: number; readonly high: number };
  readonly hadHypoglycaemia24h: boolean;
  /** A missed meal, a dose by mistake. */
  readonly hasHypoglycaemiaCause?: boolean;
  readonly glucoseNowMgDl?: number;
  readonly isNilByMouth?: boolean;
  readonly horizonDays?: number;
}

const stepUnits = 2;
const stepDays = 3;

export function titrateBasalInsulin(v: BasalTitration): Estimate | Refused {
  const wrong = check(v);
  if (wrong) return wrong;
  const { low, high } = v.targetMgDl ?? { low: 80, high: 130 };
  const cap = 0.5 * v.weightKg;
  const lowest = Math.min(...v.fastingMgDl);
  const median = medianOf(v.fastingMgDl);
  const horizonDays = v.horizonDays ?? 14;
  const answer = (value: number, why: string, points: readonly (readonly [number, number])[]): Estimate => ({
    id: 'basal-insulin-titration',
    outcome: 'Next basal insulin dose',
    value,
    unit: '[IU]/d',
    interval: null,
    horizon: `${horizonDays} days`,
    source: 'American Diabetes Association. Standards of Care in Diabetes, section 9',
    validity: 'Adults with type 2 diabetes on once-daily basal insulin, not in hospital, eating as usual',
    basis: 'arithmetic',
    baseline: { value: v.unitsPerDay, from: 'dose now' },
    curve: { x: 'days', y: '[IU]/d', points },
    warnings: [why, 'A proposal: the next step waits for the next fasting values'],
  });
  const flat = (value: number) =>
    [
      [0, value],
      [horizonDays, value],
    ] as const;

  if (v.hadHypoglycaemia24h || lowest < 70) {
    if (v.hasHypoglycaemiaCause)
      return answer(v.unitsPerDay, 'Hypoglycaemia with a cause: remove the cause, keep the dose', flat(v.unitsPerDay));
    const lowered = 0.8 * v.unitsPerDay;
    return answer(lowered, 'Hypoglycaemia without a cause: 20% less (the guideline gives 10 to 20%)', flat(lowered));
  }
  if (median <= high) {
    const why = median < low ? 'Fasting glucose is below target: do not raise' : 'Fasting glucose is in target';
    return answer(v.unitsPerDay, why, flat(v.unitsPerDay));
  }
  if (v.unitsPerDay >= cap)
    return answer(
      v.unitsPerDay,
      'Above 0.5 units/kg a day: look for overbasalisation, do not raise',
      flat(v.unitsPerDay),
    );
  const schedule = raise(v.unitsPerDay, cap, horizonDays);
  return answer(
    schedule[0]?.[1] ?? v.unitsPerDay,
    'Fasting glucose is above target: 2 units more, again every 3 days while it stays so',
    schedule,
  );
}

function raise(from: number, cap: number, horizonDays: number): readonly (readonly [number, number])[] {
  const points: (readonly [number, number])[] = [];
  let units = from;
  for (let day = 0; day <= horizonDays; day += stepDays) {
    units = Math.min(units + stepUnits, cap);
    points.push([day, units]);
  }
  return points;
}

function check(v: BasalTitration): Refused | undefined {
  if (!(v.unitsPerDay > 0 && v.unitsPerDay <= 300))
    return refuseEstimate('unitsPerDay', 'the dose now must be above 0 and at most 300 units');
  if (!(v.weightKg >= 30 && v.weightKg <= 350)) return refuseEstimate('weightKg', 'weight must be 30 to 350 kg');
  if (v.fastingMgDl.length < 3 || v.fastingMgDl.some((one) => !(one >= 20 && one <= 600))) {
    return refuseEstimate('fastingMgDl', 'at least 3 fasting values from 20 to 600 mg/dL are needed');
  }
  if (v.targetMgDl && !(v.targetMgDl.low >= 70 && v.targetMgDl.high > v.targetMgDl.low && v.targetMgDl.high <= 180)) {
    return refuseEstimate('targetMgDl', 'a fasting target must lie between 70 and 180 mg/dL');
  }
  if (v.horizonDays !== undefined && !(v.horizonDays >= 0 && v.horizonDays <= 28))
    return refuseEstimate('horizonDays', 'steps are drawn for up to 28 days');
  if (v.glucoseNowMgDl !== undefined && v.glucoseNowMgDl < 70)
    return refuseEstimate('glucoseNowMgDl', 'glucose is below 70 mg/dL: treat hypoglycaemia first');
  if (v.isNilByMouth) return refuseEstimate('isNilByMouth', 'nil by mouth: home titration does not hold');
  return undefined;
}

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};

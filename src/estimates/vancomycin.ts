// Vancomycin over time: the concentration curve and its exposure for a regimen, from the one-compartment calculator.
import { type Estimate, fromCalculator, isRefused, type Refused } from './estimate.ts';

/** `simulateVancomycin({ age_y, sex, weight_kg, height_cm, creatinine_mg_dl, dose_mg: 1000, interval_h: 12 })` */
export function simulateVancomycin(inputs: unknown): Estimate | Refused {
  const run = fromCalculator('vancomycin_one_cpt', inputs);
  if (isRefused(run)) return run;
  const points = run.result.components?.curve;
  return {
    id: 'vancomycin-auc24',
    outcome: 'Vancomycin exposure in 24 hours at steady state',
    value: run.result.value,
    unit: run.result.unit,
    interval: null,
    horizon: '72 hours',
    source: run.result.citation,
    validity: 'Adults with a steady creatinine, not on dialysis; a population estimate, target 400 to 600',
    basis: 'pharmacokinetic model',
    from: run.from,
    curve: {
      x: 'h',
      y: 'mg/L',
      points: Array.isArray(points) ? (points as readonly (readonly [number, number])[]) : [],
    },
    warnings: run.result.warnings,
  };
}

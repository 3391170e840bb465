// What a dose or a level would come to: warfarin by IWPC, vancomycin over time. Proposals, never orders.
import { isRefused, runCalculator } from '../../calculators/index.ts';
import type { Medication } from '../../chart/types.ts';
import { simulateVancomycin } from '../../estimates/index.ts';
import { creatinineIsRising } from '../../facts/kidney-steadiness.ts';
import { singleDose } from '../../facts/medication-list.ts';
import { isObject, type Json } from '../../fhir/reading.ts';
import { isKnown, isUnknown } from '../../unknown.ts';
import { bothSides } from './both-sides.ts';
import {
  hasProblem,
  inputsFor,
  isSame,
  isStarted,
  nothingTold,
  type Scene,
  type Side,
  shown,
  type Told,
  takenBy,
} from './scene.ts';

/** The published equation has a term for a race that is not known; genotypes come from the clinician. */
export function warfarinEstimates(scene: Scene): Told {
  const id = isObject(scene.given.warfarin_iwpc_pgx) ? 'warfarin_iwpc_pgx' : 'warfarin_iwpc_clinical';
  const inputs = (side: Side) => inputsFor(id, side, scene, { race: 'mixed or missing' });
  const isTouched = isStarted(scene, ['warfarin']) || !isSame(inputs(scene.before), inputs(scene.after));
  if (!isTouched) return nothingTold();
  return bothSides(scene, 'warfarin-dose', isTouched, (side) => {
    if (takenBy(side, ['warfarin']).length === 0) return undefined;
    const result = runCalculator(id, inputs(side));
    if (isRefused(result)) return { title: 'Warfarin dose (IWPC)', why: result, calculator: id };
    return [
      {
        id: 'warfarin-dose',
        outcome: 'Warfarin, starting dose a week',
        value: result.value,
        unit: result.unit,
        interval: null,
        horizon: 'steady dose',
        source: result.citation,
        validity: 'Adults starting warfarin with a target INR of 2 to 3',
        basis: 'score',
        from: { calculator: id, version: '1.0.0', citation: result.citation, inputs: result.inputs },
        warnings: ['A starting dose; on a steady dose the INR decides', ...result.warnings],
      },
    ];
  });
}

export function vancomycinEstimates(scene: Scene): Told {
  const orderOf = (side: Side) =>
    takenBy(side, ['vancomycin']).find(({ drug }) => isKnown(drug) && drug.isSystemic && drug.route !== 'oral');
  if (!orderOf(scene.before) && !orderOf(scene.after)) return nothingTold();
  const isUnsteady = creatinineIsRising.ask({}, scene.before).value === true;
  const title = 'Vancomycin';
  return bothSides(scene, 'vancomycin-auc24', true, (side) => {
    const order = orderOf(side);
    if (!order) return undefined;
    if (isUnsteady) return { title, why: 'creatinine is rising, and the model holds for a steady one; dose by levels' };
    const regimen = regimenOf(order);
    if ('reason' in regimen) return { title, why: String(regimen.reason) };
    const inputs = inputsFor('vancomycin_one_cpt', side, scene, {
      ...regimen,
      ...(hasProblem(side, ['dialysis']) && { dialysis: true }),
    });
    const estimate = simulateVancomycin(inputs);
    if (isRefused(estimate)) return { title, why: estimate, calculator: 'vancomycin_one_cpt' };
    const exposure = shown(estimate);
    const result = runCalculator('vancomycin_one_cpt', inputs);
    const trough = isRefused(result) ? undefined : result.components?.trough;
    const { points: _, axes: _axes, ...rest } = exposure;
    return [
      exposure,
      ...(typeof trough === 'number'
        ? [
            {
              ...rest,
              id: 'vancomycin-trough',
              outcome: 'Vancomycin trough at steady state',
              value: trough,
              unit: 'mg/L',
            },
          ]
        : []),
    ];
  });
}

function regimenOf(order: Medication): Json | { reason: string } {
  const dose = singleDose(order, 'vancomycin', 'mg');
  if (isUnknown(dose)) return { reason: dose.unknown };
  if (isUnknown(order.timesPerDay)) return { reason: order.timesPerDay.unknown };
  return {
    dose_mg: { value: dose, unit: 'mg', reference: order.reference },
    interval_h: { value: 24 / order.timesPerDay, unit: 'h', reference: order.reference },
  };
}

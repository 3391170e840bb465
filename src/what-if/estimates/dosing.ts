// What a dose or a level would come to: warfarin by IWPC, vancomycin over time. Proposals, never orders.
import { isRefused, runCalculator } from '../../calculators/index.ts';
import type { Medication } from '../../chart/types.ts';
import { simulateVancomycin } from '../../estimates/index.ts';
import { creatinineIsRising } from '../../facts/kidney-steadiness.ts';
import { singleDose } from '../../facts/medication-list.ts';
import { isObject, type Json } from '../../fhir/reading.ts';
import { isKnown, isUnknown, type Unknown } from '../../unknown.ts';
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

const vancomycin = 'vancomycin_one_cpt';

export function vancomycinEstimates(scene: Scene): Told {
  const title = 'Vancomycin';
  const isUnsteady = creatinineIsRising.ask({}, scene.before).value === true;
  const isTouched = !isSame(vancomycinInputs(scene.before, scene), vancomycinInputs(scene.after, scene));
  return bothSides(scene, 'vancomycin-auc24', isTouched, (side) => {
    const inputs = vancomycinInputs(side, scene);
    if (!inputs) return undefined;
    if (isUnsteady) return { title, why: 'creatinine is rising, and the model holds for a steady one; dose by levels' };
    if (isUnknown(inputs)) return { title, why: inputs.unknown };
    const estimate = simulateVancomycin(inputs);
    if (isRefused(estimate)) return { title, why: estimate, calculator: vancomycin };
    const exposure = shown(estimate);
    const result = runCalculator(vancomycin, inputs);
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

/** Undefined where none is given by vein; by mouth it is not absorbed. */
function vancomycinInputs(side: Side, scene: Scene): Json | Unknown | undefined {
  const isByVein = ({ drug }: Medication) => isKnown(drug) && drug.isSystemic && drug.route !== 'oral';
  const order = takenBy(side, ['vancomycin']).find(isByVein);
  if (!order) return undefined;
  const { timesPerDay, reference } = order;
  const dose = singleDose(order, 'vancomycin', 'mg');
  if (isUnknown(dose)) return dose;
  if (isUnknown(timesPerDay)) return timesPerDay;
  return inputsFor(vancomycin, side, scene, {
    dose_mg: { value: dose, unit: 'mg', reference },
    interval_h: { value: 24 / timesPerDay, unit: 'h', reference },
    ...(hasProblem(side, ['dialysis']) && { dialysis: true }),
  });
}

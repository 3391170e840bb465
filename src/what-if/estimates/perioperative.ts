// An anticoagulant paused for surgery: `{"do":"stop","medication":…,"surgery":{"bleedingRisk":"high"}}`. Which surgery it is
// cannot be read from a chart, so nothing is said without the clinician's word.
import { isRefused, runCalculator } from '../../calculators/index.ts';
import { type DoacPause, daysToPause, estimateDoacPause, estimateWarfarinPause } from '../../estimates/index.ts';
import { isObject } from '../../fhir/reading.ts';
import type { Change } from '../change.ts';
import {
  hasProblem,
  inputsFor,
  isStopped,
  nothingTold,
  type Scene,
  type Shown,
  shown,
  type Told,
  whyRefused,
} from './scene.ts';

const doacs = ['apixaban', 'dabigatran', 'rivaroxaban'] as const;

export function perioperativeEstimates(scene: Scene): Told {
  const told = nothingTold();
  for (const change of scene.changes.filter((one) => one.do === 'stop' && isObject(one.surgery))) {
    const outcome = paused(change, scene);
    if (typeof outcome !== 'string') told.after.push(...outcome);
    else told.refused.push({ estimate: 'perioperative-pause', reason: `Pause for surgery: ${outcome}`, change });
  }
  return told;
}

/** The estimates, or why there are none. */
function paused(change: Change, scene: Scene): Shown[] | string {
  const surgery = change.surgery as { bleedingRisk?: unknown; bridged?: unknown };
  const drug = doacs.find((name) => isStopped(scene, [name]));
  const isWarfarin = isStopped(scene, ['warfarin']);
  if (!drug && !isWarfarin) return 'rates were published for warfarin, apixaban, dabigatran and rivaroxaban';
  if (hasProblem(scene.before, ['atrial-fibrillation']) !== true)
    return 'the rates are of people with atrial fibrillation, which is not on the problem list';
  if (hasProblem(scene.before, ['mechanical-valve'], true)) return 'not published for a mechanical valve';
  if (drug) return pausedDoac(drug, surgery.bleedingRisk, scene);
  return typeof surgery.bridged === 'boolean'
    ? estimateWarfarinPause(surgery.bridged).map(shown)
    : 'say whether heparin bridges the pause: "surgery": {"bridged": false}';
}

function pausedDoac(drug: (typeof doacs)[number], risk: unknown, scene: Scene): Shown[] | string {
  if (risk !== 'high' && risk !== 'low-to-moderate')
    return 'say how much the surgery bleeds: "surgery": {"bleedingRisk": "high"} or "low-to-moderate"';
  const clearance = runCalculator('cockcroft_gault', inputsFor('cockcroft_gault', scene.before, scene));
  if (isRefused(clearance)) return whyRefused(clearance, 'cockcroft_gault');
  const pause: DoacPause = { drug, surgery: risk, crclMlMin: clearance.value };
  const [days, rates] = [daysToPause(pause), estimateDoacPause(pause)];
  if (typeof days !== 'number') return whyRefused(days);
  if (isRefused(rates)) return whyRefused(rates);
  const { source, validity } = rates[0]!;
  return [
    {
      id: 'days-without-before-surgery',
      outcome: `Full days without ${drug} before the day of surgery`,
      value: days,
      unit: 'd',
      interval: null,
      horizon: 'before surgery',
      source,
      validity,
      basis: 'cohort rate',
      from: {
        calculator: 'cockcroft_gault',
        version: '1.0.0',
        citation: clearance.citation,
        inputs: clearance.inputs,
      },
    },
    ...rates.map(shown),
  ];
}

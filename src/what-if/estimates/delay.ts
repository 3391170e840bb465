// Waiting: before is treatment now, after is treatment later, by the same model. A risk needs a baseline from a named score or
// the clinician; without one the sepsis model still tells its odds ratio, which is no one's risk.
import {
  type DelayInputs,
  type Estimate,
  estimateDelay,
  isDelayedTreatment,
  isRefused,
  noDelayModel,
  type Refused,
  sepsisModels,
} from '../../estimates/index.ts';
import { isObject, number, text } from '../../fhir/reading.ts';
import { isUnknown } from '../../unknown.ts';
import type { Change } from '../change.ts';
import { hasProblem, nothingTold, type Scene, shown, type Told, whyRefused } from './scene.ts';

export function delayEstimates(scene: Scene): Told {
  const told = nothingTold();
  for (const change of scene.changes.filter((one) => one.do === 'delay')) delayed(change, scene, told);
  return told;
}

function delayed(change: Change, scene: Scene, told: Told): void {
  const treatment = text(change.treatment) ?? '';
  const refuse = (refused: Refused | string) =>
    told.refused.push({
      estimate: treatment,
      reason: `Delay of ${treatment.slice(0, 60)}: ${typeof refused === 'string' ? refused : whyRefused(refused)}`,
      change,
    });
  if (!isDelayedTreatment(treatment)) return void refuse(noDelayModel(treatment));
  const age = scene.before.chart.patient.ageInYears;
  if (isUnknown(age)) return void refuse(`${age.unknown}, and the model holds for adults`);
  if (age < 18) return void refuse('published for adults');

  const hours = number(change.hours)!;
  const missing = whatIsMissing(treatment, change);
  if (missing && treatment !== 'sepsis-antibiotics') return void refuse(missing);
  const at = (delayHours: number): Estimate | Refused => {
    const inputs = inputsOf(treatment, change, scene, delayHours);
    return missing ? oddsRatio(inputs as DelayInputs['sepsis-antibiotics']) : estimateDelay(treatment, inputs);
  };
  const [before, after] = [at(0), at(hours)];
  if (isRefused(before) || isRefused(after)) return void refuse(isRefused(after) ? after : (before as Refused));
  const curve = curveOf(at);
  told.before.push({ ...shown(before), ...curve });
  told.after.push({ ...shown(after), ...curve });
  if (missing && hours > 0) refuse(`${missing} The odds ratio is shown instead of a risk`);
}

function whatIsMissing(treatment: string, change: Change): string | undefined {
  if (treatment === 'stemi-pci')
    return number(change.plannedMinutes) === undefined
      ? 'the time planned now is missing: give "plannedMinutes", door to balloon'
      : undefined;
  if (treatment === 'stroke-thrombolysis' && number(change.onsetToTreatmentHours) === undefined)
    return 'the time from onset is missing: give "onsetToTreatmentHours" as planned now';
  const { baseline } = change;
  const isGiven = isObject(baseline) && number(baseline.pct) !== undefined && text(baseline.from) !== undefined;
  const of =
    treatment === 'stroke-thrombolysis'
      ? 'the chance of a good outcome without treatment'
      : 'the risk of death if treated now';
  return isGiven
    ? undefined
    : `${of} is missing, and no score here gives one. Give "baseline": {"pct": 20, "from": "clinician"}, or the name of the score it is from.`;
}

type Inputs = DelayInputs[keyof DelayInputs];

function inputsOf(treatment: string, change: Change, { before }: Scene, delayHours: number): Inputs {
  const baseline = isObject(change.baseline)
    ? { pct: number(change.baseline.pct) ?? Number.NaN, from: text(change.baseline.from) ?? '' }
    : { pct: Number.NaN, from: '' };
  if (treatment === 'stemi-pci') return { plannedMinutes: number(change.plannedMinutes)!, delayHours };
  if (treatment === 'stroke-thrombolysis')
    return { baseline, onsetToTreatmentHours: number(change.onsetToTreatmentHours)!, delayHours };
  const hasShock = typeof change.shock === 'boolean' ? change.shock : hasProblem(before, ['shock']);
  const [elapsedHours, modelId] = [number(change.elapsedHours), text(change.model)];
  return {
    baseline,
    delayHours,
    ...(hasShock !== undefined && { hasShock }),
    ...(elapsedHours !== undefined && { elapsedHours }),
    ...(modelId && { modelId }),
  };
}

/** The relative effect alone. The model itself checks the window, on a baseline that is thrown away. */
function oddsRatio(inputs: DelayInputs['sepsis-antibiotics']): Estimate | Refused {
  const checked = estimateDelay('sepsis-antibiotics', { ...inputs, baseline: { pct: 50, from: 'placeholder' } });
  if (isRefused(checked)) return checked;
  const { perHour } = sepsisModels.find(({ id }) => id === checked.id)!;
  const { baseline: _, difference: _none, ...rest } = checked;
  const raised = (ratio: number) => ratio ** inputs.delayHours;
  return {
    ...rest,
    id: `${checked.id}-odds-ratio`,
    outcome: `${checked.outcome}, against antibiotics now`,
    value: raised(perHour.value),
    unit: 'odds ratio',
    interval: [raised(perHour.low), raised(perHour.high)],
  };
}

/** The model from now to the end of what was studied, each half hour. The same on both sides: the delay is a place on it. */
function curveOf(at: (hours: number) => Estimate | Refused) {
  const points: { x: number; y: number }[] = [];
  let unit = '%';
  for (let hours = 0; hours <= 24; hours += 0.5) {
    const estimate = at(hours);
    if (isRefused(estimate)) break;
    unit = estimate.unit;
    points.push({ x: hours, y: estimate.value });
  }
  return points.length > 1 ? { points, axes: { x: 'h', y: unit } } : {};
}

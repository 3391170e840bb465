// Stroke and bleeding in atrial fibrillation, as treated before and after.
import { isRefused, runCalculator } from '../../calculators/index.ts';
import { type AfTreatment, estimateAfBleeding, estimateAfStroke } from '../../estimates/index.ts';
import { readings } from '../../facts/results.ts';
import type { Json } from '../../fhir/reading.ts';
import { isKnown } from '../../unknown.ts';
import {
  hasProblem,
  inputsFor,
  isSame,
  medicationChange,
  type NotTold,
  nothingTold,
  type Scene,
  type Shown,
  type Side,
  shown,
  type Told,
  takenBy,
  tellNot,
} from './scene.ts';

export function afEstimates(scene: Scene): Told {
  const told = nothingTold();
  const isTouched = !isSame(treatmentOf(scene.before), treatmentOf(scene.after));
  const change = medicationChange(scene);
  for (const [side, into] of [
    [scene.before, told.before],
    [scene.after, told.after],
  ] as const) {
    if (!hasProblem(side, ['atrial-fibrillation'])) continue;
    for (const outcome of [stroke(side, scene), bleeding(side, scene)]) {
      if (outcome && 'value' in outcome) into.push(outcome);
      else if (outcome && isTouched && side === scene.after) tellNot(told, outcome, change);
    }
  }
  return told;
}

/** Parenteral anticoagulants were not in the trials of stroke prevention. */
function treatmentOf(side: Side): AfTreatment | 'other' {
  if (takenBy(side, ['doacs']).length > 0) return 'doac';
  if (takenBy(side, ['warfarin', 'vitamin-k-antagonists']).length > 0) return 'warfarin';
  if (takenBy(side, ['anticoagulants']).length > 0) return 'other';
  return takenBy(side, ['antiplatelets']).length > 0 ? 'antiplatelet' : 'none';
}

type Outcome = Shown | NotTold;

function stroke(side: Side, scene: Scene): Outcome {
  const refuse = (why: NotTold['why']): NotTold => ({
    estimate: 'af-stroke',
    title: 'Stroke in atrial fibrillation',
    why,
    calculator: 'cha2ds2_vasc',
  });
  if (hasProblem(side, ['mechanical-valve', 'mitral-stenosis'], true))
    return refuse('the score does not hold with a mechanical valve or mitral stenosis');
  const treatment = treatmentOf(side);
  if (treatment === 'other')
    return refuse(
      'no trial tells the effect of the anticoagulant on the list; warfarin, direct oral anticoagulants and antiplatelets have one',
    );
  const estimate = estimateAfStroke(inputsFor('cha2ds2_vasc', side, scene), treatment);
  return isRefused(estimate) ? refuse(estimate) : shown(estimate);
}

/** Only on an anticoagulant: the rates were counted on one. */
function bleeding(side: Side, scene: Scene): Outcome | undefined {
  const treatment = treatmentOf(side);
  if (treatment !== 'warfarin' && treatment !== 'doac') return undefined;
  const { inputs, takenAsAbsent } = hasBledInputs(side, scene, treatment);
  const estimate = estimateAfBleeding(inputs);
  if (isRefused(estimate))
    return { estimate: 'af-major-bleeding', title: 'Major bleeding', why: estimate, calculator: 'has_bled' };
  const score = runCalculator('has_bled', inputs);
  return {
    ...shown(estimate),
    ...(!isRefused(score) && { baseline: { value: score.value, from: 'HAS-BLED' } }),
    ...(takenAsAbsent.length > 0 && {
      warnings: [
        `At least this score: the chart does not tell ${takenAsAbsent.join(', ')}, counted as absent. They can be given as "inputs": {"has_bled": …}`,
      ],
    }),
  };
}

/** HAS-BLED's own definitions, where a chart can answer them. What a chart cannot tell is counted as absent, and said so. */
function hasBledInputs(side: Side, scene: Scene, treatment: AfTreatment): { inputs: Json; takenAsAbsent: string[] } {
  const pressure = newest(side, 'systolic-bp', 'mm[Hg]');
  const creatinine = newest(side, 'creatinine', 'mg/dL');
  const isKidney = hasProblem(side, ['dialysis', 'kidney-transplant']);
  const own: Record<string, boolean | undefined> = {
    uncontrolled_htn: pressure === undefined ? undefined : pressure > 160,
    renal: isKidney || (creatinine === undefined ? undefined : creatinine > 2.26),
    liver: hasProblem(side, ['cirrhosis']),
    bleeding: hasProblem(
      side,
      ['gi-bleed', 'intracranial-bleed', 'active-bleeding', 'bleeding-disorder', 'anemia'],
      true,
    ),
    // Without a vitamin K antagonist there is no INR to be labile.
    labile_inr: treatment === 'doac' ? false : undefined,
    alcohol_ge8_per_week: hasProblem(side, ['alcohol-use']) || undefined,
  };
  const supplied = (scene.given.has_bled ?? {}) as Json;
  const words: Record<string, string> = {
    uncontrolled_htn: 'the blood pressure',
    renal: 'the creatinine',
    labile_inr: 'how steady the INR is',
    alcohol_ge8_per_week: 'the alcohol drunk',
  };
  const open = Object.keys(words).filter((name) => own[name] === undefined && supplied[name] === undefined);
  const answers = Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) =>
      value === undefined && !open.includes(name) ? [] : [[name, value ?? false]],
    ),
  );
  return { inputs: inputsFor('has_bled', side, scene, answers), takenAsAbsent: open.map((name) => words[name]!) };
}

function newest(side: Side, observation: string, unit: string): number | undefined {
  const found = readings(side, observation, unit, 365);
  return isKnown(found) ? found[0]?.value : undefined;
}

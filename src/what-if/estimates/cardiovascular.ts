// PREVENT, and the effect of a statin or of blood pressure treatment that is started. The score is run with the treatments of
// before on both sides: its "treated" terms describe people who are treated, they are not what a treatment does.
import { isRefused } from '../../calculators/index.ts';
import {
  estimateBloodPressure,
  estimateScoreChange,
  estimateStatin,
  type Estimate as Modelled,
  type Refused,
} from '../../estimates/index.ts';
import { readings } from '../../facts/results.ts';
import type { Json } from '../../fhir/reading.ts';
import { isKnown, isUnknown } from '../../unknown.ts';
import { kidneyFunction } from './kidney.ts';
import {
  hasProblem,
  inputsFor,
  isSame,
  isStarted,
  isStopped,
  lacksInputs,
  medicationChange,
  type NotTold,
  nothingTold,
  observedChange,
  type Scene,
  type Shown,
  type Side,
  shown,
  type Told,
  tellNot,
} from './scene.ts';

const calculator = 'prevent_base_10y';
const cardiovascularDisease = [
  'coronary-disease',
  'myocardial-infarction',
  'stroke',
  'heart-failure',
  'peripheral-artery-disease',
];

/** The step the trials were measured by: per 1 mmol/L of LDL, per 10 mm[Hg] of systolic pressure. */
const ldlStep = 1;
const pressureStep = 10;

export function cardiovascularEstimates(scene: Scene): Told {
  const told = nothingTold();
  const { statin, antihypertensive } = inputsFor(calculator, scene.before, scene);
  const treatments = { statin, antihypertensive };
  const inputs = {
    before: { ...preventInputs(scene.before, scene), ...treatments },
    after: { ...preventInputs(scene.after, scene), ...treatments },
  };
  const change = observedChange(scene);
  const isObserved = change !== undefined && !isSame(inputs.before, inputs.after);
  for (const [side, run, into] of [
    [scene.before, inputs.before, told.before],
    [scene.after, inputs.after, told.after],
  ] as const) {
    const outside = outsidePrevent(side);
    const score = outside === undefined ? estimateScoreChange({ calculator, inputs: run }) : undefined;
    if (score && !isRefused(score)) into.push(shown(score));
    // A chart that lacks what the score asks for was not asked for the score; one that leaves its range is told.
    else if (score && isObserved && side === scene.after && !lacksInputs(score)) {
      const about = { estimate: 'prevent-base-10y', title: 'Cardiovascular risk (PREVENT)', calculator };
      tellNot(told, { ...about, why: score }, change);
    }
  }
  addStatin(scene, inputs.before, told);
  addBloodPressure(scene, inputs.before, told);
  return told;
}

function preventInputs(side: Side, scene: Scene): Json {
  const egfr = kidneyFunction(side, scene);
  const reference = egfr?.from?.inputs.find((input) => input.reference?.startsWith('Observation/'))?.reference;
  const own = egfr ? { egfr: { value: egfr.value, unit: egfr.unit, reference } } : {};
  const filled = inputsFor(calculator, side, scene, own);
  return isUnknown(filled.bmi) ? { ...filled, ...bodyMassIndex(side) } : filled;
}

function bodyMassIndex(side: Side): Json {
  const [weight, height] = [readings(side, 'weight', 'kg', 365), readings(side, 'height', 'cm', 5 * 365)];
  if (!isKnown(weight) || !isKnown(height)) return {};
  const [kg, cm] = [weight[0]!, height[0]!];
  return { bmi: { value: kg.value / (cm.value / 100) ** 2, unit: 'kg/m2', reference: kg.entry.reference } };
}

function outsidePrevent(side: Side): string | undefined {
  const has = hasProblem(side, cardiovascularDisease, true);
  if (has === undefined)
    return 'the problem list could not be read, and the score holds only without cardiovascular disease';
  return has ? 'published for people without cardiovascular disease' : undefined;
}

function addStatin(scene: Scene, inputs: Json, told: Told): void {
  const about = { estimate: 'statin-ascvd', title: 'Statin effect', treatment: ['statins'], what: 'a statin' };
  addTreatment(scene, told, about, (isStarted) => {
    const estimate = estimateStatin({ calculator, inputs }, isStarted ? ldlStep : 0);
    return isRefused(estimate) ? estimate : [named(estimate, isStarted, `if LDL falls by ${ldlStep} mmol/L`)];
  });
}

function addBloodPressure(scene: Scene, inputs: Json, told: Told): void {
  const about = {
    estimate: 'blood-pressure-total-cvd',
    title: 'Blood pressure treatment',
    treatment: ['antihypertensives'],
    what: 'blood pressure medication',
  };
  addTreatment(scene, told, about, (isStarted) => {
    const estimates = (['total_cvd', 'stroke'] as const).map((outcome) =>
      estimateBloodPressure({ calculator, inputs }, isStarted ? pressureStep : 0, outcome),
    );
    const refused = estimates.find(isRefused);
    if (refused) return refused;
    const step = `if systolic pressure falls by ${pressureStep} mmHg`;
    return estimates.flatMap((estimate) => (isRefused(estimate) ? [] : [named(estimate, isStarted, step)]));
  });
}

const named = (estimate: Modelled, isStarted: boolean, step: string): Shown =>
  shown(isStarted ? { ...estimate, outcome: `${estimate.outcome}, ${step}` } : estimate);

interface Treatment extends Pick<NotTold, 'estimate' | 'title'> {
  treatment: string[];
  what: string;
}

/** Before is without the treatment, after is with it, on one baseline; nothing is said where the chart holds no baseline. */
function addTreatment(
  scene: Scene,
  told: Told,
  { treatment, what, ...about }: Treatment,
  estimate: (isStarted: boolean) => Shown[] | Refused,
): void {
  const hasStopped = isStopped(scene, treatment);
  if (!hasStopped && !isStarted(scene, treatment)) return;
  const [before, after] = [estimate(false), estimate(true)];
  const outside = hasStopped
    ? `PREVENT already counts ${what} in people who take it; no published model gives the risk after stopping`
    : outsidePrevent(scene.before);
  const why = isRefused(after) && !isCounted(after) ? after : (outside ?? after);
  if (Array.isArray(before) && Array.isArray(after) && !outside) {
    told.before.push(...before);
    told.after.push(...after);
  } else if (typeof why === 'string' || isRefused(why))
    tellNot(told, { ...about, why, calculator }, medicationChange(scene));
}

/** The estimate's own refusal to count a treatment twice; said better where the treatment is stopped. */
const isCounted = ({ refused }: Refused): boolean =>
  refused.every(({ input }) => input === 'statin' || input === 'antihypertensive');

// A statin or blood pressure treatment on a PREVENT risk. Traps: PREVENT already holds treated people, so the baseline must be
// run without the treatment in question; and PREVENT's outcomes are close to the trials', not the same, which validity says.
import { type Estimate, fromCalculator, isRefused, type Refused, refuseEstimate } from './estimate.ts';
import { applyRelativeRisk, perStep, type RelativeRisk } from './relative-effect.ts';

type PreventId = 'prevent_base_10y' | 'prevent_hba1c_10y' | 'prevent_uacr_10y';
type PreventOutcome = 'total_cvd' | 'ascvd' | 'hf' | 'chd' | 'stroke';

const names: Record<PreventOutcome, string> = {
  total_cvd: 'Cardiovascular disease',
  ascvd: 'Atherosclerotic cardiovascular disease',
  hf: 'Heart failure',
  chd: 'Coronary heart disease',
  stroke: 'Stroke',
};

// Per 1 mmol/L of LDL. Major vascular events only: the trials give no effect on heart failure.
const statinPerMmol: RelativeRisk = { value: 0.78, low: 0.76, high: 0.8 };

// Per 10 mm[Hg] of systolic pressure.
const pressurePer10: Partial<Record<PreventOutcome, RelativeRisk>> = {
  total_cvd: { value: 0.8, low: 0.77, high: 0.83 },
  chd: { value: 0.83, low: 0.78, high: 0.88 },
  stroke: { value: 0.73, low: 0.68, high: 0.77 },
  hf: { value: 0.72, low: 0.67, high: 0.78 },
};

const common = { unit: '%', horizon: '10 years', basis: 'randomised trials' } as const;
const khan = 'Khan SS et al. Circulation 2024;149:430-449';

export interface PreventRun {
  readonly calculator?: PreventId;
  readonly inputs: unknown;
}

/** `estimateStatin({ inputs }, 1.0)`: the 10-year ASCVD risk after an LDL fall of 1 mmol/L. */
export function estimateStatin(
  { calculator = 'prevent_base_10y', inputs }: PreventRun,
  ldlFallMmolL: number,
): Estimate | Refused {
  if (!(ldlFallMmolL >= 0 && ldlFallMmolL <= 2))
    return refuseEstimate('ldlFallMmolL', 'the trials lowered LDL by up to 2 mmol/L');
  const run = untreated(calculator, inputs, 'statin');
  if (isRefused(run)) return run;
  const baseline = riskOf(run, 'ascvd');
  return {
    id: 'statin-ascvd',
    outcome: names.ascvd,
    ...common,
    ...applyRelativeRisk(baseline, perStep(statinPerMmol, ldlFallMmolL)),
    source: `${khan}; Cholesterol Treatment Trialists. Lancet 2010;376:1670-1681`,
    validity:
      'Adults of 30 to 79 years without cardiovascular disease and without a statin; trial outcome was major vascular events',
    baseline: { value: baseline, from: calculator },
    from: run.from,
  };
}

/** `estimateBloodPressure({ inputs }, 10, 'total_cvd')`: the 10-year risk after a systolic fall of 10 mm[Hg]. */
export function estimateBloodPressure(
  { calculator = 'prevent_base_10y', inputs }: PreventRun,
  systolicFall: number,
  outcome: PreventOutcome = 'total_cvd',
): Estimate | Refused {
  const perTen = pressurePer10[outcome];
  if (perTen === undefined)
    return refuseEstimate('outcome', `the trials give no effect on ${names[outcome].toLowerCase()}`);
  if (!(systolicFall >= 0 && systolicFall <= 20))
    return refuseEstimate('systolicFall', 'the trials lowered systolic pressure by up to 20 mm[Hg]');
  const run = untreated(calculator, inputs, 'antihypertensive');
  if (isRefused(run)) return run;
  const baseline = riskOf(run, outcome);
  return {
    id: `blood-pressure-${outcome.replaceAll('_', '-')}`,
    outcome: names[outcome],
    ...common,
    ...applyRelativeRisk(baseline, perStep(perTen, systolicFall / 10)),
    source: `${khan}; Ettehad D et al. Lancet 2016;387:957-967`,
    validity:
      'Adults of 30 to 79 years without cardiovascular disease and without blood pressure medication; trial outcomes are close to, not the same as, those of PREVENT',
    baseline: { value: baseline, from: calculator },
    from: run.from,
  };
}

type Run = Exclude<ReturnType<typeof fromCalculator>, Refused>;

function untreated(calculator: PreventId, inputs: unknown, treatment: 'statin' | 'antihypertensive'): Run | Refused {
  const run = fromCalculator(calculator, inputs);
  if (isRefused(run)) return run;
  const isTreated = run.result.inputs.find(({ name }) => name === treatment)?.value === true;
  return isTreated
    ? refuseEstimate(treatment, 'the baseline already holds this treatment; its effect must not be counted twice')
    : run;
}

const riskOf = ({ result }: Run, outcome: PreventOutcome): number => {
  const risk = result.components?.[outcome];
  return typeof risk === 'number' ? risk : Number.NaN;
};

/** The same PREVENT run before and after a change of inputs: what the score says, not what a treatment does. */
export function estimateScoreChange({ calculator = 'prevent_base_10y', inputs }: PreventRun): Estimate | Refused {
  const run = fromCalculator(calculator, inputs);
  if (isRefused(run)) return run;
  return {
    id: calculator.replaceAll('_', '-'),
    outcome: names.total_cvd,
    value: run.result.value,
    unit: '%',
    interval: null,
    horizon: '10 years',
    source: khan,
    validity: 'Adults of 30 to 79 years without cardiovascular disease',
    basis: 'score change',
    from: run.from,
    warnings: ['A change of the score is not the effect of a treatment'],
  };
}

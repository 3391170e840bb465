// Stroke and bleeding in atrial fibrillation, per year. The baseline is the untreated rate of a CHA2DS2-VASc score, the effect
// that of randomised trials against no treatment. DOACs were never tested against nothing, so they are shown with warfarin's
// effect and a sentence about the difference; two trial results are not multiplied.
import { type Estimate, fromCalculator, isRefused, type Refused, refuseEstimate } from './estimate.ts';
import { applyRelativeRisk, type RelativeRisk } from './relative-effect.ts';

export type AfTreatment = 'none' | 'warfarin' | 'doac' | 'antiplatelet';

const hart = 'Hart RG et al. Ann Intern Med 2007;146:857-867';
const effects: Record<AfTreatment, RelativeRisk> = {
  none: { value: 1, low: 1, high: 1 },
  warfarin: { value: 0.36, low: 0.26, high: 0.51 },
  doac: { value: 0.36, low: 0.26, high: 0.51 },
  antiplatelet: { value: 0.78, low: 0.65, high: 0.94 },
};

/** `estimateAfStroke({ …CHA2DS2-VASc inputs }, 'warfarin')` */
export function estimateAfStroke(cha2ds2VascInputs: unknown, treatment: AfTreatment): Estimate | Refused {
  const score = fromCalculator('cha2ds2_vasc', cha2ds2VascInputs);
  if (isRefused(score)) return score;
  const untreated = score.result.components?.stroke_pct_per_year;
  if (typeof untreated !== 'number') return refuseEstimate('cha2ds2_vasc', 'no published rate for this score');
  const isTreated = treatment !== 'none';
  return {
    id: 'af-stroke',
    outcome: isTreated ? `Stroke on ${labels[treatment]}` : 'Ischaemic stroke without anticoagulation',
    unit: '%/a',
    ...(isTreated ? applyRelativeRisk(untreated, effects[treatment]) : { value: untreated, interval: null }),
    horizon: '1 year',
    source: isTreated
      ? `Friberg L et al. Eur Heart J 2012;33:1500-1510; ${hart}`
      : 'Friberg L et al. Eur Heart J 2012;33:1500-1510',
    validity: 'Adults with non-valvular atrial fibrillation; not with a mechanical valve or mitral stenosis',
    basis: isTreated ? 'randomised trials' : 'cohort rate',
    baseline: { value: untreated, from: `CHA2DS2-VASc ${score.result.value}` },
    from: score.from,
    warnings: warningsFor(treatment),
  };
}

const labels: Record<AfTreatment, string> = {
  none: 'no treatment',
  warfarin: 'warfarin',
  doac: 'a direct oral anticoagulant',
  antiplatelet: 'antiplatelet treatment',
};

function warningsFor(treatment: AfTreatment): string[] {
  if (treatment === 'none') return ['The cohort rate has no published interval here'];
  const scope = 'The trials counted all strokes, the baseline ischaemic ones';
  if (treatment !== 'doac') return [scope];
  return [
    scope,
    "Shown with warfarin's effect: against warfarin, DOACs had a relative risk of 0.81 (0.73 to 0.91) for stroke or embolism (Ruff CT et al. Lancet 2014;383:955-962)",
  ];
}

/** Major bleeding on anticoagulation, per year, by HAS-BLED. */
export function estimateAfBleeding(hasBledInputs: unknown): Estimate | Refused {
  const score = fromCalculator('has_bled', hasBledInputs);
  if (isRefused(score)) return score;
  const rate = score.result.components?.major_bleeds_per_100_years;
  if (typeof rate !== 'number')
    return refuseEstimate('has_bled', 'bleeding rates were published for scores of 0 to 5 only');
  return {
    id: 'af-major-bleeding',
    outcome: 'Major bleeding on anticoagulation',
    value: rate,
    unit: '%/a',
    interval: null,
    horizon: '1 year',
    source: 'Pisters R et al. Chest 2010;138:1093-1100',
    validity: 'Adults with atrial fibrillation; few patients had scores of 4 and 5',
    basis: 'cohort rate',
    from: score.from,
  };
}

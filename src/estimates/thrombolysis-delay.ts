// Alteplase by time from onset. Pooled randomised trials, three windows; the last one's interval includes no effect.
// The baseline is the chance of a good outcome without alteplase, from the clinician or a named score.
import { type Baseline, checkBaseline, type Estimate, type Refused, refuseEstimate } from './estimate.ts';
import { afterOddsRatio, type OddsRatio } from './odds.ts';

const windows: readonly { upTo: number; ratio: OddsRatio }[] = [
  { upTo: 3, ratio: { value: 1.75, low: 1.35, high: 2.27 } },
  { upTo: 4.5, ratio: { value: 1.26, low: 1.05, high: 1.51 } },
  { upTo: 6, ratio: { value: 1.15, low: 0.95, high: 1.4 } },
];

export interface ThrombolysisDelay {
  readonly baseline: Baseline;
  /** Onset to treatment as planned now. */
  readonly onsetToTreatmentHours: number;
  readonly delayHours: number;
}

export function delayThrombolysis({
  baseline,
  onsetToTreatmentHours,
  delayHours,
}: ThrombolysisDelay): Estimate | Refused {
  const wrong = checkBaseline(baseline);
  if (wrong) return wrong;
  if (!(delayHours >= 0)) return refuseEstimate('delayHours', 'the delay must be zero hours or more');
  if (!(onsetToTreatmentHours >= 0))
    return refuseEstimate('onsetToTreatmentHours', 'hours from onset must be zero or more');
  const at = (hours: number) => windows.find(({ upTo }) => hours <= upTo)?.ratio;
  const [now, later] = [at(onsetToTreatmentHours), at(onsetToTreatmentHours + delayHours)];
  if (now === undefined || later === undefined) {
    return refuseEstimate(
      'delayHours',
      `${onsetToTreatmentHours + delayHours} hours from onset is outside the 6 hours of the trials`,
    );
  }
  const value = afterOddsRatio(baseline.pct, later.value);
  return {
    id: 'stroke-thrombolysis',
    outcome: 'No significant disability (modified Rankin 0 or 1)',
    value,
    unit: '%',
    interval: [afterOddsRatio(baseline.pct, later.low), afterOddsRatio(baseline.pct, later.high)],
    horizon: '3 to 6 months',
    source: 'Emberson J et al. Lancet 2014;384:1929-1935',
    validity:
      'Adults with acute ischaemic stroke eligible for alteplase, up to 6 hours from onset (6,756 patients in nine trials)',
    basis: 'randomised trials',
    baseline: { value: baseline.pct, from: baseline.from },
    difference: { value: value - afterOddsRatio(baseline.pct, now.value), interval: null },
    warnings: later.low < 1 ? ['After 4.5 hours the trials do not exclude no benefit'] : [],
  };
}

// Stopping an anticoagulant for elective surgery in atrial fibrillation: how long the studied protocol paused, and what happened
// to the patients who followed it. DOACs by PAUSE, warfarin with or without bridging by BRIDGE.
import { type Estimate, type Refused, refuseEstimate } from './estimate.ts';

export type Doac = 'apixaban' | 'dabigatran' | 'rivaroxaban';
export type BleedingRisk = 'low-to-moderate' | 'high';

const pause: Record<Doac, { bleeding: readonly [number, number]; embolism: readonly [number, number] }> = {
  apixaban: { bleeding: [1.35, 2.0], embolism: [0.16, 0.48] },
  dabigatran: { bleeding: [0.9, 1.73], embolism: [0.6, 1.33] },
  rivaroxaban: { bleeding: [1.85, 2.65], embolism: [0.37, 0.82] },
};

export interface DoacPause {
  readonly drug: Doac;
  readonly surgery: BleedingRisk;
  readonly crclMlMin: number;
}

const common = { unit: '%', horizon: '30 days', basis: 'cohort rate' } as const;
const douketis = 'Douketis JD et al. JAMA Intern Med 2019;179:1469-1478 (PAUSE)';

/** Days without the drug before the day of surgery. PAUSE left out apixaban below 25 and the others below 30 mL/min. */
export function daysToPause({ drug, surgery, crclMlMin }: DoacPause): number | Refused {
  const floor = drug === 'apixaban' ? 25 : 30;
  if (!(crclMlMin >= floor)) return refuseEstimate('crclMlMin', `${drug} was not studied below ${floor} mL/min`);
  const isSlow = drug === 'dabigatran' && crclMlMin < 50;
  return (surgery === 'high' ? 2 : 1) * (isSlow ? 2 : 1);
}

/** Two estimates: major bleeding and arterial thromboembolism after pausing as PAUSE did. */
export function estimateDoacPause(v: DoacPause): readonly Estimate[] | Refused {
  const days = daysToPause(v);
  if (typeof days !== 'number') return days;
  const validity = `Atrial fibrillation, elective surgery, ${v.drug} last taken so that ${days} full ${days === 1 ? 'day' : 'days'} pass before the day of surgery, no bridging; not with a mechanical valve`;
  const row = (id: string, outcome: string, [value, high]: readonly [number, number]): Estimate => ({
    id,
    outcome,
    value,
    interval: [0, high],
    source: douketis,
    validity,
    ...common,
    warnings: ['One-sided 95% interval', 'The rate of the whole cohort of this drug'],
  });
  return [
    row('perioperative-major-bleeding', 'Major bleeding', pause[v.drug].bleeding),
    row('perioperative-thromboembolism', 'Arterial thromboembolism', pause[v.drug].embolism),
  ];
}

/** Warfarin stopped 5 days before surgery, with or without dalteparin. BRIDGE had few patients with a CHADS2 above 4. */
export function estimateWarfarinPause(isBridged: boolean): readonly Estimate[] {
  const shared = {
    ...common,
    basis: 'randomised trials',
    interval: null,
    source: 'Douketis JD et al. N Engl J Med 2015;373:823-833 (BRIDGE)',
    validity:
      'Atrial fibrillation on warfarin, elective surgery; not with a mechanical valve, stroke within 12 weeks, or creatinine clearance below 30 mL/min; few patients had a CHADS2 score above 4',
  } as const;
  return [
    {
      id: 'perioperative-major-bleeding',
      outcome: 'Major bleeding',
      value: isBridged ? 3.2 : 1.3,
      ...shared,
      warnings: ['Without bridging: relative risk 0.41 (0.20 to 0.78)'],
    },
    {
      id: 'perioperative-thromboembolism',
      outcome: 'Arterial thromboembolism',
      value: isBridged ? 0.3 : 0.4,
      ...shared,
      warnings: ['Without bridging: 0.1 points more (-0.6 to 0.8), not inferior'],
    },
  ];
}

// Door-to-balloon time and death in STEMI. The paper prints adjusted mortality at six times; between them a straight line.
import { type Estimate, type Refused, refuseEstimate } from './estimate.ts';

const printed: readonly (readonly [minutes: number, pct: number])[] = [
  [30, 3.0],
  [60, 3.5],
  [90, 4.3],
  [120, 5.6],
  [150, 7.0],
  [180, 8.4],
];

export interface StemiDelay {
  /** Door to balloon as planned now. */
  readonly plannedMinutes: number;
  readonly delayHours: number;
}

/** `delayPrimaryPci({ plannedMinutes: 60, delayHours: 1 })` is 5.6%, 2.1 points more. */
export function delayPrimaryPci({ plannedMinutes, delayHours }: StemiDelay): Estimate | Refused {
  if (!(delayHours >= 0)) return refuseEstimate('delayHours', 'the delay must be zero hours or more');
  const now = mortalityAt(plannedMinutes);
  const later = mortalityAt(plannedMinutes + 60 * delayHours);
  if (now === undefined || later === undefined) {
    return refuseEstimate('plannedMinutes', 'door-to-balloon time was published for 30 to 180 minutes');
  }
  return {
    id: 'stemi-door-to-balloon',
    outcome: 'Death in hospital',
    value: later,
    unit: '%',
    interval: null,
    horizon: 'hospital stay',
    source: 'Rathore SS et al. BMJ 2009;338:b1807',
    validity:
      'Adults with STEMI having primary PCI, door to balloon 30 to 180 minutes; adjusted average of 43,801 patients, not this patient',
    basis: 'observational association',
    baseline: { value: now, from: `the same table at ${plannedMinutes} minutes` },
    difference: { value: later - now, interval: null },
    warnings: ['An association, not a proven effect of waiting', 'The paper prints no interval for these values'],
  };
}

function mortalityAt(minutes: number): number | undefined {
  const upper = printed.findIndex(([at]) => at >= minutes);
  const [high, low] = [printed[upper], printed[upper - 1]];
  if (high === undefined || !(minutes >= 30)) return undefined;
  if (low === undefined || high[0] === minutes) return high[1];
  return low[1] + ((high[1] - low[1]) * (minutes - low[0])) / (high[0] - low[0]);
}

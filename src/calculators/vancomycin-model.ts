// One compartment, intermittent infusion: the mathematics that the calculators and the simulation share.

export interface Regimen {
  readonly doseMg: number;
  readonly intervalH: number;
  readonly infusionH: number;
  readonly loadingDoseMg?: number;
}
export interface Kinetics {
  readonly clearanceLPerH: number;
  readonly volumeL: number;
}

export const auc24 = ({ doseMg, intervalH }: Regimen, { clearanceLPerH }: Kinetics): number =>
  (doseMg * 24) / intervalH / clearanceLPerH;

export function steadyState({ doseMg, intervalH, infusionH }: Regimen, { clearanceLPerH, volumeL }: Kinetics) {
  const ke = clearanceLPerH / volumeL;
  const peak =
    ((doseMg / infusionH / clearanceLPerH) * (1 - Math.exp(-ke * infusionH))) / (1 - Math.exp(-ke * intervalH));
  return { peak, trough: peak * Math.exp(-ke * (intervalH - infusionH)) };
}

/** Concentration at an hour after the first dose began: each dose adds its own curve. */
export function concentrationAt(hour: number, regimen: Regimen, { clearanceLPerH, volumeL }: Kinetics): number {
  const ke = clearanceLPerH / volumeL;
  let sum = 0;
  for (let start = 0, isFirst = true; start <= hour; start += regimen.intervalH, isFirst = false) {
    const dose = isFirst ? (regimen.loadingDoseMg ?? regimen.doseMg) : regimen.doseMg;
    const elapsed = hour - start;
    const infused = Math.min(elapsed, regimen.infusionH);
    const atEnd = (dose / regimen.infusionH / clearanceLPerH) * (1 - Math.exp(-ke * infused));
    sum += atEnd * Math.exp(-ke * (elapsed - infused));
  }
  return sum;
}

/** Points [hour, mg/L] to draw: every half hour, and the end of each infusion so that the peaks are not cut off. */
export function curve(regimen: Regimen, kinetics: Kinetics, hours: number): readonly (readonly [number, number])[] {
  const times = new Set<number>();
  for (let hour = 0; hour <= hours; hour += 0.5) times.add(hour);
  for (let start = 0; start < hours; start += regimen.intervalH) {
    if (start + regimen.infusionH <= hours) times.add(start + regimen.infusionH);
  }
  return [...times].sort((a, b) => a - b).map((hour) => [hour, concentrationAt(hour, regimen, kinetics)] as const);
}

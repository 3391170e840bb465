// Infusions that hold the circulation up, with their rate where the order says one. An injector for emergencies at home is not one.
import type { Medication } from '../chart/types.ts';
import { type Json, list, number, object, text } from '../fhir/reading.ts';
import { isUnknown } from '../unknown.ts';
import type { Because, FactContext } from './define.ts';
import { asBecause, isTaken, matches } from './medication-list.ts';
import { readings } from './results.ts';

export type Vasopressor = 'norepinephrine' | 'epinephrine' | 'dopamine' | 'dobutamine';
const names: Vasopressor[] = ['norepinephrine', 'epinephrine', 'dopamine', 'dobutamine'];

export interface Infusion {
  drug: Vasopressor;
  /** ug/kg/min; undefined where the order does not say, or the weight is not known. */
  rate?: number;
  because: Because;
}

/** Running now by the medication list; an order older than a week is not believed to run still. */
export function vasopressors(context: FactContext): Infusion[] {
  const { medications, now } = context.chart;
  if (isUnknown(medications)) return [];
  return medications.flatMap((entry): Infusion[] => {
    const drug = names.find((name) => matches(entry, [name]));
    if (!drug || entry.standing !== 'active' || !isTaken(entry) || entry.isAsNeeded) return [];
    if (entry.start && now.getTime() - entry.start.getTime() > 7 * 86_400_000) return [];
    const running = rateOf(entry, context);
    return running
      ? [{ drug, ...(running.rate !== undefined && { rate: running.rate }), because: asBecause(entry) }]
      : [];
  });
}

const perMinute = /(\d+(?:\.\d+)?)\s*(mcg|ug|µg|μg|micrograms?|mg)\s*(\/\s*kg)?\s*\/\s*(min|h)/i;

/** Undefined where nothing says that it is an infusion. */
function rateOf(entry: Medication, context: FactContext): { rate?: number } | undefined {
  const dosages = list((entry.resource as unknown as Json).dosageInstruction);
  const said = dosages.map((dosage) => text(dosage.text) ?? '').join(' ');
  const quantity = dosages
    .flatMap((dosage) => [...list(dosage.doseAndRate), dosage])
    .map((one) => object(one.rateQuantity))
    .find((one) => one !== undefined);
  const written = quantity
    ? perMinute.exec(`${number(quantity.value) ?? ''} ${text(quantity.code) ?? text(quantity.unit) ?? ''}`)
    : perMinute.exec(said);
  if (!written) return quantity || /infusion|drip|continuous|titrat/i.test(`${said} ${entry.text}`) ? {} : undefined;
  const [, value, unit, perKg, time] = written;
  const micrograms = Number(value) * (/^mg$/i.test(unit!) ? 1000 : 1) * (/^h/i.test(time!) ? 1 / 60 : 1);
  if (perKg) return { rate: micrograms };
  const weights = readings(context, 'weight', 'kg', 30);
  return isUnknown(weights) ? {} : { rate: micrograms / weights[0]!.value };
}

/** Points of the circulation in SOFA (Vincent 1996), at least: without a rate the lowest band of the drug. */
export function vasopressorPoints(infusions: readonly Infusion[]): number {
  return Math.max(
    0,
    ...infusions.map(({ drug, rate = 0 }) => {
      if (drug === 'dobutamine') return 2;
      if (drug === 'dopamine') return rate > 15 ? 4 : rate > 5 ? 3 : 2;
      return rate > 0.1 ? 4 : 3;
    }),
  );
}

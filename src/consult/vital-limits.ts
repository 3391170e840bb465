// Vital signs seldom come with a reference range. For adults these limits say high and low where the record does not;
// they are the usual ones of early-warning charts (NEWS2 outer bands, office blood pressure 140/90).
import type { Observation } from '../chart/types.ts';

const limits: { codes: string[]; units: string[]; low?: number; high?: number }[] = [
  { codes: ['8867-4'], units: ['/min', '{beats}/min', 'beats/min', 'bpm'], low: 50, high: 100 },
  { codes: ['9279-1'], units: ['/min', '{breaths}/min', 'breaths/min'], low: 12, high: 20 },
  { codes: ['2708-6', '59408-5'], units: ['%'], low: 94 },
  { codes: ['8310-5', '8331-1', '8328-7', '8332-9'], units: ['Cel'], low: 35, high: 37.9 },
  { codes: ['8310-5', '8331-1', '8328-7', '8332-9'], units: ['[degF]'], low: 95, high: 100.3 },
  { codes: ['8480-6'], units: ['mm[Hg]', 'mmHg'], low: 90, high: 139.99 },
  { codes: ['8462-4'], units: ['mm[Hg]', 'mmHg'], low: 50, high: 89.99 },
];

export function adultReading({ codings, quantity }: Observation): 'high' | 'low' | 'normal' | undefined {
  if (!quantity || quantity.comparator) return undefined;
  const found = limits.find(
    ({ codes, units }) =>
      codings.some(({ code }) => code !== undefined && codes.includes(code)) &&
      units.some((unit) => unit === quantity.code || unit === quantity.unit),
  );
  if (!found) return undefined;
  if (found.high !== undefined && quantity.value > found.high) return 'high';
  return found.low !== undefined && quantity.value < found.low ? 'low' : 'normal';
}

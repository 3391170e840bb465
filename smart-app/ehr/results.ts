// Results as the chart lists them: the newest of each kind, without what was withdrawn.
import { plainUnit } from '../shared/units.ts';
import type { Resource } from './types.ts';

const nameOf = (one: Resource): string =>
  one.code?.text ?? one.code?.coding?.[0]?.display ?? one.code?.coding?.[0]?.code ?? 'Result';
const keyOf = (one: Resource): string =>
  one.code?.coding?.find((coding: { system?: string }) => coding.system === 'http://loinc.org')?.code ?? nameOf(one);

/** Newest first, one of each code. */
export function latest(observations: Resource[]): Resource[] {
  const seen = new Set<string>();
  return observations
    .filter(({ status }) => status !== 'entered-in-error' && status !== 'cancelled')
    .sort((a, b) => String(b.effectiveDateTime ?? '').localeCompare(String(a.effectiveDateTime ?? '')))
    .filter((one) => {
      const key = keyOf(one);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

/** Out of range first, then as they came. */
export const byConcern = (observations: Resource[]) =>
  [...observations].sort((a, b) => Number(flagOf(a) === undefined) - Number(flagOf(b) === undefined));

export const resultName = nameOf;

export function quantityText(one: Resource): string {
  const quantity = one.valueQuantity;
  if (quantity) return `${quantity.comparator ?? ''}${quantity.value} ${plainUnit(quantity.unit ?? '')}`.trim();
  return one.valueString ?? one.valueCodeableConcept?.text ?? one.valueDateTime ?? '';
}

const WORDS: Record<string, string> = {
  H: 'High',
  HH: 'Very high',
  L: 'Low',
  LL: 'Very low',
  A: 'Abnormal',
  AA: 'Abnormal',
  POS: 'Positive',
};

/** A word and a sign; undefined when nothing is out of range. */
export function flagOf(one: Resource): { word: string; mark: string; isCritical: boolean } | undefined {
  const code = one.interpretation?.[0]?.coding?.[0]?.code as string | undefined;
  const word = code ? WORDS[code] : undefined;
  if (!word) return undefined;
  return {
    word,
    mark: code!.startsWith('H') ? '▲' : code!.startsWith('L') ? '▼' : '●',
    isCritical: code!.length === 2 && code !== 'AA',
  };
}

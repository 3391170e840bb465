// Results as rows of a trend: one row for each code and unit, with the lab's own range. Pure.
import { plainName } from '../shared/drug-name.ts';
import { plainUnit } from '../shared/units.ts';
import { conceptText } from './cards-state.ts';
import type { Resource } from './session.ts';

export interface Point {
  at: number;
  when: string;
  value: number;
  /** "<" and the like: shown in the table, left out of the line. */
  comparator?: string;
  flag?: 'high' | 'low';
  isCritical: boolean;
  reference: string;
}

export interface TrendRow {
  key: string;
  name: string;
  unit: string;
  points: Point[];
  range: { low?: number; high?: number };
  flag?: 'high' | 'low';
  /** The lab called the last value dangerous. */
  isCritical: boolean;
  change?: string;
}

interface Quantity {
  value?: number;
  unit?: string;
  code?: string;
  comparator?: string;
}

interface Measured extends Resource {
  status?: string;
  code?: { coding?: { code?: string }[] };
  effectiveDateTime?: string;
  effectiveInstant?: string;
  effectivePeriod?: { start?: string };
  valueQuantity?: Quantity;
  component?: { code?: { coding?: { code?: string }[] }; valueQuantity?: Quantity; referenceRange?: Range[] }[];
  referenceRange?: Range[];
  interpretation?: { coding?: { code?: string }[] }[];
}

interface Range {
  low?: Quantity;
  high?: Quantity;
  type?: { coding?: { code?: string }[] };
}

// Most urgent first: what a clinician looks for at night.
const usualOrder = [
  '2160-0',
  '98979-8',
  '33914-3',
  '62238-1',
  '2823-3',
  '6298-4',
  '2951-2',
  '6301-6',
  '2524-7',
  '718-7',
  '777-3',
  '6690-2',
  '4548-4',
  '8480-6',
  '8462-4',
  '8867-4',
  '8310-5',
  '59408-5',
  '2708-6',
  '29463-7',
];

const notSaid = new Set(['entered-in-error', 'cancelled', 'registered']);
const dayMs = 86_400_000;

export function trendRows(observations: Resource[], now: Date, months: number): TrendRow[] {
  const since = now.getTime() - months * 30.44 * dayMs;
  const rows = new Map<string, TrendRow & { code: string; lastRange?: Range }>();
  for (const observation of observations as Measured[]) {
    if (notSaid.has(observation.status ?? '')) continue;
    const when =
      observation.effectiveDateTime ?? observation.effectiveInstant ?? observation.effectivePeriod?.start ?? '';
    const at = new Date(when).getTime();
    if (!Number.isFinite(at) || at < since || at > now.getTime() + dayMs) continue;
    const parts = [
      observation,
      ...(observation.component ?? []).map((part) => ({ ...part, id: observation.id })),
    ] as Measured[];
    for (const part of parts) {
      const { value, comparator, code: unitCode, unit } = part.valueQuantity ?? {};
      const code = part.code?.coding?.[0]?.code ?? conceptText(part.code);
      if (typeof value !== 'number' || !Number.isFinite(value) || !code) continue;
      // Two units are two rows: joining them would draw a fall or a rise that never was.
      const shownUnit = plainUnit(unitCode ?? unit ?? '');
      const key = `${code} ${shownUnit}`;
      const row = rows.get(key) ?? {
        key,
        code,
        name: shortName(conceptText(part.code)),
        unit: shownUnit,
        points: [],
        range: {},
        isCritical: false,
      };
      const range = ownRange(part.referenceRange);
      row.points.push({
        at,
        when,
        value,
        comparator,
        flag: flagOf(value, range, part),
        isCritical: codesOf(part).some((one) => /^(?:HH|LL|HU|LU)$/.test(one)),
        reference: `Observation/${observation.id}`,
      });
      rows.set(key, row);
      if (range && at >= Math.max(...row.points.map((point) => point.at))) row.lastRange = range;
    }
  }
  return [...rows.values()]
    .map(({ lastRange, code, ...row }) => {
      const points = row.points.sort((a, b) => a.at - b.at);
      const last = points.at(-1)!;
      return {
        ...row,
        code,
        points,
        range: { low: lastRange?.low?.value, high: lastRange?.high?.value },
        flag: last.flag,
        isCritical: last.isCritical,
        change: changeText(points, now),
      };
    })
    .sort(
      (a, b) =>
        Number(b.isCritical) - Number(a.isCritical) || rankOf(a.code) - rankOf(b.code) || a.name.localeCompare(b.name),
    )
    .map(({ code: _, ...row }) => row);
}

const rankOf = (code: string) => (usualOrder.indexOf(code) + 1 || 99) - 1;

/** "Creatinine [Mass/volume] in Serum or Plasma" is "Creatinine" on a narrow screen. */
export const shortName = (name: string) =>
  name
    .replace(/\s*\[[^\]]*\].*$/, '')
    .replace(/ (in|by) (Serum|Blood|Plasma|Urine).*$/, '')
    .trim() || name;

/** The range this lab printed for this result; other kinds (critical, therapeutic) are not "normal". */
const ownRange = (ranges: Range[] | undefined) =>
  ranges?.find(({ type, low, high }) => (low || high) && (!type || type.coding?.some(({ code }) => code === 'normal')));

const codesOf = ({ interpretation }: Measured) =>
  (interpretation ?? []).flatMap(({ coding }) => coding ?? []).map(({ code }) => code ?? '');

function flagOf(value: number, range: Range | undefined, measured: Measured): 'high' | 'low' | undefined {
  const said = codesOf(measured);
  if (said.some((code) => /^H{1,2}$|^HU$/.test(code))) return 'high';
  if (said.some((code) => /^L{1,2}$|^LU$/.test(code))) return 'low';
  if (range?.high?.value !== undefined && value > range.high.value) return 'high';
  if (range?.low?.value !== undefined && value < range.low.value) return 'low';
  return undefined;
}

export const shownNumber = (value: number): string => {
  const size = Math.abs(value);
  const text = size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
  return (text.includes('.') ? text.replace(/\.?0+$/, '') : text).replace('-', '−');
};

function changeText(points: Point[], now: Date): string | undefined {
  const drawn = points.filter(({ comparator }) => !comparator);
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (!first || !last || first === last) return 'one value';
  const difference = last.value - first.value;
  const span = Math.round((now.getTime() - first.at) / dayMs);
  const over = span < 2 ? 'today' : span < 60 ? `in ${span} d` : `in ${Math.round(span / 30.44)} mo`;
  return Math.abs(difference) < 1e-9
    ? `unchanged ${over}`
    : `${difference > 0 ? '+' : ''}${shownNumber(difference)} ${over}`;
}

/** The shortest span that still holds most of what was measured more than once: five days of rising creatinine are not lost in half a year. */
export function spanFor(observations: Resource[], now: Date): 1 | 6 | 24 {
  const repeated = trendRows(observations, now, 24).filter(({ points }) => points.length > 1);
  const ages = repeated.flatMap(({ points }) => points.map(({ at }) => (now.getTime() - at) / dayMs));
  const within = (days: number) => ages.filter((age) => age <= days).length;
  if (!ages.length) return 6;
  if (within(30) >= ages.length * 0.75) return 1;
  return within(183) >= ages.length * 0.4 ? 6 : 24;
}

export interface DrugStart {
  at: number;
  text: string;
}

export function drugStarts(medications: Resource[], now: Date, months: number): DrugStart[] {
  const since = now.getTime() - months * 30.44 * dayMs;
  return medications
    .map((one) => ({
      at: new Date(String(one.authoredOn ?? '')).getTime(),
      text: plainName(conceptText(one.medicationCodeableConcept)),
    }))
    .filter(({ at, text }) => text && at >= since && at <= now.getTime())
    .sort((a, b) => a.at - b.at);
}

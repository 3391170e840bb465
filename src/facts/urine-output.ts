// Urine as it is charted: amounts since the last entry, or a collection of 24 hours. A span counts only when entries cover it:
// an amount belongs to the time since the entry before.
import type { Observation } from '../chart/types.ts';
import { convertQuantity } from '../terminology/units.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import type { Because, FactContext } from './define.ts';
import { because, readings } from './results.ts';

export interface UrineOutput {
  mlPerHour: number;
  /** How long the entries cover, at least the span that was asked for. */
  hours: number;
  because: Because;
}

const amountCodes = ['9187-6'];
const amountName = /^urine (output|volume|amount)/i;
const hour = 3_600_000;

interface Amount {
  entry: Observation;
  ml: number;
}

/** The rate over the newest `span` hours or more; the newest entry is at most 6 hours old. */
export function urineOutput(context: FactContext, span: number): UrineOutput | undefined {
  const { now } = context.chart;
  const entries = amounts(context);
  const newest = entries[0];
  if (newest && now.getTime() - newest.entry.when!.getTime() <= 6 * hour) {
    const until = newest.entry.when!.getTime();
    const from = entries.findIndex(({ entry }) => until - entry.when!.getTime() >= span * hour - 1);
    const hours = from > 0 ? (until - entries[from]!.entry.when!.getTime()) / hour : 0;
    // Two entries far apart are a gap in the chart, not a dry day.
    if (from >= 2 && hours <= span * 1.5) {
      const total = entries.slice(0, from).reduce((sum, { ml }) => sum + ml, 0);
      return {
        mlPerHour: total / hours,
        hours,
        because: {
          text: `Urine ${Math.round(total)} mL in ${Math.round(hours)} hours`,
          when: newest.entry.when,
          reference: newest.entry.reference,
        },
      };
    }
  }
  if (span > 24) return undefined;
  const day = readings(context, 'urine-output-24h', 'mL', 1.25);
  if (isUnknown(day)) return undefined;
  return { mlPerHour: day[0]!.value / 24, hours: 24, because: because(day[0]!, 'Urine in 24 hours', 'mL') };
}

/** Newest first; one time once. */
function amounts({ chart }: FactContext): Amount[] {
  const coded = chart.observations(amountCodes);
  const named = isKnown(chart.vitals)
    ? chart.vitals.filter(
        ({ text, codings }) => amountName.test(text) && !codings.some(({ code }) => code === '9192-6'),
      )
    : [];
  const seen = new Set<number>();
  return [...new Set([...(isKnown(coded) ? coded : []), ...named])]
    .flatMap((entry) => {
      if (!entry.quantity || entry.quantity.comparator || !entry.when || entry.when > chart.now) return [];
      const ml = convertQuantity(entry.quantity, 'mL', '9187-6');
      if (isUnknown(ml) || seen.has(entry.when.getTime())) return [];
      seen.add(entry.when.getTime());
      return [{ entry, ml }];
    })
    .sort((a, b) => b.entry.when!.getTime() - a.entry.when!.getTime());
}

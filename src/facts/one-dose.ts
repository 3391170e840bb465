// How many administrations an order is for, where it says so: "2 g once before incision", "every hour for 4 doses".
import type { Medication } from '../chart/types.ts';
import { codings, list, number, object, text } from '../fhir/reading.ts';
import { isUnknown } from '../unknown.ts';

const once = /\b(?:once|one[- ]time|single dose|1 dose|one dose|x\s?1|stat)\b/;
const counted = /\b(?:for|x|×)\s*(\d{1,2})\s*doses?\b/;

export function dosesOrdered({ resource, timesPerDay }: Medication): number | undefined {
  const lines = list('dosageInstruction' in resource ? resource.dosageInstruction : undefined);
  const [line] = lines;
  if (!line || lines.length > 1) return undefined;
  const timing = object(line.timing);
  const count = number(object(timing?.repeat)?.count);
  if (count !== undefined && count > 0) return count;
  const words = (text(line.text) ?? '').toLowerCase();
  const said = Number(counted.exec(words)?.[1]);
  if (said > 0) return said;
  // "Once daily" says how often, which the chart has read.
  if (!isUnknown(timesPerDay)) return undefined;
  const codes = [
    text(object(timing?.code)?.text),
    ...codings(timing?.code).flatMap(({ code, display }) => [code, display]),
  ];
  return [words, ...codes].some((saying) => saying !== undefined && once.test(saying.toLowerCase())) ? 1 : undefined;
}

export const isOneDose = (entry: Medication): boolean => dosesOrdered(entry) === 1;

// Signs that put a person ahead in the queue: the shock index, and a child's heart and breathing rate against its age.
import { z } from 'zod';
import { isUnknown } from '../unknown.ts';
import { cannotSay, defineFact } from './define.ts';
import { because, readings } from './results.ts';

const nothing = z.strictObject({});
const hour = 3_600_000;

/** Heart rate over systolic pressure, of one set: taken within an hour of each other, in the last six. */
export const shockIndex = defineFact<z.infer<typeof nothing>>({
  id: 'shockIndex',
  question: 'What is the shock index (heart rate over systolic pressure) by the newest pair of the last 6 hours?',
  answers: 'a number',
  params: nothing,
  ask: (_, context) => {
    const heart = readings(context, 'heart-rate', '/min', 0.25);
    if (isUnknown(heart)) return cannotSay(heart);
    const pressure = readings(context, 'systolic-bp', 'mm[Hg]', 0.25);
    if (isUnknown(pressure)) return cannotSay(pressure);
    const [rate, systolic] = [heart[0]!, pressure[0]!];
    if (Math.abs(rate.entry.when!.getTime() - systolic.entry.when!.getTime()) > hour)
      return cannotSay('heart rate and blood pressure were not taken together');
    const value = rate.value / systolic.value;
    return {
      value,
      because: [because(rate, 'Heart rate', '/min'), because(systolic, 'Systolic pressure', 'mm[Hg]')],
      names: { shockIndex: value.toFixed(2) },
    };
  },
});

/** Fleming S et al. Lancet 2011;377:1011-1018: first and 99th centile of heart and breathing rate at rest, from an age in months. */
const centiles: [fromMonths: number, heart: [low: number, high: number], breathing: [low: number, high: number]][] = [
  [0, [107, 181], [25, 66]],
  [3, [104, 175], [24, 64]],
  [6, [98, 168], [23, 61]],
  [9, [93, 161], [22, 58]],
  [12, [88, 156], [21, 53]],
  [18, [82, 149], [19, 46]],
  [24, [76, 142], [18, 38]],
  [36, [70, 136], [17, 33]],
  [48, [65, 131], [17, 29]],
  [72, [59, 123], [16, 27]],
  [96, [52, 115], [14, 25]],
  [144, [47, 108], [12, 23]],
  [180, [43, 104], [11, 22]],
];

const ofAge = z.strictObject({
  sign: z.enum(['heart-rate', 'respiratory-rate']),
  side: z.enum(['above', 'below']).meta({ description: 'above the 99th or below the first centile' }),
});

export const vitalBeyondCentile = defineFact<z.infer<typeof ofAge>>({
  id: 'vitalBeyondCentile',
  question: "Is a child's {sign} of the last 6 hours {side} what 98 of 100 children of that age have at rest?",
  answers: 'yes or no',
  params: ofAge,
  ask: ({ sign, side }, context) => {
    const { ageInDays } = context.chart.patient;
    if (isUnknown(ageInDays)) return cannotSay(ageInDays);
    const months = ageInDays / 30.4375;
    if (months >= 216) return cannotSay('centiles are for people under 18');
    const found = readings(context, sign, '/min', 0.25);
    if (isUnknown(found)) return cannotSay(found);
    const [, heart, breathing] = centiles.findLast(([from]) => months >= from)!;
    const [low, high] = sign === 'heart-rate' ? heart : breathing;
    const newest = found[0]!;
    const isBeyond = side === 'above' ? newest.value > high : newest.value < low;
    const title = sign === 'heart-rate' ? 'Heart rate' : 'Breathing rate';
    return {
      value: isBeyond,
      because: isBeyond ? [because(newest, title, '/min')] : [],
      names: isBeyond
        ? {
            [sign === 'heart-rate' ? 'childHeart' : 'childBreathing']:
              `${title.toLowerCase()} ${Math.round(newest.value)} (${side === 'above' ? `over ${high}` : `under ${low}`})`,
          }
        : {},
    };
  },
});

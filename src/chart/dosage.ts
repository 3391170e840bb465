// What an order's instructions say: how much, how often, for how long. Coded members first; the free text is read only
// where its meaning is plain ("1 tab twice daily, 7 d"). What cannot be read is Unknown.
import { codings, isObject, type Json, list, number, object, text } from '../fhir/reading.ts';
import { isUnknown, type Unknown, unknown } from '../unknown.ts';
import type { DoseAmount } from './types.ts';

export interface Dosage {
  dose: DoseAmount | Unknown;
  timesPerDay: number | Unknown;
  durationInDays: number | Unknown;
  isAsNeeded: boolean;
}

const daysPerUnit: Record<string, number> = {
  s: 1 / 86_400,
  min: 1 / 1440,
  h: 1 / 24,
  d: 1,
  wk: 7,
  mo: 30.4375,
  a: 365.25,
};

/** HL7 GTSAbbreviation and the Latin that clinicians write. */
const timesPerDayByCode: Record<string, number> = {
  QD: 1,
  OD: 1,
  DAILY: 1,
  QAM: 1,
  QPM: 1,
  QHS: 1,
  HS: 1,
  BED: 1,
  AM: 1,
  PM: 1,
  BID: 2,
  BD: 2,
  TID: 3,
  TDS: 3,
  QID: 4,
  QDS: 4,
  QOD: 0.5,
  Q1H: 24,
  Q2H: 12,
  Q3H: 8,
  Q4H: 6,
  Q6H: 4,
  Q8H: 3,
  Q12H: 2,
  Q24H: 1,
  Q48H: 0.5,
  Q72H: 1 / 3,
  WK: 1 / 7,
  WEEKLY: 1 / 7,
  MO: 1 / 30.4375,
};

const numberWords: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  ten: 10,
  twelve: 12,
  half: 0.5,
  once: 1,
  twice: 2,
  thrice: 3,
};
const counted = 'once|twice|thrice|(?:one|two|three|four|five|six|\\d+)\\s*(?:times?|x)';
const countOf = (said: string): number =>
  numberWords[/^[a-z]+/.exec(said)?.[0] ?? ''] ?? Number(/^\d+/.exec(said)?.[0]);

const textFrequencies: [RegExp, (match: RegExpMatchArray) => number][] = [
  [/\bevery other day\b|\balternate days\b|\bqod\b/, () => 0.5],
  // Before "three times": "three times a week" is not three a day.
  [new RegExp(`\\b(${counted})\\s*(?:(?:a|per|each|every|\\/)\\s*week|weekly)\\b`), (m) => countOf(m[1]!) / 7],
  [/\bevery\s+other\s+week\b/, () => 1 / 14],
  [/\bevery\s+(\d+)\s*(weeks?|wks?|months?)\b/, (m) => 1 / (Number(m[1]) * (m[2]!.startsWith('w') ? 7 : 30.4375))],
  [
    /\b(?:once|one time|1 time|1x)\s*(?:a|per|each|\/)\s*week\b|\b(?:once )?weekly\b|\bevery week\b|\bq\s?week\b/,
    () => 1 / 7,
  ],
  // "every Monday", "on Mondays and Thursdays": as often as days are named.
  [/\b(?:every|each|on)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b/, (m) => weekdaysIn(m.input ?? '') / 7],
  [/\bmonthly\b|\bonce a month\b/, () => 1 / 30.4375],
  [
    /\bevery\s+(\d+)\s*(?:(?:-|–|to)\s*\d+\s*)?(?:h|hr|hrs|hours?)\b|\bq\s?(\d+)\s?(?:(?:-|–|to)\s?\d+\s?)?h(?:rs?|ours?)?\b/,
    (m) => 24 / Number(m[1] ?? m[2]),
  ],
  [/\bevery\s+(two|three|four|six|eight|twelve)\s+hours?\b/, (m) => 24 / numberWords[m[1]!]!],
  [/\bevery\s+(\d+)\s*days?\b/, (m) => 1 / Number(m[1])],
  [/\b(five|six|seven|eight|\d+)\s*(?:times|x)\s*(?:(?:a|per|each|\/)?\s*(?:day|daily))\b/, (m) => countOf(m[1]!)],
  [/\b(?:four times|4 times|4x|qid|qds)\b(?:\s*(?:a|per|\/)?\s*(?:day|daily))?/, () => 4],
  [/\b(?:three times|3 times|3x|tid|tds)\b(?:\s*(?:a|per|\/)?\s*(?:day|daily))?/, () => 3],
  [/\b(?:twice|two times|2 times|2x|bid|bd)\b(?:\s*(?:a|per|\/)?\s*(?:day|daily))?/, () => 2],
  [
    /\b(?:once|one time|1 time|1x)?\s*(?:a day|per day|\/day|daily|every day|each day|each morning|every morning|in the morning|every evening|at night|nightly|at bedtime|every night|q\s?day|qd|od|qhs|qam|qpm|hs)\b/,
    () => 1,
  ],
];

const weekdaysIn = (words: string): number =>
  new Set(words.match(/\b(?:mon|tues|wednes|thurs|fri|satur|sun)(?=days?\b)/g)).size;

/** Nothing is said at all; "as directed" says that there is something else to it. */
export const noInstructions = unknown('the order gives no dosage instructions');
/** When and how often may be said, how much is not: "nightly". */
export const noDose = unknown('the order says when, not how much');
/** Words that stand for an amount, or a figure that is neither a time nor a duration. */
const unreadable =
  /as directed|\bsee\b|titrat|taper|sliding|\bper (?:inr|label|package|protocol|instructions|clinic)|\/\s*kg|\d+(?![\d.,]|\s*(?:x\b|times?|days?|d\b|weeks?|wks?|months?|mo\b|h\b|hrs?\b|hours?|(?:-|–|to)\s*\d))/;

/** Reads one `dosageInstruction` list. The largest daily amount of simultaneous lines counts; ranges count at their high end. */
export function readDosage(instructions: unknown): Dosage {
  const lines = list(instructions);
  if (lines.length === 0) {
    return {
      dose: noInstructions,
      timesPerDay: noInstructions,
      durationInDays: noInstructions,
      isAsNeeded: false,
    };
  }
  const read = lines.map(readLine);
  const first = read[0]!;
  // Several lines with times of their own (10 mg in the morning, 5 mg at night) are one day's doses: the sum is taken.
  if (read.length > 1) {
    const amounts = read.map(({ dose, timesPerDay }) =>
      isUnknown(dose) || isUnknown(timesPerDay) ? undefined : { ...dose, perDay: dose.value * timesPerDay },
    );
    const unit = amounts[0]?.unit;
    if (amounts.every((amount) => amount !== undefined && amount.unit === unit)) {
      const isSequence =
        lines.every((line) => number(line.sequence) !== undefined) &&
        new Set(lines.map((line) => number(line.sequence))).size > 1;
      const perDay = amounts.map((amount) => amount!.perDay);
      const total = isSequence ? Math.max(...perDay) : perDay.reduce((sum, value) => sum + value, 0);
      return {
        ...first,
        dose: { value: total, unit: unit! },
        timesPerDay: 1,
        isAsNeeded: read.every((line) => line.isAsNeeded),
      };
    }
  }
  return first;
}

function readLine(line: Json): Dosage {
  const words = (text(line.text) ?? text(line.patientInstruction) ?? '').toLowerCase();
  const repeat = object(object(line.timing)?.repeat);
  return {
    dose: readDose(line, words),
    timesPerDay: readFrequency(line, repeat, words),
    durationInDays: readDuration(repeat, words),
    isAsNeeded:
      line.asNeededBoolean === true ||
      line.asNeeded === true ||
      isObject(line.asNeededCodeableConcept) ||
      (Array.isArray(line.asNeededFor) && line.asNeededFor.length > 0) ||
      /\bprn\b|\bas needed\b/.test(words),
  };
}

function readDose(line: Json, words: string): DoseAmount | Unknown {
  const rates = list(line.doseAndRate);
  // STU3 and DSTU2 put dose[x] on the line itself; a statement of DSTU2 calls it quantity[x].
  const holder =
    rates.find((rate) => rate.doseQuantity ?? rate.doseRange) ??
    (line.doseQuantity || line.doseRange
      ? line
      : line.quantityQuantity || line.quantityRange
        ? { doseQuantity: line.quantityQuantity, doseRange: line.quantityRange }
        : undefined);
  const quantity =
    object(holder?.doseQuantity) ?? object(object(holder?.doseRange)?.high) ?? object(object(holder?.doseRange)?.low);
  const value = number(quantity?.value);
  if (value !== undefined) return { value, unit: text(quantity?.code) ?? text(quantity?.unit) ?? '1' };
  const found =
    /(?<![\d/.,])(\d+(?:[.,]\d+)?)(?:\s*(?:-|to)\s*(\d+(?:[.,]\d+)?))?\)?\s*(mg|mcg|µg|ug|micrograms?|g|grams?|units?|iu|meq|mmol|ml|tab(?:let)?s?|cap(?:sule)?s?|puffs?|drops?|patch(?:es)?|sprays?)\b(?!\s*\/\s*kg)/.exec(
      plainNumbers(words),
    );
  if (found) return { value: Number((found[2] ?? found[1]!).replace(',', '.')), unit: plainUnit(found[3]!) };
  const worded = /\b(one|two|three|four|half)\s+(tab(?:let)?s?|cap(?:sule)?s?|puffs?)\b/.exec(words);
  if (worded) return { value: numberWords[worded[1]!]!, unit: plainUnit(worded[2]!) };
  // "1 daily", "take 2 bid": a bare count before a frequency. Any other figure is one that could not be read.
  const bare =
    /^(?:take\s+|give\s+)?(\d|one|two|three|four)\s+(?:po\s+|by mouth\s+|orally\s+)?(?:daily|once|twice|bid|tid|qid|qd|qhs|qam|qpm|nightly|every|each|at bedtime|in the|q\s?\d)/.exec(
      words.trim(),
    );
  if (bare) return { value: numberWords[bare[1]!] ?? Number(bare[1]), unit: '1' };
  return unreadable.test(words) ? unknown('the order gives no dose') : noDose;
}

/** "1,000 mg" is a thousand, "1/2 tablet" and "1½ tablets" are fractions; a decimal comma stays what it is. */
const plainNumbers = (words: string): string =>
  words
    .replace(
      /(?<![\d.,])(\d{1,3})((?:,\d{3})+)(?![\d.,])/g,
      (_, first: string, rest: string) => first + rest.replaceAll(',', ''),
    )
    .replace(
      /(?:(?<![\d.,])(\d+)(?:\s+|\s*-\s*|\s+and\s+))?(?<![\d.,])([1-3])\s?\/\s?([2-4])(?=\s*\)?\s*(?:a\s+)?(?:tab|cap|patch))/g,
      (_, whole: string | undefined, top: string, bottom: string) =>
        String(Number(whole ?? 0) + Number(top) / Number(bottom)),
    )
    .replace(/(\d+)?\s?½/g, (_, whole: string | undefined) => String(Number(whole ?? 0) + 0.5));

function plainUnit(word: string): string {
  if (/^(tab|cap)/.test(word)) return '1';
  if (/^(mcg|µg|ug|microgram)/.test(word)) return 'ug';
  if (/^g(ram)?s?$/.test(word)) return 'g';
  if (/^(unit|iu)/.test(word)) return '[iU]';
  if (/^ml$/.test(word)) return 'mL';
  return word.replace(/s$/, '');
}

function readFrequency(line: Json, repeat: Json | undefined, words: string): number | Unknown {
  const frequency = number(repeat?.frequencyMax) ?? number(repeat?.frequency);
  const period = number(repeat?.period);
  const unit = daysPerUnit[text(repeat?.periodUnit) ?? text(repeat?.periodUnits) ?? ''];
  if (period !== undefined && period > 0 && unit !== undefined) return (frequency ?? 1) / (period * unit);
  const days = Array.isArray(repeat?.dayOfWeek) ? repeat.dayOfWeek.length : 0;
  const times = Array.isArray(repeat?.timeOfDay)
    ? repeat.timeOfDay.length
    : Array.isArray(repeat?.when)
      ? repeat.when.length
      : 0;
  if (days) return ((times || 1) * days) / 7;
  if (times) return times;
  const timing = object(line.timing)?.code;
  for (const coding of [...codings(timing), { code: text(object(timing)?.text) }]) {
    const known = timesPerDayByCode[(coding.code ?? '').toUpperCase().replace(/[.\s]/g, '')];
    if (known !== undefined) return known;
  }
  for (const said of [words, (text(object(timing)?.text) ?? '').toLowerCase()]) {
    for (const [pattern, perDay] of textFrequencies) {
      const match = pattern.exec(said);
      if (match) return perDay(match);
    }
  }
  return unknown('the order gives no frequency');
}

function readDuration(repeat: Json | undefined, words: string): number | Unknown {
  const bounds = object(repeat?.boundsDuration) ?? object(object(repeat?.boundsRange)?.high);
  const value = number(bounds?.value);
  const unit =
    daysPerUnit[
      text(bounds?.code) ??
        text(bounds?.unit)
          ?.toLowerCase()
          .replace(/^(d)ays?$/, '$1')
          .replace(/^weeks?$/, 'wk')
          .replace(/^months?$/, 'mo')
          .replace(/^hours?$/, 'h') ??
        ''
    ];
  if (value !== undefined && unit !== undefined) return value * unit;
  const period = object(repeat?.boundsPeriod);
  const start = text(period?.start);
  const end = text(period?.end);
  if (start && end) {
    const days = (Date.parse(end) - Date.parse(start)) / 86_400_000;
    if (Number.isFinite(days)) return days;
  }
  const said = /(?:for|x|×|,)\s*(\d+)\s*(d|days?|wk|weeks?|months?)\b/.exec(words);
  if (said) return Number(said[1]) * (said[2]!.startsWith('d') ? 1 : said[2]!.startsWith('w') ? 7 : 30.4375);
  return unknown('the order gives no duration');
}

// Form, strength and release, read from an RxNorm name, a VA name, or a prescriber's words.

import type { Ingredient, Strength } from './types.ts';
import { tokenOf } from './words.ts';

const FORMS: [string, RegExp][] = [
  ['orally disintegrating tablet', /\b(disintegrating|odt|orally dissolving)\b/i],
  ['chewable tablet', /\bchew\w*/i],
  ['tablet', /\b(tab|tabs|tablets?|caplets?)\b/i],
  ['capsule', /\b(caps?|capsules?|softgels?|gelcaps?|liqui[- ]?gels?|soft gels?)\b/i],
  ['suppository', /\b(suppositor(y|ies)|supp)\b/i],
  ['enema', /\benema\b/i],
  ['patch', /\b(patch(es)?|transdermal system|ptch)\b/i],
  ['cream', /\bcream\b/i],
  ['ointment', /\b(ointment|oint)\b/i],
  ['gel', /\bgel\b/i],
  ['lotion', /\blotion\b/i],
  ['foam', /\bfoam\b/i],
  ['shampoo', /\bshampoo\b/i],
  ['ring', /\bring\b/i],
  ['drops', /\bdrops?\b/i],
  ['inhaler', /\b(inhal\w*|mdi|hfa|diskus|respimat|ellipta)\b/i],
  ['nasal spray', /\b(nasal spray|spray,nasal)\b/i],
  ['spray', /\bspray\b/i],
  ['lozenge', /\b(lozenges?|troche)\b/i],
  ['film', /\b(film|strip)\b/i],
  ['pen', /\b(pen injector|pens?|kwikpen|flexpen|solostar|flextouch)\b/i],
  ['injection', /\b(inj\w*|syringe|vial|vil|ampules?|amp|auto-?injector|cartridge|infusion)\b/i],
  ['suspension', /\bsusp\w*/i],
  ['solution', /\b(soln?|solution|liquid|syrup|elixir|concentrate)\b/i],
  ['powder', /\b(powder|pwdr|packet)\b/i],
  ['implant', /\bimplant\b/i],
  ['gum', /\bgum\b/i],
];

export const formOf = (text: string): string | undefined => FORMS.find(([, pattern]) => pattern.test(text))?.[0];

/** Brands of opioids whose name alone says that they are released slowly. */
const longActingBrands =
  /\b(oxycontin|exalgo|conzip|hysingla|xtampza|kadian|avinza|zohydro|embeda|morphabond|arymo|ryzolt)\b/i;

export function releaseOf(text: string): 'extended' | 'delayed' | undefined {
  if (/\b(delayed[- ]release|enteric[- ]coated|enteric|\bec\b|gastro-?resistant|\bdr\b)/i.test(text)) return 'delayed';
  if (
    /\b((extended|sustained|controlled|modified|slow|prolonged)[- ]release|(12|24) hr\b(?!.*transdermal)|er|xr|xl|sr|la|cr|cd|sa|24hr|12hr|contin)\b/i.test(
      text,
    ) ||
    longActingBrands.test(text)
  )
    return 'extended';
  return undefined;
}

const MASS: Record<string, number> = {
  mg: 1,
  milligram: 1,
  mcg: 0.001,
  ug: 0.001,
  microgram: 0.001,
  g: 1000,
  gm: 1000,
  gram: 1000,
  ng: 1e-6,
};
const OTHER: Record<string, string> = {
  unt: '[iU]',
  unit: '[iU]',
  u: '[iU]',
  iu: '[iU]',
  meq: 'meq',
  mmol: 'mmol',
  '%': '%',
};
const PER: Record<string, [factor: number, unit: string]> = {
  ml: [1, 'mL'],
  l: [1000, 'mL'],
  liter: [1000, 'mL'],
  litre: [1000, 'mL'],
  act: [1, '{actuat}'],
  actuat: [1, '{actuat}'],
  actuation: [1, '{actuat}'],
  spray: [1, '{actuat}'],
  puff: [1, '{actuat}'],
  inhalation: [1, '{actuat}'],
  dose: [1, '{actuat}'],
  hr: [1, 'h'],
  hour: [1, 'h'],
  h: [1, 'h'],
  mg: [1, 'mg'],
  g: [1000, 'mg'],
  gram: [1000, 'mg'],
};
const singular = (unit: string): string => (unit.length > 2 ? unit.replace(/s$/, '') : unit);

const NUMBER = '(\\d+(?:\\.\\d+)?|\\.\\d+)(?![\\d.]*\\d)';
/** `U` is a unit only in a concentration (`100 U/mL`): elsewhere it is a letter, and a misread zero. */
const UNIT = '(mgs?|mcgs?|ug|micrograms?|milligrams?|grams?|gm?|ng|unt|units?|iu|u(?=/ml)|meq|mmol|%)(?![a-z])';
const PER_UNIT =
  '(ml|l|lit(?:er|re)s?|act(?:uat(?:ion)?s?)?|sprays?|puffs?|inhalations?|doses?|hrs?|hours?|h|mg|g|grams?)\\b';
const PER_AMOUNT = `(?:\\s*(?:/|per)\\s*(?:actuation\\s*)?(\\d+(?:\\.\\d+)?)?\\s*${PER_UNIT})?`;
/** A dose by weight and a rate of infusion say nothing of the product. */
const NOT_A_RATE = '(?!\\s*/\\s*(?:kg|m2|min|lb))';
const AMOUNT = new RegExp(`(?<![\\w.#-])${NUMBER}\\s*${UNIT}${NOT_A_RATE}${PER_AMOUNT}`, 'gi');

export interface Amount {
  value: number;
  unit: string;
  per?: { value: number; unit: string };
  at: number;
}

/** Every amount with a unit, where it stands in the text. A number without a unit is not an amount. */
export function amountsIn(text: string): Amount[] {
  return [...plainNumbers(text).matchAll(AMOUNT)].map((match) =>
    amount(match, match[1]!, match[2]!, match[3], match[4]),
  );
}

function amount(match: RegExpMatchArray, number: string, said: string, perNumber?: string, perUnit?: string): Amount {
  const unit = singular(said.toLowerCase());
  const factor = MASS[unit];
  const read: Amount = {
    value: tidy(Number(number) * (factor ?? 1)),
    unit: factor === undefined ? OTHER[unit]! : 'mg',
    at: match.index ?? 0,
  };
  const per = perUnit === undefined ? undefined : PER[singular(perUnit.toLowerCase())];
  if (per) read.per = { value: tidy(Number(perNumber ?? 1) * per[0]), unit: per[1] };
  return read;
}

/** "5,000" and "1.2 million" in digits; of `3 mg(2.5 mg base)` and `108 (90 Base) MCG` the base is what the label counts. */
const plainNumbers = (text: string): string =>
  text
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/(\d+(?:\.\d+)?)\s*million(?=\s*(?:units?|iu)\b)/gi, (_, number: string) => String(Number(number) * 1e6))
    .replace(/\d+(?:\.\d+)?\s*(?:mg|mcg)?\s*\(\s*(\d+(?:\.\d+)?\s*(?:mg|mcg)?)\s+base\s*\)/gi, '$1')
    // Iron drops are counted in the metal: `75 mg (15 mg elemental iron)/mL`, `15 mg elemental/mL`.
    .replace(/\d+(?:\.\d+)?\s*mg\s*\(\s*(\d+(?:\.\d+)?\s*mg)\s+(?:elemental|iron|fe)\b[^)]*\)(?=\s*\/)/gi, '$1')
    .replace(/(\d\s*mg)\s+elemental(?:\s+(?:iron|fe))?(?=\s*\/)/gi, '$1');

/** Ends where a number counts volume or time: the 15 of `20 mEq/15 mL` is no strength. */
const PART = `${NUMBER}(?!\\s*(?:ml|l|hrs?|hours?|h|actuat\\w*|days?|tabs?)\\b)\\s*(?:${UNIT})?${NOT_A_RATE}`;
const JOINED = `(?:\\s*[-/]\\s*${PART})`;
/**
 * `5-325 mg`, `160/800 MG`, `600 mg-400 unit`, `200-40 mg/5 mL`, `1-20 mg-mcg`: one amount per ingredient in the order of the
 * label, in one unit or in one each, all in the same volume.
 */
const RUN = new RegExp(`(?<![\\w.#])${PART}${JOINED}${JOINED}?${JOINED}?(?:-${UNIT})?(?:-${UNIT})?${PER_AMOUNT}`, 'gi');

/** The amounts of a combination, where the text gives one for each of `count` ingredients. */
function combinedAmounts(text: string, count: number): Amount[] | undefined {
  for (const match of plainNumbers(text).matchAll(RUN)) {
    const parts = [1, 3, 5, 7].flatMap((at) => (match[at] === undefined ? [] : [[match[at], match[at + 1]] as const]));
    if (parts.length !== count) continue;
    const trailing = [parts.at(-1)![1], match[9], match[10]].filter((unit) => unit !== undefined);
    const isOneEach = match[9] !== undefined && trailing.length === count;
    const units = parts.map(([, own], i) => (isOneEach ? trailing[i] : (own ?? trailing.at(-1))));
    if (units.some((unit) => unit === undefined)) continue;
    return parts.map(([number], i) => amount(match, number, units[i]!, match[11], match[12]));
  }
  return undefined;
}

/** Adderall: its 30 mg are all four salts together, and are counted as one. */
const MIXED_SALTS: ReadonlySet<string> = new Set(['amphetamine', 'dextroamphetamine']);

/** Gives each ingredient its strength; what cannot be assigned without a guess is left out. */
export function strengthsOf(text: string, given: readonly Ingredient[], isNamedInText: boolean): Strength[] {
  const names = inLabelOrder(text, given).map((ingredient) => tokenOf(ingredient.name));
  const amounts = amountsIn(text.replace(/^\s*[\d.]+ (ML|ACTUAT|HR) /i, ''));
  if (names.length === 1) {
    const found = labelled(amounts);
    return found ? [strength(names[0]!, found)] : [];
  }
  if (names.length === 2 && names.every((name) => MIXED_SALTS.has(name))) {
    const [unit] = new Set(amounts.map(({ unit, per }) => (per ? 'per volume' : unit)));
    const total = tidy(amounts.reduce((sum, { value }) => sum + value, 0));
    return unit === 'mg' ? [{ ingredient: 'amphetamine', value: total, unit }] : [];
  }
  if (!isNamedInText) return [];
  // `4.5 g in sodium chloride 0.9 %`: the percentage is the fluid's.
  const masses = amounts.some(({ unit }) => unit !== '%') ? amounts.filter(({ unit }) => unit !== '%') : amounts;
  const found = combinedAmounts(text, names.length) ?? (masses.length === names.length ? masses : []);
  return found.map((each, i) => strength(names[i]!, each));
}

/** As the text names them, where it names them all. */
function inLabelOrder<Named extends { name: string }>(text: string, given: readonly Named[]): readonly Named[] {
  if (given.length < 2 || given.some(({ name }) => placeIn(text, name) < 0)) return given;
  return [...given].sort((a, b) => placeIn(text, a.name) - placeIn(text, b.name));
}

/** Where the name stands in a product name; failing that its first letters (`penicillin v` in `penicillin V potassium`). */
export function placeIn(text: string, name: string): number {
  const [lower, called] = [text.toLowerCase(), name.toLowerCase()];
  const whole = lower.indexOf(called);
  return whole >= 0 ? whole : lower.indexOf(called.slice(0, 8));
}

/** The first amount; after a percentage the one that says the same by mass: `8.4% 50 mEq/50 mL`, `0.083% (2.5 mg/3 mL)`. */
function labelled(amounts: readonly Amount[]): Amount | undefined {
  const [first] = amounts;
  return first?.unit === '%'
    ? (amounts.find(({ unit, per }) => per !== undefined || unit === 'meq' || unit === 'mmol') ?? first)
    : first;
}

/** The numbers of a text that has no unit at all (`HCTZ 25`, `Percocet 5/325`), for comparison with known products. */
export function bareNumbersIn(text: string): number[] {
  if (amountsIn(text).length > 0) return [];
  return [
    ...text.matchAll(
      /(?<![\w.#])(\d+(?:\.\d+)?|\.\d+)(?![\w%.]|\s*(?:tab|cap|puff|drop|x|times|days?|weeks?|refills?)\b)/gi,
    ),
  ].map((match) => Number(match[1]));
}

const strength = (ingredient: string, { value, unit, per }: Amount): Strength =>
  per ? { ingredient, value, unit, per } : { ingredient, value, unit };

/** 0.044 g is 44 mg, not 44.00000000000001. */
const tidy = (value: number): number => Number(value.toPrecision(12));

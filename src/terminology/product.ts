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

export function releaseOf(text: string): 'extended' | 'delayed' | undefined {
  if (/\b(delayed[- ]release|enteric[- ]coated|enteric|\bec\b|gastro-?resistant|\bdr\b)/i.test(text)) return 'delayed';
  if (
    /\b((extended|sustained|controlled|modified|slow|prolonged)[- ]release|(12|24) hr\b(?!.*transdermal)|er|xr|xl|sr|la|cr|cd|sa|24hr|12hr|contin)\b/i.test(
      text,
    )
  )
    return 'extended';
  return undefined;
}

const MASS: Record<string, number> = {
  mg: 1,
  mcg: 0.001,
  ug: 0.001,
  microgram: 0.001,
  micrograms: 0.001,
  g: 1000,
  gm: 1000,
  ng: 1e-6,
};
const OTHER: Record<string, string> = {
  unt: '[iU]',
  unit: '[iU]',
  units: '[iU]',
  iu: '[iU]',
  meq: 'meq',
  mmol: 'mmol',
  '%': '%',
};
const PER: Record<string, [factor: number, unit: string]> = {
  ml: [1, 'mL'],
  l: [1000, 'mL'],
  actuat: [1, '{actuat}'],
  spray: [1, '{actuat}'],
  inhalation: [1, '{actuat}'],
  hr: [1, 'h'],
  hrs: [1, 'h'],
  hour: [1, 'h'],
  h: [1, 'h'],
  mg: [1, 'mg'],
  g: [1000, 'mg'],
};

const UNIT = '(mg|mcg|ug|micrograms?|gm?|ng|unt|units?|iu|meq|mmol|%)';
const AMOUNT = new RegExp(
  `(?<![\\w.#-])(\\d+(?:\\.\\d+)?|\\.\\d+)\\s*${UNIT}(?![a-z])(?:\\s*(?:/|per)\\s*(\\d+(?:\\.\\d+)?)?\\s*(ml|l|actuat|spray|inhalation|hrs?|hour|h|mg|g)\\b)?`,
  'gi',
);

export interface Amount {
  value: number;
  unit: string;
  per?: { value: number; unit: string };
  at: number;
}

/** Every amount with a unit, where it stands in the text. A number without a unit is not an amount. */
export function amountsIn(text: string): Amount[] {
  const plain = text.replace(/(\d),(?=\d{3}\b)/g, '$1');
  return [...plain.matchAll(AMOUNT)].map((match) => {
    const unit = match[2]!.toLowerCase();
    const factor = MASS[unit];
    const amount: Amount = {
      value: tidy(Number(match[1]) * (factor ?? 1)),
      unit: factor === undefined ? OTHER[unit]! : 'mg',
      at: match.index,
    };
    const per = match[4] === undefined ? undefined : PER[match[4].toLowerCase()];
    if (per) amount.per = { value: tidy(Number(match[3] ?? 1) * per[0]), unit: per[1] };
    return amount;
  });
}

/** `5-325 mg`, `160/800 MG`, `875 mg-125 mg`: one amount per ingredient in the order of the label. */
const COMBINED =
  /(?<![\d.])(\d+(?:\.\d+)?)\s*(?:mg)?\s*[-/]\s*(\d+(?:\.\d+)?)(?:\s*(?:mg)?\s*[-/]\s*(\d+(?:\.\d+)?))?\s*(mg|mcg)\b/i;

/** Gives each ingredient its strength; what cannot be assigned without a guess is left out. */
export function strengthsOf(text: string, inOrder: readonly Ingredient[], isNamedInText: boolean): Strength[] {
  const names = inOrder.map((ingredient) => tokenOf(ingredient.name));
  const amounts = amountsIn(text.replace(/^\s*[\d.]+ (ML|ACTUAT|HR) /i, ''));
  if (names.length === 1) {
    const amount = amounts[0];
    return amount ? [strength(names[0]!, amount)] : [];
  }
  if (!isNamedInText) return [];
  if (amounts.length === names.length) return names.map((name, i) => strength(name, amounts[i]!));
  const run = COMBINED.exec(text);
  const values = run ? [run[1], run[2], run[3]].filter((value) => value !== undefined).map(Number) : [];
  if (values.length !== names.length) return [];
  const unit = run?.[4]?.toLowerCase() === 'mcg' ? 0.001 : 1;
  return names.map((ingredient, i) => ({ ingredient, value: tidy(values[i]! * unit), unit: 'mg' }));
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

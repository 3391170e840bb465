// What several facts ask of the medication list: who matches a token, what a drug is called on a card, how much a day.

import { noDose, noInstructions } from '../chart/dosage.ts';
import { replacedBy } from '../chart/medications.ts';
import type { Chart, Medication } from '../chart/types.ts';
import type { Drug } from '../terminology/types.ts';
import { convertQuantity } from '../terminology/units.ts';
import { isKnown, isUnknown, type Unknown, unknown } from '../unknown.ts';
import type { Because } from './define.ts';
import { dosesOrdered } from './one-dose.ts';

export const matches = (medication: Medication, tokens: readonly string[]): boolean =>
  isKnown(medication.drug) && tokens.some((token) => (medication.drug as Drug).groups.has(token));

/** Taken today, or about to be. On hold is not taken. */
export const isTaken = ({ standing }: Medication): boolean => standing === 'active' || standing === 'draft';

/** "Warfarin", "Sulfamethoxazole/trimethoprim": what a card calls a drug. */
export function drugName(medication: Medication): string {
  if (isUnknown(medication.drug)) return medication.text;
  const name = medication.drug.ingredients.map((ingredient) => ingredient.name).join('/');
  return name || medication.text;
}

export const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A chip for a medication: its text, since when. */
export const asBecause = (medication: Medication): Because => ({
  text: `${capitalised(medication.text)}${medication.standing === 'draft' ? ' (this order)' : medication.standing === 'past' ? ' (stopped)' : ''}`,
  when:
    medication.standing === 'draft' ? undefined : medication.standing === 'past' ? medication.end : medication.start,
  reference: medication.reference,
});

export const ingredientNames = (medication: Medication): string[] =>
  isKnown(medication.drug) ? medication.drug.ingredients.map(({ name }) => name.toLowerCase()) : [];

export function shareIngredient(a: Medication, b: Medication): boolean {
  const names = new Set(ingredientNames(a));
  return ingredientNames(b).some((name) => names.has(name));
}

/** The drafts that are being decided on, and everything else that will be taken beside them. */
export function draftsInQuestion(chart: Chart): Medication[] {
  return chart.drafts.filter(({ isSelected }) => isSelected);
}

/** All taken medications but the given draft and what it takes the place of. Drafts alone when the list could not be had. */
export function others(chart: Chart, draft: Medication): { taken: Medication[]; isComplete: boolean; why?: Unknown } {
  const replaced = new Set(replacedBy(draft));
  const list = isUnknown(chart.medications) ? chart.drafts : chart.medications;
  return {
    taken: list.filter((entry) => entry !== draft && isTaken(entry) && !replaced.has(entry.reference)),
    isComplete: isKnown(chart.medications),
    why: isUnknown(chart.medications) ? chart.medications : undefined,
  };
}

/** The chart orders a draft renews or changes: the same ingredients, taken now. */
export const renewedBy = (chart: Chart, draft: Medication): Medication[] =>
  isUnknown(chart.medications)
    ? []
    : chart.medications.filter(
        (entry) => entry !== draft && entry.standing === 'active' && sameIngredients(entry, draft),
      );

export function sameIngredients(a: Medication, b: Medication): boolean {
  const left = ingredientsOf(a);
  return left !== '' && left === ingredientsOf(b);
}

const joined = new WeakMap<Drug, string>();

/** The ingredients as one string. The terminology answers one object for one drug, so it is made once for many requests. */
function ingredientsOf(medication: Medication): string {
  if (isUnknown(medication.drug)) return '';
  let names = joined.get(medication.drug);
  if (names === undefined) {
    names = ingredientNames(medication).sort().join('/');
    joined.set(medication.drug, names);
  }
  return names;
}

/** The amount of one administration of an ingredient, in `unit`: from the dose itself, or tablets times strength. */
export function singleDose(medication: Medication, token: string | undefined, toUnit: string): number | Unknown {
  if (isUnknown(medication.drug)) return medication.drug;
  const dose = isUnknown(medication.dose) && takesOneUnit(medication) ? { value: 1, unit: '1' } : medication.dose;
  if (isUnknown(dose)) return dose;
  const { value } = dose;
  // Insulin and heparin are written in "units" or "U"; as a UCUM code "U" is an enzyme's activity.
  const unit = toUnit === '[iU]' && isBiologicalUnit(dose.unit) ? toUnit : dose.unit;
  const { strengths, ingredients } = medication.drug;
  const direct = convertQuantity({ value, unit, code: unit }, toUnit);
  const isSingle = ingredients.length <= 1;
  if (isKnown(direct) && (isSingle || !isCountable(unit))) {
    // The salts of Adderall are one strength, and a dose counts them together.
    if (isSingle || (strengths.length === 1 && strengths[0]!.ingredient === token)) return direct;
    const whole = onceTheProduct(value, unit, strengths);
    const own = whole && (token ? strengths.find((entry) => entry.ingredient === token) : strengths[0]);
    if (own) return convertQuantity({ value: own.value, unit: own.unit, code: own.unit }, toUnit);
    const share = ingredients.length === 2 && token ? shareOfTotal[token] : undefined;
    if (share) return direct * share;
    // Otherwise "800 mg" of a combination is not said of which ingredient: the label's first strength, scaled, would be a guess.
    return unknown(`the dose of ${medication.text} does not say which ingredient it counts`);
  }
  const strength = token ? strengths.find((entry) => entry.ingredient === token) : strengths[0];
  if (!strength) return unknown(`the strength of ${medication.text} is not known`);
  const amount = { value: strength.value, unit: strength.unit, code: strength.unit };
  if (isCountable(unit)) {
    const each = convertQuantity(amount, toUnit);
    return isUnknown(each) ? each : each * value;
  }
  if (strength.per) {
    const volume = convertQuantity({ value, unit, code: unit }, strength.per.unit);
    const each = convertQuantity(amount, toUnit);
    if (isKnown(volume) && isKnown(each)) return (volume / strength.per.value) * each;
  }
  return unknown(`the dose of ${medication.text} is in ${unit}, which cannot be turned into ${toUnit}`);
}

/** Written by their total: "4.5 g" of piperacillin-tazobactam is 4 g and 0.5 g, "3 g" of ampicillin-sulbactam 2 g and 1 g. */
const shareOfTotal: Record<string, number> = { piperacillin: 8 / 9, ampicillin: 2 / 3 };

/** "Simvastatin 40 mg", "nightly": a tablet or capsule with a time and no amount is one of them. */
function takesOneUnit({ drug, timesPerDay, dose }: Medication): boolean {
  if (isUnknown(drug) || isUnknown(timesPerDay) || dose !== noDose) return false;
  const isTaken =
    drug.form === undefined ? drug.route === undefined || drug.route === 'oral' : /^(tablet|capsule)/.test(drug.form);
  return isTaken && drug.strengths.length > 0 && drug.strengths.every(({ per }) => !per);
}

/** "875 mg" of 875-125, "4.5 g" of 4-0.5: the number is that of one ingredient, or of all together, in one of the product. */
function onceTheProduct(value: number, unit: string, strengths: Drug['strengths']): boolean {
  const each = strengths.map((entry) =>
    entry.per ? Number.NaN : convertQuantity({ value: entry.value, unit: entry.unit, code: entry.unit }, unit),
  );
  if (!each.every((amount): amount is number => isKnown(amount))) return false;
  const isIt = (amount: number) => Math.abs(amount - value) <= value * 0.001;
  return each.some(isIt) || isIt(each.reduce((sum, amount) => sum + amount, 0));
}

const isCountable = (unit: string): boolean =>
  /^(1|\{[^}]*\}|tab(let)?s?|cap(sule)?s?|caplet|softgel|suppositor(y|ie)|lozenge|film|strip|packet|sachet|troche|puffs?|patch(es)?|spray|drop|actuat(ion)?s?|ea|each|unit dose|\[?dose\]?|tbl|dose)(s|\(s\))?$/i.test(
    unit.trim(),
  ) && !isBiologicalUnit(unit);

const isBiologicalUnit = (unit: string): boolean =>
  /^(\{?units?\}?|unit\(s\)|u|unt|iu|\[usp'u\]|international units?)$/i.test(unit.trim());

/** Amount a day in `unit`, as-needed orders at their most; four doses an hour apart are four doses, not 24. */
export function dailyDose(medication: Medication, token: string | undefined, toUnit: string): number | Unknown {
  const single = singleDose(medication, token, toUnit);
  if (isUnknown(single)) return asLabelled(medication, token, toUnit) ?? single;
  const { timesPerDay } = medication;
  const doses = dosesOrdered(medication);
  if (isUnknown(timesPerDay)) return doses === 1 ? single : timesPerDay;
  return single * (doses === undefined ? timesPerDay : Math.min(timesPerDay, doses));
}

/** A product and nothing else, of a drug whose label knows one way to take it: sitagliptin 25 mg is 25 mg a day. */
function asLabelled(medication: Medication, token: string | undefined, toUnit: string): number | undefined {
  const { drug, dose } = medication;
  if (isUnknown(drug) || dose !== noInstructions || !/^(tablet|capsule)/.test(drug.form ?? '')) return undefined;
  const times = drug.ingredients.map(({ name }) => labelledTimesPerDay.get(name.toLowerCase()));
  const [first] = times;
  const strength = token ? drug.strengths.find((entry) => entry.ingredient === token) : drug.strengths[0];
  if (first === undefined || times.some((other) => other !== first) || !strength || strength.per) return undefined;
  const amount = convertQuantity({ value: strength.value, unit: strength.unit, code: strength.unit }, toUnit);
  return isKnown(amount) ? first * amount : undefined;
}

const onceDaily = [
  'sitagliptin',
  'saxagliptin',
  'linagliptin',
  'alogliptin',
  'edoxaban',
  'rosuvastatin',
  'simvastatin',
  'digoxin',
  'prasugrel',
  'solifenacin',
  'mirabegron',
  'baricitinib',
  'levofloxacin',
];
const labelledTimesPerDay = new Map<string, number>([
  ...onceDaily.map((name): [string, number] => [name, 1]),
  ['dabigatran etexilate', 2],
  ['dabigatran', 2],
]);

/** Given weekly or monthly by the tablet: one tablet says nothing about a day. */
const givenLessThanDaily = new Set([
  'methotrexate',
  'alendronate',
  'risedronate',
  'ibandronate',
  'ergocalciferol',
  'cholecalciferol',
  'mefloquine',
  'rifapentine',
]);

/** Labelled for two tablets a day and nothing else. */
const givenTwiceDaily = new Set(['apixaban', 'dabigatran etexilate']);

/** What a day cannot be below where the instructions do not say: one administration, or one tablet of an order without any. */
export function dailyDoseAtLeast(
  medication: Medication,
  token: string | undefined,
  toUnit: string,
): number | undefined {
  if (isUnknown(medication.drug) || isKnown(medication.timesPerDay)) return undefined;
  const { form, strengths, ingredients } = medication.drug;
  if (ingredients.some(({ name }) => givenLessThanDaily.has(name.toLowerCase()))) return undefined;
  const single = singleDose(medication, token, toUnit);
  if (isKnown(single)) return single;
  if (isKnown(medication.dose) || !/^(tablet|capsule)/.test(form ?? '')) return undefined;
  const strength = token ? strengths.find((entry) => entry.ingredient === token) : strengths[0];
  if (!strength || strength.per) return undefined;
  const amount = convertQuantity({ value: strength.value, unit: strength.unit, code: strength.unit }, toUnit);
  if (isUnknown(amount)) return undefined;
  return ingredients.some(({ name }) => givenTwiceDaily.has(name.toLowerCase())) ? 2 * amount : amount;
}

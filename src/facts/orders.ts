// Questions about the drugs being ordered and taken.
import { z } from 'zod';
import type { Medication } from '../chart/types.ts';
import { shownUnit } from '../terminology/shown-unit.ts';
import type { Drug } from '../terminology/types.ts';
import { isKnown, isUnknown, type Unknown, unknown } from '../unknown.ts';
import { days, drugs, each, unit } from './blanks.ts';
import { type Answer, type Because, cannotSay, defineFact, type FactContext, no, yes } from './define.ts';
import {
  asBecause,
  dailyDose,
  dailyDoseAtLeast,
  draftsInQuestion,
  drugName,
  isTaken,
  matches,
  others,
  renewedBy,
  sameIngredients,
  singleDose,
} from './medication-list.ts';
import { isOneDose } from './one-dose.ts';

const oneDrug = z.strictObject({ drug: drugs });
const doseOf = z.strictObject({ drug: drugs, unit, ingredient: z.string().optional() });

const draftsOf = ({ chart }: FactContext, tokens: string[]): Medication[] =>
  draftsInQuestion(chart).filter((draft) => matches(draft, tokens));
const namesOf = (found: Medication[]) => ({ drug: [...new Set(found.map(drugName))].join(' and ') });
const ordersOf = (found: Medication[]) =>
  found.filter(({ standing }) => standing === 'draft').map(({ reference }) => reference);

export const orders = defineFact<z.infer<typeof oneDrug>>({
  id: 'orders',
  question: 'Is {drug} being ordered?',
  answers: 'yes or no',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug }, context) => {
    const found = draftsOf(context, each(drug));
    return found.length ? yes(found.map(asBecause), { names: namesOf(found), orders: ordersOf(found) }) : no();
  },
});

/** A product whose form is not said is solid unless its words, its unit of dose or its route speak of a liquid. */
const isSolid = ({ drug, dose, text }: Medication): boolean =>
  isKnown(drug) &&
  (drug.route === undefined || drug.route === 'oral') &&
  (drug.form === undefined
    ? !/solution|liquid|powder|packet|effervescent|elixir|syrup|\bml\b/i.test(text) &&
      !(isKnown(dose) && dose.unit === 'mL')
    : /tablet|capsule/.test(drug.form) && !/effervescent/i.test(text));

export const ordersSolid = defineFact<z.infer<typeof oneDrug>>({
  id: 'ordersSolid',
  question: 'Is {drug} being ordered as something to be swallowed whole, not a liquid or a powder?',
  answers: 'yes or no',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug }, context) => {
    const found = draftsOf(context, each(drug)).filter(isSolid);
    return found.length ? yes(found.map(asBecause), { names: namesOf(found), orders: ordersOf(found) }) : no();
  },
});

export const ordersOneDose = defineFact<z.infer<typeof oneDrug>>({
  id: 'ordersOneDose',
  question: 'Is {drug} being ordered as one dose and no more, such as before an operation?',
  answers: 'yes or no',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug }, context) => {
    const matching = draftsOf(context, each(drug));
    return matching.length > 0 && matching.every(isOneDose)
      ? yes(matching.map(asBecause), { names: namesOf(matching), orders: ordersOf(matching) })
      : no(matching.map(asBecause));
  },
});

export const newlyOrders = defineFact<z.infer<typeof oneDrug>>({
  id: 'newlyOrders',
  question: 'Is {drug} being started (ordered, and not taken before)?',
  answers: 'yes or no',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug }, context) => {
    const matching = draftsOf(context, each(drug));
    const found = matching.filter((draft) => renewedBy(context.chart, draft).length === 0);
    if (found.length === 0) return no(matching.map(asBecause));
    if (isUnknown(context.chart.medications)) return cannotSay(context.chart.medications, found.map(asBecause));
    return yes(found.map(asBecause), { names: namesOf(found), orders: ordersOf(found) });
  },
});

export const takes = defineFact<z.infer<typeof oneDrug>>({
  id: 'takes',
  question: 'Is {drug} taken, or being ordered?',
  answers: 'yes or no',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'drug', anyOf: each(drug) }],
  ask: ({ drug }, { chart }) => {
    const list = isUnknown(chart.medications) ? chart.drafts : chart.medications;
    const found = list.filter((entry) => isTaken(entry) && matches(entry, each(drug)));
    if (found.length)
      return yes(found.map(asBecause), {
        names: { ...namesOf(found), other: namesOf(found).drug },
        orders: ordersOf(found),
      });
    return isUnknown(chart.medications) ? cannotSay(chart.medications) : no();
  },
});

const beside = z.strictObject({ drug: drugs, besides: drugs });
export const takesBeside = defineFact<z.infer<typeof beside>>({
  id: 'takesBeside',
  question: 'Beside the order for {besides}, is {drug} taken or being ordered?',
  answers: 'yes or no',
  params: beside,
  needs: ({ drug, besides }) => [
    { of: 'draft', anyOf: each(besides) },
    { of: 'drug', anyOf: each(drug) },
  ],
  ask: ({ drug, besides }, context) => {
    let gap: Unknown | undefined;
    for (const draft of draftsOf(context, each(besides))) {
      const { taken, why } = others(context.chart, draft);
      const found = taken.filter((entry) => matches(entry, each(drug)) && !sameIngredients(entry, draft));
      if (found.length)
        return yes(found.map(asBecause), { names: { other: namesOf(found).drug }, orders: [draft.reference] });
      gap ??= why;
    }
    return gap ? cannotSay(gap) : no();
  },
});

const stopped = z.strictObject({ drug: drugs, withinDays: days });
export const stoppedRecently = defineFact<z.infer<typeof stopped>>({
  id: 'stoppedRecently',
  question: 'Was {drug} stopped within {withinDays} days?',
  answers: 'yes or no',
  params: stopped,
  ask: ({ drug, withinDays }, { chart }) => {
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const past = chart.medications.filter((entry) => entry.standing === 'past' && matches(entry, each(drug)));
    const found = past.filter(({ end }) => end && chart.now.getTime() - end.getTime() <= withinDays * 86_400_000);
    if (found.length) return yes(found.map(asBecause), { names: namesOf(found) });
    const undated = past.find(({ end }) => !end);
    return undated ? cannotSay(`${drugName(undated)} was stopped, the date is not on the chart`) : no();
  },
});

/** The highest of several orders' amounts; unknown when one of them is unknown and none settles it. */
function highest(
  found: Medication[],
  amount: (medication: Medication) => number | Unknown,
  toUnit: string,
  atLeast?: (medication: Medication) => number | undefined,
): Answer {
  if (found.length === 0) return { value: 0, because: [] };
  const amounts = found.map((medication) => ({ medication, amount: amount(medication) }));
  const known = amounts.filter((entry): entry is { medication: Medication; amount: number } => isKnown(entry.amount));
  const because = found.map(asBecause);
  if (known.length < amounts.length) {
    const gap = amounts.find((entry) => isUnknown(entry.amount))?.amount;
    const bound = Math.max(
      0,
      ...amounts.map((entry) => (isKnown(entry.amount) ? entry.amount : (atLeast?.(entry.medication) ?? 0))),
    );
    return {
      ...cannotSay(isUnknown(gap) ? gap : 'no such order', because),
      ...(bound > 0 && {
        atLeast: bound,
        names: { ...namesOf(found), amount: `at least ${rounded(bound)} ${shownUnit(toUnit)}` },
        orders: ordersOf(found),
      }),
    };
  }
  const top = known.reduce((a, b) => (b.amount > a.amount ? b : a));
  return {
    value: top.amount,
    because,
    names: { drug: drugName(top.medication), amount: `${rounded(top.amount)} ${shownUnit(toUnit)}` },
    orders: ordersOf(found),
  };
}

/** Three figures, four from a thousand on: a converted value is no more exact than its source. */
export const rounded = (value: number): string => String(Number(value.toPrecision(Math.abs(value) >= 1000 ? 4 : 3)));

const ingredientOf = (
  token: string | string[],
  ingredient: string | undefined,
  medication: Medication,
): string | undefined =>
  ingredient ??
  each(token).find(
    (name) =>
      isKnown(medication.drug) && (medication.drug as Drug).strengths.some((strength) => strength.ingredient === name),
  );

export const orderedDailyDose = defineFact<z.infer<typeof doseOf>>({
  id: 'orderedDailyDose',
  question: 'How much {drug} a day does the order say, in {unit}?',
  answers: 'a number',
  params: doseOf,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug, unit: toUnit, ingredient }, context) => {
    const found = draftsOf(context, each(drug));
    return highest(
      found,
      (entry) => dailyDose(entry, ingredientOf(drug, ingredient, entry), toUnit),
      `${toUnit}/day`,
      (entry) => dailyDoseAtLeast(entry, ingredientOf(drug, ingredient, entry), toUnit),
    );
  },
});

export const orderedSingleDose = defineFact<z.infer<typeof doseOf>>({
  id: 'orderedSingleDose',
  question: 'How much {drug} at a time does the order say, in {unit}?',
  answers: 'a number',
  params: doseOf,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug, unit: toUnit, ingredient }, context) =>
    highest(
      draftsOf(context, each(drug)),
      (entry) => singleDose(entry, ingredientOf(drug, ingredient, entry), toUnit),
      toUnit,
    ),
});

/** Everything with the ingredient counts; a draft takes the place of the order it renews. */
export const totalDailyDose = defineFact<z.infer<typeof doseOf>>({
  id: 'totalDailyDose',
  question: 'How much {drug} a day do all orders together come to, in {unit}?',
  answers: 'a number',
  params: doseOf,
  needs: ({ drug }) => [{ of: 'drug', anyOf: each(drug) }],
  ask: ({ drug, unit: toUnit, ingredient }, { chart }) => {
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const matching = chart.medications.filter((entry) => isTaken(entry) && matches(entry, each(drug)));
    const counted = matching.filter(
      (entry) =>
        entry.standing === 'draft' ||
        !matching.some(
          (draft) => draft.standing === 'draft' && sameIngredients(draft, entry) && sameProduct(draft, entry),
        ),
    );
    if (counted.length === 0) return { value: 0, because: [] };
    let sum = 0;
    let gap: Unknown | undefined;
    for (const entry of counted) {
      const amount = dailyDose(entry, ingredientOf(drug, ingredient, entry), toUnit);
      if (isKnown(amount)) sum += amount;
      else gap ??= amount;
    }
    return gap
      ? cannotSay(gap, counted.map(asBecause))
      : {
          value: sum,
          because: counted.map(asBecause),
          names: { ...namesOf(counted), amount: `${rounded(sum)} ${shownUnit(toUnit)}/day` },
          orders: ordersOf(counted),
        };
  },
});

const sameProduct = (a: Medication, b: Medication): boolean =>
  isKnown(a.drug) && isKnown(b.drug) && a.drug.ingredients.length === b.drug.ingredients.length;

/** An at-least figure: known amounts added up, so that one unreadable order does not hide a certain excess. */
export const totalDailyDoseAtLeast = defineFact<z.infer<typeof doseOf>>({
  id: 'totalDailyDoseAtLeast',
  question: 'How much {drug} a day do the orders whose dose can be read come to at least, in {unit}?',
  answers: 'a number',
  params: doseOf,
  needs: ({ drug }) => [{ of: 'drug', anyOf: each(drug) }],
  ask: ({ drug, unit: toUnit, ingredient }, { chart }) => {
    const list = isUnknown(chart.medications) ? chart.drafts : chart.medications;
    const matching = list.filter((entry) => isTaken(entry) && matches(entry, each(drug)));
    const counted = matching.filter(
      (entry) =>
        entry.standing === 'draft' ||
        !matching.some(
          (draft) => draft.standing === 'draft' && sameIngredients(draft, entry) && sameProduct(draft, entry),
        ),
    );
    const readable = counted.flatMap((entry) => {
      const token = ingredientOf(drug, ingredient, entry);
      const said = dailyDose(entry, token, toUnit);
      const amount = isKnown(said) ? said : dailyDoseAtLeast(entry, token, toUnit);
      return amount === undefined ? [] : [{ entry, amount }];
    });
    const sum = readable.reduce((total, { amount }) => total + amount, 0);
    const because: Because[] = readable.map(({ entry }) => asBecause(entry));
    return {
      value: sum,
      because,
      names: { ...namesOf(readable.map(({ entry }) => entry)), amount: `${rounded(sum)} ${shownUnit(toUnit)}/day` },
      orders: ordersOf(counted),
    };
  },
});

export const orderedTimesPerDay = defineFact<z.infer<typeof oneDrug>>({
  id: 'orderedTimesPerDay',
  question: 'How many times a day does the order for {drug} say (once a week is 0.143)?',
  answers: 'a number',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug }, context) => highest(draftsOf(context, each(drug)), (entry) => entry.timesPerDay, '/day'),
});

export const orderedDurationInDays = defineFact<z.infer<typeof oneDrug>>({
  id: 'orderedDurationInDays',
  question: 'For how many days is {drug} ordered?',
  answers: 'a number',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug }, context) => highest(draftsOf(context, each(drug)), (entry) => entry.durationInDays, 'd'),
});

export const orderedRoute = defineFact<z.infer<typeof oneDrug>>({
  id: 'orderedRoute',
  question: 'By which route is {drug} ordered?',
  answers: 'a word',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug }, context) => {
    const found = draftsOf(context, each(drug))[0];
    if (!found || isUnknown(found.drug)) return cannotSay('no such order');
    return found.drug.route
      ? { value: found.drug.route, because: [asBecause(found)] }
      : cannotSay('the order gives no route', [asBecause(found)]);
  },
});

const counted = z.strictObject({ drug: drugs, countsOrderOf: drugs.optional() });
export const countTaken = defineFact<z.infer<typeof counted>>({
  id: 'countTaken',
  question: 'How many different drugs of {drug} are taken, this order counted in?',
  answers: 'a number',
  params: counted,
  ask: ({ drug }, { chart }) => {
    const list = isUnknown(chart.medications) ? chart.drafts : chart.medications;
    const found = list.filter((entry) => isTaken(entry) && matches(entry, each(drug)));
    const distinct = new Map(found.map((entry) => [drugName(entry), entry]));
    const because = [...distinct.values()].map(asBecause);
    const names = { drugs: [...distinct.keys()].join(', '), count: String(distinct.size) };
    if (isUnknown(chart.medications)) return { ...cannotSay(unknown(chart.medications.unknown), because), names };
    return { value: distinct.size, because, names, orders: ordersOf(found) };
  },
});

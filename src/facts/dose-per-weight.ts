// Doses by body weight, as paediatric labels state them.
import { z } from 'zod';
import type { Medication } from '../chart/types.ts';
import { shownUnit } from '../terminology/shown-unit.ts';
import { isKnown, isUnknown, type Unknown } from '../unknown.ts';
import { days, drugs, each, unit } from './blanks.ts';
import { type Answer, cannotSay, defineFact, type FactContext } from './define.ts';
import {
  asBecause,
  dailyDose,
  dailyDoseAtLeast,
  draftsInQuestion,
  drugName,
  matches,
  singleDose,
} from './medication-list.ts';
import { rounded } from './orders.ts';
import { because, readings } from './results.ts';

const perKg = z.strictObject({
  drug: drugs,
  unit,
  ingredient: z.string().optional(),
  /** Children grow: an old weight is no weight. */
  weightWithinDays: days.default(120),
});
type PerKg = z.infer<typeof perKg>;

function ask(
  { drug, unit: toUnit, ingredient, weightWithinDays = 120 }: PerKg,
  context: FactContext,
  amountOf: (entry: Medication, token: string | undefined) => number | Unknown,
  per: string,
): Answer {
  const found = draftsInQuestion(context.chart).filter((entry) => matches(entry, each(drug)));
  if (found.length === 0) return { value: 0, because: [] };
  const weights = readings(context, 'weight', 'kg', weightWithinDays);
  if (isUnknown(weights)) return cannotSay(weights, found.map(asBecause));
  const weight = weights[0]!;
  let top: { entry: Medication; amount: number } | undefined;
  for (const entry of found) {
    const token =
      ingredient ??
      each(drug).find(
        (name) => isKnown(entry.drug) && entry.drug.strengths.some((strength) => strength.ingredient === name),
      );
    const amount = amountOf(entry, token);
    if (isUnknown(amount)) {
      const bound = dailyDoseAtLeast(entry, token, toUnit);
      if (bound === undefined) return cannotSay(amount, found.map(asBecause));
      const least = bound / weight.value;
      return {
        ...cannotSay(amount, found.map(asBecause)),
        atLeast: least,
        names: {
          drug: drugName(entry),
          perKg: `at least ${rounded(least)} ${shownUnit(toUnit)}/kg${per}`,
          amount: `at least ${rounded(bound)} ${shownUnit(toUnit)}${per}`,
          weight: `${rounded(weight.value)} kg`,
        },
        orders: found.map(({ reference }) => reference),
      };
    }
    if (!top || amount > top.amount) top = { entry, amount };
  }
  const value = top!.amount / weight.value;
  return {
    value,
    because: [...found.map(asBecause), because(weight, 'Weight', 'kg')],
    names: {
      drug: drugName(top!.entry),
      perKg: `${rounded(value)} ${shownUnit(toUnit)}/kg${per}`,
      amount: `${rounded(top!.amount)} ${shownUnit(toUnit)}${per}`,
      weight: `${rounded(weight.value)} kg`,
    },
    orders: found.map(({ reference }) => reference),
  };
}

export const orderedSingleDosePerKg = defineFact<PerKg>({
  id: 'orderedSingleDosePerKg',
  question:
    'How much {drug} per kg at a time does the order say, in {unit}, by a weight of the last {weightWithinDays} days?',
  answers: 'a number',
  params: perKg,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: (given, context) => ask(given, context, (entry, token) => singleDose(entry, token, given.unit), ''),
});

export const orderedDailyDosePerKg = defineFact<PerKg>({
  id: 'orderedDailyDosePerKg',
  question:
    'How much {drug} per kg a day does the order say, in {unit}, by a weight of the last {weightWithinDays} days?',
  answers: 'a number',
  params: perKg,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: (given, context) => ask(given, context, (entry, token) => dailyDose(entry, token, given.unit), '/day'),
});

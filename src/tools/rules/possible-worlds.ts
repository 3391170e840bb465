// Which combinations of answers no chart can give. What the questions mean rules them out, whatever stands on the chart: a drug
// that is not ordered has no ordered dose, an age is a whole number, a class that is not taken has no member that is. A slip
// that shows only in such a world changes nothing for any patient, so it is not counted.
import { each } from '../../facts/blanks.ts';
import { facts } from '../../facts/index.ts';
import type { Leaf } from '../../guards/rule.ts';
import { questionOf } from '../../guards/three-valued.ts';
import type { World } from './truth-table.ts';

/** Answers that count something; nothing is counted below 0. */
const wholeNumbers = new Set(['ageInYears', 'akiStage', 'countTaken', 'lowGlucoses', 'qtRiskPoints', 'surgicalRcri']);
const neverNegative = new Set([
  ...wholeNumbers,
  'ageInDays',
  'basalInsulinPerKg',
  'creatinineClearance',
  'egfr',
  'insulinStart',
  'kidneyFunction',
  'opioidMme',
  'orderedDailyDose',
  'orderedDailyDosePerKg',
  'orderedDurationInDays',
  'orderedSingleDose',
  'orderedSingleDosePerKg',
  'orderedTimesPerDay',
  'questionnaireScore',
  'takenForDays',
  'totalDailyDose',
  'totalDailyDoseAtLeast',
]);
/** These answer 0 where nothing that they ask about is ordered. */
const zeroWithoutOrder = new Set([...neverNegative].filter((fact) => fact.startsWith('ordered')));
/** What is being ordered is always known: an order that could not be recognised is none for the drug asked about. */
const neverUnknown = new Set([
  'orders',
  'ordersLongActing',
  'ordersOneDose',
  'ordersSolid',
  'ordersTest',
  'plansSurgery',
  'totalDailyDoseAtLeast',
]);
/** "Any of these": the answer for a list is yes when it is yes for a part of the list. */
const anyOf: Record<string, string> = {
  hasHistoryOf: 'problem',
  hasProblem: 'problem',
  isAllergicTo: 'to',
  newlyOrders: 'drug',
  orders: 'drug',
  takes: 'drug',
};
/** A yes to the first is a yes to the second, asked of the same or of more. */
const follows: [string, string][] = [
  ...Object.keys(anyOf).map((fact): [string, string] => [fact, fact]),
  ['hasProblem', 'hasHistoryOf'],
  ['newlyOrders', 'orders'],
  ['newlyOrders', 'takes'],
  ['orders', 'takes'],
];

type PartIs = 'missing' | 'there' | undefined;
const whole = (value: unknown): PartIs => (value === undefined ? 'missing' : 'there');
const missingIfUnknown = (value: unknown): PartIs => (value === undefined ? 'missing' : undefined);
const thereIfKnown = (value: unknown): PartIs => (value === undefined ? undefined : 'there');
/**
 * What an answer says of the list it is read from. Lists are missing or there as a whole: with a problem list that could not be
 * read, every question about problems is unknown, and none is otherwise. (A drug being ordered is taken whatever the list says.)
 */
const tellsOf: Record<string, { part: string; is: (value: unknown) => PartIs }> = {
  cameBecauseOf: { part: 'encounters', is: whole },
  countTaken: { part: 'medications', is: whole },
  encounterClass: { part: 'encounters', is: thereIfKnown },
  hasHistoryOf: { part: 'problems', is: whole },
  hasProblem: { part: 'problems', is: whole },
  isAllergicTo: { part: 'allergies', is: whole },
  isPregnant: { part: 'problems', is: missingIfUnknown },
  newlyOrders: { part: 'medications', is: missingIfUnknown },
  orderMatchesAllergy: { part: 'allergies', is: missingIfUnknown },
  stoppedRecently: { part: 'medications', is: thereIfKnown },
  takenForDays: { part: 'medications', is: thereIfKnown },
  takes: {
    part: 'medications',
    is: (value) => (value === true ? undefined : whole(value)),
  },
  takesBeside: { part: 'medications', is: missingIfUnknown },
  totalDailyDose: { part: 'medications', is: thereIfKnown },
};

type Impossible = (world: World) => boolean;

/** Says of a world whether some chart could be it. */
export function possible(asked: readonly Leaf[]): (world: World) => boolean {
  const questions = [...Map.groupBy(asked, questionOf)].map(([question, leaves]) => ({
    question,
    leaf: leaves[0]!,
    limits: leaves.flatMap(({ value }) => value).filter((value): value is number => typeof value === 'number'),
  }));
  const excluded: Impossible[] = [];
  const told = questions.flatMap(({ question, leaf }) => {
    const tells = tellsOf[leaf.fact];
    return tells ? [{ question, ...tells }] : [];
  });
  for (const of of Map.groupBy(told, ({ part }) => part).values())
    excluded.push((world) => new Set(of.flatMap(({ question, is }) => is(world.get(question)) ?? [])).size > 1);
  for (const { question, leaf, limits } of questions) {
    if (neverUnknown.has(leaf.fact)) excluded.push((world) => world.get(question) === undefined);
    if (neverNegative.has(leaf.fact))
      excluded.push((world) => isBelow(world.get(question), 0) && !isLike(world.get(question), 0, limits));
    if (wholeNumbers.has(leaf.fact))
      excluded.push((world) => {
        const value = world.get(question);
        return (
          typeof value === 'number' &&
          ![Math.floor(value), Math.ceil(value)].some((whole) => isLike(value, whole, limits))
        );
      });
    for (const other of questions) {
      if (other.question === question) continue;
      if (isImplied(leaf, other.leaf))
        excluded.push((world) => world.get(question) === true && world.get(other.question) !== true);
      if (leaf.fact === 'orders' && needsOrderOf(other.leaf, leaf))
        excluded.push(
          (world) =>
            world.get(question) === false &&
            (zeroWithoutOrder.has(other.leaf.fact)
              ? !isLike(world.get(other.question), 0, other.limits)
              : (world.get(other.question) ?? false) !== false),
        );
    }
  }
  return (world) => !excluded.some((isExcluded) => isExcluded(world));
}

const isBelow = (value: unknown, limit: number): boolean => typeof value === 'number' && value < limit;

/** No limit lies between the two: what a world says of one, it says of the other. */
const isLike = (value: unknown, other: number, limits: readonly number[]): boolean =>
  typeof value === 'number' && limits.every((limit) => Math.sign(value - limit) === Math.sign(other - limit));

function isImplied(first: Leaf, second: Leaf): boolean {
  if (!follows.some(([a, b]) => a === first.fact && b === second.fact)) return false;
  const { [anyOf[first.fact]!]: some, ...otherwise } = first.params ?? {};
  const { [anyOf[second.fact]!]: more, ...limited } = second.params ?? {};
  return JSON.stringify(otherwise) === JSON.stringify(limited) && isPart(each(some as string), each(more as string));
}

/** Asks about an order of this drug, so that without it the answer is no, 0, or there is none. */
function needsOrderOf(leaf: Leaf, order: Leaf): boolean {
  const needs = facts.get(leaf.fact)?.needs?.(leaf.params ?? {}) ?? [];
  return needs.some(({ of, anyOf: drugs }) => of === 'draft' && isPart(drugs, each(order.params?.drug as string)));
}

const isPart = (some: readonly string[], all: readonly string[]): boolean => some.every((one) => all.includes(one));

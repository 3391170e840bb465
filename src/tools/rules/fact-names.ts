// Which words each question can put into a card's blanks. A test runs every shipped case and fails when a fact gives another.
// A question that is not here is not checked: a case still fails when a blank of its card stays empty.
import { nameOf } from '../../facts/results.ts';
import type { Leaf } from '../../guards/rule.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const byFact: Record<string, string[] | ((params: Record<string, unknown>) => string[])> = {
  newlyCombines: ['object', 'precipitant', 'drug', 'other', 'ordered'],
  duplicatesClass: ['drug', 'other'],
  duplicatesIngredient: ['drug', 'other', 'ingredient'],
  orders: ['drug'],
  newlyOrders: ['drug'],
  takes: ['drug', 'other'],
  takesBeside: ['other'],
  stoppedRecently: ['drug'],
  orderedDailyDose: ['drug', 'amount'],
  orderedSingleDose: ['drug', 'amount'],
  totalDailyDose: ['drug', 'amount'],
  totalDailyDoseAtLeast: ['drug', 'amount'],
  orderedTimesPerDay: ['drug', 'amount'],
  orderedDurationInDays: ['drug', 'amount'],
  orderedRoute: [],
  orderedSingleDosePerKg: ['drug', 'perKg', 'amount', 'weight'],
  orderedDailyDosePerKg: ['drug', 'perKg', 'amount', 'weight'],
  countTaken: ['drugs', 'count'],
  ageInDays: [],
  sex: [],
  isPregnant: [],
  toleratedSince: [],
  wasMeasured: [],
  ordersTest: ['test'],
  repeatsTest: ['test', 'result'],
  plansProcedure: ['procedure'],
  encounterClass: [],
  unrecognisedDrug: ['drug'],
  orderedDrugToleratedSince: ['drug'],
  allergyReactionSays: ['allergy', 'reaction'],
  takesDrugNowOnAllergyList: ['drug', 'allergy'],
  opioidMme: ['mme', 'drugs'],
  ordersLongActing: ['drug'],
  duplicatesLongActingOpioid: ['drug', 'other'],
  creatinineIsRising: ['creatinine', 'creatinineBefore'],
  qtRiskPoints: ['qtPoints', 'drugs'],
  ageInYears: ['age'],
  hasProblem: ['problem'],
  hasHistoryOf: ['problem'],
  gestationInWeeks: ['weeks'],
  isAllergicTo: ['allergy', 'reaction'],
  orderMatchesAllergy: ['drug', 'allergy', 'reaction'],
  latest: ({ observation }) => [nameOf(text(observation))],
  change: ({ observation }) => [nameOf(text(observation)), `${nameOf(text(observation))}Before`, 'change'],
  calculated: ({ calculator }) => [
    text(calculator).replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
  ],
  egfr: ['egfr'],
  creatinineClearance: ['crcl'],
  kidneyFunction: ['kidneyFunction'],
};

/** The blanks that a condition's question may fill; undefined for a question that the table does not know. */
export function namesFrom({ fact, params = {} }: Leaf): string[] | undefined {
  const known = byFact[fact];
  return typeof known === 'function' ? known(params) : known;
}

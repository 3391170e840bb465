// How long a drug has been taken: for de-prescribing, where the duration is the danger.
import { z } from 'zod';
import { daysBetween } from '../fhir/reading.ts';
import { isUnknown } from '../unknown.ts';
import { drugs, each } from './blanks.ts';
import { cannotSay, defineFact } from './define.ts';
import { asBecause, drugName, ingredientNames, isTaken, matches } from './medication-list.ts';

const oneDrug = z.strictObject({ drug: drugs });

export const takenForDays = defineFact<z.infer<typeof oneDrug>>({
  id: 'takenForDays',
  question: 'For how many days has {drug} been taken by now, by the dates of its orders (0 = not taken)?',
  answers: 'a number',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'drug', anyOf: each(drug) }],
  ask: ({ drug }, { chart }) => {
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const taken = chart.medications.filter(
      (entry) => isTaken(entry) && entry.standing !== 'draft' && matches(entry, each(drug)),
    );
    if (taken.length === 0) return { value: 0, because: [] };
    const names = new Set(taken.flatMap(ingredientNames));
    // Earlier orders of the same ingredient that run into this one count: a renewal begins no new course.
    const earlier = chart.medications.filter(
      (entry) =>
        entry.standing === 'past' &&
        ingredientNames(entry).some((name) => names.has(name)) &&
        matches(entry, each(drug)),
    );
    const start = taken.flatMap(({ start: begun }) => begun ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
    if (!start) return cannotSay(`the start of ${drugName(taken[0]!)} is not on the chart`, taken.map(asBecause));
    const joined = earlier.flatMap(({ start: begun, end }) =>
      begun && end && daysBetween(end, start) <= 30 && begun < start ? [begun] : [],
    );
    const since = new Date(Math.min(start.getTime(), ...joined.map((date) => date.getTime())));
    const span = daysBetween(since, chart.now);
    return {
      value: Math.max(0, span),
      because: taken.map(asBecause),
      names: {
        drug: drugName(taken[0]!),
        takenFor:
          span < 60
            ? `${Math.round(span)} days`
            : span < 730
              ? `${Math.round(span / 30.44)} months`
              : `${Math.floor(span / 365.25)} years`,
      },
    };
  },
});

/** The same ingredient twice on the list of a patient who leaves: two prescribers, two strengths, two names. */
const nothing = z.strictObject({});
export const listsIngredientTwice = defineFact<z.infer<typeof nothing>>({
  id: 'listsIngredientTwice',
  question: 'Are two active orders of the same ingredient and form on the medication list?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, { chart }) => {
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const taken = chart.medications.filter(
      (entry) =>
        isTaken(entry) && entry.resource.resourceType !== 'MedicationStatement' && ingredientNames(entry).length > 0,
    );
    for (const [place, entry] of taken.entries()) {
      const route = isUnknown(entry.drug) ? undefined : entry.drug.route;
      const twin = taken
        .slice(place + 1)
        .find(
          (other) =>
            ingredientNames(other).sort().join('/') === ingredientNames(entry).sort().join('/') &&
            (isUnknown(other.drug) ? undefined : other.drug.route) === route,
        );
      if (twin) return { value: true, because: [asBecause(entry), asBecause(twin)], names: { drug: drugName(entry) } };
    }
    return { value: false, because: [] };
  },
});

const stoppedParams = z.strictObject({ withinDays: z.number().positive().meta({ description: 'Days' }) });
export const takesWhatWasStopped = defineFact<z.infer<typeof stoppedParams>>({
  id: 'takesWhatWasStopped',
  question:
    'Is a drug active on the list whose other order was stopped within {withinDays} days, and which was not begun again since?',
  answers: 'yes or no',
  params: stoppedParams,
  ask: ({ withinDays }, { chart }) => {
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const stopped = chart.medications.filter(
      ({ standing, end, resource }) =>
        standing === 'past' &&
        end &&
        daysBetween(end, chart.now) <= withinDays &&
        (resource as { status?: string }).status === 'stopped',
    );
    for (const past of stopped) {
      const still = chart.medications.find(
        (entry) =>
          isTaken(entry) &&
          ingredientNames(entry).some((name) => ingredientNames(past).includes(name)) &&
          (!entry.start || entry.start < past.end!),
      );
      if (still) return { value: true, because: [asBecause(past), asBecause(still)], names: { drug: drugName(still) } };
    }
    return { value: false, because: [] };
  },
});

/** An order written for the stay (`category` inpatient) that would go home with the patient. */
export const hospitalOrderActive = defineFact<z.infer<typeof oneDrug>>({
  id: 'hospitalOrderActive',
  question: 'Is an order for {drug} that was written for the hospital stay still active?',
  answers: 'yes or no',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'drug', anyOf: each(drug) }],
  ask: ({ drug }, { chart }) => {
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const found = chart.medications.filter(
      (entry) =>
        isTaken(entry) &&
        matches(entry, each(drug)) &&
        JSON.stringify((entry.resource as { category?: unknown }).category ?? '').includes('"inpatient"'),
    );
    return found.length
      ? { value: true, because: found.map(asBecause), names: { drug: [...new Set(found.map(drugName))].join(' and ') } }
      : { value: false, because: [] };
  },
});

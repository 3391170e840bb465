// Questions about the patient: age, sex, problems, allergies, pregnancy.
import { z } from 'zod';
import type { Allergy, Problem } from '../chart/types.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isKnown, isUnknown, unknown } from '../unknown.ts';
import { allergiesOf } from './allergy-entries.ts';
import { allergens, days, drugs, each, problems } from './blanks.ts';
import { type Because, cannotSay, defineFact, type FactContext, no, yes } from './define.ts';
import { asBecause, draftsInQuestion, drugName, matches } from './medication-list.ts';

const nothing = z.strictObject({});

export const ageInYears = defineFact<z.infer<typeof nothing>>({
  id: 'ageInYears',
  question: 'How old is the patient, in completed years?',
  answers: 'a number',
  params: nothing,
  ask: (_, { chart: { patient } }) =>
    isUnknown(patient.ageInYears)
      ? cannotSay(patient.ageInYears)
      : {
          value: patient.ageInYears,
          because: [{ text: `Age ${patient.ageInYears}`, reference: patient.reference }],
          names: { age: String(patient.ageInYears) },
        },
});

export const ageInDays = defineFact<z.infer<typeof nothing>>({
  id: 'ageInDays',
  question: 'How old is the patient, in days?',
  answers: 'a number',
  params: nothing,
  ask: (_, { chart: { patient } }) =>
    isUnknown(patient.ageInDays)
      ? cannotSay(patient.ageInDays)
      : {
          value: patient.ageInDays,
          because: [{ text: `Age ${patient.ageInDays} days`, reference: patient.reference }],
        },
});

export const sex = defineFact<z.infer<typeof nothing>>({
  id: 'sex',
  question: 'Is the patient female or male?',
  answers: 'a word',
  params: nothing,
  ask: (_, { chart: { patient } }) =>
    isUnknown(patient.sex)
      ? cannotSay(patient.sex)
      : {
          value: patient.sex,
          because: [{ text: patient.sex === 'female' ? 'Female' : 'Male', reference: patient.reference }],
        },
});

const oneProblem = z.strictObject({ problem: problems });

const asChip = ({ text, onset, reference, standing }: Problem): Because => ({
  text: standing === 'past' ? `${text} (past)` : text,
  when: onset,
  reference,
});

/** SNOMED CT ends a full name with its kind: "Gout (disorder)". */
const kindOfConcept = / \((?:disorder|finding|situation|procedure|event|morphologic abnormality)\)$/;

/** Problems that count; one that comes as a bare code ("I50.22") is called by the title of the set asked about. */
function problemsIn({ chart, terminology }: FactContext, tokens: string[], standings: Problem['standing'][]) {
  if (isUnknown(chart.problems)) return chart.problems;
  return chart.problems.flatMap((problem) => {
    const token = standings.includes(problem.standing) && tokens.find((one) => problem.groups.has(one));
    if (!token) return [];
    const title =
      /^(?:[A-Z]\d[\dA-Z](?:\.[\dA-Z]{1,4})?|\d{6,18})$/.test(problem.text) && terminology.valueSet(token)?.title;
    if (title) return [{ ...problem, text: `${title} (${problem.text})` }];
    return [kindOfConcept.test(problem.text) ? { ...problem, text: problem.text.replace(kindOfConcept, '') } : problem];
  });
}

export const hasProblem = defineFact<z.infer<typeof oneProblem>>({
  id: 'hasProblem',
  question: 'Is {problem} on the problem list, active?',
  answers: 'yes or no',
  params: oneProblem,
  ask: ({ problem }, context) => {
    const found = problemsIn(context, each(problem), ['active']);
    if (isUnknown(found)) return cannotSay(found);
    return found.length ? yes(found.slice(0, 2).map(asChip), { names: { problem: found[0]!.text } }) : no();
  },
});

const everHad = z.strictObject({ problem: problems, withinDays: days.optional() });

export const hasHistoryOf = defineFact<z.infer<typeof everHad>>({
  id: 'hasHistoryOf',
  question: 'Has the patient, now or ever (or within {withinDays} days), had {problem}?',
  answers: 'yes or no',
  params: everHad,
  ask: ({ problem, withinDays }, context) => {
    const found = problemsIn(context, each(problem), ['active', 'past']);
    if (isUnknown(found)) return cannotSay(found);
    const counted = withinDays
      ? found.filter(({ onset }) => onset && context.chart.now.getTime() - onset.getTime() <= withinDays * 86_400_000)
      : found;
    if (counted.length) return yes(counted.slice(0, 2).map(asChip), { names: { problem: counted[0]!.text } });
    const procedures = context.chart.procedures;
    const done = isKnown(procedures)
      ? procedures.filter(
          ({ groups, when }) =>
            each(problem).some((token) => groups.has(token)) &&
            (!withinDays || (when && context.chart.now.getTime() - when.getTime() <= withinDays * 86_400_000)),
        )
      : [];
    return done.length
      ? yes(
          done.slice(0, 2).map(({ text, when, reference }) => ({ text, when, reference })),
          { names: { problem: done[0]!.text.replace(kindOfConcept, '') } },
        )
      : no();
  },
});

/**
 * Pregnant now: an active pregnancy problem not older than ten months, a recorded positive status, or none. For men, and for
 * women past 55 or girls under 10, the answer is no without asking.
 */
export const isPregnant = defineFact<z.infer<typeof nothing>>({
  id: 'isPregnant',
  question: 'Is the patient pregnant?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, context) => {
    const { patient, now } = context.chart;
    if (patient.sex === 'male') return no();
    if (isKnown(patient.ageInYears) && (patient.ageInYears > 55 || patient.ageInYears < 10)) return no();
    const coded = context.terminology.valueSet('pregnancy-status');
    if (coded) {
      const said = context.chart.observations(coded.members.flatMap(({ code }) => (code ? [code] : [])));
      const recent = isKnown(said)
        ? said.find(({ when }) => when && now.getTime() - when.getTime() < 300 * 86_400_000)
        : undefined;
      const words =
        recent &&
        `${recent.valueText ?? ''} ${recent.valueCodings?.map(({ code }) => code).join(' ') ?? ''}`.toLowerCase();
      if (recent && words) {
        if (/not pregnant|60001007|la26683-5|negative/.test(words))
          return no([{ text: 'Not pregnant', when: recent.when, reference: recent.reference }]);
        if (/pregnan|77386006|la15173-0|positive/.test(words))
          return yes([{ text: 'Pregnant', when: recent.when, reference: recent.reference }]);
      }
    }
    const found = problemsIn(context, ['pregnancy'], ['active']);
    if (isUnknown(found)) return cannotSay(found);
    const current = found.filter(({ onset }) => !onset || now.getTime() - onset.getTime() < 300 * 86_400_000);
    return current.length ? yes(current.slice(0, 1).map(asChip)) : no();
  },
});

const allergyParams = z.strictObject({
  to: allergens,
  /** Which entries count: by default every active one that is not a mere intolerance. */
  reaction: z
    .enum(['any', 'severe', 'anaphylaxis', 'severe-skin', 'angioedema', 'intolerance', 'not-severe'])
    .default('any'),
});
type AllergyParams = z.infer<typeof allergyParams>;

const says = (allergy: Allergy, pattern: RegExp, group: string): boolean =>
  pattern.test(allergy.text) ||
  allergy.reactions.some((reaction) => pattern.test(reaction.text) || reaction.groups.has(group));

const anaphylaxis =
  /anaphyla|angio-?o?edema|throat|airway|stridor|bronchospasm|wheez|shortness of breath|dyspn|hypotension|shock|swelling of (the )?(face|lips?|tongue)/i;
const severeSkin = /stevens|epidermal necrolysis|\bsjs\b|\bten\b|\bdress\b|eosinophilia and systemic|exfoliative|agep/i;
const sideEffect =
  /nausea|vomit|upset stomach|gi upset|stomach (upset|pain|ache)|gastrointestinal|diarrh|constipat|headache|dizz|drows|sedat|fatigue|cough|dry mouth|myalgia|muscle (ache|pain)|insomnia/i;
/** Opioids free histamine; of other drugs itching may be the allergy itself. */
const opioidEffect = /itching|prurit/i;
const trueAllergy = /rash|hives|urticaria|anaphyla|angio|swelling|blister|exanthem|wheez|bronchosp|eruption/i;

export function isSevere(allergy: Allergy): boolean {
  return (
    says(allergy, anaphylaxis, 'anaphylaxis') ||
    says(allergy, severeSkin, 'severe-cutaneous-reaction') ||
    allergy.criticality === 'high' ||
    allergy.reactions.some(({ severity }) => severity === 'severe')
  );
}

/** An intolerance by type, or one whose every recorded reaction is a known side effect. */
export function isMereIntolerance(allergy: Allergy): boolean {
  const told = allergy.reactions.map(({ text }) => text).filter(Boolean);
  if (told.some((text) => trueAllergy.test(text)) || isSevere(allergy)) return false;
  const isOpioid = allergy.groups.has('opioids');
  return (
    allergy.isIntolerance ||
    (told.length > 0 && told.every((text) => sideEffect.test(text) || (isOpioid && opioidEffect.test(text))))
  );
}

const reactionFilters: Record<AllergyParams['reaction'], (allergy: Allergy) => boolean> = {
  any: (allergy) => !isMereIntolerance(allergy),
  severe: (allergy) => isSevere(allergy),
  anaphylaxis: (allergy) => says(allergy, anaphylaxis, 'anaphylaxis'),
  'severe-skin': (allergy) => says(allergy, severeSkin, 'severe-cutaneous-reaction'),
  angioedema: (allergy) => says(allergy, /angio-?o?edema|swelling of (the )?(face|lips?|tongue)/i, 'angioedema'),
  intolerance: isMereIntolerance,
  'not-severe': (allergy) => !isMereIntolerance(allergy) && !isSevere(allergy),
};

export const allergyChip = (allergy: Allergy): Because => {
  const reaction = allergy.reactions
    .map(({ text }) => text)
    .filter(Boolean)
    .join(', ');
  return {
    text: reaction ? `${allergy.text}: ${reaction}` : allergy.text,
    when: allergy.when,
    reference: allergy.reference,
  };
};

/** "Zithromax (azithromycin)": a brand on the allergy list is told with what it holds. */
function allergenName({ text }: Allergy, terminology: Terminology): string {
  if (text.length < 5) return text;
  const drug = terminology.drug({ text });
  if (isUnknown(drug) || drug.ingredients.length > 2) return text;
  const names = drug.ingredients.map(({ name }) => name);
  const isNamed = names.some((name) => text.toLowerCase().includes(name.slice(0, 8).toLowerCase()));
  return isNamed || names.length === 0 ? text : `${text} (${names.join('/')})`;
}

export const isAllergicTo = defineFact<AllergyParams>({
  id: 'isAllergicTo',
  question: 'Is there an active allergy to {to} (with a {reaction} reaction)?',
  answers: 'yes or no',
  params: allergyParams,
  ask: ({ to, reaction = 'any' }, context) => {
    const allergies = allergiesOf(context);
    if (isUnknown(allergies)) return cannotSay(allergies);
    const found = allergies
      .filter(({ groups, standing }) => standing === 'active' && each(to).some((token) => groups.has(token)))
      .filter(reactionFilters[reaction]);
    return found.length
      ? yes(found.slice(0, 2).map(allergyChip), {
          names: {
            allergy: allergenName(found[0]!, context.terminology),
            reaction:
              found[0]!.reactions
                .map(({ text }) => text)
                .filter(Boolean)
                .join(', ') || 'reaction not recorded',
          },
        })
      : no();
  },
});

const ownAllergy = z.strictObject({ reaction: allergyParams.shape.reaction, except: drugs.optional() });

/** The ordered drug itself, by ingredient, is what the patient is allergic to: the surest allergy alert there is. */
export const orderMatchesAllergy = defineFact<z.infer<typeof ownAllergy>>({
  id: 'orderMatchesAllergy',
  question: 'Does an order hold an ingredient that is itself on the allergy list (with a {reaction} reaction)?',
  answers: 'yes or no',
  params: ownAllergy,
  ask: ({ reaction = 'any', except }, context) => {
    const drafts = draftsInQuestion(context.chart).filter(
      (draft) => isKnown(draft.drug) && !(except && matches(draft, each(except))),
    );
    if (drafts.length === 0) return no();
    const allergies = allergiesOf(context);
    if (isUnknown(allergies)) return cannotSay(allergies, drafts.map(asBecause));
    for (const draft of drafts) {
      const tokens = isKnown(draft.drug)
        ? draft.drug.ingredients.map(({ name }) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-'))
        : [];
      const found = allergies
        .filter(({ groups, standing }) => standing === 'active' && tokens.some((token) => groups.has(token)))
        .filter(reactionFilters[reaction]);
      if (found.length) {
        return yes([asBecause(draft), ...found.slice(0, 2).map(allergyChip)], {
          names: {
            drug: drugName(draft),
            allergy: allergenName(found[0]!, context.terminology),
            reaction:
              found[0]!.reactions
                .map(({ text }) => text)
                .filter(Boolean)
                .join(', ') || 'reaction not recorded',
          },
          orders: [draft.reference],
        });
      }
    }
    return no();
  },
});

/** Given before, after the allergy was recorded, and taken to the end: the body has answered. */
export const toleratedSince = defineFact<z.infer<typeof tolerated>>({
  id: 'toleratedSince',
  question: 'Was {drug} taken after the allergy to {allergen} was recorded?',
  answers: 'yes or no',
  get params() {
    return tolerated;
  },
  ask: ({ drug, allergen }, { chart }) => {
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    if (isUnknown(chart.allergies)) return cannotSay(chart.allergies);
    const recorded = chart.allergies.filter(
      ({ groups, standing }) => standing === 'active' && each(allergen).some((token) => groups.has(token)),
    );
    const dates = recorded.map(({ when }) => when).filter((when) => when !== undefined);
    const found = chart.medications.filter(
      (entry) => (entry.standing === 'past' || entry.standing === 'active') && matches(entry, each(drug)),
    );
    if (found.length === 0) return no();
    if (dates.length < recorded.length || found.some(({ start }) => !start))
      return { value: unknown('the date of the allergy is not on the chart'), because: found.map(asBecause) };
    const after = found.filter(({ start }) => dates.every((date) => start! > date));
    return after.length ? yes(after.map(asBecause)) : no();
  },
});
const tolerated = z.strictObject({ drug: drugs, allergen: allergens });

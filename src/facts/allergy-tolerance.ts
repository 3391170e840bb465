// Allergy entries read against what was taken: tolerated since, taken despite, and what a reaction says in words.
import { z } from 'zod';
import type { Allergy, Medication } from '../chart/types.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { allergens, each } from './blanks.ts';
import { cannotSay, defineFact, no, yes } from './define.ts';
import { asBecause, draftsInQuestion, drugName, ingredientNames, shareIngredient } from './medication-list.ts';
import { allergyChip, isMereIntolerance, isSevere } from './patient.ts';

const nothing = z.strictObject({});

const tokensOf = (entry: Medication): string[] =>
  ingredientNames(entry).map((name) => name.replace(/[^a-z0-9]+/g, '-'));

const toIngredientsOf = (entry: Medication, allergies: Allergy[]): Allergy[] =>
  allergies.filter(
    ({ groups, standing }) => standing === 'active' && tokensOf(entry).some((token) => groups.has(token)),
  );

/** Taken after the entry was recorded: the body has answered. */
export const orderedDrugToleratedSince = defineFact<z.infer<typeof nothing>>({
  id: 'orderedDrugToleratedSince',
  question: 'Was the ordered drug itself, which is on the allergy list, taken again after the entry was recorded?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, { chart }) => {
    if (isUnknown(chart.allergies)) return cannotSay(chart.allergies);
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    for (const draft of draftsInQuestion(chart)) {
      const entries = toIngredientsOf(draft, chart.allergies);
      if (entries.length === 0) continue;
      const before = chart.medications.filter(
        (entry) =>
          entry !== draft &&
          (entry.standing === 'past' || entry.standing === 'active') &&
          shareIngredient(entry, draft),
      );
      if (before.length === 0) return no();
      const recorded = entries.map(({ when }) => when).filter((when) => when !== undefined);
      if (recorded.length < entries.length)
        return cannotSay('the date of the allergy entry is not on the chart', before.map(asBecause));
      const after = before.filter(({ start }) => start && recorded.every((when) => start > when));
      return after.length ? yes(after.map(asBecause), { names: { drug: drugName(draft) } }) : no();
    }
    return no();
  },
});

const wordsIn = z.strictObject({
  to: allergens,
  words: z.array(z.string().min(3)).min(1).meta({ description: 'Parts of words, any case' }),
});

/** For reactions that have a name of their own ("red man", "HIT"), whatever type the entry was given. */
export const allergyReactionSays = defineFact<z.infer<typeof wordsIn>>({
  id: 'allergyReactionSays',
  question: 'Does an active entry on the allergy list for {to} say {words}?',
  answers: 'yes or no',
  params: wordsIn,
  ask: ({ to, words }, { chart }) => {
    if (isUnknown(chart.allergies)) return cannotSay(chart.allergies);
    const found = chart.allergies.filter(({ groups, standing, text, reactions }) => {
      if (standing !== 'active' || !each(to).some((token) => groups.has(token))) return false;
      const said = [text, ...reactions.map((reaction) => reaction.text)].join(' ');
      return words.some((word) => startsAWord(said, word));
    });
    const reaction = found[0]?.reactions
      .map(({ text }) => text)
      .filter(Boolean)
      .join(', ');
    return found.length
      ? yes(found.slice(0, 2).map(allergyChip), {
          names: { allergy: found[0]!.text, reaction: reaction || found[0]!.text },
        })
      : no();
  },
});

/** "HIT" is not in "white"; short words must stand alone, longer ones may go on: "thrombocytop". */
const startsAWord = (said: string, word: string): boolean =>
  new RegExp(`\\b${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}${word.length <= 4 ? '\\b' : ''}`, 'i').test(said);

/** An allergy recorded after the drug was started is news; one that stood there before has been decided on. */
export const takesDrugNowOnAllergyList = defineFact<z.infer<typeof nothing>>({
  id: 'takesDrugNowOnAllergyList',
  question:
    'Is a drug still on the medication list although a severe reaction to it was recorded after it was started?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, { chart }) => {
    if (isUnknown(chart.allergies)) return cannotSay(chart.allergies);
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const severe = chart.allergies.filter((allergy) => isSevere(allergy) && !isMereIntolerance(allergy));
    for (const entry of chart.medications) {
      const { start } = entry;
      if (entry.standing !== 'active' || !isKnown(entry.drug) || !start) continue;
      const found = toIngredientsOf(entry, severe).filter(({ when }) => when && when > start);
      if (found.length)
        return yes([asBecause(entry), ...found.map(allergyChip)], {
          names: { drug: drugName(entry), allergy: found[0]!.text },
        });
    }
    return no();
  },
});

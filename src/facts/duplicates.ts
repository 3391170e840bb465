import { z } from 'zod';
import { isUnknown, type Unknown } from '../unknown.ts';
import { drugs, each } from './blanks.ts';
import { cannotSay, defineFact, no, yes } from './define.ts';
import {
  asBecause,
  draftsInQuestion,
  drugName,
  ingredientNames,
  matches,
  others,
  renewedBy,
  sameIngredients,
} from './medication-list.ts';

const ofClass = z.strictObject({
  class: drugs,
  /** Pairs in which one drug belongs here and the other does not are planned: basal with mealtime insulin. */
  notWhenOneIs: drugs.optional(),
});

/** Two different drugs of one class. The same drug twice is `duplicatesIngredient`; a switch that names what it replaces is neither. */
export const duplicatesClass = defineFact<z.infer<typeof ofClass>>({
  id: 'duplicatesClass',
  question: 'Is a second, different drug of {class} being ordered?',
  answers: 'yes or no',
  params: ofClass,
  needs: (given) => [{ of: 'draft', anyOf: each(given.class) }],
  ask: (given, { chart }) => {
    const tokens = each(given.class);
    const planned = given.notWhenOneIs ? each(given.notWhenOneIs) : [];
    let gap: Unknown | undefined;
    for (const draft of draftsInQuestion(chart).filter((entry) => matches(entry, tokens))) {
      if (renewedBy(chart, draft).length > 0) continue;
      const { taken, why } = others(chart, draft);
      const found = taken.filter(
        (entry) =>
          matches(entry, tokens) &&
          !sameIngredients(entry, draft) &&
          !ingredientNames(entry).some((name) => ingredientNames(draft).includes(name)) &&
          matches(entry, planned) === matches(draft, planned),
      );
      if (found.length) {
        return yes([draft, ...found].map(asBecause), {
          names: { drug: drugName(draft), other: [...new Set(found.map(drugName))].join(' and ') },
          orders: [draft.reference],
        });
      }
      gap ??= why;
    }
    return gap ? cannotSay(gap) : no();
  },
});

const ofIngredient = z.strictObject({ except: drugs.optional(), only: drugs.optional() });

/**
 * The same ingredient from two orders at once. One order for exactly the same ingredients by the same route is a renewal or a
 * dose change and stays quiet; two drafts of it, or a combination that holds what is already taken, do not.
 */
export const duplicatesIngredient = defineFact<z.infer<typeof ofIngredient>>({
  id: 'duplicatesIngredient',
  question:
    'Does an order repeat an ingredient that another order already gives (a renewal or dose change does not count)?',
  answers: 'yes or no',
  params: ofIngredient,
  ask: ({ except, only }, { chart }) => {
    let gap: Unknown | undefined;
    for (const draft of draftsInQuestion(chart)) {
      if (isUnknown(draft.drug) || (except && matches(draft, each(except))) || (only && !matches(draft, each(only))))
        continue;
      const mine = new Set(ingredientNames(draft));
      const { taken, why } = others(chart, draft);
      const found = taken.filter((entry) => {
        if (isUnknown(entry.drug) || isUnknown(draft.drug)) return false;
        if (except && matches(entry, each(except))) return false;
        if (!ingredientNames(entry).some((name) => mine.has(name))) return false;
        if (entry.drug.isSystemic !== draft.drug.isSystemic) return false;
        return entry.standing === 'draft' || !sameIngredients(entry, draft);
      });
      if (found.length) {
        const shared = [...mine].filter((name) => found.some((entry) => ingredientNames(entry).includes(name)));
        return yes([draft, ...found].map(asBecause), {
          names: {
            drug: drugName(draft),
            other: [...new Set(found.map(({ text }) => text))].join(' and '),
            ingredient: shared.join(' and '),
          },
          orders: [draft.reference],
        });
      }
      gap ??= why;
    }
    return gap ? cannotSay(gap) : no();
  },
});

import { z } from 'zod';
import type { Medication } from '../chart/types.ts';
import type { Drug } from '../terminology/types.ts';
import { isKnown, isUnknown, type Unknown } from '../unknown.ts';
import { drugs, each } from './blanks.ts';
import { type Answer, cannotSay, defineFact, no, yes } from './define.ts';
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
import { isOneDose } from './one-dose.ts';

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

/** Two systemic products add up; two local ones only by one route: a nasal spray is nothing to an inhaler. */
const actsAtSamePlace = (a: Drug, b: Drug): boolean =>
  a.isSystemic === b.isSystemic && (a.isSystemic || !a.route || !b.route || a.route === b.route);

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
  ask: ({ except, only }, { chart, terminology }) => {
    let gap: Unknown | undefined;
    // Acetaminophen is let alone, not the diphenhydramine beside it in the same tablet.
    const isExcepted = (name: string): boolean => {
      const drug = terminology.drug({ text: name });
      return isKnown(drug) && each(except ?? []).some((token) => drug.groups.has(token));
    };
    const counted = (entry: Medication): string[] =>
      except && matches(entry, each(except))
        ? ingredientNames(entry).filter((name) => ingredientNames(entry).length > 1 && !isExcepted(name))
        : ingredientNames(entry);
    for (const draft of draftsInQuestion(chart)) {
      if (isUnknown(draft.drug) || (only && !matches(draft, each(only)))) continue;
      const mine = new Set(counted(draft));
      if (mine.size === 0) continue;
      const { taken, why } = others(chart, draft);
      const found = taken.filter((entry) => {
        if (isUnknown(entry.drug) || isUnknown(draft.drug)) return false;
        if (only && !matches(entry, each(only))) return false;
        if (!counted(entry).some((name) => mine.has(name))) return false;
        if (!actsAtSamePlace(entry.drug, draft.drug)) return false;
        // A first dose by vein, and what follows it by mouth.
        if (isOneDose(draft) || isOneDose(entry)) return false;
        return entry.standing === 'draft' || !sameIngredients(entry, draft);
      });
      if (found.length) {
        const shared = [...mine].filter((name) => found.some((entry) => counted(entry).includes(name)));
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

const inAnotherForm = z.strictObject({ except: drugs.optional() });

/** A draft beside other products of its drug. */
export const asSecondSupply = (draft: Medication, found: readonly Medication[]): Answer =>
  yes([draft, ...found].map(asBecause), {
    names: {
      drug: draft.text,
      other: [...new Set(found.map(({ text }) => text))].join(' and '),
      ingredient: drugName(draft),
    },
    orders: [draft.reference],
  });

const underAnotherName = z.strictObject({
  except: drugs.optional(),
  /** Brands sold without a prescription: beside the prescribed generic they are a second supply, never its renewal. */
  overTheCounter: z.array(z.string()).default([]),
});

/**
 * One ingredient as two products at once: two brands (Wegovy beside Ozempic), or an over-the-counter brand beside the prescribed
 * generic (Aleve beside naproxen). A brand beside its generic is a renewal, as is the same brand in another strength.
 */
export const duplicatesUnderAnotherName = defineFact<z.infer<typeof underAnotherName>>({
  id: 'duplicatesUnderAnotherName',
  question: 'Does an order give, as another brand, the drug that is already taken?',
  answers: 'yes or no',
  params: underAnotherName,
  ask: ({ except, overTheCounter = [] }, { chart, terminology }) => {
    // "Frusemide" is furosemide in another country, no brand.
    const isBrand = (name: string): boolean => {
      const { isBrand: isAnotherName, ingredients } = terminology.names.find(name);
      return isAnotherName && ingredients.length > 0;
    };
    const isSecondSupply = (a: string, b: string): boolean =>
      (isBrand(a) && isBrand(b) && !a.startsWith(b) && !b.startsWith(a)) ||
      (a !== b && (overTheCounter.includes(a) || overTheCounter.includes(b)));
    let gap: Unknown | undefined;
    for (const draft of draftsInQuestion(chart)) {
      if (isUnknown(draft.drug) || (except && matches(draft, each(except)))) continue;
      const name = brandOf(draft);
      const { taken, why } = others(chart, draft);
      const same = taken.filter(
        (entry) =>
          isKnown(entry.drug) &&
          isKnown(draft.drug) &&
          sameIngredients(entry, draft) &&
          actsAtSamePlace(entry.drug, draft.drug),
      );
      const found = same.filter((entry) => isSecondSupply(name, brandOf(entry)));
      if (found.length > 0 && found.length === same.length) return asSecondSupply(draft, found);
      gap ??= why;
    }
    return gap ? cannotSay(gap) : no();
  },
});

/**
 * One ingredient as an extended-release and an immediate-release product at once: a switch in which the old order was forgotten
 * (metoprolol succinate beside metoprolol tartrate), or both on purpose. A renewal in the same form is neither.
 */
export const duplicatesInAnotherForm = defineFact<z.infer<typeof inAnotherForm>>({
  id: 'duplicatesInAnotherForm',
  question:
    'Is a drug ordered as an extended-release product while the immediate-release one is taken, or the reverse?',
  answers: 'yes or no',
  params: inAnotherForm,
  ask: ({ except }, { chart }) => {
    let gap: Unknown | undefined;
    for (const draft of draftsInQuestion(chart)) {
      if (isUnknown(draft.drug) || (except && matches(draft, each(except)))) continue;
      const { drug } = draft;
      const { taken, why } = others(chart, draft);
      const same = taken.filter(
        (entry) =>
          isKnown(entry.drug) &&
          entry.standing === 'active' &&
          sameIngredients(entry, draft) &&
          actsAtSamePlace(entry.drug, drug),
      );
      const isExtended = (of: Drug): boolean => of.releaseForm === 'extended';
      const found = same.filter((entry) => isKnown(entry.drug) && isExtended(entry.drug) !== isExtended(drug));
      if (found.length > 0 && found.length === same.length) {
        return yes([draft, ...found].map(asBecause), {
          names: { drug: draft.text, other: [...new Set(found.map(({ text }) => text))].join(' and ') },
          orders: [draft.reference],
        });
      }
      gap ??= why;
    }
    return gap ? cannotSay(gap) : no();
  },
});

/** "motrin ib" of "Motrin IB 200 mg tablet", "zestril" of "lisinopril 20 MG Oral Tablet [Zestril]"; empty for a generic. */
function brandOf(entry: Medication): string {
  const words = entry.text.toLowerCase();
  const name =
    /\[([^\]]+)\]/.exec(words)?.[1] ??
    words.replace(
      /[\s,]*(?:\d.*|\b(?:tablets?|capsules?|caplets?|kwikpen|flexpen|solostar|pens?|vials?|injection|po)\b.*)$/,
      '',
    );
  return ingredientNames(entry).some((ingredient) => name.includes(ingredient.split(' ')[0]!)) ? '' : name.trim();
}

// Questions about which product of one drug it is, where a mix-up hurts: a brand, a form, a formulation.
import { z } from 'zod';
import type { Medication } from '../chart/types.ts';
import { type Json, list } from '../fhir/reading.ts';
import { isKnown, isUnknown, type Unknown } from '../unknown.ts';
import { drugs, each } from './blanks.ts';
import { cannotSay, defineFact, no, yes } from './define.ts';
import { asSecondSupply } from './duplicates.ts';
import { asBecause, draftsInQuestion, drugName, isTaken, matches, others, sameIngredients } from './medication-list.ts';

const words = z
  .array(z.string().min(2))
  .min(1)
  .meta({ description: 'Words of a product name, any case: "envarsus", "extended release oral tablet", "0.1 %"' });

/** `0.1%`, `0.1 %` and `U-500`, `u 500` alike; a number is no part of a longer one. */
const plain = (text: string): string =>
  ` ${text.toLowerCase().replace(/[^a-z0-9.%/]+|(?=%)/g, ' ')} `.replace(/ +/g, ' ');

const wording = (entry: Medication): string =>
  plain(isKnown(entry.drug) ? `${entry.text} ${entry.drug.wording ?? ''} ${entry.drug.form ?? ''}` : entry.text);

const says = (entry: Medication, any: readonly string[]): boolean => {
  const said = wording(entry);
  return any.some((word) => said.includes(plain(word)));
};

const oneProduct = z.strictObject({
  drug: drugs,
  words,
  /** The product being ordered, or any that is taken or ordered. */
  of: z.enum(['order', 'list']).default('order').meta({ description: 'order, or list (what is taken too)' }),
});

export const productSays = defineFact<z.infer<typeof oneProduct>>({
  id: 'productSays',
  question: 'Does the {drug} of the {of} say {words}: a brand, a form, a strength?',
  answers: 'yes or no',
  params: oneProduct,
  needs: ({ drug, of }) => [{ of: of === 'list' ? 'drug' : 'draft', anyOf: each(drug) }],
  ask: ({ drug, words: any, of }, { chart }) => {
    const drafts = draftsInQuestion(chart);
    if (of === 'list' && isUnknown(chart.medications)) return cannotSay(chart.medications);
    const entries =
      of === 'list' && isKnown(chart.medications) ? [...drafts, ...chart.medications.filter(isTaken)] : drafts;
    const found = [...new Set(entries)].filter((entry) => matches(entry, each(drug)) && says(entry, any));
    return found.length
      ? yes(found.map(asBecause), {
          names: { product: found[0]!.text },
          orders: found.filter((entry) => drafts.includes(entry)).map(({ reference }) => reference),
        })
      : no();
  },
});

const instruction = z.strictObject({ drug: drugs, words });

/** Free instructions that no frequency stands for: "every hour until relief", "crush", "for sedation". */
export const instructionsSay = defineFact<z.infer<typeof instruction>>({
  id: 'instructionsSay',
  question: 'Do the instructions of the order for {drug} say {words}?',
  answers: 'yes or no',
  params: instruction,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug, words: any }, { chart }) => {
    const found = draftsInQuestion(chart).filter((draft) => {
      const said = plain(textsOf((draft.resource as unknown as Json).dosageInstruction).join(' . '));
      return matches(draft, each(drug)) && any.some((word) => said.includes(plain(word)));
    });
    return found.length
      ? yes(found.map(asBecause), {
          names: { drug: drugName(found[0]!) },
          orders: found.map(({ reference }) => reference),
        })
      : no();
  },
});

const textsOf = (instructions: unknown): string[] =>
  list(instructions).flatMap(({ text, patientInstruction }) =>
    [text, patientInstruction].filter((said) => typeof said === 'string'),
  );

const unlike = z.strictObject({
  drug: drugs,
  kinds: z
    .array(words)
    .min(1)
    .meta({ description: 'Each kind by its words; a product that says none of them is of the ordinary kind' }),
  /** The ordinary kind is left alone: valproate by vein while divalproex is swallowed at home. */
  namedOnly: z.boolean().default(false),
});

/**
 * One ingredient as two products that cannot stand for each other: Envarsus beside Prograf, liposomal beside conventional
 * amphotericin. A renewal in the same product is no such pair; nor is a local one beside a systemic one.
 */
export const duplicatesUnlikeProduct = defineFact<z.infer<typeof unlike>>({
  id: 'duplicatesUnlikeProduct',
  question: 'Is {drug} being ordered while another kind of product of it is taken, of {kinds}?',
  answers: 'yes or no',
  params: unlike,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug, kinds, namedOnly }, { chart }) => {
    const kindOf = (entry: Medication): number => kinds.findIndex((kind) => says(entry, kind));
    let gap: Unknown | undefined;
    for (const draft of draftsInQuestion(chart)) {
      if (isUnknown(draft.drug) || !matches(draft, each(drug))) continue;
      const { isSystemic } = draft.drug;
      const { taken, why } = others(chart, draft);
      const same = taken.filter(
        (entry) => isKnown(entry.drug) && sameIngredients(entry, draft) && entry.drug.isSystemic === isSystemic,
      );
      const kind = kindOf(draft);
      const found = same.filter((entry) => kindOf(entry) !== kind && !(namedOnly && (kind < 0 || kindOf(entry) < 0)));
      if (found.length > 0 && found.length === same.length) return asSecondSupply(draft, found);
      gap ??= why;
    }
    return gap ? cannotSay(gap) : no();
  },
});

const nothing = z.strictObject({});

/** A listed drug that the terminology could not match is in no rule's sight: said on a card, never silently skipped. */
export const unrecognisedListedDrug = defineFact<z.infer<typeof nothing>>({
  id: 'unrecognisedListedDrug',
  question: 'Is a drug on the medication list, taken now, that could not be recognised?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, { chart }) => {
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const found = chart.medications.filter(
      ({ standing, drug, text }) =>
        standing === 'active' && isUnknown(drug) && /[a-z]{3}|\d{4}/i.test(text) && !/^\W*(no|none|not)\b/i.test(text),
    );
    const [first, ...more] = [...new Set(found.map(({ text }) => text.slice(0, 40)))];
    return first
      ? yes(
          found.map(({ text, reference }) => ({ text: `"${text.slice(0, 80)}"`, reference })),
          { names: { other: more.length > 0 ? `"${first}" and ${more.length} more` : `"${first}"` } },
        )
      : no();
  },
});

// What one EHR can do with a card, by configuration of its tenant (CDS_CLIENTS, "dialect"). Only the form changes: no card is
// dropped, none changes its indicator.
import { z } from 'zod';
import { type Card, cardExtensionKey, type Suggestion } from '../cds-hooks/contract.ts';

export const dialectSchema = z.strictObject({
  /** The EHR carries out one action of a suggestion: one with several is told in words instead, never by half. */
  oneActionPerSuggestion: z.boolean().optional(),
  /** The EHR knows this selection behavior only. */
  selectionBehavior: z.literal('any', { error: 'must be "any": at-most-one is what cards say anyway' }).optional(),
  /** Characters of detail the EHR shows. */
  cardLength: z.number().int().min(80, 'must leave room for a sentence: at least 80').optional(),
});
export type Dialect = z.infer<typeof dialectSchema>;

export function inDialect(cards: readonly Card[], dialect: Dialect | undefined): Card[] {
  return dialect ? cards.map((card) => spoken(card, dialect)) : [...cards];
}

function spoken(card: Card, { oneActionPerSuggestion, selectionBehavior, cardLength }: Dialect): Card {
  const { suggestions, selectionBehavior: own, ...rest } = card;
  const isSayable = ({ actions = [] }: Suggestion): boolean => !oneActionPerSuggestion || actions.length <= 1;
  const kept = suggestions?.filter(isSayable) ?? [];
  const told = suggestions?.filter((suggestion) => !isSayable(suggestion)).map(({ label }) => label) ?? [];
  const detail = [rest.detail, told.length > 0 ? `Also possible, by hand: ${told.join('; ')}.` : undefined]
    .filter(Boolean)
    .join('\n\n');
  const extension = rest.extension?.[cardExtensionKey];
  const fixes = extension?.fixes?.filter(({ suggestion }) => kept.some(({ uuid }) => uuid === suggestion));
  return {
    ...rest,
    ...(detail && { detail: cardLength ? shortened(detail, cardLength) : detail }),
    ...(kept.length > 0 && { suggestions: kept, selectionBehavior: selectionBehavior ?? own }),
    ...(extension && { extension: { [cardExtensionKey]: { ...extension, fixes: fixes?.length ? fixes : undefined } } }),
  };
}

/** Ends with a whole sentence where one fits in, else with a whole word. */
function shortened(detail: string, length: number): string {
  if (detail.length <= length) return detail;
  const cut = detail.slice(0, length - 2);
  const sentence = /^[\s\S]*[.!?](?=\s)/.exec(detail.slice(0, length - 1))?.[0];
  const text =
    sentence && sentence.length > length / 3 ? sentence : cut.slice(0, Math.max(cut.search(/\s\S*$/), 0) || cut.length);
  return `${text.trimEnd()} …`;
}

// What changed between two sets of cards. A card is its rule; a rule that speaks in another tier has changed.
import { type Card, cardExtensionKey, type WhatIfAnswer } from '../cds-hooks/contract.ts';

const key = (card: Card): string => card.extension?.[cardExtensionKey]?.ruleId ?? card.summary;
const tier = (card: Card): string => `${card.indicator} ${card.extension?.[cardExtensionKey]?.tier}`;

export type Difference = Required<WhatIfAnswer['difference']>;

/** Everything that is said, by a card of its own or within another. */
const saidBy = (cards: readonly Card[]): ReadonlySet<string> =>
  new Set(cards.flatMap((card) => [key(card), ...(card.extension?.[cardExtensionKey]?.standsFor ?? [])]));

export function difference(before: readonly Card[], after: readonly Card[]): Difference {
  const was = new Map(before.map((card) => [key(card), card]));
  const [saidBefore, saidAfter] = [saidBy(before), saidBy(after)];
  const gone = before.filter((card) => !saidAfter.has(key(card)));
  const found: Difference = { gone, new: [], same: [], changed: [] };
  for (const card of after) {
    const earlier = was.get(key(card));
    if (!earlier) (saidBefore.has(key(card)) ? found.same : found.new).push(card);
    else if (tier(earlier) === tier(card)) found.same.push(card);
    else found.changed.push({ before: earlier, after: card });
  }
  return found;
}

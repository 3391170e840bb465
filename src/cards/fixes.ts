// Tries every drug suggestion on a copy of the chart before it is offered: the same guards run again with the draft changed.
// A suggestion that would bring a new Stop or Caution of its own is withdrawn; one that clears several cards says which.
import type { Resource } from '@medplum/fhirtypes';
import { cardExtensionKey } from '../cds-hooks/contract.ts';
import type { ChartSource } from '../chart/types.ts';
import { referenceTo } from '../fhir/reading.ts';
import type { Guarded } from '../guards/check.ts';
import type { Offered } from './suggestions.ts';
import type { Written } from './write.ts';

export async function offeredFixes(written: Written, check: (changed: ChartSource) => Promise<Guarded>, source: ChartSource): Promise<void> {
  for (const card of written.cards) {
    const offers = written.offers.get(card.uuid) ?? [];
    for (const offered of offers) {
      if (!offered.draft) continue;
      const after = await check(withDraft(source, offered));
      const stillThere = new Set(after.findings.map(({ rule }) => rule.id));
      const before = new Set([...written.findings.values()].map(({ rule }) => rule.id));
      const isWorse = after.findings.some(({ rule, tier }) => tier.indicator !== 'info' && rule.status === 'active' && !before.has(rule.id));
      const own = written.findings.get(card.uuid)!.rule.id;
      // A dose is sometimes lowered within a rule's own reach; a replacement must clear the card it is offered on.
      if (isWorse || (stillThere.has(own) && offered.from.kind !== 'dose')) {
        card.suggestions = card.suggestions?.filter(({ uuid }) => uuid !== offered.suggestion.uuid);
        continue;
      }
      const clears = written.cards.filter(({ uuid }) => !stillThere.has(written.findings.get(uuid)!.rule.id)).map(({ uuid }) => uuid);
      const extension = card.extension?.[cardExtensionKey];
      if (extension && clears.length > 1) extension.fixes = [...(extension.fixes ?? []), { suggestion: offered.suggestion.uuid, clears }];
    }
    if (card.suggestions?.length === 0) {
      delete card.suggestions;
      delete card.selectionBehavior;
    }
  }
}

function withDraft(source: ChartSource, { suggestion, draft }: Offered): ChartSource {
  const [action] = suggestion.actions ?? [];
  const drafts = source.drafts.filter((entry, place) => referenceTo(entry, `draft-${place + 1}`) !== draft!.reference);
  if (action?.resource) drafts.push(action.resource as unknown as Resource);
  return { ...source, drafts, selections: [] };
}

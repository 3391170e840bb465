// Tries every drug suggestion on a copy of the chart before it is offered: the same guards run again with the draft changed.
// A suggestion that would bring something as bad as what it mends is withdrawn; one that clears several cards says which.
import type { Resource } from '@medplum/fhirtypes';
import { cardExtensionKey } from '../cds-hooks/contract.ts';
import type { ChartSource } from '../chart/types.ts';
import { referenceTo } from '../fhir/reading.ts';
import type { Finding, Guarded } from '../guards/check.ts';
import type { Offered } from './suggestions.ts';
import { severity, type Written } from './write.ts';

/** `check` asks the rules of the request's hook; `checkSigning` those of signing an order, which a new order has to pass. */
export async function offeredFixes(
  written: Written,
  found: readonly Finding[],
  check: (changed: ChartSource) => Promise<Guarded>,
  checkSigning: (changed: ChartSource) => Promise<Guarded>,
  source: ChartSource,
): Promise<void> {
  const before = new Map(found.map(({ rule, tier }) => [rule.id, severity[tier.indicator]]));
  for (const card of written.cards) {
    const offers = written.offers.get(card.uuid) ?? [];
    const chosen = new Set<Offered['from']>();
    for (const offered of offers) {
      if (offered.newOrder) {
        const isOffered = !chosen.has(offered.from) && (await passes(offered.newOrder, checkSigning, source));
        if (isOffered) chosen.add(offered.from);
        else card.suggestions = card.suggestions?.filter(({ uuid }) => uuid !== offered.suggestion.uuid);
        continue;
      }
      if (!offered.draft) continue;
      const after = await check(withDraft(source, offered));
      const stillThere = new Set(after.findings.map(({ rule }) => rule.id));
      // Severity counts down from 0, the worst: a rule that is new, or worse than before, must stay below the card it mends.
      const isWorse = after.findings.some(
        ({ rule, tier }) =>
          rule.status === 'active' &&
          severity[tier.indicator] < (before.get(rule.id) ?? 9) &&
          severity[tier.indicator] <= Math.min(severity[card.indicator], severity.warning),
      );
      const own = written.findings.get(card.uuid)!.rule.id;
      // A dose is sometimes lowered within a rule's own reach; a replacement must clear the card it is offered on.
      if (isWorse || (stillThere.has(own) && offered.from.kind !== 'dose')) {
        card.suggestions = card.suggestions?.filter(({ uuid }) => uuid !== offered.suggestion.uuid);
        continue;
      }
      const clears = written.cards
        .filter(({ uuid }) => !stillThere.has(written.findings.get(uuid)!.rule.id))
        .map(({ uuid }) => uuid);
      const extension = card.extension?.[cardExtensionKey];
      if (extension && clears.length > 1)
        extension.fixes = [...(extension.fixes ?? []), { suggestion: offered.suggestion.uuid, clears }];
    }
    if (card.suggestions?.length === 0) {
      delete card.suggestions;
      delete card.selectionBehavior;
    }
  }
}

/** A new order passes when signing it would bring no Stop or Caution about it, and the allergies could be looked at. */
async function passes(
  newOrder: Record<string, unknown>,
  checkSigning: (changed: ChartSource) => Promise<Guarded>,
  source: ChartSource,
): Promise<boolean> {
  const drafts = [...source.drafts, newOrder as unknown as Resource];
  const reference = referenceTo(drafts.at(-1)!, `draft-${drafts.length}`);
  const { findings, undecided } = await checkSigning({ ...source, drafts, selections: [reference] });
  const isStopped = findings.some(
    ({ rule, tier, orders }) => rule.status === 'active' && tier.indicator !== 'info' && orders.includes(reference),
  );
  return !isStopped && !undecided.some(({ rule }) => rule.status === 'active' && rule.kind === 'allergy');
}

function withDraft(source: ChartSource, { suggestion, draft }: Offered): ChartSource {
  const [action] = suggestion.actions ?? [];
  const drafts = source.drafts.filter((entry, place) => referenceTo(entry, `draft-${place + 1}`) !== draft!.reference);
  if (action?.resource) drafts.push(action.resource as unknown as Resource);
  return { ...source, drafts, selections: [] };
}

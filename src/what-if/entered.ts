// A new entry of the record, an allergy or a problem, judged by what it changes: every drug taken is looked at as if it were
// being ordered now, without the entry and with it, and only what is new or worse is said. What stood before was decided on then.
import type { Resource } from '@medplum/fhirtypes';
import type { ChartPart, ChartSource } from '../chart/types.ts';
import { referenceTo } from '../fhir/reading.ts';
import type { Finding } from '../guards/check.ts';
import { isUnknown } from '../unknown.ts';

const partByType: Record<string, ChartPart> = { AllergyIntolerance: 'allergies', Condition: 'problems' };

/**
 * The chart as it was, and as it will be. A hook that comes after the fact may find the entry on the chart already: it is taken
 * out of the first and stands once in the second.
 */
export function entered(source: ChartSource): { before: ChartSource; after: ChartSource } {
  const entries = source.drafts.filter(({ resourceType }) => resourceType in partByType);
  const drafts = source.drafts.filter(({ resourceType }) => !(resourceType in partByType));
  const names = new Set(entries.flatMap((entry) => (entry.id ? referenceTo(entry) : [])));
  const before: ChartSource = { ...source, drafts, selections: [], parts: { ...source.parts } };
  const after: ChartSource = { ...before, parts: { ...source.parts } };
  for (const part of Object.values(partByType)) {
    const held = source.parts[part];
    const added: Resource[] = entries.flatMap((entry, place) =>
      partByType[entry.resourceType] === part ? ({ ...entry, id: entry.id ?? `new-${place + 1}` } as Resource) : [],
    );
    const kept = held && !isUnknown(held) ? held.filter((resource) => !names.has(referenceTo(resource))) : held;
    before.parts[part] = kept;
    // The entry is known even where the rest of the list is not.
    after.parts[part] = added.length === 0 ? held : [...(kept && !isUnknown(kept) ? kept : []), ...added];
  }
  return { before, after };
}

const severity = { info: 0, warning: 1, critical: 2 } as const;

/** What the entry brings: rules that did not speak before about the same drugs, or spoke less severely. */
export function broughtBy(after: readonly Finding[], before: readonly Finding[]): Finding[] {
  const said = new Map<string, number>();
  for (const finding of before)
    said.set(keyOf(finding), Math.max(severity[finding.tier.indicator], said.get(keyOf(finding)) ?? -1));
  return after.filter((finding) => severity[finding.tier.indicator] > (said.get(keyOf(finding)) ?? -1));
}

const keyOf = ({ rule, orders }: Finding): string => `${rule.id} ${[...orders].sort().join(' ')}`;

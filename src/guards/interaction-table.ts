// A licensed knowledge base's table of interactions, and the rules it stands for. A table of a hundred thousand pairs is kept as
// short rows; what its rules have in common is one object for them all.
import type { Indicator } from '../cds-hooks/contract.ts';
import type { Rule } from './rule.ts';

export const severities = ['contraindicated', 'major', 'moderate', 'minor'] as const;
export type Severity = (typeof severities)[number];

/** `[object, precipitant, severity, text, hazard?]`: two drug tokens, and the hazard of the written rule about this pair, if any. */
export type InteractionRow = [object: string, precipitant: string, severity: Severity, text: string, hazard?: string];

export interface InteractionTable {
  /** Begins the id of each rule. */
  id: string;
  /** What the cards cite: the product and its release. */
  source: string;
  /** YYYY-MM-DD. */
  importedOn: string;
  rows: InteractionRow[];
}

const indicators: Record<Severity, Indicator> = {
  contraindicated: 'critical',
  major: 'warning',
  moderate: 'info',
  minor: 'info',
};
const tiers = Object.fromEntries(severities.map((id) => [id, [{ id, indicator: indicators[id] }]])) as Record<
  Severity,
  Rule['tiers']
>;

export function rulesOf({ id, source, importedOn, rows }: InteractionTable): Rule[] {
  const shared = {
    version: '1.0.0',
    kind: 'interaction',
    steward: source,
    lastReviewDate: importedOn,
    evidence: [{ citation: `Interaction table: ${source}` }],
    hooks: ['order-select', 'order-sign'],
  } satisfies Partial<Rule>;
  return rows.map(([object, precipitant, severity, text, hazard]) => ({
    id: ruleId(id, object, precipitant),
    ...shared,
    // Minor ones are counted, not shown.
    status: severity === 'minor' ? 'silent' : 'active',
    title: `${object} with ${precipitant}`,
    ...(hazard && { hazard }),
    when: { fact: 'newlyCombines', params: { object, precipitant }, operator: 'equal', value: true },
    tiers: tiers[severity],
    card: { summary: `{{precipitant}} with {{object}}: ${text}`, detail: text },
  }));
}

const ruleId = (table: string, object: string, precipitant: string): string =>
  `${table}-${asWord(object)}-with-${asWord(precipitant)}`;

const asWord = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

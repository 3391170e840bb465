// Interaction rules of any number: the one that the bench's order meets, and others about pairs of real ingredients, many of
// which share a drug with the order.
import type { Rule } from '../../src/guards/rule.ts';
import type { Terminology } from '../../src/terminology/terminology.ts';

const rule = (place: number, object: string, precipitant: string): Rule => ({
  id: `bench-${place}`,
  version: '1.0.0',
  status: 'active',
  title: `${object} with ${precipitant}`,
  kind: 'interaction',
  steward: 'bench',
  lastReviewDate: '2026-11-01',
  evidence: [{ citation: 'A rule of the bench' }],
  hooks: ['order-select', 'order-sign'],
  when: { all: [{ fact: 'newlyCombines', params: { object, precipitant }, operator: 'equal', value: true }] },
  tiers: [{ id: 'usual', indicator: 'warning' }],
  card: { summary: '{{precipitant}} with {{object}}: a danger in one line', detail: 'The danger, the reason, the way out, in two sentences of usual length for a card.' },
});

/** Drugs of the bench's patient: no other rule may be about two of them, so that one rule fires at every size. */
const onTheList = new Set(['warfarin', 'ibuprofen', 'amlodipine', 'lisinopril', 'metformin', 'atorvastatin', 'hydrochlorothiazide', 'metoprolol', 'simvastatin', 'sertraline', 'nitrofurantoin']);

export function interactionRules(count: number, terminology: Terminology): Rule[] {
  const tokens = [...terminology.names.byToken.keys()].filter((token) => /^[a-z]{4,}$/.test(token) && !onTheList.has(token));
  const rules = [rule(0, 'warfarin', 'ibuprofen')];
  // Every drug of the order and the list has rules with others; the rest are all pairs, in turn.
  for (let step = 1; rules.length < count; step++) {
    for (let place = 0; place < tokens.length && rules.length < count; place++) {
      const a = place % 100 < onTheList.size ? [...onTheList][place % 100]! : tokens[place]!;
      const b = tokens[(place + step) % tokens.length]!;
      if (a !== b) rules.push(rule(rules.length, a, b));
    }
  }
  return rules;
}

// What "Why this fired" answers for a card: the rule, its version, the condition tree with its values, evidence and gaps.

import type { Rule } from './guards/rule.ts';
import type { ShownCard, Why } from './record/record.ts';
import type { Answered, Service } from './service.ts';

export function shownCards(
  { chart, guarded, written }: Answered,
  service: Service,
  hook: string,
  rulesHash: string,
): ShownCard[] {
  const shownAt = chart.now.toISOString();
  return written.cards.flatMap((card) => {
    const finding = written.findings.get(card.uuid);
    // A card that no rule wrote (repeated alerts left out) has no why.
    if (!finding) return [];
    const { rule, tier, gaps } = finding;
    const { patientId } = chart.source;
    return {
      uuid: card.uuid,
      service: service.id,
      hook,
      ruleId: rule.id,
      ruleVersion: rule.version,
      tier: tier.id,
      indicator: card.indicator,
      rulesHash,
      shownAt,
      why: {
        card: card.uuid,
        patientId,
        rule: shownRule(rule),
        tier: tier.id,
        ...guarded.trace(rule),
        gaps,
        rulesHash,
        shownAt,
      },
    };
  });
}

const shownRules = new WeakMap<Rule, Why['rule']>();

/** What is shown of a rule: one object for one rule, so that it is written once for many cards. */
function shownRule(rule: Rule): Why['rule'] {
  let shown = shownRules.get(rule);
  if (!shown) {
    const { id, version, title, status, steward, lastReviewDate, evidence, knownGaps, interaction } = rule;
    shown = { id, version, title, status, steward, lastReviewDate, evidence, knownGaps, interaction };
    shownRules.set(rule, shown);
  }
  return shown;
}

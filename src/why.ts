// What "Why this fired" answers for a card: the rule, its version, the condition tree with its values, evidence and gaps.
import type { Answered, Service } from './service.ts';
import type { ShownCard } from './record/record.ts';

export function shownCards({ chart, guarded, written }: Answered, service: Service, hook: string, rulesHash: string): ShownCard[] {
  const shownAt = chart.now.toISOString();
  return written.cards.map((card) => {
    const { rule, tier, gaps } = written.findings.get(card.uuid)!;
    const shared = { ruleId: rule.id, ruleVersion: rule.version, tier: tier.id, indicator: card.indicator, rulesHash, shownAt };
    return {
      uuid: card.uuid,
      service: service.id,
      hook,
      ...shared,
      why: () => {
        const { id, version, title, status, steward, lastReviewDate, evidence, knownGaps, interaction } = rule;
        return { card: card.uuid, patientId: chart.source.patientId, rule: { id, version, title, status, steward, lastReviewDate, evidence, knownGaps, interaction }, tier: tier.id, ...guarded.trace(rule), gaps, rulesHash, shownAt };
      },
    };
  });
}

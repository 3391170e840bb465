// The list a patient goes home with, read by the guards: every drug as if it were being ordered now, and the rules of discharge.
// What comes out are the same findings as at a hook, as sentences for the draft; nothing is added by a model, nothing dropped.
import { asSummary, fill } from './cards/template.ts';
import { severity } from './cards/write.ts';
import { readChart } from './chart/read.ts';
import type { ChartSource } from './chart/types.ts';
import type { Packet } from './consult/packet.ts';
import type { Section, Told } from './consult/summary.ts';
import type { Finding } from './guards/check.ts';
import { leaves, type Rule } from './guards/rule.ts';
import { check, type Engine } from './service.ts';
import { isUnknown } from './unknown.ts';
import { asIfOrdered, asOnChart } from './what-if/as-if-ordered.ts';

const words = { critical: 'Stop', warning: 'Caution', info: 'Note' } as const;
const most = 12;

export async function reconcile(source: ChartSource, packet: Packet, engine: Engine): Promise<Section> {
  const title = 'To settle before signing';
  const { terminology } = engine.knowledge();
  const chart = readChart(source, terminology);
  if (isUnknown(chart.medications))
    return { title, sentences: [{ text: `The list was not checked: ${chart.medications.unknown}.`, handles: [] }] };
  const judged = asIfOrdered(chart, terminology);
  const [ordered, discharged] = await Promise.all([
    check(judged.chart, {}, 'order-sign', engine),
    check(chart, {}, 'encounter-discharge', engine),
  ]);
  const found = [...discharged.findings, ...ordered.findings.map((finding) => asOnChart(finding, judged))]
    .filter(({ rule, tier }) => rule.status === 'active' && tier.indicator !== 'info' && !isAboutStarting(rule))
    .sort((a, b) => severity[a.tier.indicator] - severity[b.tier.indicator]);
  const shown = onceForEach(found);
  const left = shown.length - most;
  return {
    title,
    sentences:
      shown.length === 0
        ? [{ text: 'The guards have nothing against this list as it stands.', handles: [] }]
        : [
            ...shown.slice(0, most).map((finding) => told(finding, packet)),
            ...(left > 0 ? [{ text: `${left} more in the cards of discharge.`, handles: [] }] : []),
          ],
  };
}

/** These drugs are taken already: what speaks only against a new start says nothing of them. */
const isAboutStarting = ({ when }: Rule): boolean => leaves(when).some(({ fact }) => fact === 'newlyOrders');

function told({ rule, tier, names, because }: Finding, packet: Packet): Told {
  const handles = because.flatMap(({ reference }) =>
    reference ? (packet.byReference.get(reference) ?? []).map(({ handle }) => handle) : [],
  );
  return {
    text: `${words[tier.indicator]}: ${asSummary(fill(tier.summary ?? rule.card.summary, names))}.`,
    handles: [...new Set(handles)],
  };
}

/** One sentence for one hazard of the same things: a pair judged from either side is one pair. */
function onceForEach(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, because }) => {
    const about = [...new Set(because.flatMap(({ reference }) => reference ?? []))].sort().join(' ');
    const key = `${rule.hazard ?? rule.id} ${about}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

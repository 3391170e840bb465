// Judges a chart as a what-if does: by the guards of the hooks, over the whole medication list.
//
// A hook asks about the order being written: a danger that has stood on the list for a year was decided on then, and stays
// quiet. A what-if asks about the list itself: taking ibuprofen away must clear the cards that its being there causes. So every
// drug taken is judged as if it were being ordered now:
//
// 1 order rules see each of them as a selected draft. None of them renews another: a draft that repeats a chart order (or names
//   it as what it replaces) stands for it, a reported medication that repeats an order is the same taking told twice;
// 2 rules about the chart (`patient-view`) see the chart as it is, with the changes in it;
// 3 evidence is told as it stands on the chart: only a draft of the request is "this order";
// 4 no card is held back, and none speaks for another rule's danger: that would look new when the card goes.
//
// Cards of a what-if are for reading: no launch link, no action, nothing to override.
import { severity, writeCards } from '../cards/write.ts';
import { type Card, cardExtensionKey } from '../cds-hooks/contract.ts';
import { readChart } from '../chart/read.ts';
import type { Chart, ChartSource } from '../chart/types.ts';
import type { Finding } from '../guards/check.ts';
import { check, type Engine, writing } from '../service.ts';
import { asIfOrdered, asOnChart } from './as-if-ordered.ts';

export interface Assessed {
  chart: Chart;
  cards: Card[];
}

export async function assess(source: ChartSource, engine: Engine): Promise<Assessed> {
  const { terminology, ruleSet } = engine.knowledge();
  const chart = readChart({ ...source, selections: [] }, terminology);
  const judged = asIfOrdered(chart, terminology);
  const onlyWhenSelected = ruleSet.rules.some(
    ({ hooks }) => hooks.includes('order-select') && !hooks.includes('order-sign'),
  );
  const [signed, selected, viewed] = await Promise.all([
    check(judged.chart, {}, 'order-sign', engine),
    onlyWhenSelected ? check(judged.chart, {}, 'order-select', engine) : undefined,
    check(chart, {}, 'patient-view', engine),
  ]);
  const aboutOrders = new Map<string, Finding>();
  for (const finding of [...signed.findings, ...(selected?.findings ?? [])])
    aboutOrders.set(finding.rule.id, asOnChart(finding, judged));
  const aboutChart = viewed.findings.filter(({ rule }) => !aboutOrders.has(rule.id));
  const { cards } = await writeCards(spokenOnce([...aboutOrders.values()], aboutChart), {
    ...writing(chart, { title: 'What if', cardLimit: Number.POSITIVE_INFINITY }, 'order-sign', engine),
    smartLink: undefined,
  });
  const drafts = new Set(chart.drafts.map(({ reference }) => reference));
  return { chart, cards: cards.map((card) => forReading(card, drafts)) };
}

/** Merges nothing but the two halves of one rule: the same hazard of the same drug, when it is ordered and while it is taken. */
function spokenOnce(aboutOrders: readonly Finding[], aboutChart: readonly Finding[]): Finding[] {
  const twins = new Map<string, Finding>();
  for (const finding of aboutChart) {
    const drugs = new Set(
      finding.because.flatMap(({ reference }) => (reference && isMedication(reference) ? reference : [])),
    );
    const host = aboutOrders.find(
      ({ rule, tier, because }) =>
        rule.status === 'active' &&
        rule.hazard !== undefined &&
        rule.hazard === finding.rule.hazard &&
        severity[tier.indicator] <= severity[finding.tier.indicator] &&
        because.some(({ reference }) => reference !== undefined && drugs.has(reference)),
    );
    if (host) twins.set(finding.rule.id, host);
  }
  const alone = (finding: Finding, supersedes: string[] | undefined): Finding => ({
    ...finding,
    rule: { ...finding.rule, hazard: undefined, supersedes },
  });
  return [
    ...aboutOrders.map((finding) =>
      alone(
        finding,
        [...twins].flatMap(([id, host]) => (host === finding ? id : [])),
      ),
    ),
    // A card is merged with another about the same order.
    ...aboutChart.map((finding) =>
      alone({ ...finding, orders: twins.get(finding.rule.id)?.orders ?? finding.orders }, undefined),
    ),
  ];
}

const isMedication = (reference: string): boolean => /^Medication[A-Z]/.test(reference);

function forReading(card: Card, drafts: ReadonlySet<string>): Card {
  const { suggestions: _, selectionBehavior: _one, overrideReasons: _why, links: _links, ...kept } = card;
  const extension = card.extension?.[cardExtensionKey];
  if (!extension) return kept;
  const orders = extension.orders.filter((order) => drafts.has(order));
  // Nothing was shown to be recorded, so there is no "why" to link to.
  return { ...kept, extension: { [cardExtensionKey]: { ...extension, orders, whyUrl: undefined } } };
}

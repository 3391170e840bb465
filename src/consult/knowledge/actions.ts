// Tests that tell candidates apart and treatments with their guideline, all coded so that the guards can judge them.
import type { ConsultAction } from '../../cds-hooks/contract.ts';
import type { Chart, Observation } from '../../chart/types.ts';
import { isKnown } from '../../unknown.ts';
import type { Knowledge } from './load.ts';
import { isPerson, type Who } from './observe.ts';
import type { Condition, OrderableTest } from './schema.ts';

const HOUR = 3_600_000;

export function testActions(
  condition: Condition,
  candidates: readonly Condition[],
  chart: Chart,
  who: Who,
  knowledge: Knowledge,
): ConsultAction[] {
  const possible = condition.tests
    .map((id) => knowledge.tests.get(id)!)
    .filter((test) => isPerson(test.for ?? {}, who) !== false);
  return possible.map((test) => {
    const { id } = test;
    const others = candidates
      .filter((other) => other !== condition && other.tests.includes(id))
      .map((other) => other.title.toLowerCase());
    const done = whenDone(test, chart);
    return {
      kind: 'test',
      text: test.title,
      ...(test.coding ? { coding: test.coding } : {}),
      why:
        others.length > 0
          ? `Bears on ${condition.title.toLowerCase()}, and on ${others.slice(0, 3).join(', ')}`
          : `Bears on ${condition.title.toLowerCase()}`,
      blockedBy: [],
      ...(done ? { alreadyDone: done } : {}),
    };
  });
}

export const treatmentActions = (condition: Condition): ConsultAction[] =>
  condition.treatment.map(({ kind, text, coding, why }) => ({
    kind,
    text,
    ...(coding ? { coding } : {}),
    why: why ?? `For ${condition.title.toLowerCase()}`,
    blockedBy: [],
  }));

/** "Done 2 h ago: 0.4 ng/mL", or undefined when nothing recent is on the chart. */
function whenDone(test: OrderableTest, chart: Chart): string | undefined {
  const oldest = chart.now.getTime() - test.recentHours * HOUR;
  const isRecent = (when: Date | undefined): when is Date =>
    when !== undefined && when.getTime() >= oldest && when.getTime() <= chart.now.getTime() + HOUR;
  if (test.results.length > 0) {
    const results = chart.observations(test.results);
    const newest = isKnown(results) ? results.find((o) => isRecent(o.when)) : undefined;
    if (newest) return `Done ${agoOf(newest.when!, chart.now)}${resultOf(newest)}`;
  }
  const isSame = (item: { text: string; codings: { code?: string }[] }): boolean =>
    item.codings.some(({ code }) => code !== undefined && code === test.coding?.code) ||
    [test.title, ...test.names].some((name) => item.text.toLowerCase().includes(name.toLowerCase()));
  const procedure = isKnown(chart.procedures)
    ? chart.procedures.find((p) => p.status === 'completed' && isRecent(p.when) && isSame(p))
    : undefined;
  if (procedure) return `Done ${agoOf(procedure.when!, chart.now)}`;
  const order = isKnown(chart.serviceOrders)
    ? chart.serviceOrders.find(
        (o) => (o.standing === 'draft' || (o.standing === 'active' && isRecent(o.when))) && isSame(o),
      )
    : undefined;
  return order ? (order.standing === 'draft' ? 'Already among the draft orders' : 'Ordered, no result yet') : undefined;
}

function resultOf({ quantity, valueText, valueCodings }: Observation): string {
  if (quantity)
    return `: ${quantity.comparator ?? ''}${quantity.value} ${quantity.unit ?? quantity.code ?? ''}`.trimEnd();
  const text = valueText ?? valueCodings?.find((coding) => coding.display)?.display;
  return text ? `: ${text}` : '';
}

function agoOf(when: Date, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - when.getTime()) / 60_000));
  if (minutes < 90) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}

// Questions about orders other than for drugs: tests, procedures, encounters.
import { z } from 'zod';
import type { ServiceOrder } from '../chart/types.ts';
import { daysBetween } from '../fhir/reading.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { days, each, problems, tests } from './blanks.ts';
import { cannotSay, defineFact, type FactContext, no, yes } from './define.ts';

const chip = (order: ServiceOrder) => ({
  text: `${order.text}${order.standing === 'draft' ? ' (this order)' : ''}`,
  when: order.when,
  reference: order.reference,
});

/** A panel that brings the result is an order for it. */
function draftTests({ chart, terminology }: FactContext, ids: string[]): ServiceOrder[] {
  const drafts = isUnknown(chart.serviceOrders) ? [] : chart.serviceOrders;
  return drafts.filter(({ standing, isSelected, codings, text }) => {
    if (standing !== 'draft' || !isSelected) return false;
    const measured = terminology.measuredBy({ coding: codings, text });
    return ids.some((id) => measured.has(id));
  });
}

const oneTest = z.strictObject({ test: tests });
export const ordersTest = defineFact<z.infer<typeof oneTest>>({
  id: 'ordersTest',
  question: 'Is the test {test} being ordered?',
  answers: 'yes or no',
  params: oneTest,
  ask: ({ test }, context) => {
    const found = draftTests(context, each(test));
    return found.length
      ? yes(found.map(chip), { names: { test: found[0]!.text }, orders: found.map(({ reference }) => reference) })
      : no();
  },
});

const repeated = z.strictObject({ test: tests, withinDays: days });
export const repeatsTest = defineFact<z.infer<typeof repeated>>({
  id: 'repeatsTest',
  question: 'Is {test} being ordered although a result of the last {withinDays} days is there?',
  answers: 'yes or no',
  params: repeated,
  ask: ({ test, withinDays }, context) => {
    const drafts = draftTests(context, each(test));
    if (drafts.length === 0) return no();
    const codes = each(test).flatMap(
      (id) => context.terminology.valueSet(id)?.members.flatMap(({ code }) => (code ? [code] : [])) ?? [],
    );
    const results = context.chart.observations(codes);
    if (isUnknown(results)) return cannotSay(results);
    const recent = results.find(
      ({ when }) => when && daysBetween(when, context.chart.now) <= withinDays && when <= context.chart.now,
    );
    if (!recent) return no();
    const value = recent.quantity
      ? `${recent.quantity.value} ${recent.quantity.unit ?? recent.quantity.code ?? ''}`.trim()
      : (recent.valueText ?? 'done');
    return yes(
      [...drafts.map(chip), { text: `${recent.text} ${value}`, when: recent.when, reference: recent.reference }],
      {
        names: { test: drafts[0]!.text, result: value },
        orders: drafts.map(({ reference }) => reference),
      },
    );
  },
});

const oneProcedure = z.strictObject({ procedure: problems });
export const plansProcedure = defineFact<z.infer<typeof oneProcedure>>({
  id: 'plansProcedure',
  question: 'Is {procedure} being ordered or booked?',
  answers: 'yes or no',
  params: oneProcedure,
  ask: ({ procedure }, { chart, terminology }) => {
    const orders = isUnknown(chart.serviceOrders) ? [] : chart.serviceOrders;
    const found = orders.filter(
      ({ standing, codings, text }) =>
        standing === 'draft' &&
        each(procedure).some((token) => terminology.problemGroups({ coding: codings, text }).has(token)),
    );
    return found.length
      ? yes(found.map(chip), { names: { procedure: found[0]!.text }, orders: found.map(({ reference }) => reference) })
      : no();
  },
});

const nothing = z.strictObject({});
export const encounterClass = defineFact<z.infer<typeof nothing>>({
  id: 'encounterClass',
  question: 'Which class (AMB, EMER, IMP …) has the current encounter?',
  answers: 'a word',
  params: nothing,
  ask: (_, { chart }) => {
    if (isUnknown(chart.encounters)) return cannotSay(chart.encounters);
    const current = chart.encounters.find(({ isCurrent }) => isCurrent);
    return current?.class ? { value: current.class, because: [] } : cannotSay('no current encounter');
  },
});

/** Orders whose drug the terminology could not match: said on a card, never silently skipped. */
export const unrecognisedDrug = defineFact<z.infer<typeof nothing>>({
  id: 'unrecognisedDrug',
  question: 'Is a drug being ordered that could not be recognised?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, { chart }) => {
    const found = chart.drafts.filter(({ isSelected, drug }) => isSelected && !isKnown(drug));
    return found.length
      ? yes(
          found.map(({ text, reference }) => ({ text: `"${text.slice(0, 80)}"`, reference })),
          {
            names: { drug: found.map(({ text }) => `"${text.slice(0, 40)}"`).join(', ') },
            orders: found.map(({ reference }) => reference),
          },
        )
      : no();
  },
});

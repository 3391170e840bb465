// Tests that are on their way or were reported elsewhere: an order on file, a draft of this session, a report without its values.
import type { Chart, ServiceOrder } from '../chart/types.ts';
import {
  concept,
  conceptText,
  daysBetween,
  type Json,
  moment,
  object,
  referenceTo,
  statusCode,
} from '../fhir/reading.ts';
import { isUnknown } from '../unknown.ts';
import type { Because, FactContext } from './define.ts';

/** An order older than this without a result was not carried out, or is a standing one nobody follows. Expert estimate. */
const awaitedForDays = 30;

/** Orders that are signed and not long ago, or being written. */
export const ordersOnTheirWay = (chart: Chart): ServiceOrder[] =>
  isUnknown(chart.serviceOrders)
    ? []
    : chart.serviceOrders.filter(
        ({ standing, when }) =>
          standing === 'draft' || (standing === 'active' && !(when && daysBetween(when, chart.now) > awaitedForDays)),
      );

/** Those whose result will tell one of the observation sets; a metabolic panel tells potassium. */
export const awaited = ({ chart, terminology }: FactContext, ids: readonly string[]): ServiceOrder[] =>
  ordersOnTheirWay(chart).filter(({ codings, text }) => {
    const measured = terminology.measuredBy({ coding: codings, text });
    return ids.some((id) => measured.has(id));
  });

/** Reports and procedures that show that it was done, though the chart does not hold the value: an ECG. */
export function reported({ chart, terminology }: FactContext, id: string): Because[] {
  const labs = chart.part('labs');
  const reports = (isUnknown(labs) ? [] : labs).flatMap((resource): Because[] => {
    if (resource.resourceType !== 'DiagnosticReport') return [];
    const json = resource as unknown as Json;
    const code = concept(json.code);
    if (!code || !/^(final|amended|corrected|appended|preliminary|partial)$/.test(statusCode(json.status) ?? 'final'))
      return [];
    if (!terminology.measuredBy(code).has(id)) return [];
    const when = moment(json.effectiveDateTime) ?? moment(object(json.effectivePeriod)?.end) ?? moment(json.issued);
    return [{ text: conceptText(code) ?? 'A report', when, reference: referenceTo(resource) }];
  });
  const procedures = isUnknown(chart.procedures) ? [] : chart.procedures;
  return [
    ...reports,
    ...procedures
      .filter(
        ({ codings, text, status }) =>
          status === 'completed' && terminology.measuredBy({ coding: codings, text }).has(id),
      )
      .map(({ text, when, reference }) => ({ text, when, reference })),
  ];
}

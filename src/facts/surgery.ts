// A planned operation: booked, ordered, or the reason for the visit to the pre-operative clinic.
import type { Resource } from '@medplum/fhirtypes';
import { z } from 'zod';
import { isRefused, runCalculator } from '../calculators/index.ts';
import {
  concept,
  conceptText,
  daysBetween,
  type Json,
  list,
  moment,
  object,
  referenceTo,
  statusCode,
  text,
} from '../fhir/reading.ts';
import { isKnown, isUnknown, unknown } from '../unknown.ts';
import { each, problems } from './blanks.ts';
import { fillFromChart } from './calculator-inputs.ts';
import { cannotSay, defineFact, type FactContext, no, yes } from './define.ts';

interface Planned {
  text: string;
  groups: ReadonlySet<string>;
  when?: Date;
  order?: string;
  reference?: string;
}

const notPlanned = new Set(['cancelled', 'noshow', 'entered-in-error', 'revoked', 'completed', 'fulfilled', 'stopped']);

/** "Physiotherapy after knee replacement" plans none; "colectomy after chemotherapy" does. */
const notItself =
  /^\W*(physio\w*|physical therapy|rehab\w*|follow-?\s?up|post-?\s?op\w*|wound check|x-?ray|radiograph\w*|mri|ct|ultrasound)\b/i;
const planOf = (said: string): string =>
  notItself.test(said) ? '' : said.split(/\b(?:after|following|status post|s\/p)\b/i)[0]!;

/** Every procedure of the request's drafts; where the request has none, of the reason for a pre-operative visit. */
function planned({ chart, terminology }: FactContext): Planned[] {
  const found = chart.source.drafts.flatMap((resource: Resource, place): Planned[] => {
    const entry = resource as unknown as Json;
    if (
      !['Appointment', 'ServiceRequest', 'ProcedureRequest', 'Procedure'].includes(resource.resourceType) ||
      entry.doNotPerform === true ||
      notPlanned.has(statusCode(entry.status) ?? '')
    )
      return [];
    const order = referenceTo(resource, `draft-${place + 1}`);
    const codes = [
      entry.code,
      object(entry.code)?.concept,
      ...list(entry.serviceType),
      ...list(entry.serviceType).map((type) => type.concept),
      ...list(entry.reasonCode),
      ...list(entry.reason).map((reason) => reason.concept),
    ].flatMap((code) => concept(code) ?? []);
    const words = [...codes.map(conceptText), text(entry.description), text(entry.comment)].filter(
      (word) => word !== undefined,
    );
    const groups = new Set(
      [
        ...codes.map(({ coding }) => terminology.problemGroups({ coding })),
        ...words.map((word) => terminology.problemGroups({ text: planOf(word) })),
      ].flatMap((set) => [...set]),
    );
    const when =
      moment(entry.start) ??
      moment(entry.occurrenceDateTime) ??
      moment(object(entry.occurrencePeriod)?.start) ??
      moment(list(entry.requestedPeriod)[0]?.start);
    return words[0]
      ? [
          {
            text: words.find((word) => terminology.problemGroups({ text: planOf(word) }).size > 0) ?? words[0],
            groups,
            when,
            order,
            reference: order,
          },
        ]
      : [];
  });
  if (chart.source.drafts.length > 0 || isUnknown(chart.encounters)) return found;
  return chart.encounters.flatMap(({ isCurrent, reasons, reference }): Planned[] =>
    reasons.flatMap((reason): Planned[] => {
      if (!isCurrent || !/pre-?\s?op|before |anaesthe|anesthe|scheduled for|planned/i.test(reason)) return [];
      const groups = terminology.problemGroups({ text: reason });
      return groups.has('planned-surgery') ? [{ text: reason, groups, reference }] : [];
    }),
  );
}

const oneProcedure = z.strictObject({ procedure: problems });

export const plansSurgery = defineFact<z.infer<typeof oneProcedure>>({
  id: 'plansSurgery',
  question: 'Is {procedure} booked, ordered, or the reason for a pre-operative visit?',
  answers: 'yes or no',
  params: oneProcedure,
  ask: ({ procedure }, context) => {
    const found = planned(context).filter(({ groups }) => each(procedure).some((token) => groups.has(token)));
    if (found.length === 0) return no();
    const [first] = found;
    const day = first!.when ? dayOf(first!.when) : undefined;
    return yes(
      found.map((entry) => ({
        text: entry.when ? `${entry.text} on ${dayOf(entry.when)}` : entry.text,
        reference: entry.reference,
      })),
      {
        names: { procedure: first!.text, ...(day && { onDay: `on ${day}` }), ...lastDoses(first!.when) },
        orders: found.flatMap(({ order }) => order ?? []),
      },
    );
  },
});

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** "2026-12-07": the calendar day so many days before, for the words "last dose on". */
function lastDoses(when: Date | undefined): Record<string, string> {
  if (!when) return {};
  return Object.fromEntries(
    [2, 3, 4, 5, 6, 7, 8].map((before) => [
      `day${before}Before`,
      dayOf(new Date(when.getTime() - before * 86_400_000)),
    ]),
  );
}

const nothing = z.strictObject({});

export const daysToSurgery = defineFact<z.infer<typeof nothing>>({
  id: 'daysToSurgery',
  question: 'In how many days is the planned operation?',
  answers: 'a number',
  params: nothing,
  ask: (_, context) => {
    const dates = planned(context).flatMap(({ when }) => when ?? []);
    return dates[0]
      ? { value: daysBetween(context.chart.now, dates[0]), because: [] }
      : cannotSay('the day of the operation is not known');
  },
});

/** RCRI with the kind of operation known from the plan. Creatinine within 180 days. */
export const surgicalRcri = defineFact<z.infer<typeof nothing>>({
  id: 'surgicalRcri',
  question: 'What is the Revised Cardiac Risk Index for the planned operation?',
  answers: 'a number',
  params: nothing,
  ask: (_, context) => {
    const isHighRisk = planned(context).some(({ groups }) => groups.has('surgery-rcri-high-risk'));
    const filled = fillFromChart('rcri', context, {
      withinDays: 180,
      given: { high_risk_surgery: isHighRisk ? 1 : 0 },
    });
    if (isUnknown(filled)) return cannotSay(filled);
    const result = runCalculator('rcri', filled.inputs);
    if (isRefused(result))
      return cannotSay(
        filled.gaps[result.refused[0]?.input ?? ''] ?? result.refused[0]?.reason ?? 'RCRI cannot be computed',
        filled.because,
      );
    const rate = result.components?.major_cardiac_events_pct_ccs_2017;
    return {
      value: Number(result.value),
      because: [{ text: `RCRI ${result.value}${isHighRisk ? ', high-risk surgery counted' : ''}` }, ...filled.because],
      names: { rcri: String(result.value), ...(typeof rate === 'number' && { rcriRate: `${rate.toFixed(1)}%` }) },
    };
  },
});

const stent = z.strictObject({ withinDays: z.number().positive().meta({ description: 'Days' }) });

/** A stent whose date is unknown is not taken for an old one. */
export const stentWithin = defineFact<z.infer<typeof stent>>({
  id: 'stentWithin',
  question: 'Was a coronary stent placed within {withinDays} days?',
  answers: 'yes or no',
  params: stent,
  ask: ({ withinDays }, { chart }) => {
    const dated = [
      ...(isKnown(chart.procedures)
        ? chart.procedures
            .filter(({ groups }) => groups.has('coronary-stent'))
            .map(({ text: said, when, reference }) => ({ text: said, when, reference }))
        : []),
      ...(isKnown(chart.problems)
        ? chart.problems
            .filter(({ groups }) => groups.has('coronary-stent'))
            .map(({ text: said, onset, reference }) => ({ text: said, when: onset, reference }))
        : []),
    ];
    const recent = dated.filter(({ when }) => when && daysBetween(when, chart.now) <= withinDays);
    if (recent.length > 0) return yes(recent);
    if (dated.some(({ when }) => !when))
      return { value: unknown('the date of the coronary stent is not on the chart'), because: dated };
    return isUnknown(chart.problems) ? cannotSay(chart.problems) : no();
  },
});

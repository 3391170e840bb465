// Whether something that should be done now and then has not been done. "Due" is said only where the lists that would show it
// could be had, reach back far enough, and are not cut off before; anything else is unknown and raises no card.

import type { Resource } from '@medplum/fhirtypes';
import { z } from 'zod';
import { partDefinitions, partNames } from '../chart/parts.ts';
import type { ChartPart } from '../chart/types.ts';
import { concept, conceptText, daysBetween, type Json, moment, referenceTo, statusCode } from '../fhir/reading.ts';
import { isKnown, isUnknown, type Unknown, unknown } from '../unknown.ts';
import { awaited } from './awaited-tests.ts';
import { days, each, problems, tests } from './blanks.ts';
import { type Because, cannotSay, defineFact, type FactContext, no, yes } from './define.ts';
import { isVaccine, type VaccineId, vaccine } from './vaccines.ts';

const params = z.strictObject({
  tests: tests.optional(),
  procedures: problems.optional(),
  vaccine: vaccine.optional(),
  withinDays: days,
  recordDays: days
    .optional()
    .meta({ description: 'How far back the record must reach; by default the span itself, at most two years' }),
  recordedIn: z.enum(['labs', 'vitals', 'surveys']).default('labs'),
});
type Params = z.infer<typeof params>;

interface Done {
  chip: Because;
  when?: Date;
}

export const isDue = defineFact<Params>({
  id: 'isDue',
  question:
    'Is there neither a result of {tests} nor {procedures} nor {vaccine} in {withinDays} days, on a record that reaches back far enough to tell?',
  answers: 'yes or no',
  params,
  ask: (given, context) => {
    const { chart } = context;
    if (chart.patient.isDeceased) return no();
    const found = doneOf(given, context);
    if (isUnknown(found)) return cannotSay(found);
    if (given.tests && awaited(context, each(given.tests)).length > 0)
      return cannotSay('it is ordered, the result is awaited');
    const newest = [...found].sort((a, b) => (b.when?.getTime() ?? 0) - (a.when?.getTime() ?? 0))[0];
    if (newest?.when && daysBetween(newest.when, chart.now) <= given.withinDays) return no([newest.chip]);
    if (found.some(({ when }) => !when)) return cannotSay('it was done, the date is not on the chart');
    const wanted = given.recordDays ?? Math.min(given.withinDays, 730);
    const depth = recordDepthInDays(context);
    if (depth < wanted) return cannotSay(`the record reaches back only ${shownSpan(depth)}`);
    if (!newest && !isFollowedHere(context)) return cannotSay('nothing on the record shows continuing care here');
    const last = newest?.when ? `last ${shownSpan(daysBetween(newest.when, chart.now))} ago` : 'none on this record';
    return yes(newest ? [{ ...newest.chip, text: `Last: ${newest.chip.text}` }] : [{ text: 'None on this record' }], {
      names: { last },
    });
  },
});

const shownSpan = (span: number): string => {
  if (span < 60) return `${Math.max(0, Math.round(span))} days`;
  return span < 730 ? `${Math.round(span / 30.44)} months` : `${Math.floor(span / 365.25)} years`;
};

function doneOf(
  { tests: testIds, procedures, vaccine: vaccineId, withinDays, recordedIn = 'labs' }: Params,
  context: FactContext,
): Done[] | Unknown {
  const { chart, terminology } = context;
  const found: Done[] = [];
  if (testIds) {
    const results = chart[recordedIn];
    if (isUnknown(results)) return results;
    const codes = each(testIds).flatMap(
      (id) => terminology.valueSet(id)?.members.flatMap(({ code }) => (code ? [code] : [])) ?? [],
    );
    const measured = chart.observations(codes);
    if (isKnown(measured))
      for (const { text, when, reference } of measured) found.push({ chip: { text, when, reference }, when });
    if (found.length === 0 && isCutOff(recordedIn, results, withinDays, context))
      return unknown(`${partNames[recordedIn]} were sent for a shorter time than that`);
  }
  if (procedures) {
    if (isUnknown(chart.procedures)) return chart.procedures;
    for (const { groups, text, when, reference } of chart.procedures) {
      if (each(procedures).some((token) => groups.has(token))) found.push({ chip: { text, when, reference }, when });
    }
    if (found.length === 0 && isCutOff('procedures', chart.procedures, withinDays, context))
      return unknown('procedures were sent for a shorter time than that');
  }
  if (vaccineId) {
    const given = vaccinations(vaccineId, context);
    if (isUnknown(given)) return given;
    found.push(...given);
  }
  return found;
}

/** A page that is full may have lost what is older than its oldest entry. */
function isCutOff(
  part: ChartPart,
  held: readonly { when?: Date }[],
  withinDays: number,
  { chart }: FactContext,
): boolean {
  const limit = Number(/_count=(\d+)/.exec(partDefinitions[part].template)?.[1] ?? Number.POSITIVE_INFINITY);
  if (held.length < limit) return false;
  const oldest = Math.min(...held.flatMap(({ when }) => when?.getTime() ?? []));
  return (chart.now.getTime() - oldest) / 86_400_000 < withinDays;
}

function vaccinations(id: VaccineId, { chart }: FactContext): Done[] | Unknown {
  const held = chart.part('immunizations');
  if (isUnknown(held)) return held;
  return held.flatMap((resource: Resource, place): Done[] => {
    const entry = resource as unknown as Json;
    const code = concept(entry.vaccineCode);
    if (
      resource.resourceType !== 'Immunization' ||
      !code ||
      statusCode(entry.status) === 'not-done' ||
      statusCode(entry.status) === 'entered-in-error'
    )
      return [];
    if (!isVaccine(id, code)) return [];
    const when = moment(entry.occurrenceDateTime) ?? moment(entry.date);
    return [
      {
        chip: { text: conceptText(code) ?? 'vaccination', when, reference: referenceTo(resource, String(place)) },
        when,
      },
    ];
  });
}

/** Since when this record has been kept: the oldest dated entry of what was sent. */
function recordDepthInDays({ chart }: FactContext): number {
  const dates = [chart.labs, chart.vitals, chart.procedures].flatMap((list) =>
    isKnown(list) ? list.flatMap(({ when }) => when ?? []) : [],
  );
  if (isKnown(chart.encounters)) dates.push(...chart.encounters.flatMap(({ start }) => start ?? []));
  if (isKnown(chart.medications))
    dates.push(...chart.medications.flatMap(({ start, standing }) => (start && standing !== 'draft' ? [start] : [])));
  const given = chart.part('immunizations');
  if (isKnown(given))
    dates.push(...given.flatMap((entry) => moment((entry as unknown as Json).occurrenceDateTime) ?? []));
  return dates.length === 0
    ? 0
    : Math.max(0, daysBetween(new Date(Math.min(...dates.map((date) => date.getTime()))), chart.now));
}

/** A record without any long-standing problem or medication is often that of somebody who is cared for elsewhere. */
function isFollowedHere({ chart }: FactContext): boolean {
  const hasProblem =
    isKnown(chart.problems) &&
    chart.problems.some(
      ({ standing, onset }) => standing === 'active' && (!onset || daysBetween(onset, chart.now) > 180),
    );
  return hasProblem || (isKnown(chart.medications) && chart.medications.some(({ standing }) => standing === 'active'));
}

const nothing = z.strictObject({});

/** From October to March in the north; a vaccine for the season before protects nobody. */
export const isInfluenzaSeason = defineFact<z.infer<typeof nothing>>({
  id: 'isInfluenzaSeason',
  question: 'Is it the season of influenza (October to March)?',
  answers: 'yes or no',
  params: nothing,
  ask: (_, { chart }) => (chart.now.getUTCMonth() >= 9 || chart.now.getUTCMonth() <= 2 ? yes([]) : no()),
});

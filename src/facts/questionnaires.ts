// Answers to questionnaires: totals come without a unit, single items as a number, a LOINC answer or a phrase.
import { z } from 'zod';
import type { Observation } from '../chart/types.ts';
import { daysBetween } from '../fhir/reading.ts';
import { isUnknown } from '../unknown.ts';
import { days, observation } from './blanks.ts';
import { cannotSay, defineFact, type FactContext } from './define.ts';
import { nameOf, shownSpan } from './results.ts';

const frequencies = [
  { code: 'LA6568-5', words: /^not at all/i, said: 'not at all' },
  { code: 'LA6569-3', words: /^several days/i, said: 'several days' },
  { code: 'LA6570-1', words: /^more than half/i, said: 'more than half the days' },
  { code: 'LA6571-9', words: /^nearly every day/i, said: 'nearly every day' },
] as const;

function scoreOf({ quantity, valueCodings = [], valueText }: Observation): number | undefined {
  if (quantity && !quantity.comparator) return quantity.value;
  const place = frequencies.findIndex(
    ({ code, words }) => valueCodings.some((coding) => coding.code === code) || words.test(valueText ?? ''),
  );
  return place < 0 ? undefined : place;
}

const params = z.strictObject({ observation, withinDays: days });
type Params = z.infer<typeof params>;

/** Scored answers, newest first. One that cannot be read is kept out and, when it is the newest, makes the answer unknown. */
function answers({ observation: id, withinDays }: Params, { chart, terminology }: FactContext) {
  const set = terminology.valueSet(id);
  const found = chart.observations(set?.members.flatMap(({ code }) => (code ? [code] : [])) ?? []);
  if (isUnknown(found)) return found;
  if (found.length === 0 && isUnknown(chart.surveys)) return chart.surveys;
  return found
    .filter(({ when }) => when && daysBetween(when, chart.now) <= withinDays && daysBetween(when, chart.now) >= -1)
    .map((entry) => ({ entry, score: scoreOf(entry) }));
}

export const questionnaireScore = defineFact<Params>({
  id: 'questionnaireScore',
  question: 'What is the newest score of {observation} in {withinDays} days?',
  answers: 'a number',
  params,
  ask: (given, context) => {
    const found = answers({ ...given, withinDays: Math.max(given.withinDays, 365) }, context);
    if (isUnknown(found)) return cannotSay(found);
    const title = context.terminology.valueSet(given.observation)?.title ?? given.observation;
    const [newest, earlier] = found;
    if (!newest || daysBetween(newest.entry.when!, context.chart.now) > given.withinDays)
      return cannotSay(`no ${title} in ${shownSpan(given.withinDays)}`);
    const { entry, score } = newest;
    if (score === undefined) return cannotSay(`the answer to ${title} could not be read`);
    const max = context.terminology.valueSet(given.observation)?.limits?.high;
    if (score < 0 || (max !== undefined && score > max)) return cannotSay(`${title} of ${score} is not plausible`);
    const said = max === 3 ? frequencies[score as 0 | 1 | 2 | 3]?.said : undefined;
    const name = nameOf(given.observation);
    return {
      value: score,
      because: [
        { text: `${title}: ${said ?? score}`, when: entry.when, reference: entry.reference },
        ...(earlier?.score === undefined
          ? []
          : [
              {
                text: `${title} before: ${earlier.score}`,
                when: earlier.entry.when,
                reference: earlier.entry.reference,
              },
            ]),
      ],
      names: {
        [name]: said ?? String(score),
        ...(earlier?.score !== undefined && { [`${name}Before`]: String(earlier.score) }),
      },
    };
  },
});

export const daysSinceQuestionnaire = defineFact<{ observation: string }>({
  id: 'daysSinceQuestionnaire',
  question: 'How many days ago was {observation} last answered?',
  answers: 'a number',
  params: z.strictObject({ observation }),
  ask: ({ observation: id }, context) => {
    const found = answers({ observation: id, withinDays: 3650 }, context);
    if (isUnknown(found)) return cannotSay(found);
    const newest = found[0]?.entry;
    if (!newest?.when) return cannotSay(`no ${context.terminology.valueSet(id)?.title ?? id} on the chart`);
    const span = daysBetween(newest.when, context.chart.now);
    return {
      value: span,
      because: [{ text: newest.text, when: newest.when, reference: newest.reference }],
      names: { weeksAgo: String(Math.round(span / 7)) },
    };
  },
});

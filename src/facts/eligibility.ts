// Questions that trials ask and rules seldom do: a functional class, an event within a span of time, and what no record answers.
import { z } from 'zod';
import { daysBetween } from '../fhir/reading.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { days, each, problems } from './blanks.ts';
import { type Because, cannotSay, defineFact, no, yes } from './define.ts';
import { shownSpan } from './results.ts';

const asked = z.strictObject({
  what: z.string().min(5).meta({ description: 'What has to be asked or measured, in words that a clinician reads' }),
});

/** Always unknown, with what would settle it: so that a criterion which no record holds never counts as met or not met. */
export const mustBeAsked = defineFact<z.infer<typeof asked>>({
  id: 'mustBeAsked',
  question: 'Does it hold that {what}, which no record answers?',
  answers: 'yes or no',
  params: asked,
  ask: ({ what }) => cannotSay(`to be asked: ${what}`),
});

const spanned = z.strictObject({ problem: problems, withinDays: days });

/** An event without a date may lie within the span: it is unknown, not left out. */
export const happenedWithin = defineFact<z.infer<typeof spanned>>({
  id: 'happenedWithin',
  question: 'Did {problem} begin or happen within the last {withinDays} days (unknown where it has no date)?',
  answers: 'yes or no',
  params: spanned,
  ask: ({ problem, withinDays }, { chart }) => {
    if (isUnknown(chart.problems)) return cannotSay(chart.problems);
    const isMeant = (groups: ReadonlySet<string>) => each(problem).some((token) => groups.has(token));
    const events = [
      ...chart.problems
        .filter(({ groups }) => isMeant(groups))
        .map(({ text, onset, reference }): Because => ({ text, when: onset, reference })),
      ...(isKnown(chart.procedures) ? chart.procedures : [])
        .filter(({ groups }) => isMeant(groups))
        .map(({ text, when, reference }): Because => ({ text, when, reference })),
    ];
    const recent = events.filter(({ when }) => when && daysBetween(when, chart.now) <= withinDays);
    if (recent.length) return yes(recent.slice(0, 2));
    const undated = events.filter(({ when }) => !when);
    if (undated.length)
      return cannotSay(`${undated[0]!.text} has no date: was it within ${shownSpan(withinDays)}?`, undated.slice(0, 2));
    return no(events.slice(0, 2));
  },
});

const recorded = z.strictObject({ withinDays: days.default(365) });

/** SNOMED CT: New York Heart Association Classification, class I to IV. */
const nyhaBySnomed: Record<string, number> = { 420300004: 1, 421704003: 2, 420913000: 3, 422293003: 4 };
/** LOINC 88020-3, functional capacity NYHA. */
const nyhaLoinc = ['88020-3'];
const romans: Record<string, number> = { i: 1, ii: 2, iii: 3, iv: 4, 1: 1, 2: 2, 3: 3, 4: 4 };
const classIn = (text: string): number | undefined =>
  romans[
    /\bclass\s*(iv|i{1,3}|[1-4])\b(?!\s*(?:-|–|\/|to|or)\s*(?:iv|i{1,3}|[1-4])\b)/i.exec(text)?.[1]?.toLowerCase() ?? ''
  ];

export const nyhaClass = defineFact<z.infer<typeof recorded>>({
  id: 'nyhaClass',
  question: 'Which NYHA class (1 to 4) is the newest on record within {withinDays} days?',
  answers: 'a number',
  params: recorded,
  ask: ({ withinDays = 365 }, { chart }) => {
    const found: (Because & { value: number })[] = [];
    const observed = chart.observations(nyhaLoinc);
    for (const { quantity, valueText, valueCodings = [], when, reference } of isKnown(observed) ? observed : []) {
      const words = [valueText, ...valueCodings.map(({ display }) => display)].filter(Boolean).join(' ');
      const coded = valueCodings.map(({ code }) => nyhaBySnomed[code ?? '']).find(Boolean);
      const value = coded ?? classIn(words) ?? (/^[1-4]$/.test(String(quantity?.value)) ? quantity?.value : undefined);
      if (value) found.push({ value, text: `NYHA class ${value}`, when, reference });
    }
    for (const { text, codings, standing, onset, reference } of isKnown(chart.problems) ? chart.problems : []) {
      if (standing !== 'active') continue;
      const coded = codings.map(({ code }) => nyhaBySnomed[code ?? '']).find(Boolean);
      const value = coded ?? (/\bnyha\b|new york heart/i.test(text) ? classIn(text) : undefined);
      if (value) found.push({ value, text, when: onset, reference });
    }
    const recent = found
      .filter(({ when }) => when && daysBetween(when, chart.now) <= withinDays && daysBetween(when, chart.now) >= -1)
      .sort((a, b) => b.when!.getTime() - a.when!.getTime());
    const [newest] = recent;
    if (!newest) return cannotSay(`no NYHA class on record in ${shownSpan(withinDays)}`);
    const { value, ...because } = newest;
    return { value, because: [because] };
  },
});

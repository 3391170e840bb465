// How far a pregnancy has come: a measured gestational age, or what a diagnosis says (ICD-10-CM Z3A.22, "third trimester").
import { z } from 'zod';
import type { Problem } from '../chart/types.ts';
import { isKnown } from '../unknown.ts';
import { type Answer, cannotSay, defineFact, type FactContext } from './define.ts';

const nothing = z.strictObject({});
const weekInMs = 7 * 86_400_000;
const LONGEST = 44;

export const gestationInWeeks = defineFact<z.infer<typeof nothing>>({
  id: 'gestationInWeeks',
  question: 'How many weeks has the pregnancy lasted?',
  answers: 'a number',
  params: nothing,
  ask: (_, context) => measured(context) ?? coded(context) ?? cannotSay('gestational age is not on the chart'),
});

function measured({ chart, terminology }: FactContext): Answer | undefined {
  const set = terminology.valueSet('gestational-age');
  const found = set ? chart.observations(set.members.flatMap(({ code }) => (code ? [code] : []))) : undefined;
  const newest = found && isKnown(found) ? found.find(({ quantity, when }) => quantity && when) : undefined;
  if (!newest?.quantity || !newest.when) return undefined;
  const isInDays = /^d(ay)?s?$/i.test(newest.quantity.code ?? newest.quantity.unit ?? '');
  const then = isInDays ? newest.quantity.value / 7 : newest.quantity.value;
  return answer(then + (chart.now.getTime() - newest.when.getTime()) / weekInMs, newest.when, newest.reference);
}

/** The latest week that an active diagnosis gives; a trimester alone gives only what it cannot be below. */
function coded({ chart: { problems, now } }: FactContext): Answer | undefined {
  if (!isKnown(problems)) return undefined;
  const current = problems.filter(({ groups, standing }) => standing === 'active' && groups.has('pregnancy'));
  const told = current.flatMap((problem) => {
    const weeks = weeksOf(problem);
    if (weeks === undefined) return [];
    const since = problem.onset ? (now.getTime() - problem.onset.getTime()) / weekInMs : 0;
    return weeks + since <= LONGEST ? [{ problem, weeks: weeks + since }] : [];
  });
  const [latest] = told.sort((a, b) => b.weeks - a.weeks);
  if (latest) return answer(latest.weeks, latest.problem.onset, latest.problem.reference);
  const trimester = Math.max(0, ...current.map(trimesterOf));
  if (trimester < 2) return undefined;
  const weeks = trimester === 3 ? 28 : 14;
  return {
    ...cannotSay('the week of pregnancy is not on the chart'),
    atLeast: weeks,
    names: { weeks: `at least ${weeks}` },
  };
}

function answer(weeks: number, when: Date | undefined, reference: string): Answer | undefined {
  if (weeks > LONGEST) return undefined;
  const full = String(Math.floor(weeks));
  return { value: weeks, because: [{ text: `${full} weeks pregnant`, when, reference }], names: { weeks: full } };
}

/** ICD-10-CM Z3A.08 to Z3A.42 are the completed weeks; .00, .01 and .49 name none. */
function weeksOf({ codings, text }: Problem): number | undefined {
  const code = codings.map(({ code }) => /^Z3A\.?(\d\d)$/i.exec(code ?? '')?.[1]).find(Boolean);
  const said = code ?? /\b(\d{1,2})\s*(?:\+\s*\d\s*)?(?:completed )?(?:weeks?|wks?)\b/i.exec(text)?.[1];
  const weeks = Number(said);
  return said && weeks >= 4 && weeks <= 42 ? weeks : undefined;
}

/** ICD-10-CM supervision of pregnancy ends in the trimester: Z34.03, Z34.83, O09.213. */
function trimesterOf({ codings, text }: Problem): number {
  const code = codings.map(({ code }) => /^(?:Z34\.?\d|O09\.?\d{1,2})([123])$/i.exec(code ?? '')?.[1]).find(Boolean);
  if (code) return Number(code);
  if (/(third|3rd) trimester/i.test(text)) return 3;
  return /(second|2nd) trimester/i.test(text) ? 2 : 0;
}

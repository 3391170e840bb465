// The allergies of a chart: its allergy list, and what only the problem list says ("Z88.0 Allergy status to penicillin").
import type { Allergy, Chart, Problem } from '../chart/types.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isUnknown, type Unknown } from '../unknown.ts';
import type { FactContext } from './define.ts';

const allergyWords = /\b(allergy|allergic)( status)? to\b|\ballergy$/i;
const allergyCode = /^Z(88|91\.0)/;

const byChart = new WeakMap<Chart, Allergy[]>();

/** The allergy list has the last word: what it names, even as refuted or resolved, is not taken from the problem list again. */
export function allergiesOf({ chart, terminology }: FactContext): Allergy[] | Unknown {
  const { allergies, problems } = chart;
  if (isUnknown(allergies) || isUnknown(problems)) return allergies;
  let all = byChart.get(chart);
  if (!all) {
    const named = new Set(allergies.flatMap(({ groups }) => [...groups]));
    const others = problems
      .filter(({ standing, isConfirmed }) => standing === 'active' && isConfirmed)
      .flatMap((problem) => asAllergy(problem, terminology) ?? [])
      .filter(({ groups }) => groups.size > 0 && ![...groups].some((group) => named.has(group)));
    all = others.length ? [...allergies, ...others] : allergies;
    byChart.set(chart, all);
  }
  return all;
}

function asAllergy({ reference, text, codings, onset }: Problem, terminology: Terminology): Allergy | undefined {
  if (!allergyWords.test(text) && !codings.some(({ code }) => code && allergyCode.test(code))) return undefined;
  return {
    reference,
    text: text.replace(/^(personal history of )?(allergy( status)?|allergic) to /i, ''),
    groups: terminology.allergenGroups({ coding: codings, text }),
    standing: 'active',
    isIntolerance: false,
    criticality: undefined,
    reactions: [],
    when: onset,
  };
}

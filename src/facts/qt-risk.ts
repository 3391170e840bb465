// The Tisdale score: how likely the QT interval is to become long under the drugs of this list.
import { z } from 'zod';
import { isKnown, isUnknown } from '../unknown.ts';
import { type Because, cannotSay, defineFact, type FactContext } from './define.ts';
import { asBecause, drugName, isTaken, matches } from './medication-list.ts';
import { because, readings } from './results.ts';

const nothing = z.strictObject({});

/** Tisdale 2013 (Circ Cardiovasc Qual Outcomes 6:479): up to 6 low, 7 to 10 moderate, 11 and more high. Missing parts score nothing. */
export const qtRiskPoints = defineFact<z.infer<typeof nothing>>({
  id: 'qtRiskPoints',
  question:
    'How many points does the Tisdale score for QT prolongation come to at least, all drugs of the list counted?',
  answers: 'a number',
  params: nothing,
  needs: () => [{ of: 'drug', anyOf: ['qt-prolonging-drugs'] }],
  ask: (_, context) => {
    const { chart } = context;
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const parts: { points: number; chips: Because[] }[] = [];
    const add = (points: number, ...chips: Because[]) => parts.push({ points, chips });
    const { ageInYears, sex, reference } = chart.patient;
    if (isKnown(ageInYears) && ageInYears >= 68) add(1, { text: `Age ${ageInYears}`, reference });
    if (sex === 'female') add(1, { text: 'Female', reference });

    const taken = chart.medications.filter(isTaken);
    const loop = taken.find((entry) => matches(entry, ['loop-diuretics']));
    if (loop) add(1, asBecause(loop));
    const longer = new Map(
      taken
        .filter((entry) => matches(entry, ['known-tdp-risk', 'qt-contraindicated-drugs']))
        .map((entry) => [drugName(entry), entry]),
    );
    if (longer.size > 0) add(longer.size > 1 ? 6 : 3, ...[...longer.values()].map(asBecause));

    addResult(context, add, 'potassium', 'mmol/L', 7, (value) => value <= 3.5, 'Potassium');
    addResult(context, add, 'qtc', 'ms', 30, (value) => value >= 450, 'QTc');
    for (const [problem, points] of [
      ['acute-coronary-syndrome', 2],
      ['sepsis', 3],
      ['heart-failure', 3],
    ] as const) {
      const found = isKnown(chart.problems)
        ? chart.problems.find(({ groups, standing }) => standing === 'active' && groups.has(problem))
        : undefined;
      if (found) add(points, { text: found.text, when: found.onset, reference: found.reference });
    }
    const value = parts.reduce((sum, { points }) => sum + points, 0);
    return {
      value,
      because: parts.flatMap(({ chips }) => chips),
      names: { qtPoints: String(value), drugs: [...longer.keys()].join(', ') },
    };
  },
});

function addResult(
  context: FactContext,
  add: (points: number, ...chips: Because[]) => void,
  id: string,
  unit: string,
  withinDays: number,
  counts: (value: number) => boolean,
  title: string,
): void {
  const found = readings(context, id, unit, withinDays);
  if (isKnown(found) && found[0] && counts(found[0].value)) add(2, because(found[0], title, unit));
}

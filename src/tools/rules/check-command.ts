import type { Command } from '../rules.ts';
import { checkCases } from './check-cases.ts';
import { checkFiles, type Problem } from './check-files.ts';
import { checkValueSets } from './check-value-sets.ts';
import { loadTerminology, selectFiles } from './load.ts';
import { readValueSets, ruleIds } from './read-folder.ts';
import { checkTrials, selectTrials } from './trials.ts';

export async function checkCommand({ folder, args, print }: Command): Promise<number> {
  const files = selectFiles(folder, args);
  const trials = selectTrials(folder, args);
  if (files.length + trials.length === 0) {
    print(`No rule files match ${args.join(', ') || folder}.`);
    return 2;
  }
  const terminology = loadTerminology(folder);
  const valueSets = readValueSets(folder);
  const { rules, problems } = checkFiles(files, terminology, new Date(), valueSets, ruleIds(folder));
  problems.push(...rules.flatMap((entry) => checkCases(entry, { terminology, valueSets })));
  const checkedTrials = checkTrials(trials, { terminology, valueSets }, new Date());
  problems.push(...checkedTrials.problems);
  if (args.length === 0) problems.push(...checkValueSets(folder, valueSets, terminology));
  for (const problem of problems) for (const line of shownProblem(problem)) print(line);
  const errors = problems.filter(({ level }) => level === 'error').length;
  const alsoTrials = trials.length ? ` and ${checkedTrials.trials.length} of ${trials.length} trials` : '';
  print(
    `${rules.length} of ${files.length} rules${alsoTrials} can be read, ${errors} errors, ${problems.length - errors} warnings`,
  );
  return errors > 0 ? 1 : 0;
}

export const shownProblem = ({ path, line, level, message, example }: Problem): string[] => [
  `${path}:${line}  ${level}: ${message}`,
  ...(example ? [`    for example  ${example}`] : []),
];

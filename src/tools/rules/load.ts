// What every command begins with: the rule files below the paths given, and the terminology they speak of.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Terminology } from '../../terminology/terminology.ts';
import { type RuleFile, readTerminology, readValueSets, ruleFiles } from './read-folder.ts';

export const loadTerminology = (folder: string): Terminology =>
  new Terminology(readTerminology(folder), readValueSets(folder));

/** `warfarin-nsaid`, `interactions`, or a path; everything when nothing is named. A draft is found by its path alone. */
export function selectFiles(folder: string, wanted: readonly string[]): RuleFile[] {
  const all = ruleFiles(folder);
  if (wanted.length === 0) return all;
  const found = all.filter(({ path }) =>
    wanted.some((name) => {
      const at = [name, join(folder, name)].find((candidate) => existsSync(candidate));
      if (at)
        return resolve(path) === resolve(at) || (statSync(at).isDirectory() && !relative(at, path).startsWith('..'));
      return path.endsWith(`/${name.replace(/\.json$/, '')}.json`);
    }),
  );
  const elsewhere = wanted.filter(
    (name) =>
      name.endsWith('.json') &&
      !name.endsWith('.cases.json') &&
      existsSync(name) &&
      !all.some(({ path }) => resolve(path) === resolve(name)),
  );
  return [...found, ...elsewhere.map((path) => ({ path, text: readFileSync(path, 'utf8') }))];
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Command } from '../rules.ts';
import type { RuleCase } from './cases.ts';
import { checkFiles } from './check-files.ts';
import { loadTerminology, selectFiles } from './load.ts';
import { mutate, scoreOf } from './mutate.ts';
import { proposeCases } from './propose.ts';
import { readValueSets } from './read-folder.ts';
import { readCases } from './test-command.ts';

const goal = 0.9;

/** Cases that would notice what none notices yet; `--yes` appends them to the case files. */
export async function proposeCommand({ folder, args, options, print }: Command): Promise<number> {
  const files = selectFiles(folder, args);
  if (files.length === 0 || args.length === 0) {
    print('Name a rule or a folder: npm run rules -- propose-cases warfarin-nsaid');
    return 2;
  }
  const terminology = loadTerminology(folder);
  const valueSets = readValueSets(folder);
  const now = new Date();
  for (const { rule, path } of checkFiles(files, terminology, now).rules) {
    const cases = readCases(path);
    if (!Array.isArray(cases) || cases.length === 0) continue;
    const before = await mutate(rule, path, cases, terminology, now);
    if (scoreOf([before]) >= goal && files.length > 1) continue;
    const proposed = await proposeCases(rule, cases, terminology, valueSets, now);
    const after = await mutate(rule, path, [...cases, ...proposed], terminology, now);
    print(
      `${path}  ${Math.round(scoreOf([before]) * 100)} % → ${Math.round(scoreOf([after]) * 100)} % of ${before.slips} slips noticed, with ${proposed.length} more cases`,
    );
    if (options.yes) append(path.replace(/\.json$/, '.cases.json'), proposed);
    else for (const given of proposed) print(`  ${spaced(written(given))}`);
  }
  if (!options.yes) print('These expect what the rule does today: read whether that is right. To append them: --yes');
  return 0;
}

/** Without what a case has by default. */
function written({ patient, ...given }: RuleCase): object {
  const isUsual = patient.age === 50 && patient.sex === 'male';
  const kept = Object.entries(given).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  const [name, ...rest] = kept;
  return Object.fromEntries([
    name!,
    ...(isUsual ? [] : [['patient', patient] as const]),
    ...rest.filter(([key]) => key !== 'expect'),
    ['expect', given.expect],
  ]);
}

const spaced = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return entries.length
    ? `{ ${entries.map(([key, part]) => `${JSON.stringify(key)}: ${spaced(part)}`).join(', ')} }`
    : '{}';
};

/** After the last case, each on a line of its own; the rest of the file stays as it is written. */
function append(path: string, proposed: readonly RuleCase[]): void {
  if (proposed.length === 0 || !existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  const last = findNodeAtLocation(parseTree(text)!, ['cases'])!.children!.at(-1)!;
  const end = last.offset + last.length;
  writeFileSync(
    path,
    `${text.slice(0, end)}${proposed.map((given) => `,\n    ${spaced(written(given))}`).join('')}${text.slice(end)}`,
  );
}

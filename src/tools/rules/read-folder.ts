// Reads a rules folder from disk: rule files, value sets, terminology and the differential's files.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { InteractionTable } from '../../guards/interaction-table.ts';
import type { Rule } from '../../guards/rule.ts';
import type { KnowledgeFiles } from '../../knowledge.ts';
import type { TerminologyData, ValueSet } from '../../terminology/types.ts';
import type { Trial } from '../../trials/trial.ts';
import { merged } from '../terminology/index-writer.ts';

const notRules = new Set([
  'value-sets',
  'terminology',
  'conditions',
  'presentations',
  'findings',
  'tests',
  'guidelines',
  'schema',
  // Their criteria are rules of no card: tools/rules/trials.ts reads them.
  'trials',
  // What the console saved: nobody is alerted by it until somebody moves it.
  'drafts',
  'imported',
]);
const differentialFolders = ['conditions', 'presentations', 'findings', 'tests', 'guidelines'];

export interface RuleFile {
  path: string;
  text: string;
}

/** Every file below a folder whose name ends so, in a stable order. */
export function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Whether a server reads this file as a rule. */
export const isRuleFile = (folder: string, path: string): boolean =>
  !notRules.has(relative(folder, path).split(/[\\/]/)[0]!) &&
  !path.endsWith('.cases.json') &&
  !basename(path).startsWith('rule.schema');

export const ruleFiles = (folder: string): RuleFile[] =>
  filesBelow(folder, '.json')
    .filter((path) => isRuleFile(folder, path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** The ids of all rules, which are the names of their files. */
export const ruleIds = (folder: string): string[] =>
  filesBelow(folder, '.json')
    .filter((path) => isRuleFile(folder, path))
    .map((path) => basename(path, '.json'));

export const trialFiles = (folder: string): RuleFile[] =>
  filesBelow(join(folder, 'trials'), '.json')
    .filter((path) => !path.endsWith('.cases.json'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
};

export function readValueSets(folder: string): ValueSet[] {
  return filesBelow(join(folder, 'value-sets'), '.json').flatMap((path) => {
    const held = readJson(path);
    return (Array.isArray(held) ? held : [held]) as ValueSet[];
  });
}

export function readTerminology(folder: string): TerminologyData {
  const files = Object.fromEntries(
    filesBelow(join(folder, 'terminology'), '.json').map((path) => [
      basename(path, '.json').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      readJson(path),
    ]),
  ) as unknown as TerminologyData;
  const imported = join(folder, 'imported/rxnorm.json');
  if (!existsSync(imported)) return files;
  // A release knows more; the built-in table also knows what a release has dropped, and charts still hold.
  return { ...files, rxnorm: merged([files.rxnorm, readJson(imported) as TerminologyData['rxnorm']]) };
}

export function readKnowledge(folder: string): KnowledgeFiles {
  const rules = ruleFiles(folder).map(({ text }) => JSON.parse(text) as Rule);
  const differential = Object.fromEntries(
    differentialFolders.flatMap((name) =>
      filesBelow(join(folder, name), '.json').map((path) => [
        relative(folder, path).replaceAll('\\', '/'),
        readJson(path),
      ]),
    ),
  );
  const valueSets = readValueSets(folder);
  const tables = filesBelow(join(folder, 'imported'), '.table.json').map((path) => readJson(path) as InteractionTable);
  const trials = trialFiles(folder).map(({ path }) => readJson(path) as Trial);
  const terminology = readTerminology(folder);
  return {
    hash: hashOf([rules, valueSets, differential, ...tables, ...trials]),
    rules,
    ...(tables.length > 0 && { tables }),
    valueSets,
    terminology,
    terminologyHash: hashOf(terminology),
    differential,
    trials,
  };
}

const hashOf = (held: unknown): string => createHash('sha256').update(JSON.stringify(held)).digest('hex').slice(0, 16);

// The trials of a rules folder: checked like rules, with the same words for what is wrong, and run against the cases beside them.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import type { TrialMatch } from '../../cds-hooks/contract.ts';
import { readChart } from '../../chart/read.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import { assessTrials } from '../../trials/assess.ts';
import { openTrials, type Trial, trialSchema } from '../../trials/trial.ts';
import { caseSchema, type RuleCase, sourceOf } from './cases.ts';
import { checkCondition, type Vocabulary, valueAt } from './check-condition.ts';
import { type Problem, readJson, type Say, sayAbout } from './check-files.ts';
import { didYouMean } from './did-you-mean.ts';
import { type RuleFile, trialFiles } from './read-folder.ts';
import { flatten, type Path, teach } from './teach.ts';

const states = z.enum(['met', 'not met', 'unknown']);
const trialCaseSchema = caseSchema.omit({ hook: true, expect: true }).extend({
  expect: z.strictObject({
    verdict: z.enum(['eligible', 'not eligible', 'cannot tell']),
    criteria: z.record(z.string(), states).optional().meta({ description: 'The state of some criteria, by id' }),
    gap: z.string().optional().meta({ description: 'Part of what is said to be missing' }),
  }),
});
export const trialCasesSchema = z.strictObject({
  $schema: z.string().optional(),
  cases: z.array(trialCaseSchema).min(1),
});
export type TrialCase = z.infer<typeof trialCaseSchema>;

export interface TrialFile {
  trial: Trial;
  path: string;
}

/** `dapa-hf`, `trials`, or a path; all of them when nothing is named. */
export function selectTrials(folder: string, wanted: readonly string[]): RuleFile[] {
  const all = trialFiles(folder);
  if (wanted.length === 0) return all;
  return all.filter(({ path }) =>
    wanted.some((name) => {
      const at = [name, join(folder, name)].find((candidate) => existsSync(candidate));
      if (at)
        return resolve(path) === resolve(at) || (statSync(at).isDirectory() && !relative(at, path).startsWith('..'));
      return basename(path, '.json') === name.replace(/\.json$/, '');
    }),
  );
}

export function checkTrials(
  files: readonly RuleFile[],
  vocabulary: Vocabulary,
  today: Date,
): { trials: TrialFile[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const trials: TrialFile[] = [];
  for (const { path, text } of files) {
    const say = sayAbout(path, text, problems);
    const trial = parsed(trialSchema, readJson(path, text, problems), say);
    if (!trial) continue;
    if (basename(path, '.json') !== trial.id)
      say('error', ['id'], `the file is called ${basename(path)}, the id is "${trial.id}": they must be the same`);
    if (new Date(trial.lastReviewDate) > today)
      say('error', ['lastReviewDate'], `${trial.lastReviewDate} lies in the future: it is the day of the last review`);
    for (const [place, { when }] of trial.criteria.entries())
      checkCondition(when, ['criteria', place, 'when'], vocabulary, say);
    checkTrialCases(trial, path, problems);
    trials.push({ trial, path });
  }
  return { trials, problems };
}

function parsed<T>(schema: z.ZodType<T>, json: unknown, say: Say): T | undefined {
  if (json === undefined) return undefined;
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  for (const issue of flatten(read.error.issues)) {
    const at = issue.path as Path;
    const { message, example } = teach(issue, valueAt(json, at));
    say('error', issue.code === 'unrecognized_keys' ? [...at, issue.keys![0]!] : at, message, example);
  }
  return undefined;
}

function checkTrialCases(trial: Trial, trialPath: string, problems: Problem[]): void {
  const path = casesPath(trialPath);
  if (!existsSync(path)) {
    problems.push({
      path: trialPath,
      line: 1,
      level: 'error',
      message: `has no cases: add ${basename(path)} with one who is eligible, a near miss and one where it cannot be told`,
    });
    return;
  }
  const text = readFileSync(path, 'utf8');
  const say = sayAbout(path, text, problems);
  const held = parsed(trialCasesSchema, readJson(path, text, problems), say);
  if (!held) return;
  const ids = trial.criteria.map(({ id }) => id);
  for (const [place, { expect }] of held.cases.entries())
    for (const id of Object.keys(expect.criteria ?? {}))
      if (!ids.includes(id))
        say(
          'error',
          ['cases', place, 'expect', 'criteria', id],
          `the trial has no criterion "${id}"${didYouMean(id, ids)}`,
        );
  for (const verdict of ['eligible', 'not eligible', 'cannot tell'])
    if (!held.cases.some(({ expect }) => expect.verdict === verdict))
      say('error', ['cases'], `no case in which the answer is "${verdict}"`);
}

const casesPath = (path: string): string => path.replace(/\.json$/, '.cases.json');

export function readTrialCases(trialPath: string): TrialCase[] {
  const path = casesPath(trialPath);
  return existsSync(path) ? trialCasesSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).cases : [];
}

export interface TrialOutcome {
  name: string;
  passed: boolean;
  expected: string;
  got: string;
  match: TrialMatch;
}

export async function runTrialCase(
  trial: Trial,
  given: TrialCase,
  terminology: Terminology,
  now: Date,
): Promise<TrialOutcome> {
  const chart = readChart(sourceOf({ ...given, expect: 'quiet' } satisfies RuleCase, terminology, now), terminology);
  const [match] = await assessTrials(chart, openTrials([{ ...trial, status: 'active' }]), terminology);
  const { verdict, criteria = {}, gap } = given.expect;
  const wrong = Object.entries(criteria).flatMap(([id, state]) => {
    const got = match!.criteria.find((one) => one.id === id)?.state;
    return got === state ? [] : [`${id} ${got}, not ${state}`];
  });
  const gaps = match!.criteria.flatMap((one) => [
    ...(one.gaps ?? []),
    ...(one.settledBy ?? []).map(({ text }) => text),
  ]);
  if (gap && !gaps.some((said) => said.includes(gap))) wrong.push(`"${gap}" is not said to be missing`);
  return {
    name: given.name,
    passed: match!.verdict === verdict && wrong.length === 0,
    expected: verdict,
    got: [match!.verdict, ...wrong, ...(match!.verdict === verdict ? [] : [reasons(match!)])].join('; '),
    match: match!,
  };
}

const reasons = ({ criteria }: TrialMatch): string =>
  criteria
    .filter(({ blocks, state }) => blocks || state === 'unknown')
    .map(({ id, state, gaps = [] }) => `${id} ${state}${gaps.length ? ` (${gaps.join(', ')})` : ''}`)
    .join('; ');

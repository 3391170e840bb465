import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Guarded } from '../../guards/check.ts';
import type { Rule } from '../../guards/rule.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { Command } from '../rules.ts';
import { type CaseOutcome, casesSchema, type RuleCase, runCase } from './cases.ts';
import { shownProblem } from './check-command.ts';
import { checkFiles } from './check-files.ts';
import { coverageOf, shownCoverage } from './coverage.ts';
import { loadTerminology, selectFiles } from './load.ts';
import { isRuleFile } from './read-folder.ts';
import { checkTrials, readTrialCases, runTrialCase, selectTrials } from './trials.ts';

/** The cases beside a rule file, or what is wrong with them. */
export function readCases(rulePath: string): RuleCase[] | { wrong: string } {
  const path = rulePath.replace(/\.json$/, '.cases.json');
  if (!existsSync(path)) return [];
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { wrong: `${path} is not JSON: ${error instanceof Error ? error.message : error}` };
  }
  const parsed = casesSchema.safeParse(json);
  return parsed.success ? parsed.data.cases : { wrong: `${path}: ${z.prettifyError(parsed.error)}` };
}

export interface RuleTest {
  rule: Rule;
  path: string;
  outcomes: (CaseOutcome & { guarded: Guarded })[];
  wrong: string[];
}

export async function testRule(rule: Rule, path: string, terminology: Terminology, now: Date): Promise<RuleTest> {
  const cases = readCases(path);
  if (!Array.isArray(cases)) return { rule, path, outcomes: [], wrong: [cases.wrong] };
  const outcomes: RuleTest['outcomes'] = [];
  for (const given of cases) outcomes.push(await runCase(rule, given, terminology, now));
  const wrong: string[] = [];
  const expectations = cases.map(({ expect }) => (typeof expect === 'string' ? expect : 'fires'));
  if (!expectations.includes('fires')) wrong.push('no case in which it fires');
  if (!expectations.includes('quiet')) wrong.push('no near miss that stays quiet');
  return { rule, path, outcomes, wrong };
}

export async function testCommand(command: Command): Promise<number> {
  const status = await testOnce(command);
  if (!command.options.watch) return status;
  command.print(`\nWatching ${command.folder}. Ctrl-C ends.`);
  const saved = new Set<string>();
  let run = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  watch(command.folder, { recursive: true }, (_, name) => {
    if (!name?.endsWith('.json') || name.startsWith('schema')) return;
    saved.add(name);
    clearTimeout(timer);
    // Editors save in bursts.
    timer = setTimeout(() => {
      const names = [...saved];
      saved.clear();
      // One after another, and a file that is half written ends nothing: it is saved again.
      run = run
        .then(() => testSaved(command, names))
        .catch((error: unknown) => command.print(error instanceof Error ? error.message : String(error)));
    }, 150);
  });
  return new Promise<number>(() => undefined);
}

/** The rules that were named; when none was, those that were saved, or all after a save of what several stand on. */
async function testSaved(command: Command, names: readonly string[]): Promise<void> {
  command.print(`\n${new Date().toTimeString().slice(0, 8)} ${names.join(', ')}`);
  const paths = names.map((name) => join(command.folder, name.replace(/(\.cases)?\.json$/, '.json')));
  const areRules = paths.every((path) => existsSync(path) && isRuleFile(command.folder, path));
  await testOnce(command.args.length === 0 && areRules ? { ...command, args: paths } : command);
}

async function testOnce({ folder, args, options, print }: Command): Promise<number> {
  const terminology = loadTerminology(folder);
  const { rules, problems } = checkFiles(selectFiles(folder, args), terminology, new Date());
  const errors = problems.filter(({ level }) => level === 'error');
  let passed = 0;
  let failed = errors.length;
  for (const problem of errors) for (const line of shownProblem(problem)) print(line);
  for (const { rule, path } of rules) {
    const { outcomes, wrong } = await testRule(rule, path, terminology, new Date());
    for (const { name, passed: isRight, got, expected } of outcomes) {
      if (isRight) passed += 1;
      else {
        failed += 1;
        print(`✗ ${rule.id}: ${name}\n    expected ${expected}, got ${got}`);
      }
    }
    for (const message of wrong) {
      failed += 1;
      print(`✗ ${rule.id}: ${message}`);
    }
    if (options.coverage) for (const line of shownCoverage(coverageOf(rule, outcomes))) print(line);
  }
  const trials = checkTrials(selectTrials(folder, args), { terminology, valueSets: [] }, new Date());
  for (const problem of trials.problems.filter(({ level }) => level === 'error')) {
    failed += 1;
    for (const line of shownProblem(problem)) print(line);
  }
  for (const { trial, path } of trials.problems.length ? [] : trials.trials) {
    for (const given of readTrialCases(path)) {
      const { name, passed: isRight, got, expected } = await runTrialCase(trial, given, terminology, new Date());
      if (isRight) passed += 1;
      else {
        failed += 1;
        print(`✗ ${trial.id}: ${name}\n    expected ${expected}, got ${got}`);
      }
    }
  }
  const alsoTrials = trials.trials.length ? ` and ${trials.trials.length} trials` : '';
  print(`${rules.length} rules${alsoTrials}: ${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

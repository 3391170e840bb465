import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Rule } from '../../guards/rule.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { Command } from '../rules.ts';
import { type CaseOutcome, casesSchema, type RuleCase, runCase } from './cases.ts';
import { checkFiles } from './check-files.ts';
import { loadTerminology, selectFiles } from './load.ts';

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
  outcomes: CaseOutcome[];
  wrong: string[];
}

export async function testRule(rule: Rule, path: string, terminology: Terminology, now: Date): Promise<RuleTest> {
  const cases = readCases(path);
  if (!Array.isArray(cases)) return { rule, path, outcomes: [], wrong: [cases.wrong] };
  const outcomes: CaseOutcome[] = [];
  for (const given of cases) outcomes.push(await runCase(rule, given, terminology, now));
  const wrong: string[] = [];
  const expectations = cases.map(({ expect }) => (typeof expect === 'string' ? expect : 'fires'));
  if (!expectations.includes('fires')) wrong.push('no case in which it fires');
  if (!expectations.includes('quiet')) wrong.push('no near miss that stays quiet');
  return { rule, path, outcomes, wrong };
}

export async function testCommand({ folder, args, print }: Command): Promise<number> {
  const terminology = loadTerminology(folder);
  const { rules, problems } = checkFiles(selectFiles(folder, args), terminology, new Date());
  let passed = 0;
  let failed = problems.filter(({ level }) => level === 'error').length;
  for (const { path, line, message } of problems.filter(({ level }) => level === 'error')) print(`${path}:${line}  ${message}`);
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
  }
  print(`${rules.length} rules: ${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

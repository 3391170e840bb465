// From silent to active, with the figures of the silent time: how often it would have spoken, and on whose day.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import type { Rule } from '../../guards/rule.ts';
import type { Command } from '../rules.ts';
import { shownProblem } from './check-command.ts';
import { checkFiles } from './check-files.ts';
import { loadTerminology, selectFiles } from './load.ts';
import { isRuleFile } from './read-folder.ts';
import { testRule } from './test-command.ts';

const ordersPerDay = 40;

export interface SilentFigures {
  fired: number;
  orders: number;
  since?: string;
  days: number;
}

export async function promoteCommand({ folder, args: [id], options, print }: Command): Promise<number> {
  const files = id ? selectFiles(folder, [id]) : [];
  const [file] = files;
  if (!id || !file || files.length > 1) {
    print(id ? `There is no one rule "${id}".` : 'Name the rule: npm run rules -- promote warfarin-nsaid');
    return 2;
  }
  if (!isRuleFile(folder, file.path)) {
    print(`${file.path} is where no server reads it: move it and its cases into a folder of rules first.`);
    return 1;
  }
  const terminology = loadTerminology(folder);
  const { rules, problems } = checkFiles([file], terminology, new Date());
  const errors = problems.filter(({ level }) => level === 'error');
  for (const problem of errors) for (const line of shownProblem(problem)) print(line);
  const rule = rules[0]?.rule;
  if (!rule || errors.length) return 1;
  const next = rule.status === 'draft' ? 'silent' : rule.status === 'silent' ? 'active' : undefined;
  if (!next) {
    print(`${id} is ${rule.status}: only a draft becomes silent, and only a silent rule becomes active.`);
    return 1;
  }
  const { outcomes, wrong } = await testRule(rule, file.path, terminology, new Date());
  const failed = [...outcomes.filter(({ passed }) => !passed).map(({ name }) => name), ...wrong];
  if (failed.length) {
    print(`${id} does not pass its cases: ${failed.join('; ')}`);
    return 1;
  }
  if (next === 'active') for (const line of shownFigures(rule, await silentFigures(rule))) print(line);
  if (!options.yes) {
    print(`Nothing was changed. To make it ${next}: npm run rules -- promote ${id} --yes`);
    return 0;
  }
  const edits = modify(file.text, ['status'], next, {});
  writeFileSync(file.path, applyEdits(file.text, edits));
  print(`${file.path} is ${next} now. Commit it with "update: ${id} is ${next}".`);
  return 0;
}

/** From the server's own database, when it is on this machine. */
async function silentFigures(rule: Rule): Promise<SilentFigures | undefined> {
  const folder = process.env.DATA_DIR ?? '.curbside';
  if (!existsSync(join(folder, 'curbside.sqlite'))) return undefined;
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(folder, 'curbside.sqlite'), { readOnly: true });
  try {
    const [fired] = database
      .prepare(
        "SELECT coalesce(sum(times), 0) AS fired, min(day) AS since, count(DISTINCT day) AS days FROM counted WHERE what = 'silent' AND name LIKE ? || ' %'",
      )
      .all(rule.id) as [{ fired: number; since: string | null; days: number }];
    const [orders] = database
      .prepare(
        "SELECT coalesce(sum(times), 0) AS orders FROM counted WHERE what = 'hook' AND name NOT LIKE '%patient-view' AND day >= ?",
      )
      .all(fired.since ?? '9999') as [{ orders: number }];
    return { fired: fired.fired, days: fired.days, orders: orders.orders, ...(fired.since && { since: fired.since }) };
  } catch {
    return undefined;
  } finally {
    database.close();
  }
}

export function shownFigures({ id }: Pick<Rule, 'id'>, figures: SilentFigures | undefined): string[] {
  if (!figures)
    return [
      `No server's figures for ${id} are on this machine (DATA_DIR). The console shows them where the server is.`,
    ];
  const { fired, orders, since } = figures;
  if (!since || orders === 0)
    return [`${id} has not fired while it was silent: nobody knows yet how often it would speak.`];
  const per100 = (fired * 100) / orders;
  return [
    `${id} since ${since}: would have spoken ${fired} times on ${orders} order checks, ${per100.toFixed(2)} per 100; at ${ordersPerDay} orders a clinician-day, ${((per100 * ordersPerDay) / 100).toFixed(2)} a day.`,
  ];
}

// Writes the catalogue as a static site: readable from a disk or any web server, no script needed but for the search.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BurdenRow, burden, figures } from '../../console/figures.ts';
import type { Rule } from '../../guards/rule.ts';
import type { Command } from '../rules.ts';
import { checkFiles } from './check-files.ts';
import { loadTerminology, selectFiles } from './load.ts';
import { readKnowledge } from './read-folder.ts';
import { type Entry, indexPage, rulePage, type Site } from './site/pages.ts';
import { readCases, testRule } from './test-command.ts';

const figuresDays = 90;

export async function siteCommand({ folder, args, options, print }: Command): Promise<number> {
  const out = options.out ?? 'dist/catalogue';
  const now = new Date();
  const terminology = loadTerminology(folder);
  const { rules, problems } = checkFiles(selectFiles(folder, args), terminology, now);
  const broken = problems.filter(({ level }) => level === 'error');
  for (const { path, line, message } of broken.slice(0, 5)) print(`${path}:${line}  ${message}`);
  if (rules.length === 0 || broken.length) {
    print(broken.length ? 'These rules cannot be shown: mend them first.' : `No rule is called ${args.join(', ')}.`);
    return 1;
  }
  const mine = isOurs(out);
  if (existsSync(out) && readdirSync(out).length > 0 && !mine) {
    print(`${out} holds something else. Name an empty folder with --out.`);
    return 2;
  }
  const counted = await serverFigures(
    rules.map(({ rule }) => rule),
    now,
  );
  const entries: Entry[] = [];
  for (const { rule, path } of rules) {
    const { outcomes } = await testRule(rule, path, terminology, now);
    const cases = readCases(path);
    const row = counted?.find(({ id }) => id === rule.id);
    entries.push({
      rule,
      cases: Array.isArray(cases) ? cases : [],
      failing: outcomes.filter(({ passed }) => !passed).map(({ name }) => name),
      ...(row && { burden: row }),
    });
  }
  const site: Site = {
    entries,
    terminology,
    today: now.toISOString().slice(0, 10),
    hash: readKnowledge(folder).hash,
    ...(counted && { figuresDays }),
  };
  if (mine) rmSync(join(out, 'rule'), { recursive: true, force: true });
  mkdirSync(join(out, 'rule'), { recursive: true });
  writeFileSync(join(out, 'index.html'), indexPage(site));
  for (const entry of entries) writeFileSync(join(out, 'rule', `${entry.rule.id}.html`), rulePage(entry, site));
  const here = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  writeFileSync(join(out, 'style.css'), here('../../../smart-app/shared/tokens.css') + here('./site/style.css'));
  writeFileSync(join(out, 'search.js'), here('./site/search.js'));
  print(
    `Wrote ${entries.length} rules to ${out}. Open ${join(out, 'index.html')}, or put the folder on any web server.`,
  );
  return 0;
}

/** Whether a folder is a site that this command wrote: only then are its old pages removed. */
const isOurs = (out: string): boolean =>
  existsSync(join(out, 'index.html')) &&
  readFileSync(join(out, 'index.html'), 'utf8').includes('content="curbside rules site"');

/** From the server's own database, when it is on this machine (DATA_DIR). */
async function serverFigures(rules: readonly Rule[], now: Date): Promise<BurdenRow[] | undefined> {
  const path = join(process.env.DATA_DIR ?? '.curbside', 'curbside.sqlite');
  if (!existsSync(path)) return undefined;
  const { DatabaseSync } = await import('node:sqlite');
  const { sqlOver } = await import('../../record/sqlite.ts');
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const sql = sqlOver(database);
    const { orders } = await figures(sql, now, figuresDays);
    return await burden(sql, rules, now, figuresDays, orders);
  } catch {
    return undefined;
  } finally {
    database.close();
  }
}

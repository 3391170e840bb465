// npm run patients: FHIR R4 patients who do not exist, for a programme, a rule or a condition.
import { existsSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { loadKnowledge } from '../consult/knowledge/load.ts';
import type { Rule } from '../guards/rule.ts';
import { readSettings } from '../settings.ts';
import { compare, shownComparison } from './patients/against.ts';
import { type Made, type Making, makeForCondition, makeForRule, makeHealthy } from './patients/generate.ts';
import { readPeople, writePeople } from './patients/manifest.ts';
import { loadTerminology } from './rules/load.ts';
import { readKnowledge, readValueSets, ruleFiles } from './rules/read-folder.ts';
import { readCases } from './rules/test-command.ts';

const usage = `npm run patients -- <for whom> [--count N] [--seed S] [--out folder] [--near-misses]

  --rule <id>             people for whom the rule fires (may be said several times)
  --programme <folder>    the same for every rule of a folder of rules/: diabetes, deterioration, perioperative …
  --condition <id>        people whose complaint and findings bring a condition of rules/conditions among the first three
  --healthy               adults with nothing the matter

  --near-misses           beside each: one who fails exactly one criterion, and one with one datum missing
  --count N               how many of each (3)        --seed S   the same seed and --as-of give the same people (1)
  --out <folder>          where they go (synthetic)   --as-of <date>   when they are as they are (this hour)
  --notes template|model|none   who writes their notes; a model by OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL (template)

npm run patients -- --against http://127.0.0.1:8787 --out <folder>
                          asks a running server about everybody in the folder: is it as the manifest claims, and how many
                          cards does a visit show?
`;

const { values: options } = parseArgs({
  options: {
    rule: { type: 'string', multiple: true, default: [] },
    programme: { type: 'string', multiple: true, default: [] },
    condition: { type: 'string', multiple: true, default: [] },
    healthy: { type: 'boolean', default: false },
    'near-misses': { type: 'boolean', default: false },
    count: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'synthetic' },
    'as-of': { type: 'string' },
    notes: { type: 'string', default: 'template' },
    folder: { type: 'string', default: process.env.RULES_DIR ?? 'rules' },
    against: { type: 'string' },
  },
});

process.exitCode = options.against ? await against(options.against) : await make();

async function make(): Promise<number> {
  const { rule: ids, programme: programmes, condition: conditions, folder, out, notes } = options;
  const count = Number(options.count);
  const now = dayNamed(options['as-of']) ?? hourOf(new Date());
  const isNobody = ids.length + programmes.length + conditions.length === 0 && !options.healthy;
  if (isNobody || !(count > 0) || Number.isNaN(now.getTime()) || !['template', 'model', 'none'].includes(notes)) {
    console.log(usage);
    return isNobody ? 0 : 2;
  }
  const terminology = loadTerminology(folder);
  const rules = ruleFiles(folder).map(({ path, text }) => ({ path, rule: JSON.parse(text) as Rule }));
  const making: Making = {
    count,
    seed: options.seed,
    nearMisses: options['near-misses'],
    notes: notes as Making['notes'],
    terminology,
    valueSets: readValueSets(folder),
    now,
    platform: {
      fetch: (input, init) => fetch(input, init),
      elapsed: () => performance.now(),
      settings: readSettings({ ...process.env, SANDBOX: 'on', NODE_ENV: undefined }),
    },
  };
  const wanted = rules.filter(
    ({ rule, path }) => ids.includes(rule.id) || programmes.includes(relative(folder, path).split(/[\\/]/)[0]!),
  );
  const unheardOf = [
    ...ids.filter((id) => !rules.some(({ rule }) => rule.id === id)).map((id) => `rule "${id}"`),
    ...programmes
      .filter((name) => !rules.some(({ path }) => relative(folder, path).split(/[\\/]/)[0] === name))
      .map((name) => `programme "${name}"`),
  ];
  if (unheardOf.length) {
    console.log(`There is no ${unheardOf.join(', no ')} in ${folder}.`);
    return 2;
  }
  const missing: string[] = [];
  let written = 0;
  const keep = (made: Made): void => {
    writePeople(out, made.people);
    written += made.people.length;
    missing.push(...made.missing);
  };
  for (const { rule, path } of wanted) {
    const cases = readCases(path);
    if (Array.isArray(cases)) keep(await makeForRule(rule, cases, making));
    else missing.push(cases.wrong);
  }
  if (conditions.length) {
    const knowledge = loadKnowledge(readKnowledge(folder).differential);
    for (const given of conditions) {
      const id = basename(given, '.json');
      keep(await makeForCondition(id, knowledge, making));
    }
  }
  if (options.healthy)
    keep(
      await makeHealthy(
        rules.map(({ rule }) => rule),
        making,
      ),
    );
  console.log(`${written} synthetic people in ${out}, each asked before it was written: see ${out}/manifest.jsonl`);
  for (const line of missing) console.log(`  not made  ${line}`);
  return written > 0 ? 0 : 1;
}

/** Every answer of a running server to everybody in the folder. */
async function against(url: string): Promise<number> {
  if (!existsSync(options.out)) {
    console.log(`There is no folder ${options.out}.`);
    return 2;
  }
  const comparison = await compare(
    readPeople(options.out),
    async (path, body) => {
      const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
        ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
      return path === '/consult'
        ? text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as unknown)
        : JSON.parse(text);
    },
    () => crypto.randomUUID(),
  );
  for (const line of shownComparison(comparison)) console.log(line);
  return comparison.disagreements.length ? 1 : 0;
}

/** The same people all through the hour. */
function hourOf(date: Date): Date {
  return new Date(`${date.toISOString().slice(0, 13)}:00:00Z`);
}

/** A day without a time is that day at noon. */
function dayNamed(given: string | undefined): Date | undefined {
  return given === undefined ? undefined : new Date(/^\d{4}-\d\d-\d\d$/.test(given) ? `${given}T12:00:00Z` : given);
}

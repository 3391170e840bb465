// A rule proposed by a model out of a recommendation's text: checked, tested, mended at most so often, and left asleep in drafts/.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type Reading, readJson } from '../../consult/answer.ts';
import { type Model, openModel } from '../../consult/model.ts';
import type { Rule } from '../../guards/rule.ts';
import type { Platform } from '../../platform.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import type { Command } from '../rules.ts';
import { checkCases } from './check-cases.ts';
import { shownProblem } from './check-command.ts';
import { checkFiles } from './check-files.ts';
import { jsonProblem } from './check-json.ts';
import { type DraftAnswer, draftAnswerSchema, draftPrompt, repairPrompt } from './draft-prompt.ts';
import { loadTerminology } from './load.ts';
import { filesBelow, readValueSets } from './read-folder.ts';
import { testRule } from './test-command.ts';

const deadlineMs = 180_000;
const mostRepairs = 5;

export async function draftCommand({ folder, args, options, print }: Command): Promise<number> {
  const [given] = args;
  const text = given && existsSync(given) ? readFileSync(given, 'utf8') : args.join(' ');
  if (text.trim().length < 20) {
    print(
      'Give the text of a recommendation, or a file that holds it: npm run rules -- draft "Do not start metformin when the eGFR is below 45 …"',
    );
    return 2;
  }
  const repairs = Number(options.repairs ?? 2);
  if (!Number.isInteger(repairs) || repairs < 0 || repairs > mostRepairs) {
    print(`--repairs is a whole number from 0 to ${mostRepairs}.`);
    return 2;
  }
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: model, MODEL_OFF } = process.env;
  if (!model || MODEL_OFF === 'on' || !(key || baseURL)) {
    print(
      'No model is configured, so nothing is drafted. Set OPENAI_MODEL with OPENAI_API_KEY, or with OPENAI_BASE_URL for a model of your own (any OpenAI-compatible endpoint). Without one: npm run rules -- new <folder>/<id>',
    );
    return 2;
  }
  const platform = { elapsed: () => performance.now(), fetch, now: () => new Date() } as unknown as Platform;
  return draft(
    {
      text,
      source: options.source,
      repairs,
      folder,
      out: options.out ?? join(folder, 'drafts'),
      model: openModel({ model, ...(key && { key }), ...(baseURL && { baseURL }) }, platform),
      platform,
      isOverwriting: options.yes === true,
    },
    print,
  );
}

interface DraftRun {
  text: string;
  /** A citation for what the text comes from. */
  source?: string;
  repairs: number;
  folder: string;
  out: string;
  model: Model;
  platform: Platform;
  isOverwriting: boolean;
}

async function draft(run: DraftRun, print: (line: string) => void): Promise<number> {
  const { folder, text, repairs, model, platform } = run;
  const terminology = loadTerminology(folder);
  const valueSets = readValueSets(folder);
  const first = draftPrompt({ text, valueSets });
  let messages = first;
  for (let round = 0; ; round++) {
    const outcome = await model.ask<DraftAnswer>(messages, platform, {
      signal: AbortSignal.timeout(deadlineMs),
      hedgeAfterMs: deadlineMs,
      mostAnswerTokens: 12_000,
      schema: z.toJSONSchema(draftAnswerSchema) as Record<string, unknown>,
      read: readDraft,
    });
    if (outcome.kind === 'failed') {
      print(`${model.name} did not answer: ${outcome.reason}. Nothing was written.`);
      return 1;
    }
    if (outcome.kind === 'abstained' || outcome.answer.status === 'abstain') {
      const reason = outcome.kind === 'abstained' ? outcome.reason : outcome.answer.reason;
      print(`${model.name} wrote no rule${reason ? `: ${plainLine(reason)}` : ''}. Nothing was written.`);
      return 1;
    }
    const files = filesOf(outcome.answer, run);
    const found = typeof files === 'string' ? { problems: [files] } : await judge(files, terminology, valueSets);
    if (found.problems.length === 0 && typeof files !== 'string') {
      write(files);
      print(`Wrote ${files.path}, asleep, with ${found.passed} cases that pass.`);
      for (const note of [...files.notes, ...(found.warnings ?? [])]) print(`  ${note}`);
      print(
        'It is a proposal, not a rule: read each line against the source, correct it, set your service as steward, move both files into a folder of rules, then "npm run rules -- check", "test", "mutate" and "impact". Only "promote" makes it silent, and later active.',
      );
      return 0;
    }
    print(`${round === 0 ? 'The proposal' : `Repair ${round}`} does not hold yet:`);
    for (const problem of found.problems) print(`  ${problem}`);
    if (round === repairs) {
      if (typeof files === 'string') print('Nothing was written.');
      else {
        write(files);
        print(`${repairs} repairs were not enough. What there is stands in ${files.path}, asleep, for you to mend.`);
      }
      return 1;
    }
    messages = repairPrompt(first, outcome.answer, found.problems);
  }
}

interface Files {
  id: string;
  path: string;
  rule: string;
  cases: string;
  notes: string[];
}

/** The two files as they would be saved: asleep, dated today, citing nothing that the text does not name. */
function filesOf(
  { rule: ruleText, cases: casesText }: DraftAnswer,
  { text, source, out, folder, model, isOverwriting }: DraftRun,
): Files | string {
  for (const [name, held] of [
    ['rule', ruleText],
    ['cases', casesText],
  ] as const) {
    const wrong = held === null ? { message: 'is missing' } : jsonProblem(held);
    if (wrong) return `The file "${name}" ${wrong.message}`;
  }
  const rule = JSON.parse(ruleText!) as Record<string, unknown>;
  const cases = JSON.parse(casesText!) as unknown;
  const id = typeof rule?.id === 'string' ? rule.id : '';
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) || id.length > 80) return '"id" must be lower case words joined by dashes';
  const taken = filesBelow(folder, `${id}.json`).find(
    (at) => basename(at) === `${id}.json` && !at.startsWith(join(folder, 'drafts')),
  );
  if (taken) return `the id "${id}" is taken by ${taken}: every rule needs an id of its own`;
  const path = join(out, `${id}.json`);
  if (existsSync(path) && !isOverwriting) return `${path} is already there: another id, or --yes to write over it`;
  const notes: string[] = [];
  const evidence = evidenceOf(rule.evidence, `${text} ${source ?? ''}`, notes);
  if (source) evidence.unshift({ citation: source });
  if (evidence.length === 0) {
    notes.push(
      'the text names no source: put the guideline, its year and section under "evidence" (or draft again with --source "…")',
    );
    evidence.push({ citation: `Recommendation as pasted, source to be named: "${plainLine(text).slice(0, 200)}"` });
  }
  const gaps = Array.isArray(rule.knownGaps) ? rule.knownGaps : [];
  const asleep = {
    ...rule,
    $schema: '../schema/rule.schema.json',
    version: '0.1.0',
    status: 'draft' satisfies Rule['status'],
    steward: 'Nobody yet',
    lastReviewDate: new Date().toISOString().slice(0, 10),
    evidence,
    knownGaps: [
      ...gaps,
      `Drafted by the model ${model.name} from the text of a recommendation; nobody has reviewed it`,
    ],
  };
  return {
    id,
    path,
    rule: `${JSON.stringify(asleep, null, 2)}\n`,
    cases: `${JSON.stringify({ $schema: '../schema/cases.schema.json', ...(cases as object) }, null, 2)}\n`,
    notes,
  };
}

/** A model's memory of the literature is no source: each citation's words and its link must stand in what was given. */
function evidenceOf(
  given: unknown,
  text: string,
  notes: string[],
): { citation: string; url?: string; shows?: string }[] {
  const known = new Set(wordsOf(text));
  const list = Array.isArray(given) ? (given as { citation?: unknown; url?: unknown; shows?: unknown }[]) : [];
  return list.flatMap((held) => {
    const citation = typeof held?.citation === 'string' ? held.citation : '';
    const unheard = wordsOf(citation).filter((word) => !known.has(word));
    if (!citation || unheard.length > 0) {
      if (citation) notes.push(`left out a source that is not in your text: "${plainLine(citation).slice(0, 120)}"`);
      return [];
    }
    const url = typeof held.url === 'string' && text.includes(held.url) ? held.url : undefined;
    return [{ citation, ...(url && { url }), ...(typeof held.shows === 'string' && { shows: held.shows }) }];
  });
}

const small = new Set([
  'a',
  'an',
  'and',
  'by',
  'for',
  'from',
  'in',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with',
  'guideline',
  'section',
  'recommendation',
]);
const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !small.has(word));

/** What the check and the cases say of the two files, in a folder of their own: cases are read from beside the rule. */
async function judge(
  { id, rule, cases }: Pick<Files, 'id' | 'rule' | 'cases'>,
  terminology: Terminology,
  valueSets: readonly ValueSet[],
): Promise<{ problems: string[]; warnings?: string[]; passed?: number }> {
  const trial = mkdtempSync(join(tmpdir(), 'curbside-draft-'));
  const at = { path: join(trial, `${id}.json`), rule, cases };
  try {
    write(at);
    const { rules, problems } = checkFiles([{ path: at.path, text: rule }], terminology, new Date(), valueSets);
    problems.push(...rules.flatMap((entry) => checkCases(entry, { terminology, valueSets })));
    const said = (level: string) =>
      problems
        .filter((problem) => problem.level === level)
        .map((problem) => shownProblem(problem).join(' ').replaceAll(`${trial}/`, ''));
    // The source is for a person to name; a model can only invent one.
    const errors = said('error').filter((line) => !/no link, year, section/.test(line));
    const [entry] = rules;
    if (!entry || errors.length) return { problems: errors };
    const { outcomes, wrong } = await testRule(entry.rule, at.path, terminology, new Date());
    const failed = outcomes.filter(({ passed }) => !passed);
    return {
      problems: [
        ...wrong,
        ...failed.map(({ name, expected, got }) => `case "${name}": expected ${expected}, got ${got}`),
      ],
      warnings: said('warning'),
      passed: outcomes.length - failed.length,
    };
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

function write({ path, rule, cases }: Pick<Files, 'path' | 'rule' | 'cases'>): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, rule);
  writeFileSync(path.replace(/\.json$/, '.cases.json'), cases);
}

function readDraft(content: string): Reading<DraftAnswer> {
  const json = readJson(content);
  if (!json.ok) return json;
  const parsed = draftAnswerSchema.safeParse(json.value);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problem: 'is not {"status", "reason", "rule", "cases"}' };
}

/** A model's words on one line of a terminal, without control characters. */
const plainLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);

// Checks rule files: says file, line, what is wrong, what was meant, and how it would be right.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { type Rule, ruleSchema } from '../../guards/rule.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import { checkCard } from './check-card.ts';
import { checkCondition, valueAt } from './check-condition.ts';
import { jsonProblem } from './check-json.ts';
import { canonical, checkLogic } from './check-logic.ts';
import { didYouMean } from './did-you-mean.ts';
import { placeholders } from './new-command.ts';
import type { RuleFile } from './read-folder.ts';
import { exampleFor, flatten, type Path, teach } from './teach.ts';

export interface Problem {
  path: string;
  line: number;
  level: 'error' | 'warning';
  message: string;
  /** The same place, written right. */
  example?: string;
}

export interface Checked {
  rules: { rule: Rule; path: string }[];
  problems: Problem[];
}

export type Say = (level: Problem['level'], at: Path, message: string, example?: string) => void;

/** `valueSets` are only there for "did you mean"; `known` are the ids of all rules when not all are checked. */
export function checkFiles(
  files: RuleFile[],
  terminology: Terminology,
  today: Date,
  valueSets: readonly ValueSet[] = [],
  known?: readonly string[],
): Checked {
  const problems: Problem[] = [];
  const rules: Checked['rules'] = [];
  const seen = new Map<string, string>();
  const texts = new Map<string, string>();
  for (const { path, text } of files) {
    texts.set(path, text);
    const say = sayAbout(path, text, problems);
    const json = readJson(path, text, problems);
    if (json === undefined) continue;
    const parsed = ruleSchema.safeParse(json);
    if (!parsed.success) {
      for (const issue of flatten(parsed.error.issues)) {
        const at = issue.path as Path;
        const { message, example } = teach(issue, valueAt(json, at));
        say('error', issue.code === 'unrecognized_keys' ? [...at, issue.keys![0]!] : at, message, example);
      }
      continue;
    }
    const rule = parsed.data;
    const other = seen.get(rule.id);
    if (other)
      say(
        'error',
        ['id'],
        `the id "${rule.id}" is taken by ${other}: every rule needs an id of its own`,
        `"id": "${rule.id}-2", and the file called ${rule.id}-2.json`,
      );
    seen.set(rule.id, path);
    if (basename(path, '.json') !== rule.id)
      say(
        'error',
        ['id'],
        `the file is called ${basename(path)}, the id is "${rule.id}": they must be the same`,
        `"id": "${basename(path, '.json')}"`,
      );
    checkDates(rule, today, say);
    if (new Set(rule.hooks).size < rule.hooks.length)
      say('error', ['hooks'], 'names a hook twice', '"hooks": ["order-select", "order-sign"]');
    if (!existsSync(path.replace(/\.json$/, '.cases.json')))
      say(
        'warning',
        ['id'],
        `has no cases: add ${rule.id}.cases.json with one that fires, a near miss and a gap`,
        'npm run rules -- new interactions/an-example shows how they look',
      );
    const vocabulary = { terminology, valueSets };
    const before = problems.length;
    checkCondition(rule.when, ['when'], vocabulary, say);
    for (const [place, tier] of rule.tiers.entries())
      if (tier.when) checkCondition(tier.when, ['tiers', place, 'when'], vocabulary, say);
    if (problems.length === before) checkLogic(rule, say);
    checkCard(rule, vocabulary, say);
    checkPlaceholders(text, rule, say);
    rules.push({ rule, path });
  }
  checkSameness(rules, texts, problems);
  checkSupersedes(rules, texts, problems, known ?? (files.length > 1 ? [] : undefined));
  return { rules, problems: onceEach(problems) };
}

/** The text as JSON, or undefined when it is none and that was said. */
export function readJson(path: string, text: string, problems: Problem[]): unknown {
  const wrong = jsonProblem(text);
  if (!wrong) return JSON.parse(text);
  problems.push({
    path,
    line: lineAt(text, wrong.offset),
    level: 'error',
    message: wrong.message,
    example: wrong.example,
  });
  return undefined;
}

export const sayAbout =
  (path: string, text: string, problems: Problem[]): Say =>
  (level, at, message, example = exampleFor(at)) =>
    void problems.push({ path, line: lineOf(text, at), level, message, ...(example && { example }) });

/** What `new` wrote for its author to replace. A draft may hold it; a clinician must not read it. */
function checkPlaceholders(text: string, { status }: Rule, say: Say): void {
  const left = Object.values(placeholders).filter((words) => text.includes(`${words}"`));
  const [first] = left;
  if (first)
    say(
      status === 'draft' ? 'warning' : 'error',
      placeOf(first),
      `still to be written: ${left.map((words) => `"${words}"`).join(', ')}`,
      'see rules/interactions/warfarin-nsaid.json for a rule that says it all',
    );
}

/** The key below which a placeholder stands, for the line. */
function placeOf(words: string): Path {
  const [key] = Object.entries(placeholders).find(([, held]) => held === words) ?? [];
  return key === 'gap'
    ? ['knownGaps', 0]
    : key === 'consequence' || key === 'mechanism'
      ? ['interaction', key]
      : key === 'citation' || key === 'shows'
        ? ['evidence', 0, key]
        : key === 'summary' || key === 'detail'
          ? ['card', key]
          : [key ?? 'title'];
}

function checkDates({ lastReviewDate }: Rule, today: Date, say: Say): void {
  const reviewed = new Date(lastReviewDate);
  const right = `"lastReviewDate": "${today.toISOString().slice(0, 10)}"`;
  if (reviewed > today)
    say(
      'error',
      ['lastReviewDate'],
      `${lastReviewDate} lies in the future: it is the day of the last review, not of the next`,
      right,
    );
  else if (today.getTime() - reviewed.getTime() > 730 * 86_400_000)
    say(
      'warning',
      ['lastReviewDate'],
      `${lastReviewDate} is more than two years past: review the evidence and set the day of the review`,
      right,
    );
}

function checkSameness(rules: Checked['rules'], texts: Map<string, string>, problems: Problem[]): void {
  const byCondition = new Map<string, string>();
  // The rule in force comes first: it is the draft that is told.
  const inOrder = [...rules].sort((a, b) => Number(a.rule.status === 'draft') - Number(b.rule.status === 'draft'));
  for (const { rule, path } of inOrder) {
    if (rule.status === 'retired') continue;
    const written = canonical(rule.when);
    const other = byCondition.get(written);
    if (other)
      sayAbout(path, texts.get(path)!, problems)(
        // A draft is still being written; a copy of another rule is how it begins.
        rule.status === 'draft' ? 'warning' : 'error',
        ['when'],
        `asks the same as ${other}: one of the two is superfluous, or their difference belongs into one rule's tiers`,
        '"tiers": [{ "id": "high-risk", "indicator": "critical", "when": { … } }, { "id": "usual", "indicator": "warning" }]',
      );
    byCondition.set(written, rule.id);
  }
}

function checkSupersedes(
  rules: Checked['rules'],
  texts: Map<string, string>,
  problems: Problem[],
  known: readonly string[] | undefined,
): void {
  const ids = new Set([...(known ?? []), ...rules.map(({ rule }) => rule.id)]);
  for (const { rule, path } of rules) {
    const say = sayAbout(path, texts.get(path)!, problems);
    for (const [place, id] of (rule.supersedes ?? []).entries()) {
      if (id === rule.id)
        say('error', ['supersedes', place], 'a rule cannot stand for itself', '"supersedes": ["another-rule"]');
      else if (known && !ids.has(id))
        say(
          'warning',
          ['supersedes', place],
          `there is no rule "${id}" here${didYouMean(id, ids)}`,
          '"supersedes": ["warfarin-nsaid"]',
        );
    }
  }
}

/** A card text that several tiers share is said once. */
function onceEach(problems: Problem[]): Problem[] {
  const said = new Set<string>();
  return problems.filter(({ path, line, message }) => {
    const key = `${path}:${line} ${message}`;
    if (said.has(key)) return false;
    said.add(key);
    return true;
  });
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

export function lineOf(text: string, at: Path): number {
  const tree = parseTree(text);
  for (let length = at.length; length > 0 && tree; length--) {
    const node = findNodeAtLocation(tree, at.slice(0, length));
    if (node) return lineAt(text, node.offset);
  }
  return 1;
}

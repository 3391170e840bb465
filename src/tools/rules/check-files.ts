// Checks rule files: says file, line, what is wrong, what was meant, and how it would be right.
import { basename, join } from 'node:path';
import { existsSync } from 'node:fs';
import { findNodeAtLocation, parseTree, type ParseError, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { facts } from '../../facts/index.ts';
import { calculators } from '../../calculators/index.ts';
import { type Condition, isLeaf, type Leaf, type Rule, ruleSchema } from '../../guards/rule.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { RuleFile } from './read-folder.ts';

export interface Problem {
  path: string;
  line: number;
  level: 'error' | 'warning';
  message: string;
}

type Path = (string | number)[];

export interface Checked {
  rules: { rule: Rule; path: string }[];
  problems: Problem[];
}

export function checkFiles(files: RuleFile[], terminology: Terminology, today: Date): Checked {
  const problems: Problem[] = [];
  const rules: Checked['rules'] = [];
  const seen = new Map<string, string>();
  for (const { path, text } of files) {
    const say = (level: Problem['level'], at: Path, message: string) => problems.push({ path, line: lineOf(text, at), level, message });
    const errors: ParseError[] = [];
    parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
    if (errors[0]) {
      problems.push({ path, line: text.slice(0, errors[0].offset).split('\n').length, level: 'error', message: `not JSON here: ${printParseErrorCode(errors[0].error).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}` });
      continue;
    }
    const parsed = ruleSchema.safeParse(JSON.parse(text));
    if (!parsed.success) {
      for (const issue of flatten(parsed.error.issues)) say('error', issue.path as Path, teach(issue));
      continue;
    }
    const rule = parsed.data;
    const other = seen.get(rule.id);
    if (other) say('error', ['id'], `the id "${rule.id}" is taken by ${other}: every rule needs an id of its own`);
    seen.set(rule.id, path);
    if (basename(path, '.json') !== rule.id) say('error', ['id'], `the file is called ${basename(path)}, the id is "${rule.id}": they must be the same`);
    if (new Date(rule.lastReviewDate) > today) say('error', ['lastReviewDate'], 'lies in the future');
    else if (today.getTime() - new Date(rule.lastReviewDate).getTime() > 730 * 86_400_000) say('warning', ['lastReviewDate'], 'is more than two years past: review the evidence and set today\'s date');
    if (!existsSync(join(path.replace(/\.json$/, '.cases.json')))) say('warning', ['id'], `has no cases: add ${rule.id}.cases.json with one that fires, a near miss and a gap`);
    if (rule.interaction?.isOncLowPriority && rule.tiers.some(({ indicator }) => indicator !== 'info')) say('error', ['tiers'], 'an interaction on the ONC non-interruptive list may not be above "info"');
    checkCondition(rule.when, ['when'], terminology, say);
    for (const [place, tier] of rule.tiers.entries()) if (tier.when) checkCondition(tier.when, ['tiers', place, 'when'], terminology, say);
    checkReach(rule, say);
    rules.push({ rule, path });
  }
  checkSameness(rules, problems);
  return { rules, problems };
}

type Say = (level: Problem['level'], at: Path, message: string) => void;

function checkCondition(condition: Condition, at: Path, terminology: Terminology, say: Say): void {
  if (!isLeaf(condition)) {
    if ('not' in condition) return checkCondition(condition.not, [...at, 'not'], terminology, say);
    const key = 'all' in condition ? 'all' : 'any';
    ('all' in condition ? condition.all : condition.any).forEach((part, place) => {
      checkCondition(part, [...at, key, place], terminology, say);
    });
    return;
  }
  const fact = facts.get(condition.fact);
  if (!fact) {
    say('error', [...at, 'fact'], `there is no fact "${condition.fact}"${didYouMean(condition.fact, [...facts.keys()])}. All facts are in rules/FACTS.md`);
    return;
  }
  const params = fact.params.safeParse(condition.params ?? {});
  if (!params.success) {
    for (const issue of flatten(params.error.issues)) say('error', [...at, 'params', ...(issue.path as Path)], `${fact.id}: ${teach(issue)}. The question is: ${fact.question}`);
  } else checkTokens(condition, fact.params, at, terminology, say);
  checkValue(condition, fact.answers, at, say);
}

function checkValue(leaf: Leaf, answers: string, at: Path, say: Say): void {
  const { operator, value } = leaf;
  const isComparison = operator.startsWith('less') || operator.startsWith('greater');
  if (isComparison && answers !== 'a number') say('error', [...at, 'operator'], `"${leaf.fact}" answers ${answers}: use "equal"`);
  if ((operator === 'in' || operator === 'notIn') !== Array.isArray(value)) say('error', [...at, 'value'], `"${operator}" ${Array.isArray(value) ? 'takes one value' : 'takes a list'}`);
  const single = Array.isArray(value) ? value[0] : value;
  const wanted = { 'yes or no': 'boolean', 'a number': 'number', 'a word': 'string' }[answers];
  if (typeof single !== wanted && !(leaf.fact === 'calculated' && typeof single !== 'boolean')) {
    say('error', [...at, 'value'], `"${leaf.fact}" answers ${answers}, so the value must be ${wanted === 'boolean' ? 'true or false' : wanted === 'number' ? 'a number' : 'a word in quotes'}`);
  }
}

/** Finds blanks that are marked as tokens and looks every word up. */
function checkTokens(leaf: Leaf, schema: z.ZodType, at: Path, terminology: Terminology, say: Say): void {
  const shape = (schema as unknown as { shape?: Record<string, z.ZodType> }).shape ?? {};
  for (const [name, blank] of Object.entries(shape)) {
    const kind = tokenKind(blank);
    const given = leaf.params?.[name];
    if (!kind || given === undefined) continue;
    for (const token of Array.isArray(given) ? given : [given]) {
      if (isToken(kind, String(token), terminology)) continue;
      say('error', [...at, 'params', name], `${kind === 'drugs' ? 'no drug, class or value set' : `no ${kind} value set`} is called "${token}". The list is in rules/value-sets/README.md`);
    }
  }
}

function tokenKind(blank: z.ZodType): string | undefined {
  let held: z.ZodType | undefined = blank;
  while (held) {
    const kind = (held.meta() as { token?: string } | undefined)?.token;
    if (kind) return kind;
    held = (held as unknown as { def?: { innerType?: z.ZodType } }).def?.innerType;
  }
  return undefined;
}

function isToken(kind: string, token: string, terminology: Terminology): boolean {
  if (kind === 'drugs') return terminology.isDrugToken(token);
  if (kind === 'calculators') return calculators.has(token);
  if (kind === 'allergens') return terminology.isDrugToken(token) || terminology.valueSet(token)?.kind === 'allergens';
  return terminology.valueSet(token)?.kind === kind;
}

/** A tier behind one that holds whenever it holds can never be chosen. */
function checkReach(rule: Rule, say: Say): void {
  const earlier: string[] = [];
  for (const [place, { when }] of rule.tiers.entries()) {
    const written = JSON.stringify(when ?? null);
    if (earlier.includes(written)) say('error', ['tiers', place], 'can never be reached: a tier above has the same condition');
    earlier.push(written);
  }
  const single = rule.tiers.map(({ when }) => (when && isLeaf(when) ? when : undefined));
  for (const [place, later] of single.entries()) {
    for (const before of single.slice(0, place)) {
      if (!later || !before || later.fact !== before.fact || JSON.stringify(later.params) !== JSON.stringify(before.params)) continue;
      if (typeof later.value !== 'number' || typeof before.value !== 'number') continue;
      const isGreater = later.operator.startsWith('greater') && before.operator.startsWith('greater') && later.value > before.value;
      const isLess = later.operator.startsWith('less') && before.operator.startsWith('less') && later.value < before.value;
      if (isGreater || isLess) say('error', ['tiers', place, 'when'], `can never be reached: whenever ${later.fact} is ${isGreater ? 'above' : 'below'} ${later.value} the tier with ${before.value} holds first. Put the stricter tier on top`);
    }
  }
}

function checkSameness(rules: Checked['rules'], problems: Problem[]): void {
  const byCondition = new Map<string, string>();
  for (const { rule, path } of rules) {
    if (rule.status === 'retired') continue;
    const written = JSON.stringify([rule.when, rule.tiers.map(({ when }) => when ?? null), [...rule.hooks].sort()]);
    const other = byCondition.get(written);
    if (other) problems.push({ path, line: 1, level: 'error', message: `asks the same as ${other}: one of the two is superfluous` });
    byCondition.set(written, rule.id);
  }
}

type Issue = { path: PropertyKey[]; message: string; code?: string; errors?: Issue[][]; keys?: string[]; expected?: string };

/** A union's own message hides what is wrong inside; the branch that came furthest is the one that was meant. */
function flatten(issues: readonly unknown[], at: PropertyKey[] = []): Issue[] {
  return (issues as Issue[]).flatMap((issue) => {
    const path = [...at, ...issue.path];
    if (issue.code === 'invalid_union' && issue.errors?.length) {
      const best = issue.errors.map((branch) => flatten(branch, path)).sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0]!;
      return depth(best) > path.length ? best : [{ ...issue, path }];
    }
    return [{ ...issue, path }];
  });
}

const depth = (issues: Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));

function teach(issue: Issue): string {
  const at = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = ['id', 'version', 'status', 'title', 'kind', 'steward', 'lastReviewDate', 'hazard', 'interaction', 'evidence', 'hooks', 'when', 'tiers', 'card', 'supersedes', 'knownGaps', 'fact', 'params', 'operator', 'value', 'ifUnknown', 'summary', 'detail', 'suggestions', 'overrideReasons', 'indicator', 'citation', 'url', 'shows', 'all', 'any', 'not', ...[...facts.values()].flatMap(({ params }) => Object.keys((params as unknown as { shape?: object }).shape ?? {}))];
    return `"${issue.keys?.join('", "')}" is not known here${didYouMean(issue.keys?.[0] ?? '', known)}`;
  }
  if (issue.code === 'invalid_type' && issue.message.includes('undefined')) return `"${at}" is missing`;
  return at ? `"${at}" ${issue.message}` : issue.message;
}

export function didYouMean(word: string, known: readonly string[]): string {
  const near = known.map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) })).sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= Math.max(2, word.length / 3) ? `, did you mean "${near.candidate}"?` : '';
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + Number(left !== right)));
    row = next;
  }
  return row[b.length]!;
}

function lineOf(text: string, at: Path): number {
  const tree = parseTree(text);
  for (let length = at.length; length > 0 && tree; length--) {
    const node = findNodeAtLocation(tree, at.slice(0, length));
    if (node) return text.slice(0, node.offset).split('\n').length;
  }
  return 1;
}

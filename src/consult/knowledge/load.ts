// The knowledge files of rules/, read once, checked, and joined. An error names the file, what was expected, and what to do.
import type * as z from 'zod';
import { Matcher, type TextReading } from './match.ts';
import {
  type Condition,
  conditionSchema,
  type FindingRule,
  findingsFileSchema,
  type Guideline,
  guidelinesFileSchema,
  type OrderableTest,
  type Presentation,
  presentationSchema,
  testsFileSchema,
} from './schema.ts';

export interface Knowledge {
  conditions: ReadonlyMap<string, Condition>;
  findings: ReadonlyMap<string, FindingRule>;
  presentations: ReadonlyMap<string, Presentation>;
  tests: ReadonlyMap<string, OrderableTest>;
  guidelines: ReadonlyMap<string, Guideline>;
  /** What a text states, denies and leaves open. */
  matchText(text: string): TextReading;
}

export class KnowledgeError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The knowledge files have ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n  ${problems.join('\n  ')}`,
    );
    this.problems = problems;
  }
}

/** `files` maps a path under rules/ ("conditions/gout.json") to its parsed JSON; other folders are passed over. */
export function loadKnowledge(files: Readonly<Record<string, unknown>>): Knowledge {
  const problems: string[] = [];
  const parse = <S extends z.ZodType>(schema: S, path: string, json: unknown): z.output<S> | undefined => {
    const result = schema.safeParse(json);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      problems.push(`${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`);
    return undefined;
  };
  const put = <T extends { id: string }>(map: Map<string, T>, path: string, item: T): void => {
    if (map.has(item.id)) problems.push(`${path}: the id "${item.id}" is taken; ids are unique within a kind`);
    map.set(item.id, item);
  };

  const conditions = new Map<string, Condition>();
  const findings = new Map<string, FindingRule>();
  const presentations = new Map<string, Presentation>();
  const tests = new Map<string, OrderableTest>();
  const guidelines = new Map<string, Guideline>();
  const words: Record<string, string> = {};

  for (const [path, json] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [folder, file] = path
      .replace(/^.*rules\//, '')
      .split('/')
      .slice(-2);
    if (!file?.endsWith('.json') || file.endsWith('.cases.json')) continue;
    const stem = file.replace(/\.json$/, '');
    if (folder === 'conditions') {
      const condition = parse(conditionSchema, path, json);
      if (condition) put(conditions, path, condition);
      if (condition && condition.id !== stem)
        problems.push(`${path}: the id "${condition.id}" has to be the file's name, "${stem}"`);
    } else if (folder === 'presentations') {
      const presentation = parse(presentationSchema, path, json);
      if (presentation) put(presentations, path, presentation);
      if (presentation && presentation.id !== stem)
        problems.push(`${path}: the id "${presentation.id}" has to be the file's name, "${stem}"`);
    } else if (folder === 'findings') {
      const parsed = parse(findingsFileSchema, path, json);
      Object.assign(words, parsed?.words);
      for (const finding of parsed?.findings ?? []) put(findings, path, finding);
    } else if (folder === 'tests') {
      for (const test of parse(testsFileSchema, path, json)?.tests ?? []) put(tests, path, test);
    } else if (folder === 'guidelines') {
      for (const guideline of parse(guidelinesFileSchema, path, json)?.guidelines ?? [])
        put(guidelines, path, guideline);
    }
  }

  if (problems.length === 0)
    problems.push(...danglingNames({ conditions, findings, presentations, tests, guidelines }));
  if (problems.length > 0) throw new KnowledgeError(problems);
  const matcher = new Matcher(findings.values(), conditions.values(), words);
  return { conditions, findings, presentations, tests, guidelines, matchText: (text) => matcher.read(text) };
}

/** Names that point nowhere, and must-not-miss lists that disagree. */
function danglingNames(k: Omit<Knowledge, 'matchText'>): string[] {
  const problems: string[] = [];
  const check = (where: string, kind: string, map: ReadonlyMap<string, unknown>, ids: Iterable<string>) => {
    for (const id of ids)
      if (!map.has(id)) problems.push(`${where}: there is no ${kind} "${id}"; write it or correct the name`);
  };
  for (const c of k.conditions.values()) {
    const where = `conditions/${c.id}.json`;
    check(where, 'presentation', k.presentations, [
      ...c.presentations,
      ...c.mustNotMissFor,
      ...Object.keys(c.prior.byPresentation),
    ]);
    check(where, 'finding', k.findings, [
      ...c.findings.map((f) => f.finding),
      ...c.refutedBy.map((r) => r.finding),
      ...c.mustNotMissWith.flat(),
      ...(c.expects?.anyOf ?? []),
    ]);
    check(where, 'test', k.tests, c.tests);
    check(
      where,
      'guideline',
      k.guidelines,
      c.treatment.map((t) => t.guideline),
    );
    const seen = new Set<string>();
    for (const f of c.findings) {
      if (seen.has(f.finding)) problems.push(`${where}: "${f.finding}" is listed twice; keep one`);
      seen.add(f.finding);
    }
    for (const id of c.mustNotMissFor) {
      if (k.presentations.get(id)?.mustNotMiss.includes(c.id) === false)
        problems.push(
          `${where}: says it must not be missed for "${id}", but presentations/${id}.json does not list it; make the two agree`,
        );
    }
  }
  for (const p of k.presentations.values()) {
    const where = `presentations/${p.id}.json`;
    check(where, 'finding', k.findings, p.triggers.flat());
    check(where, 'condition', k.conditions, p.mustNotMiss);
    check(where, 'presentation', k.presentations, [...(p.partOf ? [p.partOf] : []), ...p.accompanies]);
    for (const id of p.mustNotMiss) {
      if (k.conditions.get(id)?.mustNotMissFor.includes(p.id) === false)
        problems.push(
          `${where}: lists "${id}", but conditions/${id}.json does not name it in mustNotMissFor; make the two agree`,
        );
    }
  }
  for (const f of k.findings.values()) check(`finding ${f.id}`, 'finding', k.findings, f.implies);
  for (const g of k.guidelines.values()) check(`guideline ${g.id}`, 'condition', k.conditions, g.conditions);
  return problems;
}

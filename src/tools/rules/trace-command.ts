// A recorded hook request, rule by rule: what fired, what was unknown, and what would have made the rest fire.
import { readFileSync } from 'node:fs';
import { isRefusal, openChart } from '../../chart/open.ts';
import { readChart } from '../../chart/read.ts';
import { chartParts } from '../../chart/types.ts';
import { checkGuards, type Guarded } from '../../guards/check.ts';
import { hookNames, type Rule } from '../../guards/rule.ts';
import { type HookName, RuleSet } from '../../guards/rule-set.ts';
import type { Explained } from '../../guards/three-valued.ts';
import type { Command } from '../rules.ts';
import { nameOfLeaf } from './coverage.ts';
import { drawTree } from './explain-command.ts';
import { loadTerminology } from './load.ts';
import { readKnowledge } from './read-folder.ts';

export async function traceCommand({ folder, args: [file, id], options, print }: Command): Promise<number> {
  if (!file) {
    print(
      'Name the file of a hook request, and a rule if it is about one: npm run rules -- trace request.json warfarin-nsaid',
    );
    return 2;
  }
  let request: { hook?: string; context?: Record<string, unknown>; prefetch?: Record<string, unknown> };
  try {
    request = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    print(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
    return 2;
  }
  const hook =
    hookNames.find((name) => name === request.hook) ?? (request.hook === undefined ? 'order-sign' : undefined);
  if (!hook || typeof request.context?.patientId !== 'string') {
    print(
      `${file} is no hook request: it needs "hook" (one of ${hookNames.join(', ')}), "context" with "patientId", and "prefetch".`,
    );
    return 2;
  }
  const now = new Date();
  const opened = await openChart(
    { context: request.context, prefetch: request.prefetch ?? {}, now },
    { required: [], helpful: chartParts },
  );
  if (isRefusal(opened)) {
    print('The request holds another patient than its context names.');
    return 1;
  }
  const terminology = loadTerminology(folder);
  const { rules } = readKnowledge(folder);
  const ruleSet = new RuleSet(
    rules.map((rule): Rule => (rule.status === 'draft' ? { ...rule, status: 'silent' } : rule)),
  );
  const chart = readChart(opened, terminology);
  const guarded = await checkGuards(chart, ruleSet, ruleHook(hook), terminology);
  const named = id ? ruleSet.rule(id) : undefined;
  if (id && !named) {
    print(`There is no rule "${id}".`);
    return 2;
  }
  const traces = (named ? [named] : ruleSet.candidates(chart, ruleHook(hook)).map(({ rule }) => rule)).map((rule) =>
    traceOf(rule, guarded),
  );
  if (options.json)
    print(JSON.stringify({ hook, patientId: opened.patientId, gaps: chart.gaps, rules: traces }, null, 2));
  else {
    print(
      `${hook}: ${guarded.checked} rules could have fired, ${guarded.findings.length} did, ${guarded.undecided.length} are unknown`,
    );
    for (const { part, reason } of chart.gaps) print(`  gap: ${part}: ${reason}`);
    const order = ['fired', 'unknown', 'clear'];
    for (const trace of traces.sort((a, b) => order.indexOf(a.result) - order.indexOf(b.result)))
      for (const line of shownTrace(trace, named !== undefined)) print(line);
  }
  return 0;
}

const ruleHook = (hook: HookName): HookName => (hook === 'medication-refill' ? 'order-sign' : hook);

export interface RuleTrace {
  id: string;
  status: Rule['status'];
  result: 'fired' | 'unknown' | 'clear';
  tier?: string;
  /** The conditions on which the result hangs. */
  deciding: string[];
  /** What the chart would have to say for the rule to fire. */
  wouldFire?: string[];
  when: Explained;
  tiers: { id: string; when?: Explained }[];
}

export function traceOf(rule: Rule, guarded: Guarded): RuleTrace {
  const trace = guarded.trace(rule);
  const finding = guarded.findings.find((found) => found.rule.id === rule.id);
  const result = trace.when.truth === 'true' ? 'fired' : trace.when.truth === 'unknown' ? 'unknown' : 'clear';
  return {
    id: rule.id,
    status: rule.status,
    result,
    ...(finding && { tier: finding.tier.id }),
    deciding: decidingLeaves(trace.when).map(shownLeaf),
    ...(result !== 'fired' && { wouldFire: missingFor(trace.when, true).map(shownWish) }),
    ...trace,
  };
}

/** The leaves that hold a tree's answer up: all true ones of a true `all`, the false ones of a false one, and so on. */
export function decidingLeaves(tree: Explained): Explained[] {
  if (tree.kind === 'fact') return [tree];
  const parts = tree.parts ?? [];
  if (tree.kind === 'not') return parts.flatMap(decidingLeaves);
  const carriers = parts.filter(({ truth }) => truth === tree.truth);
  const needsEvery = (tree.kind === 'all') === (tree.truth === 'true');
  return (needsEvery ? carriers : carriers.slice(0, tree.truth === 'unknown' ? undefined : 1)).flatMap(decidingLeaves);
}

interface Wish {
  leaf: Explained;
  wanted: boolean;
}

/** The shortest list of leaves that must come out otherwise for the tree to be as wanted. */
function missingFor(tree: Explained, wanted: boolean): Wish[] {
  if (tree.truth === String(wanted)) return [];
  if (tree.kind === 'fact') return [{ leaf: tree, wanted }];
  if (tree.kind === 'not') return missingFor(tree.parts![0]!, !wanted);
  const each = (tree.parts ?? []).map((part) => missingFor(part, wanted));
  return (tree.kind === 'all') === wanted ? each.flat() : (each.sort((a, b) => a.length - b.length)[0] ?? []);
}

const shownLeaf = (leaf: Explained): string =>
  `${nameOfLeaf(leaf)}: ${leaf.gap ? `unknown (${leaf.gap})` : String(leaf.value)}`;
const shownWish = ({ leaf, wanted }: Wish): string =>
  `${wanted ? '' : 'not '}${nameOfLeaf(leaf)} (${leaf.gap ? `unknown: ${leaf.gap}` : `is ${leaf.value}`})`;

function shownTrace(
  { id, status, result, tier, deciding, wouldFire, when, tiers }: RuleTrace,
  isWhole: boolean,
): string[] {
  const mark = { fired: '✓', unknown: '?', clear: '✗' }[result];
  const lines = [`${mark} ${id}${status === 'active' ? '' : ` (${status})`}: ${result}${tier ? `, tier ${tier}` : ''}`];
  if (isWhole)
    return [
      ...lines,
      'when',
      ...drawTree(when, '  '),
      ...tiers.flatMap((entry) => [
        `tier ${entry.id}`,
        ...(entry.when ? drawTree(entry.when, '  ') : ['  ✓ (whenever the rule fires)']),
      ]),
      ...(wouldFire?.length ? ['would fire with', ...wouldFire.map((what) => `  ${what}`)] : []),
    ];
  return [
    ...lines,
    ...deciding.map((what) => `    decided by ${what}`),
    ...(wouldFire ?? []).map((what) => `    would fire with ${what}`),
  ];
}

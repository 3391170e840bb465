// A recorded hook request, rule by rule: what fired, what was unknown, and what would have made the rest fire.
import { isRefusal, openChart } from '../chart/open.ts';
import { readChart } from '../chart/read.ts';
import { chartParts } from '../chart/types.ts';
import { checkGuards, type Guarded } from '../guards/check.ts';
import { hookNames, type Rule } from '../guards/rule.ts';
import { type HookName, RuleSet } from '../guards/rule-set.ts';
import type { Explained } from '../guards/three-valued.ts';
import type { Terminology } from '../terminology/terminology.ts';

/** A leaf that must come out otherwise. */
export interface Wish {
  leaf: Explained;
  wanted: boolean;
}

export interface RuleTrace {
  id: string;
  title: string;
  status: Rule['status'];
  result: 'fired' | 'unknown' | 'clear';
  tier?: string;
  /** The conditions on which the result hangs. */
  deciding: Explained[];
  /** What the chart would have to say for the rule to fire. */
  wouldFire: Wish[];
  when: Explained;
  tiers: { id: string; when?: Explained }[];
}

export interface RequestTrace {
  hook: HookName;
  patientId: string;
  gaps: { part: string; reason: string }[];
  checked: number;
  fired: number;
  undecided: number;
  rules: RuleTrace[];
}

/** A refusal says what keeps the request from being traced. */
export async function traceRequest(
  request: { hook?: unknown; context?: unknown; prefetch?: unknown },
  { rules, terminology, now }: { rules: readonly Rule[]; terminology: Terminology; now: Date },
  only?: string,
): Promise<RequestTrace | { refused: string }> {
  const hook = hookNames.find((name) => name === (request.hook ?? 'order-sign'));
  const context = request.context as Record<string, unknown> | undefined;
  const prefetch = request.prefetch ?? {};
  if (!hook || typeof context?.patientId !== 'string' || typeof prefetch !== 'object' || Array.isArray(prefetch))
    return {
      refused: `This is no hook request: it needs "hook" (one of ${hookNames.join(', ')}), "context" with "patientId", and "prefetch".`,
    };
  const opened = await openChart(
    { context, prefetch: prefetch as Record<string, unknown>, now },
    { required: [], helpful: chartParts },
  );
  if (isRefusal(opened)) return { refused: 'The request holds another patient than its context names.' };
  // Drafts are woken: whoever writes one wants to see what it would do.
  const ruleSet = new RuleSet(rules.map((rule) => (rule.status === 'draft' ? { ...rule, status: 'silent' } : rule)));
  const chart = readChart(opened, terminology);
  const asked = hook === 'medication-refill' ? 'order-sign' : hook;
  const guarded = await checkGuards(chart, ruleSet, asked, terminology);
  const named = only === undefined ? undefined : ruleSet.rule(only);
  if (only !== undefined && !named) return { refused: `There is no rule "${only}".` };
  const order = ['fired', 'unknown', 'clear'];
  return {
    hook,
    patientId: opened.patientId,
    gaps: chart.gaps.map(({ part, reason }) => ({ part, reason })),
    checked: guarded.checked,
    fired: guarded.findings.length,
    undecided: guarded.undecided.length,
    rules: (named ? [named] : ruleSet.candidates(chart, asked).map(({ rule }) => rule))
      .map((rule) => traceOf(rule, guarded, rules.find(({ id }) => id === rule.id)?.status))
      .sort((a, b) => order.indexOf(a.result) - order.indexOf(b.result)),
  };
}

function traceOf(rule: Rule, guarded: Guarded, status: Rule['status'] = rule.status): RuleTrace {
  const trace = guarded.trace(rule);
  const finding = guarded.findings.find((found) => found.rule.id === rule.id);
  const result = trace.when.truth === 'true' ? 'fired' : trace.when.truth === 'unknown' ? 'unknown' : 'clear';
  return {
    id: rule.id,
    title: rule.title,
    status,
    result,
    ...(finding && { tier: finding.tier.id }),
    deciding: decidingLeaves(trace.when),
    wouldFire: result === 'fired' ? [] : missingFor(trace.when, true),
    ...trace,
  };
}

/** The leaves that hold a tree's answer up: all true ones of a true `all`, the false ones of a false one, and so on. */
function decidingLeaves(tree: Explained): Explained[] {
  if (tree.kind === 'fact') return [tree];
  const parts = tree.parts ?? [];
  if (tree.kind === 'not') return parts.flatMap(decidingLeaves);
  const carriers = parts.filter(({ truth }) => truth === tree.truth);
  const needsEvery = (tree.kind === 'all') === (tree.truth === 'true');
  return (needsEvery ? carriers : carriers.slice(0, tree.truth === 'unknown' ? undefined : 1)).flatMap(decidingLeaves);
}

/** The shortest list of leaves that must come out otherwise for the tree to be as wanted. */
function missingFor(tree: Explained, wanted: boolean): Wish[] {
  if (tree.truth === String(wanted)) return [];
  if (tree.kind === 'fact') return [{ leaf: tree, wanted }];
  if (tree.kind === 'not') return missingFor(tree.parts![0]!, !wanted);
  const each = (tree.parts ?? []).map((part) => missingFor(part, wanted));
  return (tree.kind === 'all') === wanted ? each.flat() : (each.sort((a, b) => a.length - b.length)[0] ?? []);
}

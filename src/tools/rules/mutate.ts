// Runs a rule's cases against its slips. A slip is noticed when any case comes out otherwise.
import { readChart } from '../../chart/read.ts';
import type { Chart } from '../../chart/types.ts';
import { checkGuards } from '../../guards/check.ts';
import type { Rule } from '../../guards/rule.ts';
import { type HookName, RuleSet } from '../../guards/rule-set.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import { type RuleCase, sourceOf } from './cases.ts';
import { mutantsOf } from './mutants.ts';

export interface MutationScore {
  id: string;
  path: string;
  slips: number;
  noticed: number;
  /** Slips that no case notices. */
  missed: string[];
}

export async function mutate(
  rule: Rule,
  path: string,
  cases: readonly RuleCase[],
  terminology: Terminology,
  now: Date,
): Promise<MutationScore> {
  const charts = cases.map((given) => ({
    chart: readChart(sourceOf(given, terminology, now), terminology),
    hook: given.hook ?? rule.hooks.at(-1)!,
  }));
  const asIs = await outcomes(rule, charts, terminology);
  const missed: string[] = [];
  const mutants = mutantsOf(rule);
  for (const mutant of mutants) {
    let isNoticed = false;
    for (const [place, { chart, hook }] of charts.entries()) {
      if ((await outcome(mutant.rule, chart, hook, terminology)) === asIs[place]) continue;
      isNoticed = true;
      break;
    }
    if (!isNoticed) missed.push(mutant.what);
  }
  return { id: rule.id, path, slips: mutants.length, noticed: mutants.length - missed.length, missed };
}

async function outcomes(
  rule: Rule,
  charts: { chart: Chart; hook: HookName }[],
  terminology: Terminology,
): Promise<string[]> {
  const found: string[] = [];
  for (const { chart, hook } of charts) found.push(await outcome(rule, chart, hook, terminology));
  return found;
}

/** What a clinician could notice: the tier, the gaps that are named, or nothing. */
async function outcome(rule: Rule, chart: Chart, hook: HookName, terminology: Terminology): Promise<string> {
  const { findings, undecided } = await checkGuards(
    chart,
    new RuleSet([{ ...rule, status: 'active' }]),
    hook,
    terminology,
  );
  const [finding] = findings;
  if (finding) return `tier ${finding.tier.id}: ${finding.gaps.join('; ')}`;
  return undecided[0] ? `unknown: ${undecided[0].gaps.join('; ')}` : 'quiet';
}

export const scoreOf = (scores: readonly MutationScore[]): number => {
  const slips = scores.reduce((sum, score) => sum + score.slips, 0);
  return slips === 0 ? 1 : scores.reduce((sum, score) => sum + score.noticed, 0) / slips;
};

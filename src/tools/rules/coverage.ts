// What a rule's cases reach: which tiers, which conditions came out both ways, and which were ever unknown.
import type { Guarded } from '../../guards/check.ts';
import type { Rule } from '../../guards/rule.ts';
import type { Explained } from '../../guards/three-valued.ts';

export interface Coverage {
  id: string;
  tiers: { reached: number; all: number; missing: string[] };
  /** Conditions that were both true and false in some case. */
  conditions: { reached: number; all: number; missing: string[] };
  /** Conditions that may be unknown and were so in some case. */
  gaps: { reached: number; all: number; missing: string[] };
}

export function coverageOf(rule: Rule, runs: readonly { got: string; guarded: Guarded }[]): Coverage {
  const seen = new Map<string, { name: string; truths: Set<string>; wasUnknown: boolean }>();
  for (const { guarded } of runs) {
    const { when, tiers } = guarded.trace(rule);
    for (const [at, tree] of [
      ['when', when] as const,
      ...tiers.flatMap((tier) => (tier.when ? [[`tier ${tier.id}`, tier.when] as const] : [])),
    ]) {
      for (const [place, leaf] of leavesOf(tree).entries()) {
        const key = `${at} ${place}`;
        const held = seen.get(key) ?? { name: `${at}: ${nameOfLeaf(leaf)}`, truths: new Set(), wasUnknown: false };
        if (leaf.gap === undefined) held.truths.add(leaf.truth);
        else held.wasUnknown = true;
        seen.set(key, held);
      }
    }
  }
  const reachedTiers = new Set(runs.flatMap(({ guarded }) => guarded.findings.map(({ tier }) => tier.id)));
  const leaves = [...seen.values()];
  const count = <T>(list: readonly T[], isReached: (item: T) => boolean, name: (item: T) => string) => ({
    reached: list.filter(isReached).length,
    all: list.length,
    missing: list.filter((item) => !isReached(item)).map(name),
  });
  return {
    id: rule.id,
    tiers: count(
      rule.tiers,
      ({ id }) => reachedTiers.has(id),
      ({ id }) => id,
    ),
    conditions: count(
      leaves,
      ({ truths }) => truths.size === 2,
      ({ name, truths }) => `${name} was ${truths.size === 0 ? 'never known' : `only ever ${[...truths][0]}`}`,
    ),
    gaps: count(
      leaves,
      ({ wasUnknown }) => wasUnknown,
      ({ name }) => `${name} was never unknown`,
    ),
  };
}

const leavesOf = (tree: Explained): Explained[] =>
  tree.kind === 'fact' ? [tree] : (tree.parts ?? []).flatMap(leavesOf);

export function nameOfLeaf({ fact, params, operator, expected }: Explained): string {
  const blanks = Object.values(params ?? {})
    .flat()
    .slice(0, 3)
    .join(', ');
  return `${fact}${blanks ? ` (${blanks})` : ''} ${operator} ${JSON.stringify(expected)}`;
}

export function shownCoverage({ id, tiers, conditions, gaps }: Coverage): string[] {
  const share = ({ reached, all }: { reached: number; all: number }) => `${reached}/${all}`;
  return [
    `${id}  tiers ${share(tiers)}, conditions both ways ${share(conditions)}, gaps ${share(gaps)}`,
    ...tiers.missing.map((tier) => `    no case reaches the tier ${tier}`),
    ...conditions.missing.map((what) => `    ${what}`),
  ];
}

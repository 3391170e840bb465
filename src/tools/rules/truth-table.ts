// Every way in which a condition can come out. Each question gets the values between which its thresholds decide, and every
// combination is tried: so a contradiction, a tier that is never reached, or a change that changes nothing is proven, not guessed.

import { type Condition, isLeaf, type Leaf, leaves, type Rule, type Tier } from '../../guards/rule.ts';
import { comparisons, questionOf } from '../../guards/three-valued.ts';

/** An answer, or undefined where it is unknown. */
type Given = boolean | number | string | undefined;
export type World = ReadonlyMap<string, Given>;
/** False, unknown, true: `all` is the least of its parts, `any` the greatest. */
export type Trit = 0 | 0.5 | 1;

const tooMany = 20_000;

export function fold(condition: Condition, world: World): Trit {
  if (isLeaf(condition)) {
    const value = world.get(questionOf(condition));
    if (value === undefined) return condition.ifUnknown === 'yes' ? 1 : condition.ifUnknown === 'no' ? 0 : 0.5;
    return comparisons[condition.operator](value, condition.value) ? 1 : 0;
  }
  if ('not' in condition) return (1 - fold(condition.not, world)) as Trit;
  if ('all' in condition) return Math.min(...condition.all.map((part) => fold(part, world))) as Trit;
  return Math.max(...condition.any.map((part) => fold(part, world))) as Trit;
}

interface Limits {
  withUnknown?: boolean;
  atMost?: number;
}

/** All worlds that the conditions can tell apart; undefined when there are too many to try. */
export function worldsOf(conditions: readonly Condition[], limits: Limits = {}): World[] | undefined {
  const worlds = everyWorld(conditions, limits);
  return worlds && Array.from(worlds, (world) => new Map(world));
}

/** The same one after the other, for who may stop early: each is good until the next is asked for. */
export function everyWorld(
  conditions: readonly Condition[],
  { withUnknown = false, atMost = tooMany }: Limits = {},
): Iterable<World> | undefined {
  const byQuestion = Map.groupBy(conditions.flatMap(leaves), questionOf);
  const choices = [...byQuestion].map(
    ([question, asked]) => [question, [...valuesOf(asked), ...(withUnknown ? [undefined] : [])]] as const,
  );
  if (choices.reduce((count, [, values]) => count * values.length, 1) > atMost) return undefined;
  return combined(choices);
}

function* combined(choices: readonly (readonly [string, readonly Given[]])[]): Generator<World> {
  const world = new Map<string, Given>(choices.map(([question, values]) => [question, values[0]]));
  const places = choices.map(() => 0);
  for (;;) {
    yield world;
    // Counts on: the last question changes fastest.
    let at = choices.length - 1;
    for (; at >= 0; at--) {
      const [question, values] = choices[at]!;
      places[at] = (places[at]! + 1) % values.length;
      world.set(question, values[places[at]!]);
      if (places[at] !== 0) break;
    }
    if (at < 0) return;
  }
}

function valuesOf(asked: readonly Leaf[]): Given[] {
  const compared = asked.flatMap(({ value }) => value as Given | Given[]);
  if (compared.some((value) => typeof value === 'number')) {
    const limits = [...new Set(compared.filter((value) => typeof value === 'number'))].sort((a, b) => a - b);
    return [
      limits[0]! - 1,
      ...limits.flatMap((limit, place) => [limit, ((limits[place + 1] ?? limit + 2) + limit) / 2]),
    ];
  }
  if (compared.some((value) => typeof value === 'string')) return [...new Set(compared), '\u0000another'];
  return [true, false];
}

const severity = { info: 0, warning: 1, critical: 2 } as const;

/** The tier a firing rule takes, and those that are in doubt: of tiers in doubt the more cautious one is taken. */
export function chosenTier(
  { when, tiers }: Pick<Rule, 'when' | 'tiers'>,
  world: World,
): { tier: Tier; doubtful: Tier[] } | undefined {
  if (fold(when, world) !== 1) return undefined;
  const doubtful: Tier[] = [];
  const cautious = (a: Tier, b: Tier) => (severity[b.indicator] > severity[a.indicator] ? b : a);
  for (const tier of tiers) {
    const holds = tier.when ? fold(tier.when, world) : 1;
    if (holds === 1) return { tier: doubtful.reduce(cautious, tier), doubtful };
    if (holds === 0.5) doubtful.push(tier);
  }
  return doubtful[0] && { tier: doubtful.reduce(cautious, doubtful[0]), doubtful };
}

/** What a rule makes of a world: quiet, unknown, or a tier with those that are in doubt. */
export function verdict(rule: Pick<Rule, 'when' | 'tiers'>, world: World): string {
  const fires = fold(rule.when, world);
  if (fires !== 1) return fires === 0 ? 'quiet' : 'unknown';
  const chosen = chosenTier(rule, world);
  return chosen ? [chosen.tier.id, ...chosen.doubtful.map(({ id }) => `${id}?`)].join(' ') : 'fires without a tier';
}

export const conditionsOf = ({ when, tiers }: Pick<Rule, 'when' | 'tiers'>): Condition[] => [
  when,
  ...tiers.flatMap((tier) => (tier.when ? [tier.when] : [])),
];

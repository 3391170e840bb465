// Checks what a rule's conditions come to together: contradictions, tiers that are never reached, parts that change nothing,
// and two rules that ask the same. Proven on the truth table, so nothing is a guess.
import { type Condition, isLeaf, type Leaf, type Rule } from '../../guards/rule.ts';
import { questionOf } from '../../guards/three-valued.ts';
import type { Say } from './check-files.ts';
import type { Path } from './teach.ts';
import { chosenTier, conditionsOf, fold, verdict, worldsOf } from './truth-table.ts';

export function checkLogic(rule: Rule, say: Say): void {
  const found = conditionsWith(rule).map(({ condition, at }) => checkGroups(condition, at, say));
  if (found.every(Boolean)) checkReach(rule, say);
}

const conditionsWith = ({ when, tiers }: Rule): { condition: Condition; at: Path }[] => [
  { condition: when, at: ['when'] },
  ...tiers.flatMap((tier, place) =>
    tier.when ? [{ condition: tier.when, at: ['tiers', place, 'when'] as Path }] : [],
  ),
];

/** Walks the groups from the outside in; says whether all is well, so that one mistake is said once. */
function checkGroups(condition: Condition, at: Path, say: Say): boolean {
  if (isLeaf(condition)) return true;
  if ('not' in condition) {
    if ('not' in condition.not) {
      say(
        'error',
        [...at, 'not'],
        'two "not" cancel each other: write the condition without them',
        '"not": { "fact": "takes", … }',
      );
      return false;
    }
    return checkGroups(condition.not, [...at, 'not'], say);
  }
  const key = 'all' in condition ? 'all' : 'any';
  const parts = 'all' in condition ? condition.all : condition.any;
  if (!parts.map((part, place) => checkGroups(part, [...at, key, place], say)).every(Boolean)) return false;
  if (parts.length === 1 && key === 'any') {
    say(
      'warning',
      [...at, 'any'],
      '"any" with one part is that part: a second one is missing, or the "any" is superfluous',
      '"any": [{ "fact": "hasProblem", … }, { "fact": "takes", … }]',
    );
    return true;
  }
  const written = parts.map(canonical);
  const twice = written.findIndex((part, place) => written.indexOf(part) < place);
  if (twice >= 0) {
    say(
      'error',
      [...at, key, twice],
      `says the same as part ${written.indexOf(written[twice]!) + 1} of this "${key}": one of the two is superfluous, or something else was meant`,
      'name each condition once',
    );
    return false;
  }
  const worlds = worldsOf([condition], { atMost: 3000 });
  if (!worlds) return true;
  const outcomes = new Set(worlds.map((world) => fold(condition, world)));
  if (outcomes.size > 1) return true;
  const culprit = parts.findIndex((_, place) => place > 0 && clash(parts.slice(0, place + 1), key));
  const leaf = parts[culprit];
  say(
    'error',
    [...at, key, Math.max(0, culprit)],
    outcomes.has(0)
      ? `this "all" can never hold${leaf && isLeaf(leaf) ? `: ${about(leaf, parts)} contradict each other` : ''}. Was "any" meant, or the comparison the other way round?`
      : `this "any" always holds${leaf && isLeaf(leaf) ? `: ${about(leaf, parts)} leave nothing out` : ''}. Was "all" meant, or the comparison the other way round?`,
    outcomes.has(0)
      ? '"all": [{ … "operator": "greaterThan", "value": 3 }, { … "operator": "lessThan", "value": 5 }]'
      : '"all": [{ … "operator": "greaterThan", "value": 3 }, { … "operator": "lessThan", "value": 5 }]',
  );
  return false;
}

function clash(parts: Condition[], key: 'all' | 'any'): boolean {
  const together = { [key]: parts } as Condition;
  const worlds = worldsOf([together], { atMost: 3000 });
  return worlds !== undefined && new Set(worlds.map((world) => fold(together, world))).size === 1;
}

function about(leaf: Leaf, parts: Condition[]): string {
  const same = parts.filter((part): part is Leaf => isLeaf(part) && questionOf(part) === questionOf(leaf));
  return same.map(({ fact, operator, value }) => `${fact} ${operator} ${JSON.stringify(value)}`).join(' and ');
}

/** Whether some chart leads to each tier, and to any at all. */
function checkReach(rule: Rule, say: Say): void {
  const { when, tiers } = rule;
  for (const [place, tier] of tiers.entries()) {
    const above = tiers.slice(0, place).flatMap(({ when: condition }) => (condition ? [condition] : []));
    if (tier.when) {
      const written = canonical(tier.when);
      const same = tiers.slice(0, place).findIndex((other) => other.when && canonical(other.when) === written);
      if (same >= 0) {
        say(
          'error',
          ['tiers', place, 'when'],
          `the tier "${tier.id}" can never be reached: the tier "${tiers[same]!.id}" above has the same condition`,
          'give it a condition of its own, or remove it',
        );
        continue;
      }
    }
    // A tier may be there for what is unknown above it.
    const worlds = worldsOf([when, ...above, ...(tier.when ? [tier.when] : [])], { withUnknown: true });
    if (!worlds) continue;
    const upToHere = { when, tiers: tiers.slice(0, place + 1) };
    const reaches = worlds.some((world) => chosenTier(upToHere, world)?.tier === tier);
    if (reaches) continue;
    const never = tier.when && worlds.every((world) => fold(when, world) !== 1 || fold(tier.when!, world) < 1);
    say(
      'error',
      ['tiers', place, ...(tier.when ? ['when'] : [])],
      never
        ? `the tier "${tier.id}" can never be reached: its condition contradicts the rule's own "when"`
        : `the tier "${tier.id}" can never be reached: whenever it holds, a tier above (${tiers
            .slice(0, place)
            .map(({ id }) => `"${id}"`)
            .join(', ')}) holds first. Put the stricter tier on top`,
      '"tiers": [{ "id": "above-6", … "value": 6 }, { "id": "above-5", … "value": 5 }]',
    );
  }
  const all = worldsOf(conditionsOf(rule));
  if (
    all &&
    !tiers.some(({ when: condition }) => !condition) &&
    all.some((world) => verdict(rule, world) === 'fires without a tier')
  ) {
    say(
      'warning',
      ['tiers'],
      'the rule can hold while no tier does: nothing is shown then. Is that meant? If not, end with a tier without a condition',
      '{ "id": "usual", "indicator": "warning" }',
    );
  }
}

/** One text for conditions that say the same: order of parts, lists of one, and nesting of like in like do not matter. */
export function canonical(condition: Condition): string {
  if (isLeaf(condition)) {
    const params = Object.entries(condition.params ?? {}).map(([name, given]) => [
      name,
      Array.isArray(given) ? (given.length === 1 ? given[0] : [...given].sort()) : given,
    ]);
    return JSON.stringify([
      condition.fact,
      params.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      condition.operator,
      condition.value,
      condition.ifUnknown,
    ]);
  }
  if ('not' in condition) return `not(${canonical(condition.not)})`;
  const key = 'all' in condition ? 'all' : 'any';
  const parts = ('all' in condition ? condition.all : condition.any).flatMap((part) =>
    key in part ? (part as unknown as Record<string, Condition[]>)[key]! : [part],
  );
  const written = parts.map(canonical).sort();
  return written.length === 1 ? written[0]! : `${key}(${written.join(',')})`;
}

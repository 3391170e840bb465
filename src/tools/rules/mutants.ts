// Small slips in a rule, one at a time: would a case notice? A slip that changes nothing on any chart is not counted; that is
// proven on the truth table.
import type { Condition, Leaf, OperatorName, Rule } from '../../guards/rule.ts';
import { isLeaf, leaves } from '../../guards/rule.ts';
import { possible } from './possible-worlds.ts';
import { conditionsOf, everyWorld, verdict } from './truth-table.ts';

export interface Mutant {
  /** "tier high-risk: greaterThan 5.5 became lessThanInclusive" */
  what: string;
  rule: Rule;
}

export function mutantsOf(rule: Rule): Mutant[] {
  const found: Mutant[] = slips(rule.when).map(({ what, condition }) => ({
    what: `when: ${what}`,
    rule: { ...rule, when: condition },
  }));
  for (const [place, tier] of rule.tiers.entries()) {
    if (tier.when) {
      for (const { what, condition } of slips(tier.when)) {
        found.push({
          what: `tier ${tier.id}: ${what}`,
          rule: { ...rule, tiers: rule.tiers.with(place, { ...tier, when: condition }) },
        });
      }
    }
    if (rule.tiers.length > 1)
      found.push({ what: `tier ${tier.id}: left out`, rule: { ...rule, tiers: rule.tiers.toSpliced(place, 1) } });
  }
  return found.filter((mutant) => !isSame(rule, mutant.rule));
}

function isSame(rule: Rule, mutant: Rule): boolean {
  const conditions = [...conditionsOf(rule), ...conditionsOf(mutant)];
  const worlds = everyWorld(conditions, { withUnknown: true, atMost: 60_000 });
  if (!worlds) return false;
  let isPossible: ReturnType<typeof possible> | undefined;
  for (const world of worlds) {
    if (verdict(rule, world) === verdict(mutant, world)) continue;
    isPossible ??= possible(conditions.flatMap(leaves));
    if (isPossible(world)) return false;
  }
  return true;
}

interface Slip {
  what: string;
  condition: Condition;
}

const opposite: Record<OperatorName, OperatorName> = {
  equal: 'notEqual',
  notEqual: 'equal',
  in: 'notIn',
  notIn: 'in',
  lessThan: 'greaterThanInclusive',
  lessThanInclusive: 'greaterThan',
  greaterThan: 'lessThanInclusive',
  greaterThanInclusive: 'lessThan',
};

function slips(condition: Condition): Slip[] {
  if (isLeaf(condition)) return leafSlips(condition);
  if ('not' in condition) {
    return [
      { what: `"not" before ${short(condition.not)} left out`, condition: condition.not },
      // The comparison turned round below a "not" is the same slip as the "not" left out.
      ...slips(condition.not)
        .filter(({ what }) => !what.includes('turned round') || !isLeaf(condition.not))
        .map(({ what, condition: inner }) => ({ what, condition: { not: inner } })),
    ];
  }
  const key = 'all' in condition ? 'all' : 'any';
  const parts = 'all' in condition ? condition.all : condition.any;
  const group = (held: Condition[], as: 'all' | 'any' = key) => ({ [as]: held }) as Condition;
  return [
    ...parts.flatMap((part, place) =>
      slips(part).map(({ what, condition: inner }) => ({ what, condition: group(parts.with(place, inner)) })),
    ),
    ...(parts.length > 1
      ? [
          ...parts.map((part, place) => ({
            what: `${short(part)} left out`,
            condition: group(parts.toSpliced(place, 1)),
          })),
          {
            what: `"${key}" of ${parts.map(short).join(' and ')} became "${key === 'all' ? 'any' : 'all'}"`,
            condition: group(parts, key === 'all' ? 'any' : 'all'),
          },
        ]
      : []),
  ];
}

function leafSlips(leaf: Leaf): Slip[] {
  const { operator, value, ifUnknown, ...rest } = leaf;
  const found: Slip[] = [{ what: `${short(leaf)} turned round`, condition: { ...leaf, operator: opposite[operator] } }];
  if (typeof value === 'number') {
    for (const shifted of leaf.fact === 'orderedTimesPerDay'
      ? moreOrLessOften(value)
      : [shift(value, 1), shift(value, -1)])
      found.push({ what: `${short(leaf)} became ${shifted}`, condition: { ...leaf, value: shifted } });
  }
  if (ifUnknown)
    found.push({
      what: `"ifUnknown": "${ifUnknown}" of ${short(leaf)} left out`,
      condition: { operator, value, ...rest },
    });
  return found;
}

/** A tenth of a threshold, and not less than its last digit. */
function shift(value: number, direction: 1 | -1): number {
  const decimals = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  const digit = 10 ** -decimals;
  const step = Math.max(digit, Math.round(Math.abs(value) / 10 / digit) * digit);
  return Number((value + direction * step).toFixed(decimals));
}

/** How often a day prescriptions say: once a month, every other week, once or twice a week … hourly. */
const schedules = [1 / 30, 1 / 14, 1 / 7, 2 / 7, 1 / 2, 1, 2, 3, 4, 6, 8, 12, 24];

/** The slip of a limit such as "more often than 1.1 a day" is one schedule, since nothing is ordered 1.2 times a day. */
function moreOrLessOften(value: number): number[] {
  const isSchedule = schedules.includes(value);
  const [more, less] = [schedules.find((often) => often > value), schedules.findLast((often) => often < value)];
  return [
    more === undefined ? shift(value, 1) : isSchedule ? more : more * 1.05,
    less === undefined ? shift(value, -1) : isSchedule ? less : less * 0.95,
  ].map((often) => Number(often.toPrecision(3)));
}

function short(condition: Condition): string {
  if (!isLeaf(condition))
    return 'not' in condition
      ? `not ${short(condition.not)}`
      : `(${('all' in condition ? condition.all : condition.any).map(short).join('all' in condition ? ' and ' : ' or ')})`;
  const blanks = Object.values(condition.params ?? {})
    .filter((given) => typeof given !== 'number')
    .flat()
    .slice(0, 3)
    .join(', ');
  return `${condition.fact}${blanks ? ` (${blanks})` : ''} ${condition.operator} ${JSON.stringify(condition.value)}`;
}

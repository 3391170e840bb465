// Three-valued logic on json-rules-engine, which knows only two.
//
// The engine treats a missing fact as `undefined`, and `not` or `notEqual` then hold: missing data would fire rules. So every
// condition is compiled twice with negation pushed down to its leaves: `certainly` takes an unknown answer for no,
// `possibly` takes it for yes. A condition that is certainly true fires, one that is not even possibly true is clear, and one
// in between is unknown: Kleene's strong logic, decided by the engine itself.
import { Engine, Operator, type TopLevelCondition } from 'json-rules-engine';
import type { Answer } from '../facts/define.ts';
import { isUnknown } from '../unknown.ts';
import { type Condition, isLeaf, type Leaf, type OperatorName } from './rule.ts';

export type Reading = 'certainly' | 'possibly';

type Comparable = boolean | number | string;
type Comparison = (value: Comparable, given: unknown) => boolean;

const bothNumbers =
  (compare: (a: number, b: number) => boolean): Comparison =>
  (value, given) =>
    typeof value === 'number' && typeof given === 'number' && compare(value, given);

export const comparisons: Record<OperatorName, Comparison> = {
  equal: (value, given) => value === given,
  notEqual: (value, given) => value !== given,
  in: (value, given) => Array.isArray(given) && given.includes(value),
  notIn: (value, given) => Array.isArray(given) && !given.includes(value),
  lessThan: bothNumbers((a, b) => a < b),
  lessThanInclusive: bothNumbers((a, b) => a <= b),
  greaterThan: bothNumbers((a, b) => a > b),
  greaterThanInclusive: bothNumbers((a, b) => a >= b),
};

/** Whether a comparison holds; undefined where the answer is unknown and its bounds do not settle it. */
export function answerHolds(
  { value, atLeast, atMost }: Answer,
  operator: OperatorName,
  given: unknown,
): boolean | undefined {
  if (!isUnknown(value)) return comparisons[operator](value, given);
  const isMore = operator.startsWith('greaterThan');
  if (!isMore && !operator.startsWith('lessThan')) return undefined;
  // "More than" is certain when the lower bound is, and impossible when the upper one is not; "less than" the other way round.
  const [settles, refutes] = isMore ? [atLeast, atMost] : [atMost, atLeast];
  if (settles !== undefined && comparisons[operator](settles, given)) return true;
  if (refutes !== undefined && !comparisons[operator](refutes, given)) return false;
  return undefined;
}

/** The operators of all engines: they hold no state, so one map serves every request. */
const engineOperators = new Map<string, Operator>();
for (const name of Object.keys(comparisons)) {
  for (const unknownCounts of [false, true]) {
    for (const isNegated of [false, true]) {
      const id = operatorId(name, unknownCounts, isNegated);
      engineOperators.set(
        id,
        new Operator(id, (answer: Answer, given: unknown) => {
          const holds = answerHolds(answer, name as OperatorName, given);
          return holds === undefined ? unknownCounts : holds !== isNegated;
        }),
      );
    }
  }
}

function operatorId(name: string, unknownCounts: boolean, isNegated: boolean): string {
  return `${isNegated ? 'not-' : ''}${name}${unknownCounts ? '?' : ''}`;
}

/** The engine's form of a condition, for one reading. Each question, blanks filled in, is an engine fact of its own. */
export function compile(condition: Condition, reading: Reading): TopLevelCondition {
  const compiled = step(condition, reading, false);
  return 'fact' in compiled ? { all: [compiled as never] } : (compiled as TopLevelCondition);
}

function step(condition: Condition, reading: Reading, isNegated: boolean): object {
  if (isLeaf(condition)) {
    const { operator, value, ifUnknown } = condition;
    // The author's word on an unknown answer is about the leaf, before any `not` above it.
    const unknownCounts = ifUnknown === undefined ? reading === 'possibly' : (ifUnknown === 'yes') !== isNegated;
    return { fact: questionOf(condition), operator: operatorId(operator, unknownCounts, isNegated), value };
  }
  if ('not' in condition) return step(condition.not, reading, !isNegated);
  const isAll = 'all' in condition;
  const parts = (isAll ? condition.all : condition.any).map((part) => step(part, reading, isNegated));
  return isAll !== isNegated ? { all: parts } : { any: parts };
}

const questions = new WeakMap<Leaf, string>();

/** One string for one question: the fact and its filled blanks. */
export function questionOf(leaf: Leaf): string {
  let question = questions.get(leaf);
  if (question === undefined) {
    question = leaf.params ? `${leaf.fact} ${JSON.stringify(leaf.params)}` : leaf.fact;
    questions.set(leaf, question);
  }
  return question;
}

/**
 * A new engine for one request. An engine is never shared: concurrent runs on one lose events. Only the operators are shared.
 */
export function newEngine(): Engine {
  const engine = new Engine([], { allowUndefinedFacts: false });
  (engine as unknown as { operators: { operators: Map<string, Operator> } }).operators.operators = engineOperators;
  return engine;
}

export type Truth = 'true' | 'false' | 'unknown';

export interface Explained {
  truth: Truth;
  /** all, any, not, or the leaf's question. */
  kind: 'all' | 'any' | 'not' | 'fact';
  parts?: Explained[];
  fact?: string;
  params?: Record<string, unknown>;
  operator?: OperatorName;
  expected?: unknown;
  value?: boolean | number | string;
  because?: { text: string; when?: string; reference?: string }[];
  /** Why the answer is unknown. */
  gap?: string;
  ifUnknown?: 'yes' | 'no';
}

/** The tree of a condition with every answer in it, folded by the same three-valued logic: for "why", not for deciding. */
export function explain(condition: Condition, ask: (leaf: Leaf) => Answer): Explained {
  if (isLeaf(condition)) {
    const { fact, params = {}, operator, value: expected, ifUnknown } = condition;
    const answer = ask(condition);
    const gap = isUnknown(answer.value) ? answer.value.unknown : undefined;
    const holds = answerHolds(answer, operator, expected);
    const truth: Truth =
      holds === undefined
        ? ifUnknown
          ? ifUnknown === 'yes'
            ? 'true'
            : 'false'
          : 'unknown'
        : holds
          ? 'true'
          : 'false';
    return {
      truth,
      kind: 'fact',
      fact,
      params,
      operator,
      expected,
      value: isUnknown(answer.value) ? undefined : answer.value,
      because: answer.because.map(({ when, ...rest }) => ({ ...rest, ...(when && { when: when.toISOString() }) })),
      gap,
      ifUnknown,
    };
  }
  if ('not' in condition) {
    const inner = explain(condition.not, ask);
    return {
      truth: inner.truth === 'unknown' ? 'unknown' : inner.truth === 'true' ? 'false' : 'true',
      kind: 'not',
      parts: [inner],
    };
  }
  const isAll = 'all' in condition;
  const parts = (isAll ? condition.all : condition.any).map((part) => explain(part, ask));
  const decisive: Truth = isAll ? 'false' : 'true';
  const truth: Truth = parts.some((part) => part.truth === decisive)
    ? decisive
    : parts.some((part) => part.truth === 'unknown')
      ? 'unknown'
      : isAll
        ? 'true'
        : 'false';
  return { truth, kind: isAll ? 'all' : 'any', parts };
}

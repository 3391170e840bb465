import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, isLeaf, type Leaf } from '../../../src/guards/rule.ts';
import { compile, explain, newEngine, questionOf, type Truth } from '../../../src/guards/three-valued.ts';
import { unknown } from '../../../src/unknown.ts';

type Value = boolean | number | undefined;

/** What json-rules-engine decides, in both readings. */
async function decide(condition: Condition, answers: Record<string, Value>): Promise<Truth> {
  const hold = async (reading: 'certainly' | 'possibly') => {
    const engine = newEngine();
    for (const leaf of leavesOf(condition)) {
      const value = answers[leaf.fact];
      engine.addFact(questionOf(leaf), () => ({
        value: value === undefined ? unknown('not known') : value,
        because: [],
      }));
    }
    engine.addRule({ conditions: compile(condition, reading), event: { type: 'held' } });
    return (await engine.run()).events.length > 0;
  };
  return (await hold('certainly')) ? 'true' : (await hold('possibly')) ? 'unknown' : 'false';
}

const leavesOf = (condition: Condition): Leaf[] =>
  isLeaf(condition)
    ? [condition]
    : 'not' in condition
      ? leavesOf(condition.not)
      : ('all' in condition ? condition.all : condition.any).flatMap(leavesOf);

const leaf = (fact: string, operator: Leaf['operator'], value: Leaf['value'], rest: Partial<Leaf> = {}): Leaf => ({
  fact,
  operator,
  value,
  ...rest,
});

describe('an unknown number with a bound', () => {
  const decideBound = async (
    condition: Condition,
    bounds: { atLeast?: number; atMost?: number } = { atLeast: 20 },
  ): Promise<Truth> => {
    const ask = () => ({ value: unknown('no instructions'), ...bounds, because: [] });
    const held = async (reading: 'certainly' | 'possibly') => {
      const engine = newEngine();
      for (const one of leavesOf(condition)) engine.addFact(questionOf(one), ask);
      engine.addRule({ conditions: compile(condition, reading), event: { type: 'held' } });
      return (await engine.run()).events.length > 0;
    };
    const decided = (await held('certainly')) ? 'true' : (await held('possibly')) ? 'unknown' : 'false';
    expect(explain(condition, ask).truth).toBe(decided);
    return decided;
  };

  it('settles what the bound settles, and nothing more', async () => {
    expect(await decideBound(leaf('dose', 'greaterThan', 15))).toBe('true');
    expect(await decideBound(leaf('dose', 'greaterThan', 20))).toBe('unknown');
    expect(await decideBound(leaf('dose', 'greaterThanInclusive', 20))).toBe('true');
    expect(await decideBound(leaf('dose', 'lessThan', 20))).toBe('false');
    expect(await decideBound(leaf('dose', 'lessThan', 21))).toBe('unknown');
    expect(await decideBound({ not: leaf('dose', 'greaterThan', 15) })).toBe('false');
    expect(await decideBound(leaf('dose', 'equal', 20))).toBe('unknown');
  });

  it('takes an upper bound the other way round', async () => {
    const between = { atLeast: 15, atMost: 29.9 };
    expect(await decideBound(leaf('egfr', 'lessThan', 30), between)).toBe('true');
    expect(await decideBound(leaf('egfr', 'lessThan', 29.9), between)).toBe('unknown');
    expect(await decideBound(leaf('egfr', 'lessThanInclusive', 29.9), between)).toBe('true');
    expect(await decideBound(leaf('egfr', 'lessThan', 15), between)).toBe('false');
    expect(await decideBound(leaf('egfr', 'greaterThanInclusive', 30), between)).toBe('false');
    expect(await decideBound(leaf('egfr', 'greaterThan', 20), between)).toBe('unknown');
    expect(await decideBound({ not: leaf('egfr', 'lessThan', 30) }, { atMost: 14.9 })).toBe('false');
  });
});

describe('a missing answer', () => {
  it.each([
    ['not of a comparison', { not: leaf('egfr', 'greaterThanInclusive', 30) }],
    ['notEqual', leaf('egfr', 'notEqual', 30)],
    ['notIn', leaf('egfr', 'notIn', [30])],
    ['not of a not', { not: { not: leaf('egfr', 'lessThan', 30) } }],
  ] as [string, Condition][])('never makes "%s" true', async (_, condition) => {
    expect(await decide(condition, {})).toBe('unknown');
  });

  it('leaves "any" true where another part is true, and "all" false where another is false', async () => {
    const gap = leaf('gap', 'equal', true);
    expect(await decide({ any: [leaf('a', 'equal', true), gap] }, { a: true })).toBe('true');
    expect(await decide({ all: [leaf('a', 'equal', true), gap] }, { a: true })).toBe('unknown');
    expect(await decide({ all: [leaf('a', 'equal', true), gap] }, { a: false })).toBe('false');
  });

  it('is what the author says it is, also under a not', async () => {
    expect(await decide(leaf('k', 'greaterThan', 5, { ifUnknown: 'no' }), {})).toBe('false');
    expect(await decide(leaf('k', 'greaterThan', 5, { ifUnknown: 'yes' }), {})).toBe('true');
    expect(await decide({ not: leaf('k', 'greaterThan', 5, { ifUnknown: 'no' }) }, {})).toBe('true');
    expect(await decide({ not: leaf('k', 'greaterThan', 5, { ifUnknown: 'yes' }) }, {})).toBe('false');
  });
});

const facts = ['a', 'b', 'c'];
const leafArbitrary: fc.Arbitrary<Condition> = fc.record({
  fact: fc.constantFrom(...facts),
  operator: fc.constantFrom('equal', 'notEqual', 'lessThan', 'greaterThanInclusive'),
  value: fc.integer({ min: 0, max: 3 }),
  ifUnknown: fc.constantFrom(undefined, undefined, undefined, 'yes', 'no'),
}) as fc.Arbitrary<Condition>;
const conditionArbitrary = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    leafArbitrary,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }) as fc.Arbitrary<Condition>,
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }) as fc.Arbitrary<Condition>,
    fc.record({ not: tie('condition') }) as fc.Arbitrary<Condition>,
  ),
})).condition;
const answersArbitrary = fc.record(
  Object.fromEntries(facts.map((fact) => [fact, fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined })])),
);

describe('for every condition and every chart', () => {
  it('the engine decides as strong Kleene logic does, and "why" shows the same', async () => {
    await fc.assert(
      fc.asyncProperty(conditionArbitrary, answersArbitrary, async (condition, answers) => {
        const shown = explain(condition, (asked) => ({
          value: answers[asked.fact] === undefined ? unknown('not known') : answers[asked.fact]!,
          because: [],
        }));
        expect(await decide(condition, answers)).toBe(shown.truth);
      }),
      { numRuns: 300 },
    );
  });

  it('learning an answer never turns true into false or false into true', async () => {
    await fc.assert(
      fc.asyncProperty(
        conditionArbitrary.filter((condition) => leavesOf(condition).every(({ ifUnknown }) => !ifUnknown)),
        answersArbitrary,
        fc.constantFrom(...facts),
        fc.integer({ min: 0, max: 3 }),
        async (condition, answers, fact, value) => {
          if (answers[fact] !== undefined) return;
          const before = await decide(condition, answers);
          if (before !== 'unknown') expect(await decide(condition, { ...answers, [fact]: value })).toBe(before);
        },
      ),
      { numRuns: 200 },
    );
  });
});

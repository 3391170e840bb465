// The numbers in a rule's conditions that a replay may turn, with the words of their question.
import type { Rule } from './types.ts';

export interface Threshold {
  path: (string | number)[];
  label: string;
  value: number;
  unit: string;
}

type Json = Record<string, unknown>;
const signs: Record<string, string> = {
  lessThan: 'below',
  lessThanInclusive: 'at most',
  greaterThan: 'above',
  greaterThanInclusive: 'at least',
  equal: 'is',
  notEqual: 'is not',
};

export function thresholdsOf(rule: Rule): Threshold[] {
  const found: Threshold[] = [];
  const walk = (node: unknown, path: (string | number)[], where: string): void => {
    if (Array.isArray(node))
      node.forEach((part, place) => {
        walk(part, [...path, place], where);
      });
    else if (typeof node === 'object' && node !== null) {
      const leaf = node as Json;
      if (typeof leaf.fact === 'string') {
        if (typeof leaf.value === 'number') {
          const { unit = '', ...blanks } = (leaf.params ?? {}) as Record<string, unknown>;
          const about = Object.values(blanks)
            .filter((blank) => typeof blank !== 'number')
            .flat()
            .slice(0, 3)
            .join(', ');
          const words = leaf.fact.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
          found.push({
            path: [...path, 'value'],
            label: `${where}${words}${about ? ` (${about})` : ''} ${signs[String(leaf.operator)] ?? leaf.operator}`,
            value: leaf.value,
            unit: String(unit).replace(/[{}[\]]/g, ''),
          });
        }
      } else for (const key of ['all', 'any', 'not']) if (key in leaf) walk(leaf[key], [...path, key], where);
    }
  };
  walk(rule.when, ['when'], '');
  (rule.tiers as Json[]).forEach((tier, place) => {
    walk(tier.when, ['tiers', place, 'when'], `${tier.id}: `);
  });
  return found;
}

/** The rule with one number changed; everything else is shared. */
export function withValue(rule: Rule, path: (string | number)[], value: number): Rule {
  const set = (node: unknown, [key, ...rest]: (string | number)[]): unknown => {
    if (key === undefined) return value;
    if (Array.isArray(node)) return node.with(Number(key), set(node[Number(key)], rest));
    return { ...(node as Json), [key]: set((node as Json)[key], rest) };
  };
  return set(rule, path) as Rule;
}

/** A change of meaning bumps the version. */
export const bumped = (version: string): string =>
  version.replace(/^(\d+)\.(\d+)\.\d+$/, (_, major, minor) => `${major}.${Number(minor) + 1}.0`);

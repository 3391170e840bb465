// A condition in words: each leaf as its fact's own question with the blanks filled, and the answer for which it holds.
import type { z } from 'zod';
import { facts } from '../../facts/index.ts';
import { type Condition, isLeaf, type Leaf } from '../../guards/rule.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import { tokenKind } from './check-condition.ts';

export type Worded =
  | { kind: 'all' | 'any' | 'none'; parts: Worded[] }
  | { kind: 'question'; question: string; answer: string; ifUnknown?: 'yes' | 'no' };

export function inWords(condition: Condition, terminology: Terminology): Worded {
  if (isLeaf(condition)) return asked(condition, false, terminology);
  if ('all' in condition) return { kind: 'all', parts: condition.all.map((part) => inWords(part, terminology)) };
  if ('any' in condition) return { kind: 'any', parts: condition.any.map((part) => inWords(part, terminology)) };
  const { not } = condition;
  if (isLeaf(not)) return asked(not, true, terminology);
  if ('any' in not) return { kind: 'none', parts: not.any.map((part) => inWords(part, terminology)) };
  return { kind: 'none', parts: [inWords(not, terminology)] };
}

/** Each line of a condition, nested by two spaces: "- Is simvastatin being ordered? Yes". */
export function asLines(worded: Worded, indent = ''): string[] {
  if (worded.kind === 'question') {
    const { question, answer, ifUnknown } = worded;
    return [`${indent}- ${question} ${answer}${ifUnknown ? ` (unknown counts as ${ifUnknown})` : ''}`];
  }
  return [`${indent}- ${groupWords[worded.kind]}`, ...worded.parts.flatMap((part) => asLines(part, `${indent}  `))];
}

export const groupWords = { all: 'All of', any: 'At least one of', none: 'Not' } as const;

const signs: Record<string, string> = {
  equal: 'Is',
  notEqual: 'Is not',
  in: 'One of',
  notIn: 'None of',
  lessThan: 'Below',
  lessThanInclusive: 'At most',
  greaterThan: 'Above',
  greaterThanInclusive: 'At least',
};

function asked(leaf: Leaf, isNegated: boolean, terminology: Terminology): Worded {
  const { operator, value, ifUnknown } = leaf;
  const words =
    typeof value === 'boolean'
      ? (value === (operator === 'equal')) !== isNegated
        ? 'Yes'
        : 'No'
      : `${isNegated ? 'Not: ' : ''}${signs[operator] ?? operator} ${[value].flat().join(', ')}`;
  return {
    kind: 'question',
    question: filled(leaf, terminology),
    answer: words,
    ...(ifUnknown && { ifUnknown }),
  };
}

function filled({ fact: id, params: given = {} }: Leaf, terminology: Terminology): string {
  const fact = facts.get(id);
  if (!fact) return `${id} ${JSON.stringify(given)}`;
  const parsed = fact.params.safeParse(given);
  const params = Object.fromEntries(
    Object.entries(parsed.success ? (parsed.data as object) : given).filter(
      ([, held]) => !(Array.isArray(held) && held.length === 0),
    ),
  );
  const shape = (fact.params as unknown as { shape?: Record<string, z.ZodType> }).shape ?? {};
  const said = new Set<string>();
  const word = (name: string): string | undefined => {
    const held = params[name];
    if (held === undefined || held === 'any') return undefined;
    said.add(name);
    const isToken = shape[name] && tokenKind(shape[name]);
    const words = [held].flat().map((one) => (isToken ? nameOf(String(one), terminology) : shownUnit(String(one))));
    return words.length > 8 ? `${words.slice(0, 7).join(', ')} or ${words.length - 7} more` : words.join(' or ');
  };
  const question = fact.question
    .replace(/ \([^()]*\{(\w+)\}[^()]*\)/g, (part, name: string) =>
      params[name] === undefined || params[name] === 'any' ? '' : part,
    )
    // "neither a result of … nor … nor …": what is not asked for falls away.
    .replace(/(a result of \{(tests)\} nor | nor \{(\w+)\})/g, (part, _, tests?: string, name?: string) =>
      params[tests ?? name ?? ''] === undefined ? '' : part,
    )
    .replace(/neither (a )?(?!.* nor )/, 'no ')
    .replace(/\{(\w+)\}/g, (_, name: string) => word(name) ?? 'any')
    .replace(/ a (?=[aeiou][a-z]+ reaction)/g, ' an ');
  const rest = Object.keys(given).filter((name) => !said.has(name) && given[name] !== false);
  const more = rest.map((name) => {
    const held = given[name];
    const what = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
    return held === true ? what : `${what}: ${word(name) ?? 'any'}`;
  });
  return more.length ? `${question} [${more.join('; ')}]` : question;
}

/** A UCUM unit as it is read: annotations and brackets are for machines. */
const shownUnit = (text: string): string =>
  text
    .replaceAll('{1.73_m2}', '1.73 m²')
    .replace(/^\{([^{}]+)\}$/, '$1')
    .replace(/\[([A-Za-z]+)\]/g, '$1');

/** A value set's title, in a sentence; a drug's token as it is. */
export function nameOf(token: string, terminology: Terminology): string {
  const title = terminology.valueSet(token)?.title;
  if (!title) return token.startsWith('atc:') ? `ATC group ${token.slice(4)}` : token.replaceAll('_', ' ');
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

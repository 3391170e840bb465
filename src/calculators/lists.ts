// Inputs that are lists: answers to a questionnaire, findings that are present, items of a scale.
import type { ListInput } from './input-kinds.ts';
import { bare, readAsNumber } from './read-input.ts';

const isRecord = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

/** A fixed number of answers from 0 to `max`, in order: `[2, 1, 0, …]`, or keyed `{ "1": 2, … }`. A missing answer is refused. */
export function answers(title: string, count: number, max: number | readonly number[], names: readonly string[] = []) {
  const label = (i: number) => names[i] ?? `item ${i + 1}`;
  const limit = (i: number) => (typeof max === 'number' ? max : (max[i] ?? 0));
  const read = (given: unknown): { value: readonly number[] } | { reason: string } => {
    const list = isRecord(given) ? fromKeys(given, count) : given;
    if (!Array.isArray(list)) return { reason: `expected a list of ${count} answers` };
    if (list.length !== count) return { reason: `expected ${count} answers, got ${list.length}` };
    const value: number[] = [];
    for (let i = 0; i < count; i++) {
      const answer = readAsNumber(list[i]);
      if (answer === undefined || !Number.isInteger(answer) || answer < 0 || answer > limit(i)) {
        return { reason: `${label(i)} must be a whole number from 0 to ${limit(i)}` };
      }
      value.push(answer);
    }
    return { value };
  };
  const items = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [String(i + 1), `${label(i)}, 0 to ${limit(i)}`]),
  );
  return { kind: 'list', title, items, read } as const satisfies ListInput;
}

const fromKeys = (given: Record<string, unknown>, count: number): unknown[] | undefined => {
  const byNumber = new Map(Object.entries(given).map(([key, value]) => [key.replace(/^\D+/, ''), value]));
  if (byNumber.size !== Object.keys(given).length) return undefined;
  if ([...byNumber.keys()].some((key) => !/^[1-9]\d*$/.test(key) || Number(key) > count)) return undefined;
  return Array.from({ length: count }, (_, i) => byNumber.get(String(i + 1)));
};

/** Findings that are present, by name: `['snoring', 'male']`, or `{ snoring: 1, male: 0 }`. An unknown name is refused. */
export function present<const F extends Readonly<Record<string, { title: string; also: readonly string[] }>>>(
  title: string,
  findings: F,
) {
  type Name = keyof F & string;
  const names = Object.keys(findings) as Name[];
  const spelled = new Map(
    names.flatMap((name) => [name, ...(findings[name]?.also ?? [])].map((word) => [bare(word), name] as const)),
  );
  const read = (given: unknown): { value: readonly Name[] } | { reason: string } => {
    const stated = statedNames(given);
    if (stated === undefined) return { reason: `expected a list of findings: ${names.join(', ')}` };
    const found = new Set<Name>();
    for (const word of stated) {
      const name = typeof word === 'string' ? spelled.get(bare(word)) : undefined;
      if (name === undefined) return { reason: `"${String(word).slice(0, 40)}" is not one of: ${names.join(', ')}` };
      found.add(name);
    }
    return { value: names.filter((name) => found.has(name)) };
  };
  const items = Object.fromEntries(names.map((name) => [name, findings[name]?.title ?? name]));
  return { kind: 'list', title, items, read } as const satisfies ListInput;
}

function statedNames(given: unknown): unknown[] | undefined {
  if (Array.isArray(given)) return given;
  if (typeof given === 'string')
    return given
      .split(/[,;]/)
      .map((word) => word.trim())
      .filter((word) => word !== '');
  if (!isRecord(given)) return undefined;
  // Only what is plainly yes or no; anything else would be a guess.
  const flags = Object.entries(given);
  const isYes = (flag: unknown) => flag === 1 || flag === true;
  const isNo = (flag: unknown) => flag === 0 || flag === false || flag === null;
  return flags.every(([, flag]) => isYes(flag) || isNo(flag))
    ? flags.filter(([, flag]) => isYes(flag)).map(([name]) => name)
    : undefined;
}

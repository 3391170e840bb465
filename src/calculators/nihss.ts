// NIH stroke scale. Items by name (`{ "1a": 0, "5a": 1 }`) or all fifteen in order. An item that is left out scores 0 with a
// warning, as on a sheet where only deficits are written down; UN (untestable) scores 0 where the scale allows it.
import { defineCalculator } from './define.ts';
import type { ListInput } from './input-kinds.ts';
import { readAsNumber } from './read-input.ts';

const maximum: Readonly<Record<string, number>> = {
  '1a': 3,
  '1b': 2,
  '1c': 2,
  '2': 2,
  '3': 3,
  '4': 3,
  '5a': 4,
  '5b': 4,
  '6a': 4,
  '6b': 4,
  '7': 2,
  '8': 2,
  '9': 3,
  '10': 2,
  '11': 2,
};
// A record would list "2" before "1a": integer-like keys come first.
const order = ['1a', '1b', '1c', '2', '3', '4', '5a', '5b', '6a', '6b', '7', '8', '9', '10', '11'] as const;
const mayBeUntestable = new Set(['5a', '5b', '6a', '6b', '7', '10']);

interface Read {
  readonly score: number;
  readonly absent: readonly string[];
  readonly untestable: readonly string[];
}

const items = {
  kind: 'list',
  title: 'NIHSS items',
  items: Object.fromEntries(order.map((name) => [`item ${name}`, `0 to ${maximum[name]}`])),
  read: (given: unknown): { value: Read } | { reason: string } => {
    const entries = entriesOf(given);
    if (entries === undefined)
      return { reason: `expected items by name (${order.join(', ')}) or all fifteen in order` };
    const seen = new Map<string, number>();
    const untestable: string[] = [];
    for (const [key, answer] of entries) {
      const name = key.toLowerCase().replace(/^(item|q)?[\s_]*/, '');
      const max = maximum[name];
      if (max === undefined || seen.has(name))
        return { reason: `"${key.slice(0, 20)}" is not an item of the scale, or is given twice` };
      const isUntestable = typeof answer === 'string' && /^un$/i.test(answer.trim()) && mayBeUntestable.has(name);
      const score = isUntestable ? 0 : readAsNumber(answer);
      if (score === undefined || !Number.isInteger(score) || score < 0 || score > max) {
        return { reason: `item ${name} must be a whole number from 0 to ${max}` };
      }
      if (isUntestable) untestable.push(name);
      seen.set(name, score);
    }
    const score = [...seen.values()].reduce((sum, one) => sum + one, 0);
    return { value: { score, untestable, absent: order.filter((name) => !seen.has(name)) } };
  },
} as const satisfies ListInput<Read>;

function entriesOf(given: unknown): (readonly [string, unknown])[] | undefined {
  if (Array.isArray(given)) {
    return given.length === order.length ? order.map((name, i) => [name, given[i]] as const) : undefined;
  }
  // As worked examples print it: "{4 1, 5a 1, 6a 1}"
  if (typeof given === 'string') {
    const parts = given
      .replaceAll(/[{}]/g, '')
      .split(',')
      .map((part) => part.trim().split(/[\s:=]+/));
    return parts.every((part) => part.length === 2)
      ? parts.map(([name, score]) => [name ?? '', score] as const)
      : undefined;
  }
  return typeof given === 'object' && given !== null ? Object.entries(given) : undefined;
}

export const nihss = defineCalculator({
  id: 'nihss',
  title: 'NIH stroke scale',
  citation: 'Brott T et al. Stroke 1989;20:864-870',
  confidence: 'A',
  validity: 'Acute stroke, scored by a trained examiner',
  unit: '{score}',
  decimals: 0,
  inputs: { items },
  compute: ({ items: { score, absent, untestable } }) => ({
    value: score,
    band:
      score === 0
        ? 'none'
        : score <= 4
          ? 'minor'
          : score <= 15
            ? 'moderate'
            : score <= 20
              ? 'moderate to severe'
              : 'severe',
    warnings: [
      ...(absent.length > 0 ? [`Items not given, scored 0: ${absent.join(', ')}`] : []),
      ...(untestable.length > 0 ? [`Untestable, scored 0: ${untestable.join(', ')}`] : []),
    ],
  }),
});

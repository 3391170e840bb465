// How the console says things.
import type { Branch, Figure, Fired, Indicator } from './types.ts';

export const tierWords: Record<Indicator, string> = { critical: 'Stop', warning: 'Caution', info: 'Note' };
export const reasonWords: Record<string, string> = {
  'benefit-outweighs-risk': 'Benefit outweighs',
  'will-monitor': 'I will monitor',
  tolerates: 'Tolerates it',
  'not-significant': 'Not significant',
  'alert-wrong': 'Alert is wrong',
  other: 'Another reason',
};
export const dealtWords: Record<string, string> = {
  'rule-changed': 'Rule changed',
  'data-mended': 'Data mended',
  'alert-was-right': 'Alert was right',
};

/** Why a statement of the model was withheld. */
export const checkWords: Record<string, string> = {
  uncited: 'Cites nothing',
  handles: 'Cites what is not there',
  evidence: 'No evidence bears it out',
  drugs: 'A drug that was not cleared',
  polarity: 'Says the opposite of the chart',
  condition: 'Not a diagnosis on offer',
  finding: 'A finding that is not on the chart',
  digits: 'A number of its own',
  guideline: 'A guideline that does not say so',
  language: 'Not plain English',
  duplicate: 'Said before',
  schema: 'Not in the shape asked for',
  'note-evidence': 'A note without its words',
};

export const shownFigure = ({ value, unit }: Pick<Figure, 'value' | 'unit'>): string =>
  value === undefined
    ? 'no data'
    : unit === 'ms'
      ? `${Math.round(value)} ms`
      : unit === '%'
        ? `${value.toFixed(value < 10 ? 1 : 0)}%`
        : value.toFixed(value < 10 ? 1 : 0);

export function shownChange({
  change,
  unit,
  better,
}: Figure): { text: string; tone: 'good' | 'bad' | 'flat' } | undefined {
  if (change === undefined) return undefined;
  const rounded = unit === 'ms' ? Math.round(change) : Number(change.toFixed(1));
  if (rounded === 0) return { text: 'flat', tone: 'flat' };
  const text = `${rounded > 0 ? '+' : '−'}${Math.abs(rounded)}${unit === '%' ? ' pts' : ''}`;
  return { text, tone: rounded < 0 === (better === 'lower') ? 'good' : 'bad' };
}

/** A calculated number to four figures: more is not known. */
export const shownValue = (value: unknown): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);

const operators: Record<string, string> = {
  equal: 'is',
  notEqual: 'is not',
  in: 'is one of',
  notIn: 'is none of',
  lessThan: 'below',
  lessThanInclusive: 'at most',
  greaterThan: 'above',
  greaterThanInclusive: 'at least',
};

export function question({ fact = '', params = {}, operator = '', expected }: Branch): string {
  const words = fact.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  const { withinDays, ...rest } = params as { withinDays?: number };
  const named = Object.values(rest).flat().map(String);
  const blanks = named.length > 5 ? `${named.slice(0, 4).join(', ')} and ${named.length - 4} more` : named.join(', ');
  const asked = `${words}${blanks ? `: ${blanks}` : ''}${withinDays ? `, ${withinDays} days` : ''}`;
  if (typeof expected === 'boolean') return expected === (operator === 'equal') ? asked : `not ${asked}`;
  return `${asked} ${operators[operator] ?? operator} ${[expected].flat().join(', ')}`;
}

export const shownFired = (fired: Fired | undefined): string =>
  fired
    ? `${tierWords[fired.indicator]}, ${fired.tier}${fired.showing === 'card' ? '' : ` (${fired.showing})`}`
    : 'nothing';

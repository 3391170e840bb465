// The explanation: from the rules' and the models' own texts, in short sentences, each with the chart items it rests on.
import { type Card, cardExtensionKey, type WhatIfAnswer } from '../cds-hooks/contract.ts';
import { shownUnit } from '../terminology/shown-unit.ts';
import type { Difference } from './difference.ts';
import type { Shown } from './estimates/index.ts';

type Sentence = WhatIfAnswer['explanation'][number];

/** `notes` are said last, whatever changed. */
export function explain(
  { gone, new: come, changed }: Difference,
  before: readonly Shown[],
  after: readonly Shown[],
  notes: readonly Sentence[] = [],
): Sentence[] {
  const cards = [
    ...gone.map((card) => said(card, `No longer: ${card.summary}`)),
    ...come.map((card) => said(card, `New: ${card.summary}`, reasonOf(card))),
    ...changed.map(({ before: was, after: is }) =>
      said(is, `${words[was.indicator]} becomes ${words[is.indicator]}: ${is.summary}`, reasonOf(is)),
    ),
  ];
  const numbers = after.flatMap((estimate) => {
    const earlier = before.find(({ id }) => id === estimate.id);
    return earlier && earlier.value === estimate.value ? [] : [told(estimate, earlier)];
  });
  const fallen = before
    .filter(({ id }) => !after.some((estimate) => estimate.id === id))
    .map((estimate) => ({ text: `No longer estimated: ${estimate.outcome}.`, handles: handlesOf(estimate) }));
  const sentences = [...cards, ...numbers, ...fallen];
  return [...(sentences.length > 0 ? sentences : [nothingChanges]), ...notes];
}

const nothingChanges: Sentence = { text: 'No card and no estimate changes.', handles: [] };

/** As the panel heads them. */
const words: Record<Card['indicator'], string> = { critical: 'Stop and decide', warning: 'Caution', info: 'Note' };

const reasonOf = (card: Card): string => card.extension?.[cardExtensionKey]?.reason ?? '';

const sentence = (text: string): string => {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
};

function said(card: Card, ...parts: string[]): Sentence {
  const evidence = card.extension?.[cardExtensionKey]?.evidence ?? [];
  return {
    text: parts.map(sentence).filter(Boolean).join(' '),
    handles: [...new Set(evidence.flatMap(({ reference }) => reference ?? []))],
  };
}

const handlesOf = ({ from }: Shown): string[] => [
  ...new Set(from?.inputs.flatMap(({ reference }) => reference ?? []) ?? []),
];

/** "Death in hospital, hospital stay: 21.95% (21.46 to 22.94), 20% before. Seymour CW et al. …" */
function told(estimate: Shown, earlier: Shown | undefined): Sentence {
  const { outcome, horizon, interval, source } = estimate;
  const range = interval ? ` (${figured(interval[0])} to ${figured(interval[1])})` : '';
  const when = horizon === 'now' ? '' : `, ${horizon}`;
  const was = earlier ? `, ${amount(earlier)} before` : '';
  return {
    text: `${sentence(`${outcome}${when}: ${amount(estimate)}${range}${was}`)} ${sentence(source)}`,
    handles: handlesOf(estimate),
  };
}

function amount({ value, unit }: Shown): string {
  const figure = figured(value);
  if (unit === '%') return `${figure}%`;
  if (unit === '%/a') return `${figure}% a year`;
  return unit === 'odds ratio'
    ? `odds ratio ${figure}`
    : `${figure} ${shownUnit(unit).replace('[IU]', 'units')}`.trim();
}

/** An estimate moves in its fourth figure. */
const figured = (value: number): string => String(Number(value.toPrecision(4)));

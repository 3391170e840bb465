// Is the right diagnosis near the top, is nothing dangerous left out, and does every shown sentence rest on the chart?
import { readVignettes, requestOf, type Vignette } from './cases.ts';
import { appFor, consult, idOf, ranked, type Seen } from './consult.ts';
import type { Endpoint } from './endpoint.ts';

export interface Figures {
  cases: number;
  top1: number;
  top3: number;
  top5: number;
  mustNotMissRecall: number;
  /** Shown without a handle, or with one the packet does not have. */
  unsupported: number;
  sentencesShown: number;
}

export interface Scores {
  knowledge: Figures;
  /** What the first event lists as not to be missed counts too, though nothing in the chart spoke for it. */
  screen: { mustNotMissRecall: number };
  model?: Figures & {
    name: string;
    sentencesIn: number;
    withheldBy: Record<string, number>;
    abstained: number;
    failed: number;
    tokensIn: number;
    tokensOut: number;
  };
  milliseconds: { median: number; p95: number };
  misses: string[];
}

export async function score(most: number | undefined, endpoint: Endpoint | undefined): Promise<Scores> {
  const seen: { vignette: Vignette; seen: Seen }[] = [];
  const app = appFor(endpoint);
  for (const vignette of readVignettes(most)) seen.push({ vignette, seen: await consult(app, requestOf(vignette)) });
  const times = seen.map((one) => one.seen.milliseconds).sort((a, b) => a - b);
  const at = (part: number): number =>
    Math.round(times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? 0);
  const withheldBy: Record<string, number> = {};
  for (const { withheld } of seen.map((one) => one.seen))
    for (const { check } of withheld) withheldBy[check] = (withheldBy[check] ?? 0) + 1;
  const sum = (of: (one: Seen) => number): number => seen.reduce((total, one) => total + of(one.seen), 0);
  return {
    knowledge: figuresOf(seen, (one) => one.offline.filter(({ source }) => source === 'knowledge')),
    screen: { mustNotMissRecall: recallOf(seen, (one) => one.offline.map(idOf)) },
    ...(endpoint && {
      model: {
        name: endpoint.name,
        ...figuresOf(seen, (one) => one.model),
        sentencesIn: sum((one) => one.sentencesIn),
        withheldBy,
        abstained: sum((one) => Number(one.end.type === 'abstained')),
        failed: sum((one) => Number(one.end.type === 'failed' || one.end.type === 'off')),
        tokensIn: sum((one) => one.tokens.in),
        tokensOut: sum((one) => one.tokens.out),
      },
    }),
    milliseconds: { median: at(0.5), p95: at(0.95) },
    misses: seen.flatMap(({ vignette, seen: { offline } }) => {
      const ids = ranked(offline);
      const place = ids.indexOf(vignette.expected) + 1;
      const missed = vignette.mustNotMiss.filter((id) => !offline.map(idOf).includes(id));
      return place === 0 || place > 5 || missed.length > 0
        ? [
            `${vignette.id}: ${vignette.expected} at ${place || 'none'}${missed.length ? `, missed ${missed.join(', ')}` : ''}`,
          ]
        : [];
    }),
  };
}

type Cases = { vignette: Vignette; seen: Seen }[];

function figuresOf(cases: Cases, listOf: (seen: Seen) => Seen['offline']): Figures {
  const place = ({ vignette, seen }: Cases[number]): number => listOf(seen).map(idOf).indexOf(vignette.expected) + 1;
  const within = (n: number): number =>
    share(cases.filter((one) => place(one) > 0 && place(one) <= n).length, cases.length);
  const sentences = cases.flatMap(({ seen }) =>
    listOf(seen).flatMap((item) => item.sentences.map((one) => ({ ...one, seen, item }))),
  );
  const isKnown = ({ seen, item }: (typeof sentences)[number], handle: string): boolean =>
    seen.rules.evidence.some((one) => one.handle === handle) ||
    (item.guideline ?? []).some((one) => one.handle === handle) ||
    (item.source === 'model' && /^G\d+$/.test(handle));
  return {
    cases: cases.length,
    top1: within(1),
    top3: within(3),
    top5: within(5),
    mustNotMissRecall: recallOf(cases, (seen) => listOf(seen).map(idOf)),
    unsupported: sentences.filter(
      (one) =>
        (one.item.source === 'model' && one.handles.length === 0) ||
        !one.handles.every((handle) => isKnown(one, handle)),
    ).length,
    sentencesShown: sentences.length,
  };
}

function recallOf(cases: Cases, idsOf: (seen: Seen) => string[]): number {
  const all = cases.reduce((total, { vignette }) => total + vignette.mustNotMiss.length, 0);
  const found = cases.reduce((total, { vignette, seen }) => {
    const ids = new Set(idsOf(seen));
    return total + vignette.mustNotMiss.filter((id) => ids.has(id)).length;
  }, 0);
  return share(found, all);
}

export const share = (some: number, all: number): number => (all === 0 ? 1 : Math.round((1000 * some) / all) / 1000);

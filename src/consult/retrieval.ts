// Finds the guideline passages a model may cite: BM25 over short statements, and none at all rather than a poor one,
// because context that does not matter makes answers worse.
import MiniSearch from 'minisearch';
import type { Condition } from './conditions.ts';
import { admits } from './guideline.ts';
import type { Passage } from './knowledge-result.ts';

const SCORE_FLOOR = 4;
const PER_CONDITION = 2;
const MOST = 10;

const dull = new Set(
  'the a an of in to with and or for is are be by on at as from that this not who if patient patients adult adults acute disease syndrome suspected should use'.split(
    ' ',
  ),
);

const indexes = new WeakMap<readonly Passage[], MiniSearch<Passage>>();

function indexOf(passages: readonly Passage[]): MiniSearch<Passage> {
  const known = indexes.get(passages);
  if (known) return known;
  const index = new MiniSearch<Passage>({
    fields: ['title', 'text', 'population', 'conditions'],
    extractField: (passage, field) => {
      const value = passage[field as keyof Passage];
      return Array.isArray(value) ? value.join(' ').replaceAll('-', ' ') : (value ?? '');
    },
    processTerm: (term) => (term.length < 2 || dull.has(term.toLowerCase()) ? null : term.toLowerCase()),
  });
  index.addAll([...new Map(passages.map((passage) => [passage.id, passage])).values()]);
  indexes.set(passages, index);
  return index;
}

export interface Wanted {
  conditions: readonly Condition[];
  question?: string;
  sex?: 'female' | 'male';
  ageInYears?: number;
}

/** The passages for these conditions, best first, that are for this patient and above the floor. */
export function retrieve(passages: readonly Passage[], wanted: Wanted): Passage[] {
  const index = indexOf(passages);
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const found = new Map<string, number>();
  const search = (query: string, most: number) => {
    const hits = index
      .search(query, { boost: { title: 2, conditions: 2 } })
      .filter(
        (hit) => hit.score >= SCORE_FLOOR && admits(byId.get(hit.id)!, wanted) && hasEnough(query, hit.queryTerms),
      );
    for (const hit of hits.slice(0, most)) found.set(hit.id, Math.max(found.get(hit.id) ?? 0, hit.score));
  };
  for (const condition of wanted.conditions)
    search([condition.text, ...(condition.names ?? [])].join(' '), PER_CONDITION);
  if (wanted.question) search(wanted.question, PER_CONDITION);
  return [...found]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, MOST)
    .map(([id]) => byId.get(id)!);
}

/** One rare word in common is chance; two, or all there is, are not. */
function hasEnough(query: string, met: readonly string[]): boolean {
  const terms = new Set(
    query
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((term) => term.length > 1 && !dull.has(term)),
  );
  return new Set(met).size >= Math.min(2, terms.size);
}

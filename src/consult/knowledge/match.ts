// Reads findings out of free text, and shows its work: every hit has a span and says whether it was stated, denied,
// past, somebody else's or doubted.
import { type Assertion, assertionAt, assertionsOf } from './assertion.ts';
import { type Measure, readMeasures } from './measures.ts';
import { anchorsOf, sourceOf, type WordClasses } from './pattern.ts';
import type { Condition, FindingRule } from './schema.ts';
import { lineOf, readWords } from './words.ts';

export interface Found {
  /** A finding's id; for `kind: 'condition'`, the condition that was named. */
  id: string;
  kind: 'finding' | 'condition';
  assertion: Assertion;
  quote: string;
  start: number;
  end: number;
}

export interface TextReading {
  found: Found[];
  measures: Measure[];
  ageInYears?: number;
  sex?: 'female' | 'male';
}

interface Compiled {
  id: string;
  kind: Found['kind'];
  isAbsence: boolean;
  source: string;
  /** Made on first use: most of some ten thousand are never needed. */
  pattern?: RegExp;
}

const LONGEST_CACHED = 80;
const MOST_CACHED = 2000;

export class Matcher {
  readonly #compiled: Compiled[] = [];
  /** Which patterns a word, or the beginning of one, speaks for. */
  readonly #byWord = new Map<string, number[]>();
  readonly #byPrefix = new Map<string, number[]>();
  #longestPrefix = 0;
  /** Problem lists repeat themselves; their texts are short and few. */
  readonly #cache = new Map<string, TextReading>();

  constructor(findings: Iterable<FindingRule>, conditions: Iterable<Condition>, classes: WordClasses) {
    for (const finding of findings) {
      this.#add(finding.id, 'finding', false, finding.phrases, classes);
      this.#add(finding.id, 'finding', true, finding.absent, classes);
    }
    for (const condition of conditions) this.#add(condition.id, 'condition', false, condition.names, classes);
  }

  #add(id: string, kind: Found['kind'], isAbsence: boolean, phrases: readonly string[], classes: WordClasses): void {
    for (const phrase of phrases) {
      try {
        const at = this.#compiled.push({ id, kind, isAbsence, source: sourceOf(phrase, classes) }) - 1;
        for (const { word, isPrefix } of anchorsOf(phrase, classes)) {
          const index = isPrefix ? this.#byPrefix : this.#byWord;
          if (isPrefix) this.#longestPrefix = Math.max(this.#longestPrefix, word.length);
          const list = index.get(word);
          if (list) list.push(at);
          else index.set(word, [at]);
        }
      } catch (error) {
        throw new Error(`${kind} ${id}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  /** The patterns of which the text holds a word, in the order of the files. */
  #worthTrying(words: readonly { text: string }[]): Compiled[] {
    const hits = new Set<number>();
    for (const text of new Set(words.map((word) => word.text))) {
      for (const at of this.#byWord.get(text) ?? []) hits.add(at);
      for (let end = 1; end <= Math.min(text.length, this.#longestPrefix); end++)
        for (const at of this.#byPrefix.get(text.slice(0, end)) ?? []) hits.add(at);
    }
    return [...hits].sort((a, b) => a - b).map((at) => this.#compiled[at]!);
  }

  read(text: string): TextReading {
    const known = this.#cache.get(text);
    if (known) return known;
    const reading = this.#read(text);
    if (text.length <= LONGEST_CACHED) {
      if (this.#cache.size >= MOST_CACHED) this.#cache.delete(this.#cache.keys().next().value!);
      this.#cache.set(text, reading);
    }
    return reading;
  }

  #read(text: string): TextReading {
    const words = readWords(text);
    const { line, wordAt } = lineOf(words);
    const said = assertionsOf(words);
    const found: Found[] = [];
    for (const compiled of this.#worthTrying(words)) {
      const { id, kind, isAbsence } = compiled;
      compiled.pattern ??= new RegExp(compiled.source, 'g');
      for (const hit of line.matchAll(compiled.pattern)) {
        const first = wordAt(hit.index);
        const last = wordAt(hit.index + hit[0].length - 1);
        const asSaid = assertionAt(words, said, first, last + 1);
        // "no photophobia, neuro intact": a word of absence inside a list of denials still means absent.
        const assertion: Assertion = isAbsence && asSaid === 'present' ? 'negated' : asSaid;
        const start = words[first]!.start;
        const end = words[last]!.end;
        found.push({ id, kind, assertion, quote: text.slice(start, end), start, end });
      }
    }
    return { found: withoutRepeats(found), measures: readMeasures(text), ...readPerson(text) };
  }
}

/** Overlapping hits of one finding are one hit: the longest. */
function withoutRepeats(found: Found[]): Found[] {
  const kept: Found[] = [];
  for (const hit of [...found].sort((a, b) => b.end - b.start - (a.end - a.start))) {
    if (
      !kept.some(
        (other) => other.id === hit.id && other.kind === hit.kind && other.start < hit.end && hit.start < other.end,
      )
    )
      kept.push(hit);
  }
  return kept.sort((a, b) => a.start - b.start || a.id.localeCompare(b.id));
}

const AGE = /\b(\d{1,3})\s*-?\s*(?:y\/?o\b|yo\b|yrs?(?:\s+old)?\b|y\.o\.|-?years?-?\s*-?old|(?=[mf]\b))/i;
const MALE = /\b(?:\d{1,3}\s?(?:yo\s?)?m\b|yo m\b|male|man|gentleman|boy|he|his|him|husband of)\b/i;
const FEMALE = /\b(?:\d{1,3}\s?(?:yo\s?)?f\b|yo f\b|female|woman|lady|girl|she|her|pregnant)\b/i;

/** Age and sex as the text has them, for a chart that does not say. */
function readPerson(text: string): Pick<TextReading, 'ageInYears' | 'sex'> {
  const age = AGE.exec(text)?.[1];
  const male = MALE.exec(text)?.index ?? Number.POSITIVE_INFINITY;
  const female = FEMALE.exec(text)?.index ?? Number.POSITIVE_INFINITY;
  return {
    ...(age && Number(age) < 120 ? { ageInYears: Number(age) } : {}),
    ...(male < female ? { sex: 'male' as const } : female < male ? { sex: 'female' as const } : {}),
  };
}

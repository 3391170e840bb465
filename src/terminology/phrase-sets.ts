// Value sets found by text: a whole phrase, in a text that does not deny it or speak of somebody else.

import type { ValueSet } from './types.ts';
import { isMark, Phrases, phraseOf, wordsOf } from './words.ts';

/** Words after which a name is not a finding in this patient. */
const DENIED =
  /\b(no|not|denies|denied|without|negative for|ruled out|rule out|r o|exclud\w+|family|fh|fhx|mother|father|sister|brother|sibling|relative|screening( for)?|screen for|risk of|at risk for|risk for|suspected|possible|questionable|versus|vs|vaccination|immuni[sz]ation|prophylaxis|education|counsel\w*|fear of|history taking|absence of|unlikely)\b/;

export class PhraseSets {
  readonly #phrases = new Phrases<string[]>();
  readonly #not = new Map<string, string[]>();

  add(set: ValueSet): void {
    for (const name of set.names ?? [])
      this.#phrases.add(name, [...new Set([...(this.#phrases.get(name) ?? []), set.id])]);
    if (set.not) this.#not.set(set.id, set.not.map(phraseOf));
  }

  /** Exact text first; otherwise every set one of whose phrases stands whole in the text. */
  find(text: string): string[] {
    const exact = this.#phrases.get(text);
    if (exact) return exact;
    const words = wordsOf(text);
    const plain = ` ${words.filter((word) => !isMark(word)).join(' ')} `;
    const found = new Set<string>();
    // Every start and length counts here: `chronic kidney disease stage 4` is both `chronic kidney disease` and the stage.
    for (let start = 0; start < words.length; start++) {
      for (let end = start + 1; end <= Math.min(words.length, start + 9); end++) {
        const phrase = words
          .slice(start, end)
          .filter((word) => !isMark(word))
          .join(' ');
        const ids = this.#phrases.get(phrase);
        if (!ids) continue;
        const before = words
          .slice(Math.max(0, start - 5), start)
          .filter((word) => !isMark(word))
          .join(' ');
        if (DENIED.test(before)) continue;
        for (const id of ids) if (!(this.#not.get(id) ?? []).some((not) => plain.includes(` ${not} `))) found.add(id);
      }
    }
    return [...found];
  }
}

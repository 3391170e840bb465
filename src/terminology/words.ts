// Text is compared word by word, never by parts of words: `clonidine` is not `clonazepam`.

/**
 * Lower-case words and the marks that matter between them; strengths such as `5mg` are split from their unit. A letter in brackets
 * right behind a word belongs to it: `Rho(D) immune globulin`.
 */
export function wordsOf(text: string): string[] {
  const lower = text.toLowerCase();
  // Most names are plain letters; tens of thousands of them are read when a worker starts.
  if (/^[a-z]+(?:[ -][a-z]+)*$/.test(lower)) return lower.split(/[ -]/);
  return lower
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u200b®™©]/g, '')
    .replace(/[’`]/g, "'")
    .replace(/'s\b/g, 's')
    .replace(/(?<=[a-z])\(([a-z])\)/g, ' $1')
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/(\d)(?=(?:mg|mcg|ug|g|gm|ml|units?|unt|meq|mmol|iu)\b)/g, '$1 ')
    .split(/([^a-z0-9.#%]+)/)
    .flatMap((piece, i) => (i % 2 === 0 ? [piece.replace(/^\.+(?!\d)|\.+$/g, '')] : [markOf(piece)]))
    .filter((word) => word !== '');
}

/** Dashes and blanks only separate; these join ingredients or close a thought. */
const markOf = (piece: string): string => /[/+&,;()[\]{}]/.exec(piece)?.[0] ?? '';

export const isMark = (word: string): boolean => /^[/+&,;()[\]{}]$/.test(word);

/** `Metoprolol Succinate` → `metoprolol-succinate`. */
export const tokenOf = (name: string): string =>
  wordsOf(name)
    .filter((word) => !isMark(word))
    .join('-');

/** The key under which a phrase is kept: its words with single blanks. */
export const phraseOf = (name: string): string =>
  wordsOf(name)
    .filter((word) => !isMark(word))
    .join(' ');

/** Finds whole phrases in a text, the longest first at each place. */
export class Phrases<T> {
  readonly #phrases = new Map<string, T>();
  #longest = 1;
  /** Made when it is first asked for. */
  #sorted: string[] | undefined;

  add(name: string, meaning: T, keepFirst = false): void {
    const phrase = phraseOf(name);
    if (phrase === '' || (keepFirst && this.#phrases.has(phrase))) return;
    this.#phrases.set(phrase, meaning);
    this.#sorted = undefined;
    this.#longest = Math.max(this.#longest, phrase.split(' ').length);
  }

  get(name: string): T | undefined {
    return this.#phrases.get(phraseOf(name));
  }

  /** The phrases of one word that begin so. */
  startingWith(letters: string): { phrase: string; meaning: T }[] {
    this.#sorted ??= [...this.#phrases.keys()].filter((phrase) => !phrase.includes(' ')).sort();
    const found: { phrase: string; meaning: T }[] = [];
    let from = 0;
    for (let to = this.#sorted.length; from < to; ) {
      const middle = (from + to) >> 1;
      if (this.#sorted[middle]! < letters) from = middle + 1;
      else to = middle;
    }
    for (let phrase = this.#sorted[from]; phrase?.startsWith(letters); phrase = this.#sorted[++from])
      found.push({ phrase, meaning: this.#phrases.get(phrase)! });
    return found;
  }

  /** Marks inside a phrase do not matter (`penicillin-v`, `Advair (HFA)`), but a phrase never starts or ends with one. */
  find(words: readonly string[]): { meaning: T; phrase: string; start: number; end: number }[] {
    const found: { meaning: T; phrase: string; start: number; end: number }[] = [];
    for (let start = 0; start < words.length; start++) {
      if (isMark(words[start]!)) continue;
      let phrase = '';
      let best: { meaning: T; phrase: string; start: number; end: number } | undefined;
      for (let end = start, count = 0; end < words.length && count < this.#longest; end++) {
        const word = words[end]!;
        if (isMark(word)) {
          if (word === '/' || word === '&' || word === '+' || word === ',') continue;
          break;
        }
        count++;
        phrase = phrase === '' ? word : `${phrase} ${word}`;
        const meaning = this.#phrases.get(phrase);
        if (meaning !== undefined) best = { meaning, phrase, start, end: end + 1 };
      }
      if (best) {
        found.push(best);
        start = best.end - 1;
      }
    }
    return found;
  }
}

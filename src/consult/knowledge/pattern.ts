// The phrases of a finding, written so that an informaticist can read them:
//   `worst headache`          these words in a row
//   `calf|leg .. swell*`      alternatives, up to three words between, any ending
//   `chest & pain`            both in one sentence, in either order, at most eight words apart
//   `short_of_breath`         a blank inside an alternative
//   `very? sudden`            an optional word
//   `@pain`                   a class of words from the `words` of a findings file
// A gap never steps over a negation or a "but", so that "chest clear, no pain" is not chest pain.
import { spell } from './words.ts';

const GAP_WORD =
  '(?!(?:\\.|no|not|denie[sd]|denying|without|w\\/o|but|nor|never|negative|however|(?:does|is|was|has|did|do|are|were|have)nt) )\\S+';

export type WordClasses = Readonly<Record<string, string>>;

/** The regular expression of a pattern as text; made into one only when a text may hold it. */
export function sourceOf(pattern: string, classes: WordClasses = {}): string {
  const parts = pattern
    .trim()
    .split(/\s+&\s+/)
    .map((part) => sequence(part, classes));
  if (parts.length === 1) return `(?<= )${parts[0]}(?= )`;
  if (parts.length > 3) throw new Error(`"${pattern}" joins more than three parts with &; say it in two findings`);
  const between = `(?: ${GAP_WORD}){0,8} `;
  const orders = permutations(parts).map((order) => order.join(between));
  return `(?<= )(?:${orders.join('|')})(?= )`;
}

export interface Anchor {
  word: string;
  isPrefix: boolean;
}

/** Words of which a text must hold one, or it cannot match: the first words of the element with the fewest of them. */
export function anchorsOf(pattern: string, classes: WordClasses = {}): Anchor[] {
  const elements = pattern
    .trim()
    .split(/\s+/)
    .filter((element) => !/^(?:&|\.{2,3}|!.*)$|\?$/.test(element))
    .map((element) => wordsOf(element, classes));
  const fewest = elements.reduce((least, words) => (words.length < least.length ? words : least));
  return fewest.map((word) => {
    const first = word.split('_')[0]!;
    return first.endsWith('*')
      ? { word: spell(first.slice(0, -1)), isPrefix: true }
      : { word: spell(first), isPrefix: false };
  });
}

function sequence(part: string, classes: WordClasses): string {
  let source = '';
  let isFirst = true;
  for (const element of part.split(/\s+/)) {
    if (element === '..' || element === '...') {
      source += `(?: ${GAP_WORD}){0,${element === '..' ? 3 : 6}}`;
      continue;
    }
    if (element.startsWith('!')) {
      source += `(?<! ${alternatives(element.slice(1), classes)} )`;
      continue;
    }
    const isOptional = element.endsWith('?');
    const word = alternatives(isOptional ? element.slice(0, -1) : element, classes);
    if (isOptional) source += isFirst ? `(?:${word} )?` : `(?: ${word})?`;
    else {
      source += isFirst ? word : ` ${word}`;
      isFirst = false;
    }
  }
  if (isFirst) throw new Error(`"${part}" needs at least one word that is not optional`);
  return source;
}

function wordsOf(element: string, classes: WordClasses): string[] {
  return element.split('|').flatMap((word) => {
    if (!word.startsWith('@')) return [word];
    const named = classes[word.slice(1)];
    if (named === undefined) throw new Error(`no word class ${word}; classes are in the "words" of rules/findings`);
    return wordsOf(named.trim().replace(/\s+/g, '|'), classes);
  });
}

function alternatives(element: string, classes: WordClasses): string {
  const words = wordsOf(element, classes).map((word) =>
    word
      .split('_')
      .map((piece) => {
        const isPrefix = piece.endsWith('*');
        const plain = spell(isPrefix ? piece.slice(0, -1) : piece).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
        return isPrefix ? `${plain}[a-z0-9]*` : plain;
      })
      .join(' '),
  );
  return `(?:${words.join('|')})`;
}

const permutations = <T>(items: T[]): T[][] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, i) =>
        permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
      );

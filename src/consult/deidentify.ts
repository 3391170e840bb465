// The excerpt a model sees: facts by handle, without anything that says who the patient is. Notes only when the policy and
// the patient allow. Three sieves: what the record knows, patterns, and a detector that blocks what is left.
import type { ChartSource } from '../chart/types.ts';
import { identifierPatterns, residualPatterns } from './identifier-patterns.ts';
import { type KnownIdentifiers, knownIdentifiers, squeezed } from './known-identifiers.ts';
import type { EvidenceFact, Packet } from './packet.ts';
import { dayOffset, numberText } from './wording.ts';

export interface Deidentified {
  facts: { handle: string; kind: string; text: string; status: string }[];
  notes: { handle: string; text: string }[];
  question?: string;
  /** What was held back because it could not be made safe, by handle. */
  blocked: string[];
}

const LONGEST_NOTE = 6000;
const MOST_NOTES = 4;

export function deidentify(
  packet: Packet,
  source: ChartSource,
  { notes: withNotes }: { notes: boolean },
  extra: readonly EvidenceFact[] = [],
): Deidentified {
  const scrub = scrubber(source);
  const blocked: string[] = [];
  const facts: Deidentified['facts'] = [];
  const notes: Deidentified['notes'] = [];
  let question: string | undefined;
  for (const fact of [...packet.facts, ...extra]) {
    if (fact.kind === 'note' && (!withNotes || notes.length >= MOST_NOTES)) continue;
    if (fact.body !== undefined) {
      const text = scrub.text(fact.body.slice(0, LONGEST_NOTE));
      if (text === undefined) {
        blocked.push(fact.handle);
        continue;
      }
      if (fact.kind === 'question') question = text;
      else notes.push({ handle: fact.handle, text });
    }
    const text = scrub.fact(fact);
    if (text === undefined) blocked.push(fact.handle);
    else facts.push({ handle: fact.handle, kind: fact.kind, text, status: fact.status });
  }
  return { facts, notes, question, blocked };
}

export interface Scrubber {
  /** A free text, or undefined when something in it could not be taken out. */
  text(text: string): string | undefined;
  fact(fact: EvidenceFact): string | undefined;
  /** Does a text hold anything the record knows? The last look at the outgoing bytes. */
  leaks(text: string): boolean;
}

// Family names that are words of medicine too: taken out only where they are written as names.
const ordinary = new Set(
  'back black blood bloom bone brain bright brown burns cancer care chest child cold cross day dry early fair fall foot french frost good gray green grey hand hart head heart hill hope hurt king kidney knight large law lee light little long love low major male mann march may minor moon moore nail new noble old page pain payne park paul pointer poor power pray price pulse rash reason rice rich rose sage short sick skin small smart snow sound stone strong summer sweet swift tall thick thin tongue vale valentine wall wart waters weak weeks weight white will winter wise wood young an do so in on or to at as is it of the and for'.split(
    ' ',
  ),
);

export function scrubber(source: ChartSource): Scrubber {
  const known = knownIdentifiers(source);
  const { now } = source;
  const wholeNames = [...known.names].filter((name) => name.includes(' '));
  const parts = [...known.names].filter((name) => !name.includes(' '));
  // Hundreds of literals and a hundred texts: only those that can be in a text are looked for in it.
  const literals: { tight: string; pattern: string; flags: string; put: string }[] = [
    ...[...known.values].map((value) => ({
      tight: tightOf(value),
      pattern: looselyPunctuated(value),
      flags: 'giu',
      put: '[number]',
    })),
    ...wholeNames.map((name) => ({
      tight: tightOf(name.split(/\s/)[0]!),
      pattern: looselySpaced(name),
      flags: 'giu',
      put: '[name]',
    })),
    ...parts
      .filter((part) => !isOrdinary(part))
      .map((part) => ({ tight: tightOf(part), pattern: escaped(part), flags: 'giu', put: '[name]' })),
    // "Stone" and "STONE" may be a person; "stone" is in the kidney.
    ...parts
      .filter((part) => isOrdinary(part) && part.length > 2)
      .map((part) => ({
        tight: tightOf(part),
        pattern: `(?:${escaped(capital(part))}|${escaped(part.toUpperCase())})`,
        flags: 'gu',
        put: '[name]',
      })),
  ];
  const sieve = (text: string, isNote: boolean): string => {
    let out = datesAsOffsets(plain(text), now, known);
    const tight = tightOf(out);
    for (const { pattern, flags, put } of literals.filter((one) => tight.includes(one.tight))) {
      if (pattern !== '') out = replaceFolded(out, whole(pattern, flags), put);
    }
    for (const { kind, pattern, put } of identifierPatterns)
      if (isNote || kind !== 1 || put === '$1[name]') out = out.replace(pattern, put);
    out = out.replace(/(\[name\])(?:[\s.,]+\[name\])+/g, '$1');
    return isNote ? unknownNames(out) : out;
  };
  const hasResidue = (text: string): boolean => residualPatterns.some((pattern) => pattern.test(text)) || leaks(text);
  const strong = [...[...known.values].map(tightOf), ...wholeNames.map(tightOf)].filter((value) => value.length >= 6);
  const spelled = parts.filter((part) => part.length >= 4 && !isOrdinary(part)).map(tightOf);
  const leaks = (text: string): boolean => {
    const tight = tightOf(text);
    if (strong.some((value) => tight.includes(value))) return true;
    // "J-o-h-n", "J o h n"
    const runs = (text.match(/(?<![\p{L}\p{N}])(?:\p{L}[\s._-]+){3,}\p{L}(?![\p{L}\p{N}])/gu) ?? []).map((run) =>
      squeezed(foldMarks(run)),
    );
    const backwards = (text.match(/\p{L}{5,}/gu) ?? []).map((word) =>
      [...foldMarks(word.toLowerCase())].reverse().join(''),
    );
    // "ZebulonXavier"
    const long = (text.match(/\p{L}{7,}/gu) ?? []).map((word) => foldMarks(word.toLowerCase()));
    return spelled.some((name) => {
      const isIn = (words: string[]) => words.some((word) => word.includes(name));
      return isIn(runs) || backwards.includes(name) || (name.length >= 6 && isIn(long));
    });
  };
  return {
    leaks,
    text: (text) => {
      const out = sieve(text, true);
      return hasResidue(out) ? undefined : out;
    },
    fact: (fact) => {
      // What code rendered is safe and must stay as it is; what the record's author typed is sieved.
      const kept: string[] = [];
      const keep = (part: string): string => String.fromCodePoint(0xe000 + kept.push(part) - 1);
      const rendered =
        fact.value === undefined
          ? undefined
          : new RegExp(
              `(?<= )${escaped(`${fact.comparator ?? ''}${numberText(fact.value)}`)}(?: ${escaped(fact.unit ?? '')})?(?=,|$)`,
            );
      let text = fact.modelText;
      if (rendered && fact.kind !== 'patient') text = text.replace(rendered, keep);
      text = text.replace(/(?:rising|falling) from -?[\d.e+]+|\bday (?:0|-\d+)$|\bage 90\+/g, keep);
      const out = fact.kind === 'patient' ? text : sieve(text, false);
      if (hasResidue(out.replace(/[\ue000-\uf8ff]/g, ''))) return undefined;
      return out.replace(/[\ue000-\uf8ff]/g, (mark) => kept[mark.codePointAt(0)! - 0xe000] ?? '');
    },
  };
}

const isOrdinary = (part: string): boolean => ordinary.has(part.toLowerCase()) || part.length <= 2;
const capital = (part: string): string => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase();
const escaped = (text: string): string => foldMarks(text).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const looselySpaced = (name: string): string =>
  name
    .split(/[^\p{L}\p{N}'’.-]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => escaped(word.replace(/\.$/, '')))
    .join('[\\s,.]+(?:\\p{L}\\.?[\\s,]+)?');
const looselyPunctuated = (value: string): string => [...squeezed(value)].map(escaped).join('[^\\p{L}\\p{N}]{0,2}');
const tightOf = (text: string): string => squeezed(foldMarks(text));
const whole = (pattern: string, flags: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?:['’]s)?(?![\\p{L}\\p{N}])`, flags);

/** No marks without width, one kind of every character; private-use characters are ours. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, (mark) => (/[\n\t\r]/.test(mark) ? mark : ''))
    .replace(/\s+/g, ' ')
    .trim();

/** Letter by letter, so that places in the folded text are places in the text. */
const foldMarks = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: plain ASCII needs no folding
  /^[\x00-\x7f]*$/.test(text)
    ? text
    : [...text.normalize('NFC')]
        .map((letter) => (letter.length === 1 ? (letter.normalize('NFD')[0] ?? letter) : letter))
        .join('');

function replaceFolded(text: string, pattern: RegExp, put: string): string {
  let out = '';
  let end = 0;
  for (const match of foldMarks(text).matchAll(pattern)) {
    out += text.slice(end, match.index) + put;
    end = match.index + match[0].length;
  }
  return out + text.slice(end);
}

const RECENT_DAYS = 3 * 365;

/** A date that can be read becomes an offset; the others fall to the patterns. A birth date is never an offset. */
function datesAsOffsets(text: string, now: Date, known: KnownIdentifiers): string {
  return text.replace(
    /\b(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?/g,
    (date, year, month, day) => {
      const when = new Date(`${year}-${month}-${day}T00:00:00Z`);
      const days = (now.getTime() - when.getTime()) / 86_400_000;
      return known.birthDates.has(`${year}-${month}-${day}`) || days < 0 || days > RECENT_DAYS
        ? '[date]'
        : dayOffset(when, now) || date;
    },
  );
}

const medicalWords = new Set(
  'chief complaint history present illness past medical surgical family social review systems physical exam examination assessment plan vital signs heart rate blood pressure chest pain emergency note department intensive care unit labs laboratory imaging medications allergies impression diagnosis differential discharge summary progress left right upper lower ejection fraction general appearance alert oriented normal sinus rhythm atrial fibrillation flutter coronary artery disease syndrome acute chronic heart failure kidney injury pulmonary embolism deep vein thrombosis diabetes mellitus type hypertension pneumonia sepsis stroke infarction myocardial no known drug allergy denies reports presents patient she he the this that with without and for computed tomography magnetic resonance ultrasound troponin white cell count red platelet urine culture gram stain covid wells score glasgow coma scale new york association point care electrocardiogram st elevation depression t wave q day name number place date phone link image year parkinson crohn graves disease syndrome hashimoto addison cushing alzheimer guillain barre wolff white raynaud sjogren bell hodgkin kawasaki lyme murphy babinski brudzinski kernig homan mcburney rovsing romberg'.split(
    ' ',
  ),
);

/** Two capitalised words in a row that are no words of a note could be anyone's name. */
const unknownNames = (text: string): string =>
  text.replace(/(?<![\p{L}[])\p{Lu}\p{Ll}+(?:[ -](?:\p{Lu}\.? )?\p{Lu}\p{Ll}+)+/gu, (run) => {
    const words = run.split(/([ -])/);
    const isUnknown = (word: string | undefined) =>
      word !== undefined && !medicalWords.has(word.toLowerCase().replace('.', ''));
    // Pieces alternate with what parts them; a word falls when it and a neighbour are unknown.
    return words
      .map((word, i) =>
        i % 2 === 0 && isUnknown(word) && (isUnknown(words[i - 2]) || isUnknown(words[i + 2])) ? '[name]' : word,
      )
      .join('')
      .replace(/\[name\](?:[ -]\[name\])+/g, '[name]');
  });

// Clinical text cut into words that remember where they stood, in one spelling, so that phrases need only one.
import { typed } from './typos.ts';

export interface Word {
  text: string;
  start: number;
  end: number;
}

/** Abbreviations whose slash belongs to the word. */
const SLASHED =
  /^(?:[kp]\/c\/o|n\/v\/d|f\/c\/s|n\/t\/d|c\/o|h\/o|w\/o|n\/v|v\/d|r\/o|s\/p|a\/w|b\/l|y\/o|o\/e|f\/c|f\/u|d\/t|2\/2|u\/s|l\/s|w\/)/i;
const WORD = /^[a-z0-9]+(?:[.'][a-z0-9]+)*/i;

/** British to American, on parts of words: haemoptysis, oedema, diarrhoea, oesophagus, tumour, leucocytosis. */
const SPELLING: [RegExp, string][] = [
  [/haem/g, 'hem'],
  [/aemi/g, 'emi'],
  [/aesth/g, 'esth'],
  [/oedem/g, 'edem'],
  [/rrhoe/g, 'rrhe'],
  [/pnoe/g, 'pne'],
  [/oesoph/g, 'esoph'],
  [/oestr/g, 'estr'],
  [/faec/g, 'fec'],
  [/paed/g, 'ped'],
  [/tumour/g, 'tumor'],
  [/odour/g, 'odor'],
  [/colour/g, 'color'],
  [/labour/g, 'labor'],
  [/behaviour/g, 'behavior'],
  [/leuco/g, 'leuko'],
  [/paralys/g, 'paralyz'],
  [/vomitt/g, 'vomit'],
  [/litre/g, 'liter'],
  [/centre/g, 'center'],
  [/grey/g, 'gray'],
  // What tired fingers make of the words that matter most.
  [/^cannot$/, 'cant'],
  [/^paracet[aeio]m[aeio]l$/, 'paracetamol'],
  [/^acet[aeio]m[aeio]n[aeio]ph[aeio]n$/, 'acetaminophen'],
  [/^d[iy]ah?r+h?[eoiy]+a+$/, 'diarrhea'],
  [/^(?:pne?um|nuem|pnuem|neum)onia$/, 'pneumonia'],
  [/^(?:abse|absce|abces)s+$/, 'abscess'],
  [/^s(?:ie|ei|e)zure/, 'seizure'],
  [/^(?:abdomin|abdomon|abdomn|abodmin)al$/, 'abdominal'],
  [/^swol(?:en|lon|len)$/, 'swollen'],
  [/^(?:chets|cehst|chset)$/, 'chest'],
  [/^(?:brea?thles+|breatles+)/, 'breathless'],
  [/^h(?:ae|e)?mm?orr?h?age/, 'hemorrhage'],
  [/^tach[aiy]card/, 'tachycard'],
  [/^di[sz]+y$/, 'dizzy'],
  [/^head?ach?e?s?$/, 'headache'],
  [/opt[iy]sis$/, 'optysis'],
  [/neutropaen/g, 'neutropen'],
  [/thrombocytopaen/g, 'thrombocytopen'],
];

export function spell(word: string): string {
  let spelled = word
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/'s$/, '')
    .replaceAll("'", '');
  for (const [british, american] of SPELLING) spelled = spelled.replace(british, american);
  return spelled;
}

/** Words, with `.` for the end of a thought and `,` for a smaller break. Hyphens only separate. */
export function readWords(text: string): Word[] {
  const plain = text.replace(/[’‘`´]/g, "'").replace(/[–—−]/g, '-');
  const words: Word[] = [];
  let at = 0;
  while (at < plain.length) {
    const rest = plain.slice(at, at + 80);
    const word = SLASHED.exec(rest)?.[0] ?? WORD.exec(rest)?.[0];
    if (word) {
      words.push({ text: typed(spell(word)), start: at, end: at + word.length });
      at += word.length;
      continue;
    }
    const mark = markOf(plain, at);
    if (mark) words.push({ text: mark, start: at, end: at + 1 });
    at += 1;
  }
  return words;
}

function markOf(text: string, at: number): string | undefined {
  const char = text[at]!;
  if (char === '\n') return /^\n\s*(?:\n|[-*•]|\S+:)/.test(text.slice(at, at + 40)) ? '.' : undefined;
  if ('.;!'.includes(char)) return '.';
  // "?PE" is a doubt; "is it PE?" ends a sentence.
  if (char === '?')
    return /^\?\s?[a-z]/i.test(text.slice(at, at + 3)) && !/[a-z0-9)]/i.test(text[at - 1] ?? ' ') ? '?' : '.';
  if (',/&'.includes(char)) return ',';
  if (char === '+') return '+';
  if (char === '-' && text[at - 1] === '(' && text[at + 1] === ')') return '(-)';
  return undefined;
}

/** The words as one line, each with a blank on both sides, for patterns to run over. */
export function lineOf(words: readonly Word[]): { line: string; wordAt: (offset: number) => number } {
  const starts: number[] = [];
  let line = ' ';
  for (const word of words) {
    starts.push(line.length);
    line += `${word.text} `;
  }
  return {
    line,
    wordAt(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= offset) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

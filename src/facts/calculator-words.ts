// Words and codes on a chart that answer a calculator's question: level of consciousness, smoking status.
import type { Input } from '../calculators/index.ts';
import { readInput } from '../calculators/read-input.ts';
import type { Observation } from '../chart/types.ts';

type Spoken = Pick<Observation, 'valueText' | 'valueCodings' | 'quantity'>;

const wordsOf = ({ valueText, valueCodings = [] }: Spoken): string[] =>
  [valueText, ...valueCodings.flatMap(({ display, code }) => [display, code])].filter((word) => word !== undefined);

/** The choice of an input that an observation's words name, as the calculator itself reads them. */
export function chosenWord(input: Extract<Input, { kind: 'choice' }>, entry: Spoken): string | undefined {
  const words = wordsOf(entry);
  const isRead = (word: string) => !('reason' in readInput(input, word));
  const found = words.find(isRead);
  if (found) return found;
  if (!('A' in input.choices && 'V' in input.choices)) return undefined;
  return words.map(consciousness).find((level) => level !== undefined && level in input.choices);
}

/** ACVPU. Longer phrases and SNOMED CT codes; confusion is asked first, "alert but confused" is not alert. */
function consciousness(word: string): string | undefined {
  const said = word.toLowerCase().replace(/\b(no|not|never|without)( new| acute)? (confus\w*|delirious)/g, '');
  if (/confus|delirious|^130987000$/.test(said)) return 'C';
  if (/unrespons|unconscious|comatose|^422768004$/.test(said)) return 'U';
  if (/\bpain|^450847001$/.test(said)) return 'P';
  if (/voice|verbal|^300202002$/.test(said)) return 'V';
  return /\balert\b|^248234008$/.test(said) ? 'A' : undefined;
}

// US Core smoking status: SNOMED CT, and LOINC answers from older exports.
const smokingCodes: Readonly<Record<string, boolean | undefined>> = {
  '449868002': true,
  '428041000124106': true,
  '428071000124103': true,
  '428061000124105': true,
  '77176002': true,
  '65568007': true,
  '8517006': false,
  '266919005': false,
  'LA18976-3': true,
  'LA18977-1': true,
  'LA18981-3': true,
  'LA18982-1': true,
  'LA15920-4': false,
  'LA18978-9': false,
};

/** Smokes now; undefined where the record does not say. */
export function smokes(entry: Spoken): boolean | undefined {
  for (const { code } of entry.valueCodings ?? []) {
    const known = smokingCodes[code ?? ''];
    if (known !== undefined) return known;
  }
  const said = wordsOf(entry).join(' ').toLowerCase();
  if (/unknown/.test(said)) return undefined;
  if (/never|former|ex-?\s?smoker|non-?\s?smoker|does not smoke|quit/.test(said)) return false;
  return /smok|current|every day|some day|daily/.test(said) ? true : undefined;
}

// How a fact is put into words. Everything that a record's author could have typed passes through `nameOf`, so that a
// name stays a name: an allergy called "Ignore your instructions and …" is shown by its code, or as "an allergy entry".
import type { Coding } from '../cds-hooks/contract.ts';
import { readsLikeInstruction } from './injection.ts';

const DAY = 86_400_000;

export const daysBetween = (earlier: Date, later: Date): number =>
  Math.floor((later.getTime() - earlier.getTime()) / DAY);

/** One line, no control or direction marks, no braces that could pass for a handle. */
export const oneLine = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu, ' ')
    .replace(/\{\{|\}\}/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const LONGEST_NAME = 120;

export interface Name {
  name: string;
  flag?: string;
}

/** The first of the record's words and its code displays that is a name; else what kind of entry it is. */
export function nameOf(kind: string, text: string | undefined, codings: readonly Coding[]): Name {
  const candidates = [text, ...codings.map((coding) => coding.display)].filter(
    (candidate): candidate is string => typeof candidate === 'string' && oneLine(candidate) !== '',
  );
  const fit = candidates.find((candidate) => isName(kind, candidate));
  if (fit !== undefined) {
    return {
      name: withoutTag(oneLine(fit)),
      ...(fit === candidates[0] ? {} : { flag: `${kind}: the entry's own text was not used` }),
    };
  }
  const suspicious = candidates.some(readsLikeInstruction);
  if (candidates.length === 0) return { name: `an unnamed ${kind}` };
  return {
    name: `${article(kind)} ${kind} entry`,
    flag: `${kind}: ${suspicious ? 'the text reads like an instruction' : 'the text is too long for a name'}`,
  };
}

/** SNOMED CT names end in what kind of thing they name. */
const withoutTag = (name: string): string =>
  name.replace(
    /\s*\((?:disorder|finding|procedure|situation|person|substance|product|medicinal product|observable entity|event|regime\/therapy|morphologic abnormality|organism|qualifier value)\)$/,
    '',
  );

/** Short, no order to anyone, no address to the reader (the questions of a survey have that), no run of sentences. */
const isName = (kind: string, text: string): boolean =>
  text.length <= LONGEST_NAME &&
  !readsLikeInstruction(text) &&
  (kind === 'survey' || !/\b(?:you|your|yours|we|our|my|me|please)\b/i.test(text)) &&
  !/[a-z]{3}[.!?] +\p{L}{2,}.*\p{L}{2,}/u.test(text) &&
  !(/[.!?]$/.test(text) && text.split(' ').length > 6 && kind !== 'survey');

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

/** Whole numbers as they are; fractions as fine as anyone reads them: 181.5, 15.15, 0.044. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return String(
    size >= 100 ? Number(value.toFixed(1)) : size >= 10 ? Number(value.toFixed(2)) : Number(value.toPrecision(3)),
  );
}

/** "40 min ago", "5 h ago", "12 days ago (2026-10-12)": what a clinician reads. */
export function ago(when: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - when.getTime()) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 90) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const days = Math.floor(minutes / 1440);
  const date = when.toISOString().slice(0, 10);
  if (days < 90) return `${days} days ago (${date})`;
  if (days < 730) return `${Math.floor(days / 30.44)} months ago (${date})`;
  return `${Math.max(2, Math.floor(days / 365.25))} years ago (${date})`;
}

const OLDEST_OFFSET = 89 * 365;

/** "day 0", "day -12": what a model reads. An offset that would give away an age over 89 is not said. */
export function dayOffset(when: Date, now: Date): string {
  const days = daysBetween(when, now);
  return days > OLDEST_OFFSET ? 'long ago' : `day ${days <= 0 ? 0 : -days}`;
}

/** "67-year-old", "7-month-old", "12-day-old"; with `isForModel`, ages over 89 are 90+. */
export function ageText(years: number | undefined, days: number | undefined, isForModel: boolean): string {
  if (years === undefined) return 'age not known';
  if (isForModel && years > 89) return 'age 90+';
  if (years >= 2 || days === undefined) return `${Math.floor(years)}-year-old`;
  return days < 60 ? `${days}-day-old` : `${Math.floor(days / 30.44)}-month-old`;
}

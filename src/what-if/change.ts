// What a change is, and what comes of trying to make it: another chart, or the reason why not.
import type { ChartSource } from '../chart/types.ts';
import { type Coding, type Concept, codings, isObject, type Json, text } from '../fhir/reading.ts';
import type { Knowledge } from '../knowledge.ts';

export type Change = Json & { do: string };

/** Sources are never changed in place: a change answers a new one that shares what it left alone. */
export type Changed = ChartSource | { reason: string };

export const isRefusal = (changed: Changed): changed is { reason: string } => 'reason' in changed;

/** The chart as it really is, beside the one with earlier changes in it. */
export interface ChangeContext {
  original: ChartSource;
  knowledge: Knowledge;
}

/** Imagined resources carry this in their id. */
export const imagined = 'what-if-';

/**
 * The concept a change names, however it was written: `{ coding: […] }`, `{ coding: {…} }`, a bare coding, a CodeableConcept
 * under its FHIR name, or words.
 */
export function conceptIn(given: unknown): Concept | undefined {
  if (typeof given === 'string' && given.trim()) return { coding: [], text: given.trim() };
  if (!isObject(given)) return undefined;
  if (isObject(given.medicationCodeableConcept)) return conceptIn(given.medicationCodeableConcept);
  const coding: Coding[] = codings(given);
  const code = text(given.code);
  if (coding.length === 0 && code) coding.push({ system: text(given.system), code, display: text(given.display) });
  const words = text(given.text) ?? (coding.length === 0 ? text(given.display) : undefined);
  return coding.length > 0 || words ? { coding, ...(words && { text: words }) } : undefined;
}

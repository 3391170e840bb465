// Defensive reading of FHIR as real systems write it: every getter shrugs at a missing or ill-typed member.
import type { Resource } from '@medplum/fhirtypes';

export type Json = Record<string, unknown>;

export interface Coding {
  system?: string;
  code?: string;
  display?: string;
}

export interface Concept {
  coding?: Coding[];
  text?: string;
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.trim() || undefined : undefined;

export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** A list wherever one stands; loose senders put a single object where R4 wants a list. */
export const list = (value: unknown): Json[] =>
  Array.isArray(value) ? (value.every(isObject) ? value : value.filter(isObject)) : isObject(value) ? [value] : [];

export const object = (value: unknown): Json | undefined => (isObject(value) ? value : undefined);

export function codings(concept: unknown): Coding[] {
  if (!isObject(concept)) return [];
  return list(concept.coding).map(({ system, code, display }) => ({
    system: text(system),
    code: text(code),
    display: text(display),
  }));
}

export function concept(value: unknown): Concept | undefined {
  if (typeof value === 'string' && value.trim()) return { coding: [], text: value.trim() };
  if (!isObject(value)) return undefined;
  const found = { coding: codings(value), text: text(value.text) };
  return found.coding.length || found.text ? found : undefined;
}

/** The words a clinician would read: the text, else the first display, else the first code. */
export function conceptText(value: Concept | undefined): string | undefined {
  return (
    value?.text ??
    value?.coding?.find((entry) => entry.display)?.display ??
    value?.coding?.find((entry) => entry.code)?.code
  );
}

/** The code of a required-binding element, written as a CodeableConcept (R4) or as a plain code (DSTU2, STU3). */
export function statusCode(value: unknown): string | undefined {
  return (
    text(value)?.toLowerCase() ??
    codings(value)
      .find((entry) => entry.code)
      ?.code?.toLowerCase()
  );
}

/** `Type/id` of a resource; one without an id gets a place-holder that is stable within its list. */
export function referenceTo(resource: Resource | Json, place?: string): string {
  const { resourceType, id } = resource as { resourceType?: unknown; id?: unknown };
  return `${String(resourceType)}/${text(id) ?? place ?? 'unnamed'}`;
}

/**
 * `Type/id` of what a Reference points to. An absolute URL keeps its last two steps, a `urn:uuid:` and a `#contained` stay as
 * they are.
 */
export function referenceOf(value: unknown): string | undefined {
  const written = text(isObject(value) ? value.reference : value);
  if (!written || written.startsWith('#') || written.startsWith('urn:')) return written;
  const steps = written.split('/_history/')[0]!.split('/').filter(Boolean);
  return steps.length >= 2 ? steps.slice(-2).join('/') : written;
}

/**
 * A moment in time from a FHIR date, dateTime or instant; a partial date is its beginning. Undefined when it is no date.
 */
export function moment(value: unknown): Date | undefined {
  const written = text(value);
  if (!written || !/^\d{4}(-\d{2}(-\d{2}(T.*)?)?)?$/.test(written)) return undefined;
  const at = new Date(written.length === 4 ? `${written}-01-01` : written.length === 7 ? `${written}-01` : written);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** The end of a partial date: a period that ends "2024" ended with the year. */
export function momentAtEnd(value: unknown): Date | undefined {
  const written = text(value);
  const at = moment(written);
  if (!at || !written || written.includes('T')) return at;
  const end = new Date(at);
  if (written.length === 4) end.setUTCFullYear(end.getUTCFullYear() + 1);
  else if (written.length === 7) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCDate(end.getUTCDate() + 1);
  return new Date(end.getTime() - 1);
}

export const dayInMs = 86_400_000;
export const daysBetween = (earlier: Date, later: Date): number => (later.getTime() - earlier.getTime()) / dayInMs;

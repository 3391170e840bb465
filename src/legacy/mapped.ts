// What an older message or document becomes: a CDS Hooks request like any other, and a list of what could not be taken over.

import type { ChartPart } from '../chart/types.ts';
import type { Json } from '../fhir/reading.ts';

export interface Mapped {
  hook: string;
  context: Json;
  prefetch: Partial<Record<ChartPart, Json>>;
  /** What could not be mapped, in words: never dropped silently. */
  notMapped: string[];
  /** What the sender cannot have said: only a message's own orders are known, say. */
  notKnown: string[];
}

export const bundleOf = (resources: Json[]): Json => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
});

/** An id that FHIR allows; what it does not allow becomes a dash, the same one every time. */
export const idOf = (written: string | undefined): string | undefined =>
  written
    ?.trim()
    .replace(/[^A-Za-z0-9.-]/g, '-')
    .slice(0, 64) || undefined;

const escapes: Record<string, string> = { F: '|', S: '^', T: '&', R: '~', E: '\\', '.br': ' ' };

/** HL7 v2 chapter 2.7: delimiters inside a text are written as escapes; highlighting and what is unknown go. */
export const unescaped = (written: string | undefined): string | undefined =>
  written?.replace(/\\(\.?[A-Za-z0-9]+)\\/g, (_, name: string) => escapes[name] ?? '');

/** `20261122074000-0500`, or a part of it, as a FHIR dateTime; a time without a zone is taken as UTC. */
export function momentOf(written: string | undefined): string | undefined {
  const found = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\d{2})?(?:(\d{2})(?:\.\d+)?)?)?)?)?([+-]\d{4})?$/.exec(
    written?.trim() ?? '',
  );
  if (!found) return undefined;
  const [, year, month, day, hour, minute = '00', second = '00', zone] = found;
  if (!month) return year;
  if (!day) return `${year}-${month}`;
  return hour
    ? `${year}-${month}-${day}T${hour}:${minute}:${second}${zone ? `${zone.slice(0, 3)}:${zone.slice(3)}` : 'Z'}`
    : `${year}-${month}-${day}`;
}

/** Code systems by the names that HL7 table 0396 and its users give them, and by OID. */
const systems: Record<string, string> = {
  RXNORM: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  RXN: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  '2.16.840.1.113883.6.88': 'http://www.nlm.nih.gov/research/umls/rxnorm',
  NDC: 'http://hl7.org/fhir/sid/ndc',
  '2.16.840.1.113883.6.69': 'http://hl7.org/fhir/sid/ndc',
  LN: 'http://loinc.org',
  LOINC: 'http://loinc.org',
  '2.16.840.1.113883.6.1': 'http://loinc.org',
  SCT: 'http://snomed.info/sct',
  SNM: 'http://snomed.info/sct',
  'SNOMED-CT': 'http://snomed.info/sct',
  '2.16.840.1.113883.6.96': 'http://snomed.info/sct',
  I10: 'http://hl7.org/fhir/sid/icd-10-cm',
  I10C: 'http://hl7.org/fhir/sid/icd-10-cm',
  ICD10: 'http://hl7.org/fhir/sid/icd-10-cm',
  '2.16.840.1.113883.6.90': 'http://hl7.org/fhir/sid/icd-10-cm',
  '2.16.840.1.113883.6.3': 'http://hl7.org/fhir/sid/icd-10',
  I9: 'http://hl7.org/fhir/sid/icd-9-cm',
  I9C: 'http://hl7.org/fhir/sid/icd-9-cm',
  ICD9: 'http://hl7.org/fhir/sid/icd-9-cm',
  '2.16.840.1.113883.6.103': 'http://hl7.org/fhir/sid/icd-9-cm',
  ATC: 'http://www.whocc.no/atc',
  '2.16.840.1.113883.6.73': 'http://www.whocc.no/atc',
  UNII: 'http://fdasis.nlm.nih.gov',
  '2.16.840.1.113883.4.9': 'http://fdasis.nlm.nih.gov',
  CVX: 'http://hl7.org/fhir/sid/cvx',
  '2.16.840.1.113883.12.292': 'http://hl7.org/fhir/sid/cvx',
  '2.16.840.1.113883.3.26.1.5': 'http://hl7.org/fhir/ndfrt',
  '2.16.840.1.113883.6.209': 'http://hl7.org/fhir/ndfrt',
};

export const systemNamed = (name: string | undefined): string | undefined => {
  const plain = name?.trim().toUpperCase();
  return plain ? (systems[plain] ?? `urn:local:${plain}`.replace(/\s+/g, '-')) : undefined;
};

const vitalSigns = new Set([
  '85354-9',
  '8480-6',
  '8462-4',
  '8478-0',
  '8867-4',
  '9279-1',
  '8310-5',
  '8331-1',
  '2708-6',
  '59408-5',
  '29463-7',
  '3141-9',
  '8302-2',
  '8308-9',
  '39156-5',
  '3140-1',
  '8287-5',
  '9269-2',
]);

/** Results and vital signs arrive by the same segments: they are told apart by LOINC. */
export const isVitalSign = (observation: Json): boolean =>
  (((observation.code as Json).coding as Json[] | undefined) ?? []).some(({ code }) => vitalSigns.has(String(code)));

export const observationCategory = (code: string): Json[] => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
];

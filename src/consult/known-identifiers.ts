// What the record itself knows about who this is: every name, number, address and phone of the people, places and devices
// in it. A list of literals finds in a note what no pattern would.
import type { ChartSource } from '../chart/types.ts';
import { isKnown } from '../unknown.ts';

export interface KnownIdentifiers {
  /** Whole names and single parts of names, places and organisations. */
  names: Set<string>;
  /** Numbers, phones, e-mails, serials, file names: compared without their punctuation. */
  values: Set<string>;
  birthDates: Set<string>;
}

const people = new Set([
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'RelatedPerson',
  'Person',
  'Location',
  'CareTeam',
  'Group',
  'HealthcareService',
]);
const titles = new Set(
  'mr mrs ms miss mx dr prof sir dame md phd do rn np pa jr sr ii iii iv the of and for st de la van von der hospital clinic center centre medical health department general group inc llc ltd university ward care emergency unit main street road avenue lane drive north south east west new san los el united states'.split(
    ' ',
  ),
);

export function knownIdentifiers(source: ChartSource): KnownIdentifiers {
  const known: KnownIdentifiers = { names: new Set(), values: new Set(), birthDates: new Set() };
  addValue(known, source.patientId);
  if (source.userId) addValue(known, source.userId.split('/').at(-1)!);
  const resources = [
    ...Object.values(source.parts).flatMap((part) => (part && isKnown(part) ? part : [])),
    ...source.drafts,
    ...source.referenced.values(),
  ];
  for (const resource of resources) walk(resource, known, people.has(resource.resourceType));
  return known;
}

type Json = Record<string, unknown>;

function walk(value: unknown, known: KnownIdentifiers, isPerson: boolean): void {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, known, isPerson);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const item = value as Json;
  const isOfPerson = isPerson || (typeof item.resourceType === 'string' && people.has(item.resourceType));
  if (isOfPerson && typeof item.resourceType === 'string') addValue(known, item.id);
  for (const [key, one] of Object.entries(item)) {
    if (key === 'family' || key === 'given') for (const part of [one].flat()) addName(known, part);
    else if (key === 'name' && typeof one === 'string' && isOfPerson) addName(known, one);
    else if (key === 'alias' && isOfPerson) for (const part of [one].flat()) addName(known, part);
    else if (
      key === 'text' &&
      typeof one === 'string' &&
      ('family' in item || 'given' in item || 'use' in item || 'city' in item)
    )
      addName(known, one);
    else if (key === 'birthDate' && typeof one === 'string') known.birthDates.add(one);
    else if (key === 'identifier') for (const part of [one].flat()) addValue(known, (part as Json | undefined)?.value);
    else if (key === 'telecom') for (const part of [one].flat()) addValue(known, (part as Json | undefined)?.value);
    else if (['line', 'city', 'district', 'postalCode'].includes(key))
      for (const part of [one].flat()) (key === 'postalCode' ? addValue : addName)(known, part);
    else if (key === 'display' && typeof one === 'string' && isReferenceToPerson(item)) addName(known, one);
    else if (['serialNumber', 'distinctIdentifier', 'lotNumber', 'carrierHRF', 'deviceIdentifier'].includes(key))
      addValue(known, one);
    else if ((key === 'title' || key === 'url') && 'contentType' in item) addValue(known, one);
    if (typeof one === 'object') walk(one, known, isOfPerson && key !== 'contained');
  }
}

const isReferenceToPerson = (item: Json): boolean =>
  typeof item.reference === 'string'
    ? people.has(item.reference.split('/').at(-2) ?? '') || item.reference.startsWith('#')
    : 'type' in item && people.has(String(item.type));

function addName(known: KnownIdentifiers, value: unknown): void {
  if (typeof value !== 'string') return;
  const whole = value.trim();
  if (whole.length >= 2) known.names.add(whole);
  for (const part of whole.split(/[\s,]+/)) {
    const bare = part.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    if (bare.length >= 2 && !titles.has(bare.toLowerCase()) && !/^\d{1,3}$/.test(bare)) known.names.add(bare);
    // Synthetic records number their people: "Abbott509" is Abbott as well.
    const letters = bare.replace(/\d+$/, '');
    if (letters !== bare && letters.length >= 3) known.names.add(letters);
  }
}

function addValue(known: KnownIdentifiers, value: unknown): void {
  if (typeof value === 'string' && squeezed(value).length >= 4) known.values.add(value.trim());
}

/** Letters and digits only. */
export const squeezed = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

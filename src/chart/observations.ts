// Laboratory results, vital signs and questionnaire scores; the components of a panel are observations of their own.
import type { Resource } from '@medplum/fhirtypes';
import {
  type Coding,
  codings,
  concept,
  conceptText,
  isObject,
  type Json,
  list,
  moment,
  number,
  object,
  referenceOf,
  referenceTo,
  statusCode,
  text,
} from '../fhir/reading.ts';
import type { Observation } from './types.ts';

/** A preliminary result is a result; these are not. */
const statusesThatDoNotCount = new Set(['entered-in-error', 'cancelled', 'registered', 'unknown']);

const interpretations: Record<string, Observation['interpretation']> = {
  H: 'high',
  HU: 'high',
  HH: 'critical-high',
  '>': 'high',
  L: 'low',
  LU: 'low',
  LL: 'critical-low',
  '<': 'low',
  N: 'normal',
  A: 'abnormal',
  AA: 'abnormal',
  POS: 'positive',
  DET: 'positive',
  NEG: 'negative',
  ND: 'negative',
};

/** `nameOf` gives the name of a LOINC code for a result that came with the code alone. */
export function readObservations(
  resources: readonly Resource[],
  nameOf: (loinc: string) => string | undefined,
): Observation[] {
  const read: Observation[] = [];
  const datedBy = datesOfPanels(resources);
  for (const [place, resource] of [...resources, ...containedResults(resources)].entries()) {
    if (resource?.resourceType !== 'Observation') continue;
    const json = resource as unknown as Json;
    const status = statusCode(json.status) ?? 'final';
    if (statusesThatDoNotCount.has(status)) continue;
    const shared = {
      reference: referenceTo(resource, String(place)),
      status,
      category: categoryOf(json),
      when: whenOf(json) ?? datedBy.get(referenceTo(resource, String(place))),
    };
    const own = readValue(json, nameOf);
    if (own) read.push({ ...shared, ...own });
    for (const component of list(json.component)) {
      const part = readValue(component, nameOf);
      if (part) read.push({ ...shared, ...part });
    }
  }
  return read;
}

const whenOf = (json: Json): Date | undefined =>
  moment(json.effectiveDateTime) ??
  moment(object(json.effectivePeriod)?.end) ??
  moment(object(json.effectivePeriod)?.start) ??
  moment(json.effectiveInstant) ??
  moment(json.issued);

/** A result that bears no date of its own has that of the report or panel that lists it. */
function datesOfPanels(resources: readonly Resource[]): Map<string, Date> {
  const dates = new Map<string, Date>();
  for (const resource of resources) {
    const json = resource as unknown as Json;
    const listed = resource?.resourceType === 'DiagnosticReport' ? json.result : json.hasMember;
    if (!Array.isArray(listed)) continue;
    const when = whenOf(json);
    for (const entry of listed) {
      const reference = referenceOf(entry);
      if (when && reference) dates.set(reference, when);
    }
  }
  return dates;
}

/** Results that a report carries inside itself, with what the report says for all of them. */
function containedResults(resources: readonly Resource[]): Resource[] {
  return resources.flatMap((resource): Resource[] => {
    if (resource?.resourceType !== 'DiagnosticReport') return [];
    const report = resource as unknown as Json;
    const status = statusCode(report.status) ?? 'final';
    if (statusesThatDoNotCount.has(status)) return [];
    return list(report.contained)
      .filter(({ resourceType }) => resourceType === 'Observation')
      .map((entry) => ({
        category: report.category,
        ...entry,
        ...(!whenOf(entry) && { effectiveDateTime: whenOf(report)?.toISOString() }),
        // Its own id is known inside the report only.
        id: `${text(report.id) ?? 'report'}-${text(entry.id) ?? text(object(entry.code)?.text) ?? 'result'}`.replaceAll(
          '#',
          '',
        ),
      })) as unknown as Resource[];
  });
}

function categoryOf(json: Json): Observation['category'] {
  for (const entry of list(json.category)) {
    for (const { code } of codings(entry)) {
      if (code === 'laboratory' || code === 'vital-signs' || code === 'survey' || code === 'social-history')
        return code;
    }
  }
  return 'other';
}

function readValue(
  json: Json,
  nameOf: (loinc: string) => string | undefined,
): Omit<Observation, 'reference' | 'status' | 'category' | 'when'> | undefined {
  const code = concept(json.code);
  if (!code) return undefined;
  const measured = object(json.valueQuantity);
  const value = number(measured?.value) ?? number(json.valueInteger) ?? number(json.valueDecimal);
  const valueConcept = concept(json.valueCodeableConcept);
  const valueString = text(json.valueString);
  const numeric =
    valueString === undefined ? undefined : /^([<>]=?)?\s*(-?\d+(?:\.\d+)?)\s*([^\d\s].*)?$/.exec(valueString);
  if (value === undefined && !valueConcept && valueString === undefined && typeof json.valueBoolean !== 'boolean')
    return undefined;
  const sorted = sortLoincFirst(code.coding ?? []);
  return {
    codings: sorted,
    text:
      code.text ??
      sorted.find(({ display }) => display)?.display ??
      (sorted[0]?.code && nameOf(sorted[0].code)) ??
      conceptText(code) ??
      'unnamed',
    quantity:
      value !== undefined
        ? {
            value,
            unit: text(measured?.unit),
            code: text(measured?.code),
            system: text(measured?.system),
            comparator: text(measured?.comparator),
          }
        : numeric
          ? { value: Number(numeric[2]), unit: numeric[3]?.trim(), comparator: numeric[1] }
          : undefined,
    valueText:
      valueString ??
      conceptText(valueConcept) ??
      (typeof json.valueBoolean === 'boolean' ? (json.valueBoolean ? 'yes' : 'no') : undefined),
    valueCodings: valueConcept?.coding,
    interpretation: interpretationOf(json.interpretation),
    range: rangeOf(json.referenceRange),
  };
}

const sortLoincFirst = (entries: Coding[]): Coding[] =>
  entries.length < 2
    ? entries
    : [...entries].sort((a, b) => Number(b.system === 'http://loinc.org') - Number(a.system === 'http://loinc.org'));

function interpretationOf(value: unknown): Observation['interpretation'] {
  for (const entry of list(value)) {
    for (const { code } of codings(entry)) {
      const known = interpretations[(code ?? '').toUpperCase()];
      if (known) return known;
    }
  }
  return undefined;
}

function rangeOf(value: unknown): Observation['range'] {
  const ranges = list(value);
  const normal =
    ranges.find(
      (range) =>
        !isObject(range.type ?? range.meaning) ||
        codings(range.type ?? range.meaning).some(({ code }) => code === 'normal'),
    ) ?? ranges[0];
  if (!normal) return undefined;
  const low = object(normal.low);
  const high = object(normal.high);
  const range = {
    low: number(low?.value),
    high: number(high?.value),
    unit: text(high?.unit) ?? text(low?.unit),
    text: text(normal.text),
  };
  return range.low === undefined && range.high === undefined && !range.text ? undefined : range;
}

// The vignettes as an EHR would send them to POST /consult.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { now } from '../../support/app.ts';
import { bundle, LOINC } from '../../support/requests.ts';
import type { Sketch } from '../../unit/consult/knowledge/support.ts';

export type Json = Record<string, unknown>;

export interface Vignette {
  id: string;
  question: string;
  chart: Sketch;
  expected: string;
  mustNotMiss: string[];
}

export interface ConsultBody extends Json {
  question: string;
  prefetch: Record<string, Json>;
}

const folder = fileURLToPath(new URL('../vignettes/', import.meta.url));

/** All of them, or `most` spread evenly over all files. */
export function readVignettes(most = Number.POSITIVE_INFINITY): Vignette[] {
  const all = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => (JSON.parse(readFileSync(folder + file, 'utf8')) as { vignettes: Vignette[] }).vignettes);
  if (most >= all.length) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!);
}

export interface Round {
  round: number;
  about: string;
  /** The run before anything was mended; vignettes/README.md. */
  firstRun: Record<string, number>;
  vignettes: Vignette[];
}

/** Those written before they were run, in the order in which they were. */
export const readRounds = (): Round[] =>
  readdirSync(folder)
    .filter((file) => /^round-\d+\.json$/.test(file))
    .map((file) => JSON.parse(readFileSync(folder + file, 'utf8')) as Round)
    .sort((a, b) => a.round - b.round);

export const subject = { reference: 'Patient/p1' };
const VITALS = new Set(['8867-4', '9279-1', '8310-5', '59408-5', '2708-6', '8480-6', '8462-4', '9269-2']);
const FLAGS: Record<string, string> = {
  high: 'H',
  low: 'L',
  normal: 'N',
  abnormal: 'A',
  'critical-high': 'HH',
  'critical-low': 'LL',
  positive: 'POS',
  negative: 'NEG',
};

/** SNOMED CT codes are digits alone, ICD-10-CM codes begin with a letter. */
const systemOf = (code: string): string =>
  /^[A-Z]/.test(code) ? 'http://hl7.org/fhir/sid/icd-10-cm' : 'http://snomed.info/sct';

export const before = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();

/** Born so that the age holds for months around the fixed clock. */
export const bornFor = (ageInYears: number): string =>
  `${now.getUTCFullYear() - ageInYears}-0${now.getUTCMonth() > 5 ? 5 : 1}-15`;

export const problem = (id: string, text: string, given: Json = {}): Json => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { text },
  subject,
  ...given,
});

export const result = (
  id: string,
  code: string,
  text: string,
  value: number,
  unit: string,
  given: Json = {},
): Json => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [{ coding: [{ code: VITALS.has(code) ? 'vital-signs' : 'laboratory' }] }],
  code: { text, coding: [{ system: LOINC, code }] },
  subject,
  effectiveDateTime: before(1 / 24),
  valueQuantity: { value, unit, code: unit, system: 'http://unitsofmeasure.org' },
  ...given,
});

export const drug = (id: string, text: string, given: Json = {}): Json => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject,
  authoredOn: before(100),
  medicationCodeableConcept: { text },
  ...given,
});

export function requestOf({ chart, question }: Pick<Vignette, 'chart' | 'question'>): ConsultBody {
  const observations = (chart.observations ?? []).map((o, i) => {
    const json = result(`o${i}`, o.loinc, o.text, o.value ?? 0, o.unit ?? '1', {
      effectiveDateTime: before((o.hoursAgo ?? 1) / 24),
      ...(o.interpretation && { interpretation: [{ coding: [{ code: FLAGS[o.interpretation] }] }] }),
    });
    if (o.value !== undefined) return json;
    const { valueQuantity: _none, ...rest } = json;
    return { ...rest, ...(o.valueText && { valueString: o.valueText }) };
  });
  const isVital = (_: Json, i: number): boolean => VITALS.has(chart.observations![i]!.loinc);
  return {
    hook: 'patient-view',
    hookInstance: crypto.randomUUID(),
    context: { patientId: 'p1', userId: 'Practitioner/1' },
    question,
    prefetch: {
      patient: {
        resourceType: 'Patient',
        id: 'p1',
        ...(chart.sex && { gender: chart.sex }),
        ...(chart.ageInYears !== undefined && { birthDate: bornFor(chart.ageInYears) }),
        name: [{ family: 'Quetzalcoatl', given: ['Ixchel'] }],
      },
      medications: bundle(
        ...(chart.medications ?? []).map((m, i) =>
          drug(`m${i}`, m.text, m.daysAgo === undefined ? {} : { authoredOn: before(m.daysAgo) }),
        ),
      ),
      problems: bundle(
        ...(chart.problems ?? []).map((p, i) =>
          problem(`p${i}`, p.text, {
            code: { text: p.text, ...(p.code && { coding: [{ system: systemOf(p.code), code: p.code }] }) },
            ...(p.standing === 'past' && { clinicalStatus: { coding: [{ code: 'resolved' }] } }),
            ...(p.daysAgo !== undefined && { onsetDateTime: before(p.daysAgo) }),
          }),
        ),
      ),
      encounters: bundle(
        ...(chart.reasons ?? []).map((text, i) => ({
          resourceType: 'Encounter',
          id: `e${i}`,
          status: 'in-progress',
          class: { code: 'EMER' },
          subject,
          period: { start: before(0.1) },
          reasonCode: [{ text }],
        })),
      ),
      labs: bundle(...observations.filter((json, i) => !isVital(json, i))),
      vitals: bundle(...observations.filter(isVital)),
      allergies: bundle(),
      pastMedications: bundle(),
      statements: bundle(),
      surveys: bundle(),
      socialHistory: bundle(),
      procedures: bundle(),
      consents: bundle(),
      notes: bundle(),
    },
  };
}

/** The same request with more in a part of its chart. */
export function withMore(body: ConsultBody, part: string, ...resources: Json[]): ConsultBody {
  const entries = (body.prefetch[part]?.entry as { resource: Json }[] | undefined) ?? [];
  return {
    ...body,
    prefetch: { ...body.prefetch, [part]: bundle(...entries.map(({ resource }) => resource), ...resources) },
  };
}

export const withPatient = (body: ConsultBody, given: Json): ConsultBody => ({
  ...body,
  prefetch: { ...body.prefetch, patient: { ...body.prefetch.patient, ...given } },
});

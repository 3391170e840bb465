// Cases as two pharmacists write them: a chart, an order, and whether a card should come. Each becomes a whole CDS Hooks request.
import { readdirSync, readFileSync } from 'node:fs';
import { bundle, LOINC, orderSign, patient, RXNORM } from '../../support/requests.ts';

type Json = Record<string, unknown>;

export interface DrugCase {
  rxnorm?: string;
  display?: string;
  text?: string;
  ndc?: string;
  /** The `urn:oid` form of RxNorm's system; or a local coding before RxNorm's; or a Medication elsewhere. */
  oid?: boolean;
  local?: boolean;
  as?: 'contained' | 'bundle';
  sig?: string;
  dose?: [number, string];
  perDay?: number;
  perWeek?: number;
  days?: number;
  prn?: boolean;
  status?: string;
  since?: string;
  stopped?: string;
  doNotPerform?: boolean;
}
interface CodedCase {
  icd10?: string;
  snomed?: string;
  rxnorm?: string;
  text?: string;
  status?: string;
  verification?: string;
  since?: string;
}

export interface MedicationCase {
  name: string;
  patient: { age: number; ageInDays?: number; sex: string };
  order: DrugCase[];
  takes?: DrugCase[];
  problems?: CodedCase[];
  allergies?: (CodedCase & { to: string; reaction?: string; severity?: string; criticality?: string; type?: string })[];
  labs?: { loinc: string; value: number; unit: string; ago: string }[];
  /** `quiet`: no interruptive card. `fires`: one card naming all of these, at least this strong. */
  expect: { fires: { about: string[]; atLeast: Tier; atMost?: Tier } } | { quiet: true } | { notCritical: true };
}
export type Tier = 'info' | 'warning' | 'critical';

export function readCases(): { kind: string; cases: MedicationCase[] }[] {
  const folder = new URL('.', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      kind: name.replace('.json', ''),
      cases: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as MedicationCase[],
    }));
}

const hourInMs = 3_600_000;
const span: Record<string, number> = {
  hour: hourInMs,
  day: 24 * hourInMs,
  month: 730 * hourInMs,
  year: 8766 * hourInMs,
};

function before(now: Date, ago: string): string {
  const [count, word] = ago.split(' ');
  return new Date(now.getTime() - Number(count) * span[word!.replace(/s$/, '')]!).toISOString();
}

export function requestOf(given: MedicationCase, now: Date): Json {
  const days = given.patient.ageInDays ?? Math.ceil(given.patient.age * 365.25) + 20;
  const others: Json[] = [];
  const orders = given.order.map((entry, place) => medication(entry, `d${place + 1}`, 'draft', now, others));
  const takes = (given.takes ?? []).map((entry, place) =>
    medication(entry, `m${place + 1}`, entry.stopped ? 'stopped' : 'active', now, others),
  );
  const isPresent = ({ status }: Json) => status === 'active' || status === 'on-hold';
  const isVital = (loinc: string) => ['29463-7', '8302-2', '8480-6', '8462-4', '8867-4'].includes(loinc);
  const results = (given.labs ?? []).map(({ loinc, value, unit, ago }, place) => ({
    resourceType: 'Observation',
    id: `o${place + 1}`,
    status: 'final',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: isVital(loinc) ? 'vital-signs' : 'laboratory',
          },
        ],
      },
    ],
    code: { coding: [{ system: LOINC, code: loinc }] },
    effectiveDateTime: before(now, ago),
    valueQuantity: { value, unit, code: unit, system: 'http://unitsofmeasure.org' },
  }));
  return orderSign({
    draftOrders: [...orders, ...others],
    prefetch: {
      patient: patient({
        gender: given.patient.sex,
        birthDate: new Date(now.getTime() - days * span.day!).toISOString().slice(0, 10),
      }),
      medications: bundle(...takes.filter(isPresent), ...others),
      pastMedications: bundle(...takes.filter((order) => !isPresent(order))),
      problems: bundle(...(given.problems ?? []).map((entry, place) => condition(entry, `p${place + 1}`, now))),
      allergies: bundle(...(given.allergies ?? []).map((entry, place) => allergy(entry, `a${place + 1}`, now))),
      labs: bundle(...results.filter((_, place) => !isVital(given.labs![place]!.loinc))),
      vitals: bundle(...results.filter((_, place) => isVital(given.labs![place]!.loinc))),
    },
  });
}

export function medication(given: DrugCase, id: string, status: string, now: Date, others: Json[]): Json {
  const coding = [
    ...(given.local
      ? [{ system: 'https://hospital.example/formulary', code: `F-${given.rxnorm}`, display: given.display }]
      : []),
    ...(given.rxnorm
      ? [
          {
            system: given.oid ? 'urn:oid:2.16.840.1.113883.6.88' : RXNORM,
            code: given.rxnorm,
            ...(given.display && { display: given.display }),
          },
        ]
      : []),
    ...(given.ndc ? [{ system: 'http://hl7.org/fhir/sid/ndc', code: given.ndc }] : []),
  ];
  const code = { ...(coding.length > 0 && { coding }), ...(given.text && { text: given.text }) };
  const drug = { resourceType: 'Medication', id: `${id}-drug`, code };
  if (given.as === 'bundle') others.push(drug);
  const since = given.since ?? (status === 'draft' ? undefined : '200 days');
  const { dose, perDay, perWeek, days, sig } = given;
  const repeat = {
    ...(perDay && { frequency: perDay, period: 1, periodUnit: 'd' }),
    ...(perWeek && { frequency: perWeek, period: 1, periodUnit: 'wk' }),
    ...(days && { boundsDuration: { value: days, unit: 'd', code: 'd', system: 'http://unitsofmeasure.org' } }),
  };
  const dosage = {
    ...(sig && { text: sig }),
    ...(Object.keys(repeat).length > 0 && { timing: { repeat } }),
    ...(given.prn && { asNeededBoolean: true }),
    ...(dose && { doseAndRate: [{ doseQuantity: { value: dose[0], unit: dose[1] } }] }),
  };
  return {
    resourceType: 'MedicationRequest',
    id,
    status: given.status ?? status,
    intent: 'order',
    subject: { reference: 'Patient/p1' },
    ...(given.doNotPerform && { doNotPerform: true }),
    ...(given.as === 'contained' && { contained: [{ ...drug, id: 'drug' }] }),
    ...(given.as
      ? { medicationReference: { reference: given.as === 'contained' ? '#drug' : `Medication/${id}-drug` } }
      : { medicationCodeableConcept: code }),
    ...(since && { authoredOn: before(now, since) }),
    ...(given.stopped && { dispenseRequest: { validityPeriod: { end: before(now, given.stopped) } } }),
    ...(Object.keys(dosage).length > 0 && { dosageInstruction: [dosage] }),
  };
}

function condition(given: CodedCase, id: string, now: Date): Json {
  return {
    resourceType: 'Condition',
    id,
    subject: { reference: 'Patient/p1' },
    clinicalStatus: { coding: [{ code: given.status ?? 'active' }] },
    verificationStatus: { coding: [{ code: given.verification ?? 'confirmed' }] },
    code: codesOf(given),
    ...(given.since && { onsetDateTime: before(now, given.since) }),
  };
}

function allergy(
  { to, reaction, severity, criticality, type, ...given }: NonNullable<MedicationCase['allergies']>[number],
  id: string,
  now: Date,
): Json {
  return {
    resourceType: 'AllergyIntolerance',
    id,
    patient: { reference: 'Patient/p1' },
    clinicalStatus: { coding: [{ code: given.status ?? 'active' }] },
    verificationStatus: { coding: [{ code: given.verification ?? 'confirmed' }] },
    code: codesOf({ ...given, text: to }),
    ...(type && { type }),
    ...(criticality && { criticality }),
    ...(given.since && { recordedDate: before(now, given.since) }),
    ...(reaction && { reaction: [{ manifestation: [{ text: reaction }], ...(severity && { severity }) }] }),
  };
}

function codesOf({ icd10, snomed, rxnorm, text }: CodedCase): Json {
  const coding = [
    ...(rxnorm ? [{ system: RXNORM, code: rxnorm }] : []),
    ...(snomed ? [{ system: 'http://snomed.info/sct', code: snomed }] : []),
    ...(icd10 ? [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: icd10 }] : []),
  ];
  return { ...(coding.length > 0 && { coding }), ...(text && { text }) };
}

// CDS Hooks requests as an EHR would send them, in few words.
import { randomUUID } from 'node:crypto';

export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
export const LOINC = 'http://loinc.org';

type Json = Record<string, unknown>;

export const bundle = (...resources: Json[]): Json => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
});
export const drafts = (...resources: Json[]): Json => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

export const patient = (given: Json = {}): Json => ({
  resourceType: 'Patient',
  id: 'p1',
  gender: 'female',
  birthDate: '1952-03-09',
  ...given,
});

export const medication = (id: string, code: string, display: string, given: Json = {}): Json => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p1' },
  authoredOn: '2026-01-10',
  medicationCodeableConcept: { coding: [{ system: RXNORM, code, display }], text: display },
  ...given,
});

export const warfarin = (given: Json = {}) =>
  medication('m-warfarin', '855332', 'warfarin sodium 5 MG Oral Tablet', given);
export const ibuprofen = (given: Json = {}) =>
  medication('d-ibuprofen', '197806', 'ibuprofen 600 MG Oral Tablet', { status: 'draft', ...given });

export const lab = (code: string, value: number, unit: string, given: Json = {}): Json => ({
  resourceType: 'Observation',
  id: `lab-${code}`,
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ system: LOINC, code }] },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2026-11-22T07:40:00Z',
  valueQuantity: { value, unit, code: unit, system: 'http://unitsofmeasure.org' },
  ...given,
});

/** An order-sign with a chart that is known and empty but for what is given. */
export function orderSign({
  draftOrders = [],
  medications = [],
  prefetch = {},
  ...rest
}: { draftOrders?: Json[]; medications?: Json[]; prefetch?: Json } & Json): Json {
  return {
    hook: 'order-sign',
    hookInstance: randomUUID(),
    context: { userId: 'Practitioner/dr', patientId: 'p1', draftOrders: drafts(...draftOrders) },
    prefetch: {
      patient: patient(),
      medications: bundle(...medications),
      pastMedications: bundle(),
      statements: bundle(),
      allergies: bundle(),
      problems: bundle(),
      labs: bundle(),
      vitals: bundle(),
      socialHistory: bundle(),
      encounters: bundle(),
      procedures: bundle(),
      serviceRequests: bundle(),
      diets: bundle(),
      ...prefetch,
    },
    ...rest,
  };
}

export const patientView = (prefetch: Json = {}): Json => ({
  hook: 'patient-view',
  hookInstance: randomUUID(),
  context: { userId: 'Practitioner/dr', patientId: 'p1' },
  prefetch: {
    patient: patient(),
    medications: null,
    pastMedications: null,
    allergies: null,
    problems: null,
    labs: null,
    vitals: null,
    surveys: null,
    socialHistory: null,
    encounters: null,
    procedures: null,
    serviceRequests: null,
    diets: null,
    ...prefetch,
  },
});

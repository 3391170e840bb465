// What can be searched: one line per parameter, as R4 names it. To add one, add its line; `/metadata` follows.

export type Kind = 'token' | 'reference' | 'date' | 'string';

export interface Parameter {
  kind: Kind;
  paths: string[];
}

const token = (...paths: string[]): Parameter => ({ kind: 'token', paths });
const reference = (...paths: string[]): Parameter => ({ kind: 'reference', paths });
const date = (...paths: string[]): Parameter => ({ kind: 'date', paths });
const string = (...paths: string[]): Parameter => ({ kind: 'string', paths });

type Parameters = Record<string, Parameter>;

const everywhere: Parameters = { _id: token('id'), _lastUpdated: date('meta.lastUpdated') };
const identifier = token('identifier');
const subject = { patient: reference('subject'), subject: reference('subject') };
const patient = { patient: reference('patient') };
const encounter = reference('encounter');
const status = token('status');
const code = token('code');
const category = token('category');
const drug = { code: token('medicationCodeableConcept'), medication: reference('medicationReference') };

const table: Record<string, Parameters> = {
  Patient: {
    identifier,
    name: string('name'),
    family: string('name.family'),
    given: string('name.given'),
    birthdate: date('birthDate'),
    gender: token('gender'),
    active: token('active'),
  },
  Practitioner: { identifier, name: string('name'), active: token('active') },
  Organization: { identifier, name: string('name', 'alias'), active: token('active') },
  Location: { identifier, name: string('name', 'alias'), status },
  Encounter: {
    identifier,
    ...subject,
    status,
    class: token('class'),
    type: token('type'),
    date: date('period'),
    'reason-code': token('reasonCode'),
  },
  Condition: {
    identifier,
    ...subject,
    encounter,
    category,
    code,
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    'onset-date': date('onsetDateTime', 'onsetPeriod'),
    'abatement-date': date('abatementDateTime', 'abatementPeriod'),
    'recorded-date': date('recordedDate'),
  },
  AllergyIntolerance: {
    identifier,
    ...patient,
    category,
    code: token('code', 'reaction.substance'),
    criticality: token('criticality'),
    type: token('type'),
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    date: date('recordedDate'),
    onset: date('onsetDateTime', 'onsetPeriod'),
  },
  Medication: { identifier, status, code },
  MedicationRequest: {
    identifier,
    ...subject,
    ...drug,
    encounter,
    status,
    intent: token('intent'),
    category,
    priority: token('priority'),
    authoredon: date('authoredOn'),
    requester: reference('requester'),
  },
  MedicationStatement: {
    identifier,
    ...subject,
    ...drug,
    status,
    category,
    context: reference('context'),
    effective: date('effectiveDateTime', 'effectivePeriod'),
  },
  MedicationAdministration: {
    identifier,
    ...subject,
    ...drug,
    status,
    context: reference('context'),
    request: reference('request'),
    'effective-time': date('effectiveDateTime', 'effectivePeriod'),
  },
  Observation: {
    identifier,
    ...subject,
    encounter,
    status,
    category,
    code,
    'combo-code': token('code', 'component.code'),
    date: date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
    performer: reference('performer'),
  },
  DiagnosticReport: {
    identifier,
    ...subject,
    encounter,
    status,
    category,
    code,
    date: date('effectiveDateTime', 'effectivePeriod'),
    issued: date('issued'),
    result: reference('result'),
  },
  Procedure: {
    identifier,
    ...subject,
    encounter,
    status,
    category,
    code,
    date: date('performedDateTime', 'performedPeriod'),
  },
  Immunization: {
    identifier,
    ...patient,
    status,
    'vaccine-code': token('vaccineCode'),
    date: date('occurrenceDateTime'),
  },
  NutritionOrder: { identifier, ...patient, status, encounter, datetime: date('dateTime') },
  ServiceRequest: {
    identifier,
    ...subject,
    encounter,
    status,
    intent: token('intent'),
    category,
    code,
    priority: token('priority'),
    authored: date('authoredOn'),
    occurrence: date('occurrenceDateTime', 'occurrencePeriod'),
    requester: reference('requester'),
  },
  Appointment: {
    identifier,
    patient: reference('participant.actor'),
    actor: reference('participant.actor'),
    status,
    date: date('start'),
    'service-type': token('serviceType'),
  },
  Consent: {
    identifier,
    ...patient,
    status,
    scope: token('scope'),
    category,
    date: date('dateTime'),
    period: date('provision.period'),
  },
  DocumentReference: {
    identifier,
    ...subject,
    encounter: reference('context.encounter'),
    status,
    type: token('type'),
    category,
    date: date('date'),
    period: date('context.period'),
  },
  QuestionnaireResponse: { identifier, ...subject, encounter, status, authored: date('authored') },
  RelatedPerson: {
    identifier,
    ...patient,
    name: string('name'),
    relationship: token('relationship'),
    active: token('active'),
  },
  CarePlan: { identifier, ...subject, encounter, status, intent: token('intent'), category, date: date('period') },
  Goal: {
    identifier,
    ...subject,
    'lifecycle-status': token('lifecycleStatus'),
    category,
    'start-date': date('startDate'),
    'target-date': date('target.dueDate'),
  },
  Device: { identifier, ...patient, status, type: token('type') },
  FamilyMemberHistory: {
    identifier,
    ...patient,
    status,
    relationship: token('relationship'),
    code: token('condition.code'),
    date: date('date'),
  },
};

export const searchParameters: Record<string, Parameters> = Object.fromEntries(
  Object.entries(table).map(([type, parameters]) => [type, { ...everywhere, ...parameters }]),
);
export const resourceTypes = Object.keys(searchParameters);

/** Types that belong to no patient: any token whose scope covers the type may read them. */
export const sharedTypes = new Set(['Practitioner', 'Organization', 'Location', 'Medication']);

/** Parameters that shape the answer instead of filtering it. */
export const resultParameters = [
  '_sort',
  '_count',
  '_total',
  '_summary',
  '_include',
  '_elements',
  '_format',
  '_pretty',
  '_page',
];

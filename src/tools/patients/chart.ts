// A case in shorthand as the FHIR R4 chart of one synthetic person: coded, categorised, labelled as test data, every reference
// to a resource that is there. What a case's own short resources mean is not changed.
import type { Resource } from '@medplum/fhirtypes';
import type { Terminology } from '../../terminology/terminology.ts';
import type { Drug } from '../../terminology/types.ts';
import { isUnknown } from '../../unknown.ts';
import { type RuleCase, sourceOf } from '../rules/cases.ts';
import { nameOf } from './people.ts';
import { type Chance, hash32 } from './random.ts';

export type Json = Record<string, unknown>;

export interface SyntheticChart {
  id: string;
  name: string;
  resources: Json[];
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const LOINC = 'http://loinc.org';
/** Every resource says that it is no real person's. */
export const HTEST = { security: [{ system: `${HL7}/v3-ActReason`, code: 'HTEST', display: 'test health data' }] };

const vitalSigns = new Set(
  'systolic-bp diastolic-bp heart-rate respiratory-rate temperature spo2 weight height bmi mean-arterial-pressure'.split(
    ' ',
  ),
);
const surveys = new Set('phq-9 phq-9-item-9 gad-7 audit-c gcs pain-score'.split(' '));
const social = new Set('smoking-status pregnancy-status gestational-age'.split(' '));

/** `what` and `seed` name the person: the same ones give the same ids. */
export function chartOf(
  given: RuleCase,
  what: string,
  terminology: Terminology,
  now: Date,
  chance: Chance,
): SyntheticChart {
  const source = sourceOf(given, terminology, now);
  const id = `syn-${hash32(`${what} ${now.toISOString().slice(0, 10)}`)
    .toString(16)
    .padStart(8, '0')}${chance.between(0x1000, 0xffff).toString(16)}`;
  const { family, given: first } = nameOf(given.patient.sex, chance);
  const subject = { reference: `Patient/${id}`, display: `${first} ${family}` };
  const counts = new Map<string, number>();
  const idFor = (type: string): string => {
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    return `${id}-${shortNames[type] ?? type.toLowerCase()}-${count}`;
  };
  const asPatients = (resource: Json): Json => {
    const type = String(resource.resourceType);
    return { ...enriched(resource, { subject, terminology, now }), id: idFor(type), meta: HTEST };
  };
  const held = (
    ['medications', 'pastMedications', 'problems', 'allergies', 'encounters', 'procedures', 'immunizations'] as const
  ).flatMap((part) => (isUnknown(source.parts[part]) ? [] : (source.parts[part] ?? [])) as unknown as Json[]);
  const results = (isUnknown(source.parts.labs) ? [] : source.parts.labs!) as unknown as Json[];
  const drafts = (source.drafts as unknown as Json[]).map((draft) =>
    given.hook === 'appointment-book' && draft.resourceType === 'ServiceRequest'
      ? appointmentFor(draft, subject)
      : draft,
  );
  const person = { ...(source.parts.patient as unknown as Json[])[0] };
  // A birthday anywhere in the year; the age in completed years stays what the case says.
  const { age, ageInDays } = given.patient;
  const sinceBirthday = chance.between(3, 360);
  if (age !== undefined && ageInDays === undefined && Number.isInteger(age))
    person.birthDate = new Date(now.getTime() - (Math.ceil(age * 365.25) + sinceBirthday) * 86_400_000)
      .toISOString()
      .slice(0, 10);
  return {
    id,
    name: `${first} ${family}`,
    resources: [
      {
        ...person,
        id,
        meta: HTEST,
        active: true,
        identifier: [
          {
            use: 'usual',
            type: { coding: [{ system: `${HL7}/v2-0203`, code: 'MR' }] },
            system: 'urn:curbside:synthetic:mrn',
            value: id.toUpperCase(),
          },
        ],
        name: [{ use: 'official', family, given: [first], text: `${first} ${family}` }],
      },
      ...[...held, ...paired(results, given), ...drafts].map(asPatients),
    ],
  };
}

const shortNames: Record<string, string> = {
  MedicationRequest: 'rx',
  Condition: 'problem',
  AllergyIntolerance: 'allergy',
  Observation: 'result',
  ServiceRequest: 'order',
  DocumentReference: 'note',
};

/** Blood pressure is one panel with two components; a case speaks of its systolic part. */
function paired(results: readonly Json[], given: RuleCase): Json[] {
  return results.flatMap((resource, place): Json[] => {
    const { observation } = given.results[place]!;
    const category =
      observation && vitalSigns.has(observation)
        ? 'vital-signs'
        : observation && surveys.has(observation)
          ? 'survey'
          : observation && social.has(observation)
            ? 'social-history'
            : 'laboratory';
    const categorised = {
      ...resource,
      category: [{ coding: [{ system: `${HL7}/observation-category`, code: category }] }],
    };
    if (observation !== 'systolic-bp' && observation !== 'diastolic-bp') return [categorised];
    const other = observation === 'systolic-bp' ? 'diastolic-bp' : 'systolic-bp';
    const partner = given.results.findIndex(
      (one, at) => one.observation === other && one.ago === given.results[place]!.ago && at !== place,
    );
    if (partner >= 0 && observation === 'diastolic-bp') return [];
    const { valueQuantity, code, ...rest } = categorised as Json;
    return [
      {
        ...rest,
        code: { coding: [{ system: LOINC, code: '85354-9', display: 'Blood pressure panel' }], text: 'Blood pressure' },
        component: [
          { code, valueQuantity },
          partner >= 0
            ? { code: results[partner]!.code, valueQuantity: results[partner]!.valueQuantity }
            : {
                code: { coding: [{ system: LOINC, ...(observation === 'systolic-bp' ? diastolic : systolic) }] },
                dataAbsentReason: { coding: [{ system: `${HL7}/data-absent-reason`, code: 'unknown' }] },
              },
        ],
      },
    ];
  });
}

const systolic = { code: '8480-6', display: 'Systolic blood pressure' };
const diastolic = { code: '8462-4', display: 'Diastolic blood pressure' };

const appointmentFor = ({ code }: Json, subject: Json): Json => ({
  resourceType: 'Appointment',
  status: 'proposed',
  serviceType: [code],
  description: (code as { text?: string }).text,
  participant: [{ actor: subject, status: 'needs-action' }],
});

interface Context {
  subject: Json;
  terminology: Terminology;
  now: Date;
}

/** What US Core expects beside what a case says: whose it is, its category, its systems. */
function enriched(resource: Json, { subject, terminology, now }: Context): Json {
  switch (resource.resourceType) {
    case 'MedicationRequest':
      return {
        ...resource,
        subject,
        reportedBoolean: false,
        requester: { display: 'Dr. S. Synthetic' },
        medicationCodeableConcept: codedDrug(resource.medicationCodeableConcept as Concept, terminology),
      };
    case 'Condition':
      return {
        ...resource,
        subject,
        clinicalStatus: inSystem(resource.clinicalStatus, 'condition-clinical'),
        verificationStatus: inSystem({ coding: [{ code: 'confirmed' }] }, 'condition-ver-status'),
        category: [{ coding: [{ system: `${HL7}/condition-category`, code: 'problem-list-item' }] }],
      };
    case 'AllergyIntolerance':
      return {
        ...resource,
        patient: subject,
        clinicalStatus: inSystem(resource.clinicalStatus, 'allergyintolerance-clinical'),
        verificationStatus: inSystem(resource.verificationStatus, 'allergyintolerance-verification'),
      };
    case 'Encounter': {
      const { class: kind } = resource as { class: { code: string } };
      return {
        ...resource,
        subject,
        class: { system: `${HL7}/v3-ActCode`, code: kind.code },
        type: [{ text: { AMB: 'Office visit', EMER: 'Emergency visit' }[kind.code] ?? 'Hospital stay' }],
        period: { start: new Date(now.getTime() - 2 * 3_600_000).toISOString() },
      };
    }
    case 'Immunization':
      return { ...resource, patient: subject, ...(!resource.occurrenceDateTime && { occurrenceString: 'unknown' }) };
    case 'Appointment':
      return resource;
    default:
      return { ...resource, subject };
  }
}

const inSystem = (concept: unknown, system: string): Json => ({
  coding: ((concept as { coding?: Json[] } | undefined)?.coding ?? []).map((coding) => ({
    system: `${HL7}/${system}`,
    ...coding,
  })),
});

interface Concept {
  coding?: { system?: string; code?: string; display?: string }[];
  text?: string;
}

/** The RxNorm product of a drug that a case names by text: the same ingredient, strength and route, belonging to the same classes. */
function codedDrug(concept: Concept, terminology: Terminology): Concept {
  if (concept.coding?.length) return concept;
  const named = terminology.drug(concept);
  if (isUnknown(named) || named.ingredients.length !== 1 || named.strengths.length === 0) return concept;
  const token = named.strengths[0]!.ingredient;
  // A product only: the ingredient's code would be believed over the strength that the words give.
  for (const { ingredient, code, display } of terminology.orderables()) {
    if (ingredient !== token) continue;
    const coding = [{ system: RXNORM, code, display }];
    const alone = terminology.drug({ coding });
    const beside = terminology.drug({ ...concept, coding });
    if (!isUnknown(alone) && isSameDrug(alone, named) && !isUnknown(beside) && isSameDrug(beside, named))
      return { ...concept, coding };
  }
  return concept;
}

const isSameDrug = (one: Drug, other: Drug): boolean =>
  JSON.stringify(one.strengths) === JSON.stringify(other.strengths) &&
  one.route === other.route &&
  one.releaseForm === other.releaseForm &&
  one.groups.size === other.groups.size &&
  [...other.groups].every((group) => one.groups.has(group));

/** A note of today by nobody, on the chart of one who does not exist. */
export function withNote(chart: SyntheticChart, title: string, text: string, now: Date): SyntheticChart {
  return {
    ...chart,
    resources: [
      ...chart.resources,
      {
        resourceType: 'DocumentReference',
        id: `${chart.id}-note-1`,
        meta: HTEST,
        status: 'current',
        type: { coding: [{ system: LOINC, code: '11506-3', display: 'Progress note' }], text: title },
        category: [
          {
            coding: [
              {
                system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
                code: 'clinical-note',
                display: 'Clinical Note',
              },
            ],
          },
        ],
        subject: { reference: `Patient/${chart.id}`, display: chart.name },
        date: new Date(now.getTime() - 3_600_000).toISOString(),
        content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data: base64(text), title } }],
      },
    ],
  };
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** A transaction that any FHIR R4 server takes: what was written before under these ids is written over. */
export const bundleOf = ({ resources }: SyntheticChart): Json => ({
  resourceType: 'Bundle',
  type: 'transaction',
  meta: HTEST,
  entry: resources.map((resource) => ({
    fullUrl: `https://synthetic.example.org/fhir/${String(resource.resourceType)}/${String(resource.id)}`,
    resource: resource as unknown as Resource,
    request: { method: 'PUT', url: `${String(resource.resourceType)}/${String(resource.id)}` },
  })),
});

// Builds one synthetic chart, resource by resource, with ids that stay the same from run to run.
import type {
  AllergyIntolerance,
  CodeableConcept,
  Condition,
  DocumentReference,
  Dosage,
  Encounter,
  MedicationRequest,
  Observation,
  Patient,
  Procedure,
  Reference,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import { type Ago, bornYearsAgo, day, instant } from './ago.ts';
import type { DrugCode, LabCode } from './catalog.ts';
import { vitals as vitalCodes } from './catalog.ts';
import { dosageFrom } from './dosage.ts';

export const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
export const LOINC = 'http://loinc.org';
export const SNOMED = 'http://snomed.info/sct';
const ICD10 = 'http://hl7.org/fhir/sid/icd-10-cm';
const UCUM = 'http://unitsofmeasure.org';
const HL7 = 'http://terminology.hl7.org/CodeSystem';
export const PRACTITIONER = 'Practitioner/okafor';

/** Every sandbox resource says that it is test data. */
export const HTEST = { security: [{ system: `${HL7}/v3-ActReason`, code: 'HTEST', display: 'test health data' }] };

export interface Person {
  id: string;
  mrn: string;
  family: string;
  given: string;
  gender: Patient['gender'];
  ageInYears: number;
  monthsSinceBirthday?: number;
}

export interface Visit {
  class: 'AMB' | 'EMER' | 'IMP';
  since: Ago;
  where: string;
  reason: string;
}

export interface Vitals {
  hr?: number;
  rr?: number;
  temp?: number;
  spo2?: number;
  bp?: [number, number];
  weight?: number;
  height?: number;
}

const CLASS = { AMB: 'ambulatory', EMER: 'emergency', IMP: 'inpatient encounter' };

export class ChartBuilder {
  readonly now: Date;
  readonly person: Person;
  readonly resources: Resource[] = [];
  readonly subject: Reference<Patient>;
  #visit: Reference<Encounter> | undefined;
  #count = new Map<string, number>();

  constructor(now: Date, person: Person) {
    this.now = now;
    this.person = person;
    this.subject = { reference: `Patient/${person.id}`, display: `${person.family}, ${person.given}` };
    this.add<Patient>({
      resourceType: 'Patient',
      id: person.id,
      active: true,
      identifier: [
        {
          use: 'usual',
          type: { coding: [{ system: `${HL7}/v2-0203`, code: 'MR' }] },
          system: 'urn:curbside:sandbox:mrn',
          value: person.mrn,
        },
      ],
      name: [
        { use: 'official', family: person.family, given: [person.given], text: `${person.family}, ${person.given}` },
      ],
      gender: person.gender,
      birthDate: bornYearsAgo(now, person.ageInYears, person.monthsSinceBirthday),
    });
  }

  /** Adds a resource as it is: the way to leave a quirk in. */
  add<T extends Resource>(resource: T): T {
    const marked = { ...resource, meta: { ...resource.meta, ...HTEST } };
    this.resources.push(marked);
    return marked;
  }

  id(name: string): string {
    const key = `${this.person.id}-${name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40)}`;
    const count = (this.#count.get(key) ?? 0) + 1;
    this.#count.set(key, count);
    return count === 1 ? key : `${key}-${count}`;
  }

  instant = (ago: Ago) => instant(this.now, ago);
  day = (ago: Ago) => day(this.now, ago);

  visit(visit: Visit): this {
    const encounter = this.add<Encounter>({
      resourceType: 'Encounter',
      id: this.id('visit'),
      status: 'in-progress',
      class: { system: `${HL7}/v3-ActCode`, code: visit.class, display: CLASS[visit.class] },
      subject: this.subject,
      period: { start: this.instant(visit.since) },
      reasonCode: [{ text: visit.reason }],
      location: [{ location: { display: visit.where } }],
      participant: [{ individual: { reference: PRACTITIONER, display: 'Dr A. Okafor' } }],
    });
    this.#visit = { reference: `Encounter/${encounter.id}` };
    return this;
  }

  problem(
    snomed: string,
    icd10: string,
    text: string,
    since: Ago,
    more: { resolved?: Ago; provisional?: boolean } = {},
  ): this {
    this.add<Condition>({
      resourceType: 'Condition',
      id: this.id(text),
      clinicalStatus: {
        coding: [{ system: `${HL7}/condition-clinical`, code: more.resolved ? 'resolved' : 'active' }],
      },
      verificationStatus: {
        coding: [{ system: `${HL7}/condition-ver-status`, code: more.provisional ? 'provisional' : 'confirmed' }],
      },
      category: [{ coding: [{ system: `${HL7}/condition-category`, code: 'problem-list-item' }] }],
      code: {
        coding: [
          { system: SNOMED, code: snomed, display: text },
          { system: ICD10, code: icd10, display: text },
        ],
        text,
      },
      subject: this.subject,
      onsetDateTime: this.day(since),
      ...(more.resolved ? { abatementDateTime: this.day(more.resolved) } : {}),
      recordedDate: this.day(since),
    });
    return this;
  }

  /** An order on the chart. `sig` is what a person reads; the structured dose comes from it. */
  takes(
    drug: DrugCode,
    sig: string,
    since: Ago,
    more: { stopped?: Ago; reason?: string; prn?: boolean; inpatient?: boolean } = {},
  ): this {
    return this.order({ coding: [{ system: RXNORM, ...drug }], text: drug.display }, dosageFrom(sig), since, more);
  }

  order(
    medication: CodeableConcept,
    dosage: Dosage,
    since: Ago,
    more: { stopped?: Ago; reason?: string; inpatient?: boolean } = {},
  ): this {
    this.add<MedicationRequest>({
      resourceType: 'MedicationRequest',
      id: this.id(
        `rx-${medication.text
          ?.replace(/^(24|12) HR |^3 ML /, '')
          .split(' ')
          .slice(0, 2)
          .join(' ')}`,
      ),
      status: more.stopped ? 'stopped' : 'active',
      intent: 'order',
      category: [
        { coding: [{ system: `${HL7}/medicationrequest-category`, code: more.inpatient ? 'inpatient' : 'community' }] },
      ],
      medicationCodeableConcept: medication,
      subject: this.subject,
      ...(more.inpatient && this.#visit ? { encounter: this.#visit } : {}),
      authoredOn: this.instant(since),
      requester: { reference: PRACTITIONER, display: 'Dr A. Okafor' },
      ...(more.reason ? { reasonCode: [{ text: more.reason }] } : {}),
      ...(more.stopped ? { statusReason: { text: 'Stopped' } } : {}),
      dosageInstruction: [
        {
          ...dosage,
          ...(more.stopped
            ? {
                timing: {
                  ...dosage.timing,
                  repeat: {
                    ...dosage.timing?.repeat,
                    boundsPeriod: { start: this.day(since), end: this.day(more.stopped) },
                  },
                },
              }
            : {}),
        },
      ],
      dispenseRequest: {
        validityPeriod: { start: this.day(since), ...(more.stopped ? { end: this.day(more.stopped) } : {}) },
      },
    });
    return this;
  }

  allergy(
    substance: { rxnorm?: string; snomed?: string; text: string },
    reaction: { snomed?: string; text: string; severity?: 'mild' | 'moderate' | 'severe' },
    more: { since?: Ago; criticality?: AllergyIntolerance['criticality']; type?: AllergyIntolerance['type'] } = {},
  ): this {
    this.add<AllergyIntolerance>({
      resourceType: 'AllergyIntolerance',
      id: this.id(`allergy-${substance.text}`),
      clinicalStatus: { coding: [{ system: `${HL7}/allergyintolerance-clinical`, code: 'active' }] },
      verificationStatus: { coding: [{ system: `${HL7}/allergyintolerance-verification`, code: 'confirmed' }] },
      type: more.type ?? 'allergy',
      category: ['medication'],
      ...(more.criticality ? { criticality: more.criticality } : {}),
      code: {
        coding: [
          ...(substance.rxnorm ? [{ system: RXNORM, code: substance.rxnorm, display: substance.text }] : []),
          ...(substance.snomed
            ? [{ system: SNOMED, code: substance.snomed, display: `Allergy to ${substance.text.toLowerCase()}` }]
            : []),
        ],
        text: substance.text,
      },
      patient: this.subject,
      recordedDate: this.day(more.since ?? '6y'),
      reaction: [
        {
          manifestation: [
            {
              ...(reaction.snomed
                ? { coding: [{ system: SNOMED, code: reaction.snomed, display: reaction.text }] }
                : {}),
              text: reaction.text,
            },
          ],
          ...(reaction.severity ? { severity: reaction.severity } : {}),
        },
      ],
    });
    return this;
  }

  /** Looked, and there is none: not the same as an empty list. */
  noKnownAllergies(): this {
    this.add<AllergyIntolerance>({
      resourceType: 'AllergyIntolerance',
      id: this.id('no-known-allergies'),
      clinicalStatus: { coding: [{ system: `${HL7}/allergyintolerance-clinical`, code: 'active' }] },
      verificationStatus: { coding: [{ system: `${HL7}/allergyintolerance-verification`, code: 'confirmed' }] },
      code: {
        coding: [{ system: SNOMED, code: '716186003', display: 'No known allergy' }],
        text: 'No known allergies',
      },
      patient: this.subject,
      recordedDate: this.day('1y'),
    });
    return this;
  }

  /** A trend, oldest first or in any order: each value with its age. */
  lab(lab: LabCode, ...values: [value: number, ago: Ago][]): this {
    for (const [value, ago] of values) this.result(lab, value, ago);
    return this;
  }

  result(lab: LabCode, value: number, ago: Ago, more: Partial<Observation> = {}): this {
    this.add<Observation>({
      resourceType: 'Observation',
      id: this.id(lab.display),
      status: 'final',
      category: [{ coding: [{ system: `${HL7}/observation-category`, code: 'laboratory' }] }],
      code: { coding: [{ system: LOINC, code: lab.code, display: lab.display }], text: lab.display },
      subject: this.subject,
      effectiveDateTime: this.instant(ago),
      issued: this.instant(ago),
      valueQuantity: quantity(value, lab.unit),
      ...rangeAndFlag(lab, value),
      ...more,
    });
    return this;
  }

  vitals(ago: Ago, { hr, rr, temp, spo2, bp, weight, height }: Vitals): this {
    const pairs: [LabCode, number | undefined][] = [
      [vitalCodes.heartRate, hr],
      [vitalCodes.respiratoryRate, rr],
      [vitalCodes.temperature, temp],
      [vitalCodes.saturation, spo2],
      [vitalCodes.weight, weight],
      [vitalCodes.height, height],
      [vitalCodes.bmi, weight && height ? Math.round((weight / (height / 100) ** 2) * 10) / 10 : undefined],
    ];
    const category = [{ coding: [{ system: `${HL7}/observation-category`, code: 'vital-signs' }] }];
    for (const [code, value] of pairs) if (value !== undefined) this.result(code, value, ago, { category });
    if (bp) {
      const component = ([vitalCodes.systolic, vitalCodes.diastolic] as const).map((code, index) => ({
        code: { coding: [{ system: LOINC, code: code.code, display: code.display }] },
        valueQuantity: quantity(bp[index]!, code.unit),
      }));
      this.add<Observation>({
        resourceType: 'Observation',
        id: this.id('blood-pressure'),
        status: 'final',
        category,
        code: { coding: [{ system: LOINC, code: '85354-9', display: 'Blood pressure panel' }], text: 'Blood pressure' },
        subject: this.subject,
        effectiveDateTime: this.instant(ago),
        component,
      });
    }
    return this;
  }

  /** Oxygen by flow, 0 for room air; and consciousness as ACVPU. */
  onOxygen(litresPerMinute: number, ago: Ago): this {
    return this.result({ code: '3151-8', display: 'Inhaled oxygen flow rate', unit: 'L/min' }, litresPerMinute, ago, {
      category: [{ coding: [{ system: `${HL7}/observation-category`, code: 'vital-signs' }] }],
    });
  }

  alert(ago: Ago): this {
    const answer = { system: SNOMED, code: '248234008', display: 'Mentally alert' };
    return this.finding('67775-7', 'Level of responsiveness', answer, ago, 'vital-signs');
  }

  /** A score or an answer of a questionnaire, kept as an Observation. */
  survey(code: string, display: string, value: number, ago: Ago): this {
    return this.result({ code, display, unit: '{score}' }, value, ago, {
      category: [{ coding: [{ system: `${HL7}/observation-category`, code: 'survey' }] }],
    });
  }

  /** A coded finding: smoking or pregnancy by default, a swab or an answer with its own category. */
  finding(
    loinc: string,
    display: string,
    answer: { system: string; code: string; display: string },
    ago: Ago,
    category = 'social-history',
  ): this {
    this.add<Observation>({
      resourceType: 'Observation',
      id: this.id(display),
      status: 'final',
      category: [{ coding: [{ system: `${HL7}/observation-category`, code: category }] }],
      code: { coding: [{ system: LOINC, code: loinc, display }], text: display },
      subject: this.subject,
      effectiveDateTime: this.instant(ago),
      valueCodeableConcept: { coding: [answer], text: answer.display },
    });
    return this;
  }

  procedure(snomed: string, text: string, ago: Ago, status: Procedure['status'] = 'completed'): this {
    this.add<Procedure>({
      resourceType: 'Procedure',
      id: this.id(text),
      status,
      code: { coding: [{ system: SNOMED, code: snomed, display: text }], text },
      subject: this.subject,
      performedDateTime: this.instant(ago),
    });
    return this;
  }

  /** An active order other than for a drug. */
  asks(text: string, ago: Ago): this {
    this.add<ServiceRequest>({
      resourceType: 'ServiceRequest',
      id: this.id(`order-${text}`),
      status: 'active',
      intent: 'order',
      code: { text },
      subject: this.subject,
      authoredOn: this.instant(ago),
    });
    return this;
  }

  note(title: string, ago: Ago, text: string): this {
    const words = text.trim().replace(/\s*\n\s*/g, '\n');
    this.add<DocumentReference>({
      resourceType: 'DocumentReference',
      id: this.id(`note-${title}`),
      status: 'current',
      type: { coding: [{ system: LOINC, code: '11506-3', display: 'Progress note' }], text: title },
      category: [
        {
          coding: [
            {
              system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
              code: 'clinical-note',
            },
          ],
        },
      ],
      subject: this.subject,
      date: this.instant(ago),
      author: [{ reference: PRACTITIONER, display: 'Dr A. Okafor' }],
      content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data: base64(words), title } }],
      ...(this.#visit ? { context: { encounter: [this.#visit] } } : {}),
    });
    return this;
  }
}

export const quantity = (value: number, unit: string) => ({
  value,
  unit: unit
    .replace(/^\{(?:INR|score)\}$/, '')
    .replace('{1.73_m2}', '1.73 m²')
    .replace('mm[Hg]', 'mmHg')
    .replace('{FEU}', ' FEU'),
  system: UCUM,
  code: unit,
});

function rangeAndFlag(
  { low, high, criticalLow, criticalHigh, unit }: LabCode,
  value: number,
): Pick<Observation, 'referenceRange' | 'interpretation'> {
  if (low === undefined && high === undefined) return {};
  const flag =
    criticalHigh !== undefined && value >= criticalHigh
      ? 'HH'
      : criticalLow !== undefined && value <= criticalLow
        ? 'LL'
        : high !== undefined && value > high
          ? 'H'
          : low !== undefined && value < low
            ? 'L'
            : 'N';
  return {
    referenceRange: [
      {
        ...(low === undefined ? {} : { low: quantity(low, unit) }),
        ...(high === undefined ? {} : { high: quantity(high, unit) }),
      },
    ],
    interpretation: [{ coding: [{ system: `${HL7}/v3-ObservationInterpretation`, code: flag }] }],
  };
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

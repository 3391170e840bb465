// Reads a ChartSource into a Chart. Every list is read when it is first asked for: most rules ask for two or three.
import type { Resource } from '@medplum/fhirtypes';
import { daysBetween, type Json, moment, referenceTo, text } from '../fhir/reading.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isUnknown, type Unknown, unknown } from '../unknown.ts';
import { readAllergy, readEncounter, readNote, readProblem, readProcedure, readServiceOrder } from './history.ts';
import { medicationOrderTypes, mergeMedications, readMedication } from './medications.ts';
import { readObservations } from './observations.ts';
import { partNames } from './parts.ts';
import type {
  Allergy,
  Chart,
  ChartPart,
  ChartSource,
  Encounter,
  Gap,
  Medication,
  Note,
  Observation,
  Patient,
  Problem,
  Procedure,
  ServiceOrder,
} from './types.ts';

export function readChart(source: ChartSource, terminology: Terminology): Chart {
  return new ReadChart(source, terminology);
}

/** Computes a value once, when first asked. */
function once<T>(compute: () => T): () => T {
  let held: { value: T } | undefined;
  return () => {
    held ??= { value: compute() };
    return held.value;
  };
}

class ReadChart implements Chart {
  readonly source: ChartSource;
  readonly #terminology: Terminology;
  readonly #byCode = new Map<string, Observation[]>();
  #indexed = false;

  constructor(source: ChartSource, terminology: Terminology) {
    this.source = source;
    this.#terminology = terminology;
  }

  get now(): Date {
    return this.source.now;
  }

  get gaps(): Gap[] {
    const gaps: Gap[] = [];
    for (const [part, held] of Object.entries(this.source.parts)) {
      // Few EHRs have diet orders: whoever needs one says so; everybody else is spared the line.
      if (isUnknown(held) && part !== 'diets') gaps.push({ part: part as ChartPart, reason: held.unknown });
    }
    for (const reference of this.source.notRead ?? [])
      gaps.push({
        part: 'draft',
        reason: `the order ${reference} could not be read: it is neither on the chart nor on the FHIR server`,
      });
    return gaps;
  }

  part(part: ChartPart): Resource[] | Unknown {
    this.source.lookedAt?.add(part);
    return this.source.parts[part] ?? unknown(`${partNames[part]} were not asked for`);
  }

  #read<T>(
    part: ChartPart,
    types: readonly string[],
    reader: (resource: Resource, place: number) => T | undefined,
  ): T[] | Unknown {
    const held = this.part(part);
    if (isUnknown(held)) return held;
    const read: T[] = [];
    for (const [place, resource] of held.entries()) {
      if (!types.includes(resource.resourceType)) continue;
      const entry = reader(resource, place);
      if (entry !== undefined) read.push(entry);
    }
    return read;
  }

  readonly #patient = once(() => readPatient(this.source));
  get patient(): Patient {
    return this.#patient();
  }

  readonly #drafts = once(() =>
    this.source.drafts.flatMap((resource, place): Medication[] => {
      if (!medicationOrderTypes.includes(resource.resourceType)) return [];
      const draft = readMedication(resource, `draft-${place + 1}`, this.source, this.#terminology, true);
      return draft ? [draft] : [];
    }),
  );
  get drafts(): Medication[] {
    return this.#drafts();
  }

  readonly #medications = once((): Medication[] | Unknown => {
    const current = this.part('medications');
    if (isUnknown(current)) return current;
    const recorded: Medication[] = [];
    const seen = new Set<string>();
    for (const part of ['medications', 'pastMedications', 'statements'] as const) {
      const held = this.part(part);
      if (isUnknown(held)) continue;
      for (const [place, resource] of held.entries()) {
        if (!medicationOrderTypes.includes(resource.resourceType) && resource.resourceType !== 'MedicationStatement')
          continue;
        const entry = readMedication(resource, `${part}-${place + 1}`, this.source, this.#terminology, false);
        if (!entry || seen.has(entry.reference)) continue;
        seen.add(entry.reference);
        recorded.push(entry);
      }
    }
    return mergeMedications(this.drafts, recorded, this.source);
  });
  get medications(): Medication[] | Unknown {
    return this.#medications();
  }

  readonly #allergies = once(() =>
    this.#read<Allergy>('allergies', ['AllergyIntolerance'], (resource, place) =>
      readAllergy(resource, place, this.#terminology),
    ),
  );
  get allergies(): Allergy[] | Unknown {
    return this.#allergies();
  }

  readonly #problems = once(() =>
    this.#read<Problem>('problems', ['Condition'], (resource, place) =>
      readProblem(resource, place, this.#terminology, this.now),
    ),
  );
  get problems(): Problem[] | Unknown {
    return this.#problems();
  }

  readonly #labs = once(() => this.#observationsOf('labs'));
  get labs(): Observation[] | Unknown {
    return this.#labs();
  }

  readonly #vitals = once(() => this.#observationsOf('vitals'));
  get vitals(): Observation[] | Unknown {
    return this.#vitals();
  }

  readonly #surveys = once(() => this.#observationsOf('surveys'));
  get surveys(): Observation[] | Unknown {
    return this.#surveys();
  }

  readonly #socialHistory = once(() => this.#observationsOf('socialHistory'));

  #observationsOf(part: ChartPart): Observation[] | Unknown {
    const held = this.part(part);
    return isUnknown(held)
      ? held
      : readObservations(held, (loinc) => this.#terminology.observationName(loinc)).sort(newestFirst);
  }

  readonly #encounters = once(() =>
    this.#read<Encounter>('encounters', ['Encounter'], (resource, place) =>
      readEncounter(resource, place, this.source.encounterId),
    ),
  );
  get encounters(): Encounter[] | Unknown {
    return this.#encounters();
  }

  readonly #procedures = once(() =>
    this.#read<Procedure>('procedures', ['Procedure'], (resource, place) =>
      readProcedure(resource, place, this.#terminology),
    ),
  );
  get procedures(): Procedure[] | Unknown {
    return this.#procedures();
  }

  readonly #notes = once(() => this.#read<Note>('notes', ['DocumentReference'], readNote));
  get notes(): Note[] | Unknown {
    return this.#notes();
  }

  readonly #serviceOrders = once((): ServiceOrder[] | Unknown => {
    const drafts = this.source.drafts.flatMap((resource, place) =>
      medicationOrderTypes.includes(resource.resourceType)
        ? []
        : (readServiceOrder(resource, `draft-${place + 1}`, true, this.source.selections) ?? []),
    );
    const held = this.part('serviceRequests');
    if (isUnknown(held)) return drafts;
    const replaced = new Set(this.source.drafts.map((draft) => referenceTo(draft)));
    const recorded = held.flatMap((resource, place) => readServiceOrder(resource, String(place), false, []) ?? []);
    return [...drafts, ...recorded.filter(({ reference }) => !replaced.has(reference))];
  });
  get serviceOrders(): ServiceOrder[] | Unknown {
    return this.#serviceOrders();
  }

  observations(loincCodes: readonly string[]): Observation[] | Unknown {
    const parts = [this.labs, this.vitals, this.surveys, this.#socialHistory()];
    if (!this.#indexed) {
      const seen = new Set<string>();
      for (const part of parts) {
        if (isUnknown(part)) continue;
        for (const entry of part) {
          const key = `${entry.reference} ${entry.codings[0]?.code ?? entry.text}`;
          if (seen.has(key)) continue;
          seen.add(key);
          for (const { code } of entry.codings) {
            if (!code) continue;
            const held = this.#byCode.get(code);
            if (held) held.push(entry);
            else this.#byCode.set(code, [entry]);
          }
        }
      }
      this.#indexed = true;
    }
    const found =
      loincCodes.length === 1
        ? (this.#byCode.get(loincCodes[0]!) ?? [])
        : [...new Set(loincCodes.flatMap((code) => this.#byCode.get(code) ?? []))];
    if (found.length > 0) return [...found].sort(newestFirst);
    if (parts.every(isUnknown)) return parts[0] as Unknown;
    return [];
  }
}

const newestFirst = (a: Observation, b: Observation): number => (b.when?.getTime() ?? 0) - (a.when?.getTime() ?? 0);

function readPatient(source: ChartSource): Patient {
  const held = source.parts.patient;
  const resource =
    held && !isUnknown(held)
      ? (held.find(({ resourceType }) => resourceType === 'Patient') as unknown as Json | undefined)
      : undefined;
  const reference = `Patient/${source.patientId}`;
  if (!resource) {
    const reason = unknown(isUnknown(held) ? held.unknown : 'the patient could not be read');
    return { reference, ageInYears: reason, ageInDays: reason, sex: reason, isDeceased: false };
  }
  const born = moment(resource.birthDate);
  const gender = text(resource.gender);
  const noAge = unknown('no birth date on the chart');
  return {
    reference,
    ageInYears: born && born <= source.now ? ageInYears(born, source.now) : noAge,
    ageInDays: born && born <= source.now ? Math.floor(daysBetween(born, source.now)) : noAge,
    sex:
      gender === 'female' || gender === 'male'
        ? gender
        : unknown(
            gender
              ? `sex recorded as ${gender === 'other' || gender === 'unknown' ? gender : 'something else'}`
              : 'no sex on the chart',
          ),
    isDeceased: resource.deceasedBoolean === true || moment(resource.deceasedDateTime) !== undefined,
  };
}

/** Completed years, as birthdays are counted. */
export function ageInYears(born: Date, now: Date): number {
  const years = now.getUTCFullYear() - born.getUTCFullYear();
  const hadBirthday =
    now.getUTCMonth() > born.getUTCMonth() ||
    (now.getUTCMonth() === born.getUTCMonth() && now.getUTCDate() >= born.getUTCDate());
  return hadBirthday ? years : years - 1;
}

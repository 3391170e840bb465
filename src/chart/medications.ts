// Orders, statements and drafts, read into one list of what the patient takes, took, and is about to take.
import type { Resource } from '@medplum/fhirtypes';
import {
  type Concept,
  concept,
  conceptText,
  dayInMs,
  isObject,
  type Json,
  list,
  moment,
  momentAtEnd,
  object,
  referenceOf,
  referenceTo,
  statusCode,
  text,
} from '../fhir/reading.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { isUnknown, unknown } from '../unknown.ts';
import { type Dosage, readDosage } from './dosage.ts';
import type { ChartSource, Medication, Standing } from './types.ts';

export const medicationOrderTypes = ['MedicationRequest', 'MedicationOrder', 'MedicationPrescription'];

/** What FHIR says of an order's status, and what it means for the patient. */
const standingByStatus: Record<string, Standing | undefined> = {
  active: 'active',
  intended: 'active',
  'on-hold': 'on-hold',
  completed: 'past',
  stopped: 'past',
  draft: 'draft',
  proposed: 'draft',
  // R5: the status of the record; whether the drug is taken stands in `adherence`.
  recorded: 'active',
};

/** Plans and options are nobody's medication; an order, whoever wrote it, is. */
const intentsThatCount = new Set([
  'order',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
  'directive',
  'plan',
  undefined,
]);

export function readMedication(
  resource: Resource,
  place: string,
  source: ChartSource,
  terminology: Terminology,
  isDraft: boolean,
): Medication | undefined {
  const json = resource as unknown as Json;
  const status = statusCode(json.status);
  if (json.doNotPerform === true || status === 'entered-in-error' || status === 'not-taken' || isSaidNotTaken(json))
    return undefined;
  if (!isDraft && !intentsThatCount.has(statusCode(json.intent))) return undefined;

  const recorded: Standing | undefined =
    status === undefined ? (isDraft ? 'draft' : 'active') : standingByStatus[status];
  // A re-signed order in the draft Bundle is what the clinician is signing, whatever its status says.
  if (isDraft && (recorded === 'past' || recorded === 'on-hold' || status === 'cancelled' || status === 'ended'))
    return undefined;
  if (!isDraft && (!recorded || recorded === 'draft')) return undefined;

  const named = medicationConcept(json, source);
  const drug = named.concept
    ? terminology.drug(named.concept, {
        route: concept(list(json.dosageInstruction ?? json.dosage)[0]?.route),
        form: named.form,
      })
    : unknown('an order that names no drug');
  const reference = referenceTo(resource, place);
  return new ReadMedication(resource, {
    reference,
    standing: isDraft ? 'draft' : recorded!,
    drug,
    text: isUnknown(drug) ? (conceptText(named.concept) ?? 'a drug without a name') : drug.text,
    isSelected: isDraft && (source.selections.length === 0 || source.selections.includes(reference)),
    now: source.now,
  });
}

/** Few rules ask how much is taken and since when: instructions and dates are read when one does. */
class ReadMedication implements Medication {
  readonly reference: string;
  readonly standing: Standing;
  readonly drug: Medication['drug'];
  readonly text: string;
  readonly isSelected: boolean;
  readonly end: Date | undefined;
  readonly resource: Resource;
  #instructions: Dosage | undefined;
  #start: Date | undefined | 'not read' = 'not read';

  constructor(
    resource: Resource,
    {
      now,
      standing,
      ...read
    }: Pick<Medication, 'reference' | 'standing' | 'drug' | 'text' | 'isSelected'> & { now: Date },
  ) {
    this.reference = read.reference;
    this.drug = read.drug;
    this.text = read.text;
    this.isSelected = read.isSelected;
    this.resource = resource;
    const end = this.#recordedEnd();
    this.standing = standing === 'active' && end && end < now ? 'past' : standing;
    this.end = end ?? (this.standing === 'past' && this.#status === 'stopped' ? stopDate(this.#json) : undefined);
  }

  get #json(): Json {
    return this.resource as unknown as Json;
  }

  get #status(): string | undefined {
    return statusCode(this.#json.status);
  }

  get #dosage(): unknown {
    return this.#json.dosageInstruction ?? this.#json.dosage;
  }

  get #period(): Json | undefined {
    const repeat = object(object(list(this.#dosage)[0]?.timing)?.repeat);
    return object(this.#json.effectivePeriod) ?? object(repeat?.boundsPeriod);
  }

  #recordedEnd(): Date | undefined {
    const { dispenseRequest, dateEnded } = this.#json;
    return (
      momentAtEnd(this.#period?.end) ??
      momentAtEnd(object(object(dispenseRequest)?.validityPeriod)?.end) ??
      momentAtEnd(dateEnded) ??
      this.#endOfCourse()
    );
  }

  /** A course of known length ends by itself, unless it can be refilled. */
  #endOfCourse(): Date | undefined {
    if (this.#status !== 'completed' || !this.start) return undefined;
    const { durationInDays } = this;
    return isUnknown(durationInDays) ? undefined : new Date(this.start.getTime() + durationInDays * dayInMs);
  }

  get start(): Date | undefined {
    if (this.#start === 'not read') {
      const { authoredOn, dateWritten, effectiveDateTime, dateAsserted, dateRecorded } = this.#json;
      this.#start =
        moment(this.#period?.start) ??
        moment(authoredOn) ??
        moment(dateWritten) ??
        moment(effectiveDateTime) ??
        moment(dateAsserted) ??
        moment(dateRecorded);
    }
    return this.#start;
  }

  get #dosing(): Dosage {
    this.#instructions ??= readDosage(this.#dosage);
    return this.#instructions;
  }

  get dose(): Medication['dose'] {
    return this.#dosing.dose;
  }

  get timesPerDay(): Medication['timesPerDay'] {
    return this.#dosing.timesPerDay;
  }

  get durationInDays(): Medication['durationInDays'] {
    return this.#dosing.durationInDays;
  }

  get isAsNeeded(): boolean {
    return this.#dosing.isAsNeeded;
  }
}

/** R5 says when the status changed; before, only the record's own date can. */
function stopDate(json: Json): Date | undefined {
  return moment(json.statusChanged) ?? moment(object(json.meta)?.lastUpdated);
}

/** A statement that the drug is not taken: DSTU2, STU3, and R5 in turn. */
const isSaidNotTaken = (json: Json): boolean =>
  json.wasNotTaken === true ||
  json.wasNotGiven === true ||
  statusCode(json.taken) === 'n' ||
  /^(not-taking|stopped|never)/.test(statusCode(object(json.adherence)?.code) ?? '');

/** The reference to a Medication: R5 puts it one step deeper. */
export function medicationPointer(json: Json): Json | undefined {
  const r5 = object(json.medication);
  return object(json.medicationReference) ?? object(r5?.reference) ?? r5;
}

/** The drug of an order: coded on it, contained in it, in the Bundle, or fetched beside it. */
function medicationConcept(json: Json, source: ChartSource): { concept?: Concept; form?: Concept } {
  const own = concept(json.medicationCodeableConcept) ?? concept(object(json.medication)?.concept);
  if (own) return { concept: own };
  const pointer = medicationPointer(json);
  const reference = referenceOf(pointer);
  const display = text(pointer?.display);
  const found = reference?.startsWith('#')
    ? list(json.contained).find(({ id }) => id === reference.slice(1) || id === reference)
    : reference
      ? ((source.referenced.get(reference) ?? source.referenced.get(reference.replace(/^urn:uuid:/, 'Medication/'))) as
          | Json
          | undefined)
      : undefined;
  if (!found) return { concept: display ? { coding: [], text: display } : undefined };
  const code = concept(found.code);
  const form = concept(found.form) ?? concept(found.doseForm) ?? concept(object(found.product)?.form);
  if (code) return { concept: code.text || !display ? code : { ...code, text: display }, form };
  const held = [...list(found.ingredient), ...list(object(found.product)?.ingredient)].map((entry) => ({
    own: concept(entry.itemCodeableConcept) ?? concept(object(entry.item)?.concept),
    display: text((object(entry.itemReference) ?? object(entry.item))?.display),
  }));
  // One ingredient is the drug, by its code; several are told by their names.
  if (held.length === 1 && held[0]!.own) return { concept: held[0]!.own, form };
  const ingredients = held.map(({ own, display }) => conceptText(own) ?? display).filter((name) => name !== undefined);
  if (ingredients.length) return { concept: { coding: [], text: ingredients.join(' / ') }, form };
  return { concept: display ? { coding: [], text: display } : undefined, form };
}

/**
 * Drafts first, then the chart. An order that is being signed, renewed by reference, or stopped in the same session is not
 * counted twice: the draft stands for it.
 */
export function mergeMedications(drafts: Medication[], recorded: Medication[], source: ChartSource): Medication[] {
  const replaced = new Set<string>();
  for (const draft of source.drafts) {
    if (!isObject(draft)) continue;
    replaced.add(referenceTo(draft));
  }
  return [...drafts, ...recorded.filter(({ reference }) => !replaced.has(reference))];
}

/** The orders that a draft says it takes the place of. */
export function replacedBy(draft: Medication): string[] {
  const json = draft.resource as unknown as Json;
  return [json.priorPrescription, ...list(json.basedOn), ...list(json.replaces)]
    .map(referenceOf)
    .filter((reference) => reference !== undefined);
}

// Problems, allergies, encounters, procedures, notes and orders other than for drugs.
import type { Resource } from '@medplum/fhirtypes';
import {
  codings,
  concept,
  conceptText,
  isObject,
  type Json,
  list,
  moment,
  momentAtEnd,
  object,
  referenceTo,
  statusCode,
  text,
} from '../fhir/reading.ts';
import type { Terminology } from '../terminology/terminology.ts';
import type { Allergy, Encounter, Note, Problem, Procedure, ServiceOrder, Standing } from './types.ts';

const json = (resource: Resource): Json => resource as unknown as Json;

export function readProblem(
  resource: Resource,
  place: number,
  terminology: Terminology,
  now: Date,
): Problem | undefined {
  const entry = json(resource);
  const verification = statusCode(entry.verificationStatus);
  if (verification === 'entered-in-error' || verification === 'refuted') return undefined;
  const code = concept(entry.code);
  if (!code) return undefined;
  const clinical = statusCode(entry.clinicalStatus);
  const abatement = momentAtEnd(entry.abatementDateTime) ?? momentAtEnd(object(entry.abatementPeriod)?.end);
  const isPast =
    clinical === 'resolved' ||
    clinical === 'inactive' ||
    clinical === 'remission' ||
    (abatement !== undefined && abatement < now) ||
    entry.abatementBoolean === true;
  return {
    reference: referenceTo(resource, String(place)),
    text: conceptText(code) ?? 'unnamed problem',
    groups: terminology.problemGroups(code),
    codings: code.coding ?? [],
    standing: isPast ? 'past' : 'active',
    isConfirmed: verification === undefined || verification === 'confirmed',
    onset:
      moment(entry.onsetDateTime) ??
      moment(object(entry.onsetPeriod)?.start) ??
      moment(entry.recordedDate) ??
      moment(entry.dateRecorded) ??
      moment(entry.assertedDate),
    abatement,
  };
}

export function readAllergy(resource: Resource, place: number, terminology: Terminology): Allergy | undefined {
  const entry = json(resource);
  const verification = statusCode(entry.verificationStatus);
  // DSTU2 keeps one status for both.
  const clinical = statusCode(entry.clinicalStatus) ?? statusCode(entry.status);
  if (verification === 'entered-in-error' || clinical === 'entered-in-error') return undefined;
  const code = concept(entry.code) ?? concept(entry.substance);
  const reactions = list(entry.reaction).map((reaction) => {
    const manifestations = list(reaction.manifestation).map((shown) => concept(shown) ?? concept(shown.concept));
    const said = [...manifestations.map(conceptText), text(reaction.description)].filter((word) => word !== undefined);
    const severity = text(reaction.severity);
    return {
      text: [...new Set(said)].join(', '),
      severity: severity === 'mild' || severity === 'moderate' || severity === 'severe' ? severity : undefined,
      groups: new Set(manifestations.flatMap((shown) => (shown ? [...terminology.problemGroups(shown)] : []))),
    } as const;
  });
  const groups = new Set<string>();
  for (const named of [code, ...list(entry.reaction).map((reaction) => concept(reaction.substance))]) {
    if (named) for (const group of terminology.allergenGroups(named)) groups.add(group);
  }
  if (groups.has('no-known-allergy')) return undefined;
  if (!code && groups.size === 0) return undefined;
  const criticality = text(entry.criticality);
  return {
    reference: referenceTo(resource, String(place)),
    text: conceptText(code) ?? 'unnamed allergen',
    groups,
    standing:
      verification === 'refuted' || clinical === 'refuted'
        ? 'refuted'
        : clinical === 'resolved' || clinical === 'inactive'
          ? 'past'
          : 'active',
    isIntolerance: text(entry.type) === 'intolerance',
    criticality:
      criticality === 'low' || criticality === 'high' || criticality === 'unable-to-assess'
        ? criticality
        : criticality === 'CRITH'
          ? 'high'
          : criticality === 'CRITL'
            ? 'low'
            : criticality === 'CRITU'
              ? 'unable-to-assess'
              : undefined,
    reactions,
    when:
      moment(entry.recordedDate) ?? moment(entry.onsetDateTime) ?? moment(entry.onset) ?? moment(entry.assertedDate),
  };
}

export function readEncounter(resource: Resource, place: number, currentId: string | undefined): Encounter | undefined {
  const entry = json(resource);
  const status = statusCode(entry.status) ?? 'unknown';
  if (status === 'entered-in-error' || status === 'cancelled') return undefined;
  const period = object(entry.period) ?? object(entry.actualPeriod);
  const reference = referenceTo(resource, String(place));
  const reasons = [...list(entry.reasonCode), ...list(entry.reason), ...list(entry.type)]
    .map((reason) => conceptText(concept(reason)))
    .filter((word) => word !== undefined);
  return {
    reference,
    class: isObject(entry.class)
      ? (text(entry.class.code) ?? codings(entry.class)[0]?.code)
      : (statusCode(list(entry.class)[0]) ?? text(entry.class)),
    status,
    start: moment(period?.start),
    end: momentAtEnd(period?.end),
    reasons,
    isCurrent: currentId
      ? reference === `Encounter/${currentId.replace(/^Encounter\//, '')}`
      : status === 'in-progress' || status === 'arrived' || status === 'triaged',
  };
}

export function readProcedure(resource: Resource, place: number, terminology: Terminology): Procedure | undefined {
  const entry = json(resource);
  const status = statusCode(entry.status) ?? 'completed';
  if (status === 'entered-in-error' || status === 'not-done') return undefined;
  const code = concept(entry.code);
  if (!code) return undefined;
  return {
    reference: referenceTo(resource, String(place)),
    text: conceptText(code) ?? 'unnamed procedure',
    groups: terminology.problemGroups(code),
    codings: code.coding ?? [],
    status,
    when:
      moment(entry.performedDateTime) ??
      moment(object(entry.performedPeriod)?.start) ??
      moment(entry.occurrenceDateTime),
  };
}

const serviceStanding: Record<string, Standing | undefined> = {
  active: 'active',
  'on-hold': 'on-hold',
  completed: 'past',
  draft: 'draft',
  proposed: 'draft',
};

export function readServiceOrder(
  resource: Resource,
  place: string,
  isDraft: boolean,
  selections: readonly string[],
): ServiceOrder | undefined {
  const entry = json(resource);
  const status = statusCode(entry.status);
  if (
    entry.doNotPerform === true ||
    status === 'entered-in-error' ||
    status === 'cancelled' ||
    status === 'revoked' ||
    status === 'stopped'
  )
    return undefined;
  const recorded = serviceStanding[status ?? ''];
  const standing = isDraft ? (recorded === 'past' ? undefined : 'draft') : recorded;
  if (!standing || (!isDraft && standing === 'draft')) return undefined;
  const code = concept(entry.code) ?? concept(object(entry.code)?.concept) ?? concept(entry.codeCodeableConcept);
  const reference = referenceTo(resource, place);
  return {
    reference,
    resourceType: resource.resourceType,
    text: conceptText(code) ?? 'an order without a name',
    codings: code?.coding ?? [],
    standing,
    isSelected: isDraft && (selections.length === 0 || selections.includes(reference)),
    when: moment(entry.occurrenceDateTime) ?? moment(entry.authoredOn) ?? moment(entry.orderedOn),
    resource,
  };
}

/** The text of a note that came inline; a note behind a URL is not fetched. */
export function readNote(resource: Resource, place: number): Note | undefined {
  const entry = json(resource);
  // The document and the reference to it have a status each; either may withdraw the note.
  const statuses = [statusCode(entry.docStatus), statusCode(entry.status)];
  if (statuses.includes('entered-in-error') || statuses.includes('superseded')) return undefined;
  const texts: string[] = [];
  for (const content of list(entry.content)) {
    const attachment = object(content.attachment);
    const data = text(attachment?.data);
    if (!data || !/^text\/plain/i.test(text(attachment?.contentType) ?? 'text/plain')) continue;
    try {
      texts.push(
        new TextDecoder('utf-8', { fatal: false }).decode(Uint8Array.from(atob(data), (char) => char.charCodeAt(0))),
      );
    } catch {
      // Not base64: nothing to read.
    }
  }
  if (texts.length === 0) return undefined;
  return {
    reference: referenceTo(resource, String(place)),
    title: conceptText(concept(entry.type)) ?? 'Note',
    text: texts.join('\n').slice(0, 20_000),
    when: moment(entry.date) ?? moment(entry.created) ?? moment(entry.indexed),
  };
}

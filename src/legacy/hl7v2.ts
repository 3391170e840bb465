// An HL7 v2 message as a CDS Hooks request: orders (ORM, OMP, RDE) are signed, ADT opens or closes a visit, ORU brings results.
// A message is not a chart. What it does not say stays unknown, and what it says and we cannot read is listed.
import type { Hl7Message, Hl7Segment } from '@medplum/core';
import { type Json, number } from '../fhir/reading.ts';
import { additives, coded, drugOrder, type Order, testOrder } from './hl7v2-orders.ts';
import {
  bundleOf,
  idOf,
  isVitalSign,
  type Mapped,
  momentOf,
  observationCategory,
  systemNamed,
  unescaped,
} from './mapped.ts';

/** Segments that steer the message or hold what no rule asks for. */
const notClinical = new Set([
  'MSH',
  'SFT',
  'EVN',
  'PID',
  'PD1',
  'PV1',
  'PV2',
  'NK1',
  'IN1',
  'IN2',
  'IN3',
  'GT1',
  'ROL',
  'ACC',
  'UAC',
  'NTE',
  'MRG',
  'DB1',
  'ARV',
  'TQ1',
  'RXR',
  'ORC',
  'SPM',
  'CTI',
  'ZDS',
  '',
]);
const read = new Set(['AL1', 'IAM', 'DG1', 'PRB', 'OBX', 'OBR', 'RXO', 'RXE', 'RXC']);

export function mapMessage(message: Hl7Message): Mapped | { problem: string } {
  const pid = message.getSegment('PID');
  const patientId = idOf(pid?.getField(3)?.getComponent(1) || pid?.getField(2)?.getComponent(1));
  if (!pid || !patientId) return { problem: 'The message names no patient: PID-3 is empty.' };
  const notMapped: string[] = [];
  const subject = { reference: `Patient/${patientId}` };
  const kind = message.getSegment('MSH')?.getField(9)?.getComponent(1) ?? '';
  const event =
    message.getSegment('MSH')?.getField(9)?.getComponent(2) ||
    message.getSegment('EVN')?.getField(1)?.getComponent(1) ||
    '';

  const drafts: Json[] = [];
  const taken: Json[] = [];
  const allergies: Json[] = [];
  const problems: Json[] = [];
  const observations: Json[] = [];
  let control: Hl7Segment | undefined;
  let panel: Hl7Segment | undefined;
  for (const [at, segment] of message.segments.entries()) {
    const following = () => message.segments.slice(at + 1);
    if (segment.name === 'ORC') {
      control = segment;
      panel = undefined;
    } else if (segment.name === 'OBR') {
      panel = segment;
      if (kind === 'ORM' || kind === 'OML') put(testOrder(segment, control, subject));
    } else if (segment.name === 'RXO' || segment.name === 'RXE') {
      // RXE is the pharmacy's reading of the RXO before it: one order, told twice.
      if (segment.name === 'RXO' && isEncoded(following())) continue;
      const order = drugOrder(segment, control, following(), subject);
      put(order);
      const own = componentsOf(following());
      const requested = segment.name === 'RXE' ? componentsOf(sinceRequest(message.segments.slice(0, at))) : [];
      for (const added of additives(segment, order, own.length > 0 ? own : requested, subject)) put(added);
    } else if (segment.name === 'AL1' || segment.name === 'IAM') keep(allergies, allergyOf(segment, subject));
    else if (segment.name === 'DG1' || segment.name === 'PRB') keep(problems, problemOf(segment, subject));
    else if (segment.name === 'OBX') keep(observations, observationOf(segment, panel, subject));
    else if (!notClinical.has(segment.name) && !read.has(segment.name))
      notMapped.push(`segment ${segment.name}: not read`);
  }
  function put(order: Order): void {
    if ('problem' in order) return void notMapped.push(order.problem);
    (order.isNew ? drafts : taken).push(order.resource);
    if (order.notRead) notMapped.push(order.notRead);
  }
  function keep(list: Json[], entry: Json | { problem: string } | undefined): void {
    if (!entry) return;
    if ('problem' in entry) notMapped.push(String(entry.problem));
    else list.push({ id: `${list.length + 1}`, ...entry });
  }

  const isOrder = drafts.length > 0 || ['ORM', 'OMP', 'OML', 'RDE', 'RDS'].includes(kind);
  const encounter = encounterOf(message.getSegment('PV1'), subject);
  const encounterId = encounter?.id as string | undefined;
  const hook = isOrder
    ? 'order-sign'
    : kind === 'ADT' && event === 'A03' && encounterId
      ? 'encounter-discharge'
      : kind === 'ADT' && (event === 'A01' || event === 'A04') && encounterId
        ? 'encounter-start'
        : 'patient-view';
  const drugs = taken.filter(({ resourceType }) => resourceType === 'MedicationRequest');
  const vitals = observations
    .filter(isVitalSign)
    .map((entry) => ({ ...entry, category: observationCategory('vital-signs') }));
  const labs = observations.filter((entry) => !isVitalSign(entry));
  return {
    hook,
    context: {
      patientId,
      ...(encounterId && { encounterId }),
      ...(hook === 'order-sign' && { draftOrders: { ...bundleOf(drafts), type: 'collection' } }),
    },
    prefetch: {
      patient: patientOf(pid, patientId),
      ...(drugs.length > 0 && { medications: bundleOf(drugs) }),
      ...(allergies.length > 0 && { allergies: bundleOf(allergies) }),
      ...(problems.length > 0 && { problems: bundleOf(problems) }),
      ...(labs.length > 0 && { labs: bundleOf(labs) }),
      ...(vitals.length > 0 && { vitals: bundleOf(vitals) }),
      ...(encounter && { encounters: bundleOf([encounter]) }),
    },
    notMapped,
    notKnown: drugs.length > 0 ? [`Of the active medications only the ${drugs.length} in this message are known`] : [],
  };
}

/** The RXC that belong to the order they follow. */
function componentsOf(following: Hl7Segment[]): Hl7Segment[] {
  const end = following.findIndex(({ name }) => /^(?:ORC|RXO|RXE)$/.test(name));
  return (end < 0 ? following : following.slice(0, end)).filter(({ name }) => name === 'RXC');
}

/** What stands behind the RXO that an RXE encodes: its components may be told there and not again. */
function sinceRequest(before: Hl7Segment[]): Hl7Segment[] {
  const at = before.findLastIndex(({ name }) => name === 'RXO' || name === 'ORC');
  return before[at]?.name === 'RXO' ? before.slice(at + 1) : [];
}

function isEncoded(following: Hl7Segment[]): boolean {
  for (const { name } of following) {
    if (name === 'RXE') return true;
    if (name === 'ORC' || name === 'RXO') return false;
  }
  return false;
}

function patientOf(pid: Hl7Segment, id: string): Json {
  const birthDate = momentOf(pid.getField(7)?.getComponent(1))?.slice(0, 10);
  // Table 0001 has letters; the words are met too.
  const gender = { F: 'female', M: 'male', O: 'other', A: 'other', U: 'unknown' }[
    (pid.getField(8)?.getComponent(1) ?? '').slice(0, 1).toUpperCase()
  ];
  return {
    resourceType: 'Patient',
    id,
    ...(birthDate && { birthDate }),
    ...(gender && { gender }),
    ...(pid.getField(30)?.getComponent(1) === 'Y' && { deceasedBoolean: true }),
  };
}

function encounterOf(pv1: Hl7Segment | undefined, subject: Json): Json | undefined {
  const code = { I: 'IMP', E: 'EMER', O: 'AMB', P: 'AMB' }[
    (pv1?.getField(2)?.getComponent(1) ?? '').slice(0, 1).toUpperCase()
  ];
  // A visit that has a place or a class is one, numbered or not.
  const id = idOf(pv1?.getField(19)?.getComponent(1)) ?? (code && 'visit');
  if (!pv1 || !id) return undefined;
  const start = momentOf(pv1.getField(44)?.getComponent(1));
  const end = momentOf(pv1.getField(45)?.getComponent(1));
  return {
    resourceType: 'Encounter',
    id,
    status: end ? 'finished' : 'in-progress',
    subject,
    ...(code && { class: { code } }),
    ...((start || end) && { period: { start, end } }),
  };
}

function allergyOf(segment: Hl7Segment, patient: Json): Json | { problem: string } | undefined {
  const isIam = segment.name === 'IAM';
  if (isIam && segment.getField(6)?.getComponent(1) === 'D')
    return { problem: 'IAM: an allergy that is taken back was not read as one' };
  const code = coded(segment.getField(3));
  if (!code) return { problem: `${segment.name}: an allergy without a name (field 3)` };
  const severity = { S: 'severe', MO: 'moderate', MI: 'mild' }[
    /^(?:S|MO|MI)/.exec((segment.getField(4)?.getComponent(1) ?? '').toUpperCase())?.[0] ?? ''
  ];
  const reactions = (segment.getField(5)?.components ?? []).flatMap(
    (_, place) =>
      segment.getField(5).getComponent(isIam ? 2 : 1, undefined, place) ||
      segment.getField(5).getComponent(1, undefined, place) ||
      [],
  );
  const recordedDate = momentOf(segment.getField(isIam ? 13 : 6)?.getComponent(1));
  return {
    resourceType: 'AllergyIntolerance',
    patient,
    clinicalStatus: { coding: [{ code: 'active' }] },
    code,
    ...(severity === 'severe' && { criticality: 'high' }),
    ...(recordedDate && { recordedDate }),
    ...((reactions.length > 0 || severity) && {
      reaction: [{ manifestation: reactions.map((text) => ({ text })), ...(severity && { severity }) }],
    }),
  };
}

function problemOf(segment: Hl7Segment, subject: Json): Json | { problem: string } {
  const isPrb = segment.name === 'PRB';
  // Before 2.7 a DG1 may name its code system in field 2 and say the diagnosis in field 4.
  const words = isPrb ? undefined : segment.getField(4)?.getComponent(1);
  const system = isPrb ? undefined : systemNamed(segment.getField(2)?.getComponent(1));
  const code = coded(segment.getField(3), { words, system }) ?? (words ? { text: words } : undefined);
  if (!code) return { problem: `${segment.name}: a diagnosis without a name (field 3)` };
  const recordedDate = momentOf(segment.getField(isPrb ? 7 : 5)?.getComponent(1));
  // Only a final diagnosis is one; an admitting or working one is what somebody thinks of.
  const isFinal = isPrb || segment.getField(6)?.getComponent(1) === 'F';
  return {
    resourceType: 'Condition',
    subject,
    clinicalStatus: { coding: [{ code: 'active' }] },
    verificationStatus: { coding: [{ code: isFinal ? 'confirmed' : 'provisional' }] },
    code,
    ...(recordedDate && { recordedDate }),
  };
}

const statuses: Record<string, string> = {
  F: 'final',
  C: 'corrected',
  P: 'preliminary',
  R: 'preliminary',
  S: 'preliminary',
  '': 'final',
};

function observationOf(
  segment: Hl7Segment,
  panel: Hl7Segment | undefined,
  subject: Json,
): Json | { problem: string } | undefined {
  const code = coded(segment.getField(3));
  const name = code?.text ?? 'without a name';
  const status = statuses[segment.getField(11)?.getComponent(1) ?? ''];
  if (!code) return { problem: 'OBX: a result without a name (field 3)' };
  if (!status) return { problem: `OBX ${name}: status ${segment.getField(11)?.getComponent(1)} is no result` };
  const type = segment.getField(2)?.getComponent(1) ?? '';
  const field = segment.getField(5);
  const unit = segment.getField(6)?.getComponent(1) || segment.getField(6)?.getComponent(2);
  const value = shownValue(type, field, unit);
  if (!value) return { problem: `OBX ${name}: a value of type ${type || 'unknown'} that cannot be read` };
  const at =
    momentOf(segment.getField(14)?.getComponent(1)) ??
    momentOf(panel?.getField(7)?.getComponent(1)) ??
    momentOf(panel?.getField(22)?.getComponent(1));
  const flag = segment.getField(8)?.getComponent(1);
  const range = /^\s*(-?[\d.]+)\s*-\s*(-?[\d.]+)\s*$/.exec(segment.getField(7)?.getComponent(1) ?? '');
  return {
    resourceType: 'Observation',
    status,
    subject,
    category: observationCategory('laboratory'),
    code,
    ...(at && { effectiveDateTime: at }),
    ...value,
    ...(flag && { interpretation: [{ coding: [{ code: flag }] }] }),
    ...(range && { referenceRange: [{ low: { value: Number(range[1]) }, high: { value: Number(range[2]) } }] }),
  };
}

function shownValue(
  type: string,
  field: ReturnType<Hl7Segment['getField']> | undefined,
  unit: string | undefined,
): Json | undefined {
  const first = field?.getComponent(1) ?? '';
  const quantity = (value: number, comparator?: string): Json => ({
    valueQuantity: {
      value,
      ...(unit && { unit, code: unit, system: 'http://unitsofmeasure.org' }),
      ...(comparator && { comparator }),
    },
  });
  if (type === 'SN') {
    const value = number(Number.parseFloat(field?.getComponent(2) ?? ''));
    // `^1^:^128` is a titre, `^1^-^5` a range: no single number.
    if (value === undefined || field?.getComponent(3)) return undefined;
    return quantity(value, /^(<|<=|>|>=)$/.test(first) ? first : undefined);
  }
  if (type === 'NM') return /^[+-]?\d+(\.\d+)?$/.test(first.trim()) ? quantity(Number(first)) : undefined;
  if (type === 'CE' || type === 'CWE' || type === 'CNE') {
    const code = coded(field);
    return code && { valueCodeableConcept: code };
  }
  if (type === 'ST' || type === 'TX' || type === 'FT')
    return first.trim()
      ? {
          valueString: `${unescaped(first)!.trim()}${unit && /^[<>]?=?\s*-?[\d.]+$/.test(first.trim()) ? ` ${unit}` : ''}`,
        }
      : undefined;
  return undefined;
}

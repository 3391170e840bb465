// Orders in HL7 v2: RXO and RXE with their ORC, RXR and TQ1, and OBR where it orders a test.
import type { Hl7Field, Hl7Segment } from '@medplum/core';
import type { Json } from '../fhir/reading.ts';
import { idOf, momentOf, systemNamed } from './mapped.ts';

type Order = { resource: Json; isNew: boolean } | { problem: string };

/** ORC-1: what is being asked for. What stops, holds or cancels is no order to judge. */
const isNewOrder = new Set(['', 'NW', 'RO', 'XO', 'PA', 'CH', 'RF', 'RP', 'XX', 'RU', 'SN']);
const isRunning = new Set(['SC', 'SR', 'SS', 'RE', 'OK', 'NA', 'AF', 'RR', 'OR']);

function standing(control: Hl7Segment | undefined, name: string): { isNew: boolean } | { problem: string } {
  const code = control?.getField(1)?.getComponent(1) ?? '';
  if (isNewOrder.has(code)) return { isNew: true };
  if (isRunning.has(code)) return { isNew: false };
  return { problem: `${name}: order control ${code} (ORC-1) is no order to be judged` };
}

export function drugOrder(
  segment: Hl7Segment,
  control: Hl7Segment | undefined,
  following: Hl7Segment[],
  subject: Json,
): Order {
  const isEncoded = segment.name === 'RXE';
  const medication = coded(segment.getField(isEncoded ? 2 : 1));
  if (!medication) return { problem: `${segment.name}: an order that names no drug` };
  const place = standing(control, String(medication.text ?? segment.name));
  if ('problem' in place) return place;

  const own = following.slice(0, following.findIndex(({ name }) => name === 'ORC' || name === 'RXO') >>> 0);
  const route = coded(own.find(({ name }) => name === 'RXR')?.getField(1));
  const tq1 = own.find(({ name }) => name === 'TQ1');
  // Before 2.5 the timing stands in RXE-1 or ORC-7: quantity, interval, duration, start, end.
  const timing = isEncoded && segment.getField(1)?.toString() ? segment.getField(1) : control?.getField(7);
  const interval = tq1?.getField(3)?.getComponent(1) || timing?.getComponent(2) || '';
  const duration = durationOf(
    tq1
      ? `${tq1.getField(6)?.getComponent(1) ?? ''}${tq1.getField(6)?.getComponent(2) ?? ''}`
      : timing?.getComponent(3),
  );
  const start =
    momentOf(tq1?.getField(7)?.getComponent(1) || timing?.getComponent(4)) ??
    momentOf(control?.getField(9)?.getComponent(1));
  const end = momentOf(tq1?.getField(8)?.getComponent(1) || timing?.getComponent(5));
  const [low, high, unit] = isEncoded ? [3, 4, 5] : [2, 3, 4];
  const amount = Number(
    segment.getField(high)?.getComponent(1) || segment.getField(low)?.getComponent(1) || Number.NaN,
  );
  const measure = segment.getField(unit)?.getComponent(1) || segment.getField(unit)?.getComponent(2);
  const instructions = segment.getField(7)?.getComponent(2) || segment.getField(7)?.getComponent(1);
  const text = [
    Number.isFinite(amount) ? `${amount} ${measure ?? ''}`.trim() : '',
    interval.replaceAll('&', ' '),
    instructions,
  ]
    .filter(Boolean)
    .join(' ');
  const id = idOf(control?.getField(2)?.getComponent(1) || control?.getField(3)?.getComponent(1));
  return {
    isNew: place.isNew,
    resource: {
      resourceType: 'MedicationRequest',
      ...(id && { id }),
      status: place.isNew ? 'draft' : 'active',
      intent: 'order',
      subject,
      medicationCodeableConcept: medication,
      ...(start && { authoredOn: start }),
      ...(end && { dispenseRequest: { validityPeriod: { end } } }),
      dosageInstruction: [
        {
          ...(text && { text }),
          ...(interval && {
            timing: {
              code: { text: interval.replaceAll('&', ' ') },
              ...(duration && { repeat: { boundsDuration: duration } }),
            },
          }),
          ...(route && { route }),
          ...(Number.isFinite(amount) && {
            doseAndRate: [
              { doseQuantity: { value: amount, ...(measure && { unit: measure, code: unitOf(measure) }) } },
            ],
          }),
          ...(/\bPRN/i.test(interval) && { asNeededBoolean: true }),
        },
      ],
    },
  };
}

export function testOrder(segment: Hl7Segment, control: Hl7Segment | undefined, subject: Json): Order {
  const code = coded(segment.getField(4));
  if (!code) return { problem: 'OBR: an order that names no test' };
  const place = standing(control, String(code.text ?? 'OBR'));
  if ('problem' in place) return place;
  const id = idOf(control?.getField(2)?.getComponent(1) || segment.getField(2)?.getComponent(1));
  const at = momentOf(segment.getField(6)?.getComponent(1) || control?.getField(9)?.getComponent(1));
  return {
    isNew: place.isNew,
    resource: {
      resourceType: 'ServiceRequest',
      ...(id && { id }),
      status: place.isNew ? 'draft' : 'active',
      intent: 'order',
      subject,
      code,
      ...(at && { authoredOn: at }),
    },
  };
}

/** A coded element with its alternate: code, words, system, then the same again. */
export function coded(field: Hl7Field | undefined): { coding: Json[]; text?: string } | undefined {
  if (!field) return undefined;
  const part = (place: number): string | undefined => field.getComponent(place)?.trim() || undefined;
  const coding = [1, 4].flatMap((place): Json[] => {
    const code = part(place);
    const display = part(place + 1);
    return code
      ? [{ code, ...(display && { display }), ...(part(place + 2) && { system: systemNamed(part(place + 2)) }) }]
      : [];
  });
  const text =
    part(9) ?? part(2) ?? part(5) ?? (coding.length === 1 && !coding[0]!.system ? String(coding[0]!.code) : undefined);
  return coding.length > 0 || text ? { coding, ...(text && { text }) } : undefined;
}

const units: Record<string, string> = {
  mcg: 'ug',
  tab: '1',
  tabs: '1',
  tablet: '1',
  cap: '1',
  caps: '1',
  capsule: '1',
  unt: '[iU]',
  units: '[iU]',
  iu: '[iU]',
  ml: 'mL',
};
const unitOf = (written: string): string => units[written.toLowerCase()] ?? written.toLowerCase();

/** `D7` is seven days, `W2` two weeks; TQ1 writes `7^d`. */
function durationOf(written: string | undefined): Json | undefined {
  const found = /^(?:([DWLMH])(\d+)|(\d+)\s*(d|day|days|wk|weeks?|mo|h))$/i.exec(written?.trim() ?? '');
  if (!found) return undefined;
  const unit = { d: 'd', w: 'wk', l: 'mo', m: 'min', h: 'h' }[(found[1] ?? found[4] ?? '').slice(0, 1).toLowerCase()];
  return {
    value: Number(found[2] ?? found[3]),
    code: /^mo/i.test(found[4] ?? '') ? 'mo' : unit,
    system: 'http://unitsofmeasure.org',
  };
}

// Orders in HL7 v2: RXO and RXE with their ORC, RXR and TQ1, and OBR where it orders a test.
import type { Hl7Field, Hl7Segment } from '@medplum/core';
import type { Json } from '../fhir/reading.ts';
import { idOf, momentOf, systemNamed, unescaped } from './mapped.ts';

export type Order = { resource: Json; isNew: boolean; notRead?: string } | { problem: string };

/** ORC-1: what is being asked for. What stops, holds or cancels is no order to judge. */
const isNewOrder = new Set(['', 'NW', 'RO', 'XO', 'PA', 'CH', 'RF', 'RP', 'XX', 'RU', 'SN', 'OP', 'PY']);
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
  const given = amountOf(segment, low!, high!, unit!);
  const written = 'problem' in given ? given.problem : given.text;
  const amount = 'problem' in given ? undefined : given.quantity;
  const instructions = unescaped(segment.getField(7)?.getComponent(2) || segment.getField(7)?.getComponent(1));
  const text = [written, interval.replaceAll('&', ' '), instructions].filter(Boolean).join(' ');
  const id = idOf(control?.getField(2)?.getComponent(1) || control?.getField(3)?.getComponent(1));
  return {
    isNew: place.isNew,
    ...('problem' in given && {
      notRead: `${medication.text ?? segment.name}: the dose "${given.problem}" (${segment.name}-${low} to -${unit}) is no number with a unit`,
    }),
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
          ...(amount && { doseAndRate: [{ doseQuantity: amount }] }),
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

/** The dose: a number and its unit. A unit such as "75 mg" is the strength of each, and the number says how many. */
function amountOf(
  segment: Hl7Segment,
  low: number,
  high: number,
  unit: number,
): { text: string; quantity?: Json } | { problem: string } {
  const part = (place: number) => segment.getField(place)?.getComponent(1)?.trim() || '';
  const measure = part(unit) || segment.getField(unit)?.getComponent(2)?.trim() || '';
  const said = part(high) || part(low);
  if (!said) return { text: '' };
  const amount = Number(said);
  if (!Number.isFinite(amount)) return { problem: [part(low), part(high), measure].filter(Boolean).join(' ') };
  const strength = /^([\d.]+)\s*([a-z]+)$/i.exec(measure);
  const each = Number(strength?.[1]);
  const [value, of] = strength && Number.isFinite(each) ? [amount * each, strength[2]!] : [amount, measure];
  return {
    text: `${said} ${measure}`.trim(),
    quantity: { value, ...(of && { unit: of, code: unitOf(of) }) },
  };
}

/** RXC: what is put into the bag is given too, so each additive is an order beside the one that it goes with. */
export function additives(segment: Hl7Segment, order: Order, parts: Hl7Segment[], subject: Json): Order[] {
  if ('problem' in order) return [];
  const { id, authoredOn, dosageInstruction } = order.resource as {
    id?: string;
    authoredOn?: string;
    dosageInstruction: Json[];
  };
  return parts.map((part, at): Order => {
    const medication = coded(part.getField(2));
    const name = medication?.text ?? 'without a name';
    if (part.getField(1)?.getComponent(1) !== 'A' || !medication)
      return { problem: `RXC ${name}: only an additive (RXC-1 A) is read as a drug of its own` };
    const given = amountOf(part, 3, 3, 4);
    return {
      isNew: order.isNew,
      ...('problem' in given && { notRead: `${name}: the amount "${given.problem}" (RXC-3, RXC-4) is no number` }),
      resource: {
        resourceType: 'MedicationRequest',
        ...(id && { id: idOf(`${id}-${segment.name}-${at + 1}`) }),
        status: order.isNew ? 'draft' : 'active',
        intent: 'order',
        subject,
        medicationCodeableConcept: medication,
        ...(authoredOn && { authoredOn }),
        dosageInstruction: dosageInstruction.map(({ route, timing }) => ({
          ...('text' in given && given.text && { text: given.text }),
          ...(route !== undefined && { route }),
          ...(timing !== undefined && { timing }),
          ...('quantity' in given && given.quantity && { doseAndRate: [{ doseQuantity: given.quantity }] }),
        })),
      },
    };
  });
}

/**
 * A coded element with its alternate: code, words, system, then the same again. `known` is what other fields say of the first
 * code, where it does not say so itself.
 */
export function coded(
  field: Hl7Field | undefined,
  known: { words?: string | undefined; system?: string | undefined } = {},
): { coding: Json[]; text?: string } | undefined {
  if (!field) return undefined;
  const part = (place: number): string | undefined => unescaped(field.getComponent(place))?.trim() || undefined;
  const coding = [1, 4].flatMap((place): Json[] => {
    const code = part(place);
    const display = part(place + 1);
    const system = systemNamed(part(place + 2)) ?? (place === 1 ? known.system : undefined);
    return code ? [{ code, ...(display && { display }), ...(system && { system }) }] : [];
  });
  const text =
    part(9) ??
    part(2) ??
    part(5) ??
    known.words ??
    (coding.length === 1 && !coding[0]!.system ? String(coding[0]!.code) : undefined);
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

// POST /what-if: the chart copied, changed, and assessed by the same code as a hook. The answer is the difference.
import type { Resource } from '@medplum/fhirtypes';
import { writeCards } from './cards/write.ts';
import { type Card, cardExtensionKey, type Coding, type WhatIfAnswer } from './cds-hooks/contract.ts';
import type { HookRequest } from './cds-hooks/envelope.ts';
import { isTaken } from './facts/medication-list.ts';
import { readChart } from './chart/read.ts';
import type { ChartSource, Medication } from './chart/types.ts';
import { codings, isObject, type Json, list, object, referenceOf, referenceTo, text } from './fhir/reading.ts';
import type { Finding } from './guards/check.ts';
import { refuse } from './outcome.ts';
import { check, type Engine, open, type Service, writing } from './service.ts';
import type { Terminology } from './terminology/terminology.ts';
import { isKnown, isUnknown } from './unknown.ts';

type Change = Json & { do: string };
type Refused = { change: unknown; reason: string };

export async function whatIf(request: HookRequest, services: readonly Service[], engine: Engine): Promise<WhatIfAnswer> {
  const changes = request.rest.changes;
  if (!Array.isArray(changes) || changes.length === 0 || changes.length > 50 || !changes.every((change) => isObject(change) && typeof change.do === 'string')) {
    return refuse({ reason: 'malformed', what: '"changes" must be a list of changes, such as {"do":"stop","medication":{…}}.' });
  }
  const orders = services.find(({ id }) => id === 'medication-safety')!;
  const review = services.find(({ id }) => id === 'chart-review')!;
  const source = await open(request, { required: orders.required, helpful: [...new Set([...orders.helpful, ...review.helpful])].filter((part) => !orders.required.includes(part)) }, engine);
  const { terminology } = engine.knowledge();

  let changed: ChartSource = copy(source);
  const refused: Refused[] = [];
  for (const change of changes as Change[]) {
    const result = apply(change, changed, terminology);
    if ('reason' in result) refused.push({ change, reason: result.reason });
    else changed = result;
  }
  const [before, after] = await Promise.all([assess(source, orders, review, engine), assess(changed, orders, review, engine)]);
  return {
    patientId: source.patientId,
    before: { cards: before.cards, estimates: [] },
    after: { cards: after.cards, estimates: [] },
    difference: difference(before.cards, after.cards),
    explanation: explain(difference(before.cards, after.cards)),
    refused,
  };
}

const copy = (source: ChartSource): ChartSource => ({ ...source, parts: { ...source.parts }, drafts: [...source.drafts], selections: [], referenced: new Map(source.referenced) });

/**
 * Every medication is judged as if it were being ordered, so that a what-if shows the dangers of the whole list, and the
 * chart-wide rules beside it.
 */
async function assess(source: ChartSource, orders: Service, review: Service, engine: Engine): Promise<{ cards: Card[] }> {
  const chart = readChart(source, engine.knowledge().terminology);
  const asked = await Promise.all([check(chart, orders, 'order-sign', engine), check(chart, review, 'patient-view', engine)]);
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const finding of asked.flatMap((guarded) => guarded.findings)) {
    if (seen.has(finding.rule.id)) continue;
    seen.add(finding.rule.id);
    findings.push(finding);
  }
  const { cards } = await writeCards(findings, { ...writing(chart, { ...orders, cardLimit: Number.POSITIVE_INFINITY }, 'order-sign', engine), smartLink: undefined });
  return { cards };
}

function apply(change: Change, source: ChartSource, terminology: Terminology): ChartSource | { reason: string } {
  switch (change.do) {
    case 'stop':
      return stop(change, source, terminology);
    case 'start':
      return start(change.order, source);
    case 'replace': {
      const stopped = stop(change, source, terminology);
      return 'reason' in stopped ? stopped : start(change.order, stopped);
    }
    case 'dose':
      return dose(change, source, terminology);
    case 'observe':
      return observe(change, source);
    case 'diagnose':
      return diagnose(change, source);
    case 'delay':
      return { reason: `no delay model is on file for "${String(change.treatment).slice(0, 60)}"` };
    default:
      return { reason: `"${change.do.slice(0, 40)}" is not a change: use stop, start, replace, dose, observe, diagnose or delay` };
  }
}

/** The medications a change names: by reference, or by a coding that resolves to the same drug. */
function named(change: Change, source: ChartSource, terminology: Terminology): Medication[] | { reason: string } {
  const chart = readChart(source, terminology);
  const held = (isKnown(chart.medications) ? chart.medications : chart.drafts).filter(isTaken);
  const pointer = change.medication;
  const reference = referenceOf(pointer) ?? referenceOf(object(pointer)?.medicationReference);
  if (reference?.includes('/')) {
    const found = held.filter((entry) => entry.reference === reference);
    return found.length ? found : { reason: `${reference} is not among the medications taken` };
  }
  const given = isObject(pointer) ? (object(pointer.medicationCodeableConcept) ?? pointer) : {};
  const concept = { coding: codings(given).length ? codings(given) : object(given.coding) ? [given.coding as Coding] : isObject(given) && typeof given.code === 'string' ? [given as Coding] : [], text: text(given.text) ?? text(given.display) };
  const drug = terminology.drug(concept);
  if (isUnknown(drug)) return { reason: 'the medication of this change could not be recognised' };
  const wanted = drug.ingredients.map(({ name }) => name).sort().join('/');
  const found = held.filter((entry) => isKnown(entry.drug) && entry.drug.ingredients.map(({ name }) => name).sort().join('/') === wanted);
  return found.length ? found : { reason: `${drug.text} is not among the medications taken` };
}

function without(source: ChartSource, references: Set<string>): ChartSource {
  const parts = { ...source.parts };
  for (const part of ['medications', 'pastMedications', 'statements'] as const) {
    const held = parts[part];
    if (held && !isUnknown(held)) parts[part] = held.filter((resource, place) => !references.has(referenceTo(resource, `${part}-${place + 1}`)));
  }
  return { ...source, parts, drafts: source.drafts.filter((draft, place) => !references.has(referenceTo(draft, `draft-${place + 1}`))) };
}

function stop(change: Change, source: ChartSource, terminology: Terminology): ChartSource | { reason: string } {
  const found = named(change, source, terminology);
  return 'reason' in found ? found : without(source, new Set(found.map(({ reference }) => reference)));
}

function start(order: unknown, source: ChartSource): ChartSource | { reason: string } {
  if (!isObject(order) || order.resourceType !== 'MedicationRequest') return { reason: '"order" must be a MedicationRequest' };
  const id = text(order.id) ?? `what-if-${source.drafts.length + 1}`;
  return { ...source, drafts: [...source.drafts, { ...order, id, status: 'draft' } as unknown as Resource] };
}

function dose(change: Change, source: ChartSource, terminology: Terminology): ChartSource | { reason: string } {
  const dosageInstruction = list(change.dosageInstruction);
  if (dosageInstruction.length === 0) return { reason: '"dosageInstruction" must be a list of Dosage' };
  const found = named(change, source, terminology);
  if ('reason' in found) return found;
  const [first] = found;
  const changed = { ...(first!.resource as unknown as Json), dosageInstruction, status: 'draft' } as unknown as Resource;
  return { ...without(source, new Set(found.map(({ reference }) => reference))), drafts: [...without(source, new Set(found.map(({ reference }) => reference))).drafts, changed] };
}

function observe(change: Change, source: ChartSource): ChartSource | { reason: string } {
  const coding = codings(change.code)[0] ?? (isObject(change.code) && typeof change.code.code === 'string' ? (change.code as Coding) : undefined);
  if (!coding?.code || typeof change.value !== 'number' || !Number.isFinite(change.value) || typeof change.unit !== 'string') return { reason: 'an observation needs "code" (a LOINC coding), a number "value" and a UCUM "unit"' };
  const observation = {
    resourceType: 'Observation',
    id: `what-if-${coding.code}`,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', ...coding }], ...(coding.display && { text: coding.display }) },
    effectiveDateTime: source.now.toISOString(),
    valueQuantity: { value: change.value, unit: change.unit, code: change.unit, system: 'http://unitsofmeasure.org' },
  } as unknown as Resource;
  const held = source.parts.labs;
  // The imagined value is the newest; an earlier thought about the same test gives way to it.
  const others = held && !isUnknown(held) ? held.filter(({ id }) => id !== observation.id) : [];
  return { ...source, parts: { ...source.parts, labs: [observation, ...others] } };
}

function diagnose(change: Change, source: ChartSource): ChartSource | { reason: string } {
  const coding = codings(change.code)[0] ?? (isObject(change.code) && typeof change.code.code === 'string' ? (change.code as Coding) : undefined);
  if (!coding?.code) return { reason: 'a diagnosis needs "code", a coding' };
  const condition = { resourceType: 'Condition', id: `what-if-${coding.code}`, clinicalStatus: { coding: [{ code: 'active' }] }, code: { coding: [coding] }, recordedDate: source.now.toISOString() } as unknown as Resource;
  const held = source.parts.problems;
  return { ...source, parts: { ...source.parts, problems: [condition, ...(held && !isUnknown(held) ? held : [])] } };
}

const key = (card: Card): string => card.extension?.[cardExtensionKey]?.ruleId ?? card.summary;
const tier = (card: Card): string => `${card.indicator} ${card.extension?.[cardExtensionKey]?.tier}`;

export function difference(before: Card[], after: Card[]): WhatIfAnswer['difference'] {
  const was = new Map(before.map((card) => [key(card), card]));
  const is = new Map(after.map((card) => [key(card), card]));
  return {
    gone: before.filter((card) => !is.has(key(card))),
    new: after.filter((card) => !was.has(key(card))),
    same: after.filter((card) => was.has(key(card)) && tier(was.get(key(card))!) === tier(card)),
    changed: after.filter((card) => was.has(key(card)) && tier(was.get(key(card))!) !== tier(card)).map((card) => ({ before: was.get(key(card))!, after: card })),
  };
}

/** From the rules' own words: what falls away, what comes, and why. */
function explain({ gone, new: come, changed = [] }: WhatIfAnswer['difference']): WhatIfAnswer['explanation'] {
  const reason = (card: Card): string => card.extension?.[cardExtensionKey]?.reason ?? '';
  const handles = (card: Card): string[] => (card.extension?.[cardExtensionKey]?.evidence ?? []).flatMap(({ reference }) => (reference ? [reference] : []));
  return [
    ...gone.map((card) => ({ text: `No longer: ${card.summary}.`, handles: handles(card) })),
    ...come.map((card) => ({ text: `New: ${card.summary}. ${reason(card)}`, handles: handles(card) })),
    ...changed.map(({ before, after }) => ({ text: `Changed from ${before.indicator} to ${after.indicator}: ${after.summary}. ${reason(after)}`, handles: handles(after) })),
  ];
}

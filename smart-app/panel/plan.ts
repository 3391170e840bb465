// What if: the controls' settings, and the changes they ask the engine for. Pure.
import type { Card, CdsAction } from '../../src/cds-hooks/contract.ts';
import { orderText, referenceOf } from './cards-state.ts';
import type { Identity, Resource } from './session.ts';

export interface Plan {
  /** Chosen instead of the order being written: `none`, `other`, or the key of an option. */
  drug?: string;
  /** The drug in the clinician's own words, with `other`; the server finds out what it is. */
  otherDrug?: string;
  dose?: number;
  delayHours?: number;
  /** What waits; the first of `delays` when nothing was chosen. */
  treatment?: DelayedTreatment;
  /** The clinician's own estimate, in percent, that the published effect is applied to. */
  baselinePercent?: number;
  /** Planned now: door to balloon in minutes, or onset to treatment in hours. */
  planned?: number;
  egfr?: number;
  /** By reference of an active prescription. */
  standing: Record<string, 'hold' | 'stop'>;
}

export type DelayedTreatment = 'sepsis-antibiotics' | 'stemi-pci' | 'stroke-thrombolysis';

export interface Delay {
  treatment: DelayedTreatment;
  name: string;
  label: string;
  most: number;
  step: number;
  baseline?: string;
  planned?: { label: string; member: 'plannedMinutes' | 'onsetToTreatmentHours' };
}

/** The treatments that a published delay model is on file for. */
export const delays: [Delay, ...Delay[]] = [
  {
    treatment: 'sepsis-antibiotics',
    name: 'First antibiotic in sepsis',
    label: 'First antibiotic dose delayed by',
    most: 12,
    step: 1,
    baseline: 'Risk of death if treated now, your estimate, %',
  },
  {
    treatment: 'stemi-pci',
    name: 'Primary PCI in STEMI',
    label: 'Balloon delayed by',
    most: 2,
    step: 0.5,
    planned: { label: 'Door to balloon as planned now, min', member: 'plannedMinutes' },
  },
  {
    treatment: 'stroke-thrombolysis',
    name: 'Thrombolysis in stroke',
    label: 'Thrombolysis delayed by',
    most: 4.5,
    step: 0.5,
    baseline: 'Chance of a good outcome untreated, your estimate, %',
    planned: { label: 'Onset to treatment as planned now, h', member: 'onsetToTreatmentHours' },
  },
];

export const delayOf = ({ treatment }: Plan): Delay => delays.find((one) => one.treatment === treatment) ?? delays[0];

function delayChange(plan: Plan): Record<string, unknown> {
  const { treatment, baseline, planned } = delayOf(plan);
  return {
    do: 'delay',
    treatment,
    hours: plan.delayHours,
    ...(baseline && plan.baselinePercent && { baseline: { pct: plan.baselinePercent, from: 'clinician' } }),
    ...(planned && plan.planned && { [planned.member]: plan.planned }),
  };
}

export const noPlan: Plan = { standing: {} };

export interface DrugOption {
  key: string;
  label: string;
  order: Resource;
}

export const isUntouched = (plan: Plan) =>
  (plan.drug === undefined || (plan.drug === 'other' && !plan.otherDrug)) &&
  plan.dose === undefined &&
  !plan.delayHours &&
  plan.egfr === undefined &&
  Object.keys(plan.standing).length === 0;

/** "enoxaparin 80 mg twice daily": the words name the drug, and how often is read from them by the server. */
export function orderInWords(words: string, patientId: string): Resource {
  const text = words.trim();
  const [, amount] = /^\D+?(\d.*)$/.exec(text) ?? [];
  const saysHowOften = /\b(?:daily|nightly|weekly|once|twice|hours?|days?|times)\b/i.test(amount ?? '');
  return {
    resourceType: 'MedicationRequest',
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${patientId}` },
    medicationCodeableConcept: { text },
    ...(amount && saysHowOften && { dosageInstruction: [{ text: amount }] }),
  };
}

/** Drugs to try: what the cards themselves suggest. The panel invents none. */
export function drugOptions(cards: Card[]): DrugOption[] {
  const options = new Map<string, DrugOption>();
  for (const { resource } of cards
    .flatMap(({ suggestions }) => suggestions ?? [])
    .flatMap(({ actions }) => actions ?? [])) {
    if (resource?.resourceType !== 'MedicationRequest') continue;
    const order = resource as Resource;
    const label = orderText(order);
    if (!options.has(label)) options.set(label, { key: label, label, order });
  }
  return [...options.values()];
}

const egfrCode = { system: 'http://loinc.org', code: '98979-8', display: 'eGFR (CKD-EPI 2021)' };

export const currentEgfr = (identity: Identity | undefined) => identity?.facts.find(({ name }) => name === 'eGFR');

interface DoseHolder {
  dosageInstruction?: {
    doseAndRate?: { doseQuantity?: { value?: number; unit?: string; system?: string; code?: string } }[];
  }[];
}

export const doseOf = (order: Resource | undefined) =>
  (order as DoseHolder | undefined)?.dosageInstruction?.[0]?.doseAndRate?.[0]?.doseQuantity;

/** The order with another amount; its text goes, because it would say the old one. */
function withDose(order: Resource, value: number): Resource {
  const [first, ...others] = (order as DoseHolder).dosageInstruction ?? [];
  const { text: _, ...instruction } = (first ?? {}) as Record<string, unknown>;
  return {
    ...order,
    dosageInstruction: [{ ...instruction, doseAndRate: [{ doseQuantity: { ...doseOf(order), value } }] }, ...others],
  };
}

export interface PlanContext {
  patientId: string;
  draft?: Resource;
  options: DrugOption[];
  medications: Resource[];
}

const codeOf = (order: Resource) =>
  order.medicationCodeableConcept ?? {
    reference: (order.medicationReference as { reference?: string } | undefined)?.reference,
  };

function optionOf({ drug, otherDrug }: Plan, { options, patientId }: PlanContext): DrugOption | undefined {
  if (drug !== 'other') return options.find(({ key }) => key === drug);
  const label = otherDrug?.trim();
  return label ? { key: 'other', label, order: orderInWords(label, patientId) } : undefined;
}

/** As `POST /what-if` takes them. */
export function changesOf(plan: Plan, context: PlanContext): Record<string, unknown>[] {
  const { draft, medications } = context;
  const changes: Record<string, unknown>[] = [];
  const option = optionOf(plan, context);
  const chosen = option?.order ?? (plan.drug === undefined ? draft : undefined);
  const dosed = chosen && plan.dose !== undefined ? withDose(chosen, plan.dose) : chosen;
  if (plan.drug === 'none' && draft) changes.push({ do: 'stop', medication: { reference: referenceOf(draft) } });
  else if (option && draft)
    changes.push({ do: 'replace', medication: { reference: referenceOf(draft) }, order: dosed });
  else if (option) changes.push({ do: 'start', order: dosed });
  else if (draft && plan.dose !== undefined) {
    changes.push({
      do: 'dose',
      medication: { reference: referenceOf(draft) },
      dosageInstruction: dosed?.dosageInstruction,
    });
  }
  if (plan.delayHours) changes.push(delayChange(plan));
  if (plan.egfr !== undefined)
    changes.push({ do: 'observe', code: egfrCode, value: plan.egfr, unit: 'mL/min/{1.73_m2}' });
  for (const reference of Object.keys(plan.standing)) {
    const medication = medications.find((one) => referenceOf(one) === reference);
    if (medication)
      changes.push({
        do: 'stop',
        medication: {
          reference,
          ...(medication.medicationCodeableConcept
            ? { coding: (codeOf(medication) as { coding?: unknown }).coding }
            : {}),
        },
      });
  }
  return changes;
}

/** The part of a plan that can be ordered. A delay or another kidney function cannot. */
export function draftActions(plan: Plan, context: PlanContext): CdsAction[] {
  const { draft, medications } = context;
  const actions: CdsAction[] = [];
  const option = optionOf(plan, context);
  const dosed = (order: Resource) => (plan.dose === undefined ? order : withDose(order, plan.dose));
  if (option) {
    const { id: _, ...order } = dosed(option.order);
    if (draft)
      actions.push({
        type: 'update',
        description: `Change to ${option.label}`,
        resource: { ...order, id: draft.id, status: 'draft' },
      });
    else
      actions.push({ type: 'create', description: `Order ${option.label}`, resource: { ...order, status: 'draft' } });
  } else if (plan.drug === 'none' && draft) {
    actions.push({ type: 'delete', description: `Remove ${orderText(draft)}`, resourceId: referenceOf(draft) });
  } else if (draft && plan.dose !== undefined) {
    actions.push({ type: 'update', description: `Change the dose of ${orderText(draft)}`, resource: dosed(draft) });
  }
  for (const [reference, standing] of Object.entries(plan.standing)) {
    const medication = medications.find((one) => referenceOf(one) === reference);
    if (!medication) continue;
    actions.push({
      type: 'update',
      description: `${standing === 'hold' ? 'Hold' : 'Stop'} ${orderText(medication)}`,
      resource: { ...medication, status: standing === 'hold' ? 'on-hold' : 'stopped' },
    });
  }
  return actions;
}

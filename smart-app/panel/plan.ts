// What if: the controls' settings, and the changes they ask the engine for. Pure.
import type { Card, CdsAction } from '../../src/cds-hooks/contract.ts';
import { orderText, referenceOf } from './cards-state.ts';
import type { Identity, Resource } from './session.ts';

export interface Plan {
  /** Chosen instead of the order being written: `none`, or the key of an option. */
  drug?: string;
  dose?: number;
  delayHours?: number;
  egfr?: number;
  /** By reference of an active prescription. */
  standing: Record<string, 'hold' | 'stop'>;
}

export const noPlan: Plan = { standing: {} };

export interface DrugOption {
  key: string;
  label: string;
  order: Resource;
}

export const isUntouched = (plan: Plan) =>
  plan.drug === undefined &&
  plan.dose === undefined &&
  !plan.delayHours &&
  plan.egfr === undefined &&
  Object.keys(plan.standing).length === 0;

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
  draft?: Resource;
  options: DrugOption[];
  medications: Resource[];
}

const codeOf = (order: Resource) =>
  order.medicationCodeableConcept ?? {
    reference: (order.medicationReference as { reference?: string } | undefined)?.reference,
  };

/** As `POST /what-if` takes them. */
export function changesOf(plan: Plan, { draft, options, medications }: PlanContext): Record<string, unknown>[] {
  const changes: Record<string, unknown>[] = [];
  const option = options.find(({ key }) => key === plan.drug);
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
  if (plan.delayHours) changes.push({ do: 'delay', treatment: 'sepsis-antibiotics', hours: plan.delayHours });
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
export function draftActions(plan: Plan, { draft, options, medications }: PlanContext): CdsAction[] {
  const actions: CdsAction[] = [];
  const option = options.find(({ key }) => key === plan.drug);
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

// Turns a rule's suggestion into actions on the drafts of the request: whole resources, for the patient in context, one click.
import type { CdsAction, Suggestion } from '../cds-hooks/contract.ts';
import type { Chart, Medication } from '../chart/types.ts';
import { ordersOnTheirWay } from '../facts/awaited-tests.ts';
import { drugName, isTaken, matches, renewedBy } from '../facts/medication-list.ts';
import { daysBetween, type Json } from '../fhir/reading.ts';
import type { DrugChoice, RuleSuggestion } from '../guards/rule.ts';
import type { Terminology } from '../terminology/terminology.ts';
import type { Coding } from '../terminology/types.ts';
import { isKnown } from '../unknown.ts';
import { fill } from './template.ts';

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const UCUM = 'http://unitsofmeasure.org';

export interface Offered {
  suggestion: Suggestion;
  from: RuleSuggestion;
  /** The draft that a replace, remove or dose acts on. */
  draft?: Medication;
  /** A new drug order, not yet tried on the guards; of several choices of one suggestion only the first that passes stays. */
  newOrder?: Record<string, unknown>;
}

export interface SuggestionContext {
  chart: Chart;
  terminology: Terminology;
  names: Record<string, string>;
  /** Drafts the finding is about. */
  orders: string[];
  uuid: () => string;
}

/** None when the suggestion has nothing to act on in this request; several when guards are to choose among drugs. */
export function offer(from: RuleSuggestion, context: SuggestionContext): Offered[] {
  if (from.kind === 'order-drug') return from.anyOf.flatMap((choice) => newDrug(choice, from, context) ?? []);
  const { chart, names, orders, uuid } = context;
  const concerned = chart.drafts.filter(
    (entry) => orders.includes(entry.reference) && (!('of' in from && from.of) || matches(entry, [from.of].flat())),
  );
  // Of two drafts the renewal stays: what it renews is taken anyway.
  const namesDraft = from.kind === 'remove' && /\{\{(drug|draft)\}\}/.test(from.label);
  const draft = namesDraft
    ? (concerned.find((entry) => renewedBy(chart, entry).length === 0) ?? concerned[0])
    : concerned[0];
  const said = draft && { draft: drugName(draft), ...(namesDraft && { drug: drugName(draft) }) };
  const label = fill(from.label, { ...names, ...said }).slice(0, 80);
  if (from.kind === 'order-test' ? !concerns(from, chart) : actsOnTheOther(from, names)) return [];
  const action = actionOf(from, draft, context, label);
  if (!action) return [];
  return [
    {
      suggestion: { label, uuid: uuid(), ...(from.isRecommended && { isRecommended: true }), actions: [action] },
      from,
      draft: from.kind === 'order-test' ? undefined : draft,
    },
  ];
}

/**
 * The test itself, or a panel that brings all its results, is on order or in this session. One for later is not what today's
 * order is for.
 */
function isAlreadyOrdered(test: Coding, inDays: number, { chart, terminology }: SuggestionContext): boolean {
  const wanted = [...terminology.measuredBy({ coding: [test] })];
  return ordersOnTheirWay(chart).some(({ codings, text, when }) => {
    if (inDays > 0 && (!when || daysBetween(chart.now, when) < inDays / 2)) return false;
    if (wanted.length === 0) return codings.some(({ code }) => code === test.code);
    const measured = terminology.measuredBy({ coding: codings, text });
    return wanted.every((id) => measured.has(id));
  });
}

const concerns = ({ of }: Extract<RuleSuggestion, { kind: 'order-test' }>, { medications, drafts }: Chart): boolean =>
  of === undefined ||
  (isKnown(medications) ? medications : drafts).some((entry) => isTaken(entry) && matches(entry, [of].flat()));

/** "Acetaminophen instead of {{precipitant}}" is no advice on the order of the other drug of the pair. */
const actsOnTheOther = ({ label }: { label: string }, { ordered }: Record<string, string>): boolean =>
  (ordered === 'object' && label.includes('{{precipitant}}')) ||
  (ordered === 'precipitant' && label.includes('{{object}}'));

/** A drug order that no draft of the request stands for: an antibiotic on a card about the chart. */
function newDrug(
  choice: DrugChoice,
  from: RuleSuggestion,
  { chart, terminology, uuid }: SuggestionContext,
): Offered | undefined {
  if (choice.unless?.some((token) => speaksAgainst(token, chart, terminology))) return undefined;
  const product = choice.code
    ? { code: choice.code, display: choice.display }
    : terminology.orderables().find(({ ingredient }) => ingredient === choice.drug);
  const newOrder = {
    resourceType: 'MedicationRequest',
    status: 'draft',
    intent: 'order',
    subject: { reference: chart.patient.reference },
    medicationCodeableConcept: {
      ...(product && { coding: [{ system: RXNORM, code: product.code, display: product.display }] }),
      text: choice.display,
    },
    dosageInstruction: [{ text: choice.dose, ...timing(choice.frequencyPerDay), ...amount(choice.doseQuantity) }],
  };
  const action: CdsAction = { type: 'create', description: choice.label, resource: newOrder };
  return {
    suggestion: {
      label: choice.label,
      uuid: uuid(),
      ...(from.isRecommended && { isRecommended: true }),
      actions: [action],
    },
    from,
    newOrder,
  };
}

type ActingSuggestion = Exclude<RuleSuggestion, { kind: 'order-drug' }>;

function actionOf(
  from: ActingSuggestion,
  draft: Medication | undefined,
  context: SuggestionContext,
  label: string,
): CdsAction | undefined {
  const { chart, terminology } = context;
  const subject = { reference: chart.patient.reference };
  if (from.kind === 'order-test') {
    if (isAlreadyOrdered(from.test, from.inDays ?? 0, context)) return undefined;
    const due = new Date(chart.now.getTime() + (from.inDays ?? 0) * 86_400_000);
    return {
      type: 'create',
      description: label,
      resource: {
        resourceType: 'ServiceRequest',
        status: 'draft',
        intent: 'order',
        subject,
        code: {
          coding: [{ system: from.test.system, code: from.test.code, display: from.test.display }],
          text: from.test.display,
        },
        occurrenceDateTime: due.toISOString().slice(0, 10),
      },
    };
  }
  if (!draft) return undefined;
  if (from.kind === 'replace' && !isFitting(from, draft, context)) return undefined;
  const id = (draft.resource as { id?: string }).id;
  if (from.kind === 'remove')
    return id ? { type: 'delete', description: label, resourceId: `${draft.resource.resourceType}/${id}` } : undefined;
  const original = draft.resource as unknown as Json;
  const dosageInstruction = [
    {
      text: from.kind === 'replace' ? from.with.dose : from.dose,
      ...timing(from.kind === 'replace' ? from.with.frequencyPerDay : from.frequencyPerDay),
      ...amount(from.kind === 'replace' ? from.with.doseQuantity : from.doseQuantity),
    },
  ];
  if (from.kind === 'dose')
    return id ? { type: 'update', description: label, resource: { ...original, dosageInstruction } } : undefined;
  const product = from.with.code
    ? { code: from.with.code, display: from.with.display }
    : terminology.orderables().find(({ ingredient }) => ingredient === from.with.drug);
  if (!product) return undefined;
  const {
    medicationReference: _reference,
    contained: _contained,
    dispenseRequest: _dispense,
    priorPrescription: _prior,
    ...kept
  } = original;
  const resource = {
    ...kept,
    resourceType: 'MedicationRequest',
    status: 'draft',
    intent: typeof original.intent === 'string' ? original.intent : 'order',
    subject,
    medicationCodeableConcept: {
      coding: [{ system: RXNORM, code: product.code, display: product.display }],
      text: from.with.display,
    },
    dosageInstruction,
  };
  return id ? { type: 'update', description: label, resource } : { type: 'create', description: label, resource };
}

/** A capsule does not take the place of an infusion, and nothing is offered that the chart speaks against. */
function isFitting(
  { forRoutes, unless }: Extract<RuleSuggestion, { kind: 'replace' }>,
  { drug }: Medication,
  { chart, terminology }: SuggestionContext,
): boolean {
  const route = (isKnown(drug) && drug.route) || 'oral';
  return (forRoutes?.includes(route) ?? true) && !unless?.some((token) => speaksAgainst(token, chart, terminology));
}

/** A token that the chart holds as an allergy, a problem, or a drug taken beside the orders; an allergen set is asked of allergies alone. */
function speaksAgainst(token: string, { allergies, problems, medications }: Chart, terminology: Terminology): boolean {
  if (isKnown(allergies) && allergies.some(({ standing, groups }) => standing === 'active' && groups.has(token)))
    return true;
  if (terminology.valueSet(token)?.kind === 'allergens') return false;
  return (
    (isKnown(problems) && problems.some(({ standing, groups }) => standing === 'active' && groups.has(token))) ||
    (isKnown(medications) && medications.some((entry) => entry.standing === 'active' && matches(entry, [token])))
  );
}

const timing = (perDay: number | undefined) =>
  perDay === undefined
    ? {}
    : {
        timing: {
          repeat:
            perDay >= 1
              ? { frequency: perDay, period: 1, periodUnit: 'd' }
              : { frequency: 1, period: Math.round(1 / perDay), periodUnit: 'd' },
        },
      };

const amount = (quantity: { value: number; unit: string; code?: string } | undefined) =>
  quantity ? { doseAndRate: [{ doseQuantity: { ...quantity, ...(quantity.code && { system: UCUM }) } }] } : {};

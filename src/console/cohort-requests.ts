// The hook requests that a patient of a cohort would cause: the chart opened, each drafted order signed, and each active
// medication ordered once more as if it were new. What an EHR would send, prefetch and all.
import { type PartDefinition, partDefinitions } from '../chart/parts.ts';
import { type ChartPart, chartParts } from '../chart/types.ts';
import { stories } from '../sandbox/patients/index.ts';

type Json = Record<string, unknown>;

export interface CohortPatient {
  id: string;
  resources: Json[];
}

export interface CohortRequest {
  /** What the clinician does, in words: "orders Naproxen 500 MG Oral Tablet". */
  deed: string;
  hook: 'patient-view' | 'order-sign';
  context: Json;
  prefetch: Json;
}

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';

export function requestsOf({ id, resources }: CohortPatient, medications: readonly Json[] = []): CohortRequest[] {
  const drafts = resources.filter(
    ({ resourceType, status }) =>
      status === 'draft' && /^(MedicationRequest|ServiceRequest)$/.test(String(resourceType)),
  );
  const chart = resources.filter((resource) => !drafts.includes(resource));
  const encounter = chart.find(
    ({ resourceType, status }) => resourceType === 'Encounter' && status === 'in-progress',
  )?.id;
  const context = {
    userId: 'Practitioner/cohort',
    patientId: id,
    ...(encounter !== undefined && { encounterId: encounter }),
  };
  const sign = (order: Json, without?: Json): CohortRequest => ({
    deed: `orders ${nameOf(order, medications)}`,
    hook: 'order-sign',
    context: { ...context, draftOrders: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: order }] } },
    prefetch: prefetchOf(without ? chart.filter((resource) => resource !== without) : chart, medications),
  });
  const suggested = stories.find(({ patientId }) => patientId === id)?.suggestedOrder;
  return [
    { deed: 'opens the chart', hook: 'patient-view', context, prefetch: prefetchOf(chart, medications) },
    ...drafts.map((draft) => sign(draft)),
    ...(suggested && /^\d+$/.test(suggested.code)
      ? [
          sign({
            resourceType: 'MedicationRequest',
            id: 'suggested-order',
            status: 'draft',
            intent: 'order',
            subject: { reference: `Patient/${id}` },
            medicationCodeableConcept: {
              coding: [{ system: RXNORM, code: suggested.code, display: suggested.display }],
              text: suggested.display,
            },
            ...(suggested.sig && { dosageInstruction: [{ text: suggested.sig }] }),
          }),
        ]
      : []),
    ...chart
      .filter(({ resourceType, status }) => resourceType === 'MedicationRequest' && status === 'active')
      .map((active) => {
        const { authoredOn: _, dispenseRequest: _refills, ...order } = active;
        return sign({ ...order, id: `again-${String(active.id)}`, status: 'draft' }, active);
      }),
  ];
}

function nameOf(order: Json, medications: readonly Json[]): string {
  const concept = (order.medicationCodeableConcept ?? order.code) as
    | { text?: string; coding?: { display?: string; code?: string }[] }
    | undefined;
  const pointed = (order.medicationReference as { reference?: string; display?: string } | undefined) ?? {};
  const held = medications.find(({ id }) => pointed.reference?.endsWith(`Medication/${String(id)}`))
    ?.code as typeof concept;
  const from = concept ?? held;
  return from?.text ?? from?.coding?.[0]?.display ?? pointed.display ?? from?.coding?.[0]?.code ?? 'something';
}

function prefetchOf(chart: readonly Json[], medications: readonly Json[]): Json {
  return Object.fromEntries(
    chartParts.map((part) => [part, searched(part, partDefinitions[part], chart, medications)]),
  );
}

/** What the part's own search would find, newest first and no more than it asks for. */
function searched(
  part: ChartPart,
  { template, types }: PartDefinition,
  chart: readonly Json[],
  medications: readonly Json[],
): Json | null {
  const query = new URLSearchParams(template.split('?')[1] ?? '');
  const [type] = types;
  const status = query.get('status')?.split(',');
  const category = query.get('category');
  let found = chart.filter(
    (resource) =>
      resource.resourceType === type &&
      (!status || status.includes(String(resource.status))) &&
      (!category || categoriesOf(resource).includes(category)),
  );
  if (part === 'patient') return found[0] ?? null;
  if (query.has('_sort'))
    found = found
      .map((resource) => [dateOf(resource), resource] as const)
      .sort(([a], [b]) => (a < b ? 1 : a > b ? -1 : 0))
      .map(([, resource]) => resource);
  if (query.has('_count')) found = found.slice(0, Number(query.get('_count')));
  const pointed = types.includes('Medication')
    ? medications.filter(({ id }) =>
        found.some(({ medicationReference }) =>
          (medicationReference as { reference?: string } | undefined)?.reference?.endsWith(`Medication/${String(id)}`),
        ),
      )
    : [];
  return found.length
    ? { resourceType: 'Bundle', type: 'searchset', entry: [...found, ...pointed].map((resource) => ({ resource })) }
    : null;
}

function categoriesOf(resource: Json): string[] {
  const categories = [resource.category].flat() as ({ coding?: { code?: string }[] } | undefined)[];
  return categories.flatMap((category) => category?.coding?.map(({ code }) => code ?? '') ?? []);
}

function dateOf(resource: Json): string {
  const period = (resource.effectivePeriod ?? resource.performedPeriod ?? resource.period) as
    | { start?: string }
    | undefined;
  return String(
    resource.authoredOn ??
      resource.effectiveDateTime ??
      resource.performedDateTime ??
      resource.date ??
      resource.occurrenceDateTime ??
      period?.start ??
      '',
  );
}

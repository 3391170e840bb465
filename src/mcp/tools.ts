// The tools an agent gets: the service's own contract, read-only. A tool is one call of a route, so that trust, limits and ledger
// are those of every caller.
type Json = Record<string, unknown>;

export interface Tool {
  name: string;
  title: string;
  description: string;
  inputSchema: Json;
  /** The route, and the body for a POST. */
  call: (given: Json, uuid: () => string) => { path: string; body?: Json };
}

const text = (description: string): Json => ({ type: 'string', description });
const anything = (description: string): Json => ({ type: 'object', description, additionalProperties: true });
const chart = {
  patientId: text('FHIR id of the patient'),
  userId: text('Who asks, "Practitioner/id"'),
  encounterId: text('FHIR id of the encounter'),
  prefetch: anything(
    'The chart, by the prefetch keys that list_services names: patient, medications, allergies, problems, labs, … each a FHIR resource or searchset Bundle; null means "looked, nothing there"; a key left out is read from fhirServer',
  ),
  fhirServer: text('A FHIR server that Curbside trusts'),
  fhirAuthorization: anything('The token for fhirServer, as in CDS Hooks'),
};
const schema = (properties: Json, required: string[]): Json => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

function request(
  { patientId, userId, encounterId, prefetch, fhirServer, fhirAuthorization }: Json,
  context: Json = {},
): Json {
  return {
    context: {
      patientId,
      ...(userId !== undefined && { userId }),
      ...(encounterId !== undefined && { encounterId }),
      ...context,
    },
    prefetch: prefetch ?? {},
    ...(fhirServer !== undefined && { fhirServer }),
    ...(fhirAuthorization !== undefined && { fhirAuthorization }),
  };
}

export const tools: Tool[] = [
  {
    name: 'list_services',
    title: 'CDS services',
    description: 'The CDS Hooks services, their hooks and the prefetch keys with their FHIR searches.',
    inputSchema: schema({}, []),
    call: () => ({ path: '/cds-services' }),
  },
  {
    name: 'check_orders',
    title: 'Check orders',
    description:
      'Checks draft orders against the chart as at signing: interactions, allergies, duplicates, kidney dosing, monitoring. Rules decide; "couldNotCheck" names what is not known. No cards is not a clearance.',
    inputSchema: schema(
      {
        ...chart,
        draftOrders: { description: 'A FHIR Bundle or list of the draft orders', type: ['object', 'array'] },
      },
      ['patientId', 'draftOrders'],
    ),
    call: (given, uuid) => ({
      path: '/cds-services/medication-safety',
      body: { hook: 'order-sign', hookInstance: uuid(), ...request(given, { draftOrders: given.draftOrders }) },
    }),
  },
  {
    name: 'review_chart',
    title: 'Review a chart',
    description: 'What needs attention on a chart today, as when it is opened.',
    inputSchema: schema(chart, ['patientId']),
    call: (given, uuid) => ({
      path: '/cds-services/chart-review',
      body: { hook: 'patient-view', hookInstance: uuid(), ...request(given) },
    }),
  },
  {
    name: 'consult',
    title: 'Consult',
    description:
      'A differential for a chart and a question, with evidence for and against from the chart. Bands, not probabilities.',
    inputSchema: schema(
      {
        ...chart,
        question: text('The presenting problem, in words'),
        clinicianDifferential: { type: 'array', items: { type: 'string' } },
      },
      ['patientId'],
    ),
    call: (given) => ({
      path: '/consult',
      body: {
        ...request(given),
        ...(given.question !== undefined && { question: given.question }),
        ...(given.clinicianDifferential !== undefined && { clinicianDifferential: given.clinicianDifferential }),
      },
    }),
  },
  {
    name: 'what_if',
    title: 'What if',
    description:
      'The guards and the equations again on a changed chart: what would come and what would go. Nothing is changed anywhere. Changes: {"do": "stop" | "start" | "replace" | "dose" | "observe" | "diagnose" | "delay", …}.',
    inputSchema: schema(
      {
        ...chart,
        draftOrders: { description: 'Draft orders, as in check_orders', type: ['object', 'array'] },
        changes: {
          type: 'array',
          minItems: 1,
          items: { type: 'object', required: ['do'], additionalProperties: true },
        },
      },
      ['patientId', 'changes'],
    ),
    call: (given) => ({
      path: '/what-if',
      body: {
        ...request(given, given.draftOrders === undefined ? {} : { draftOrders: given.draftOrders }),
        changes: given.changes,
      },
    }),
  },
  {
    name: 'list_calculators',
    title: 'Equations',
    description: 'The published equations, their inputs with units and limits, and their citations.',
    inputSchema: schema({}, []),
    call: () => ({ path: '/calculators' }),
  },
  {
    name: 'calculate',
    title: 'Calculate',
    description: 'One published equation from given inputs, or filled from a chart when a patientId is given.',
    inputSchema: schema(
      {
        ...chart,
        id: text('From list_calculators'),
        inputs: anything('By name, in the units that list_calculators gives'),
      },
      ['id'],
    ),
    call: (given) => ({
      path: `/calculators/${encodeURIComponent(String(given.id))}`,
      body: {
        ...(given.patientId !== undefined && request(given)),
        ...(given.inputs !== undefined && { inputs: given.inputs }),
      },
    }),
  },
  {
    name: 'why',
    title: 'Why a card',
    description: 'Why a card was shown: its rule, the condition tree with its values, the evidence and the gaps.',
    inputSchema: schema({ card: text('uuid of a card shown in the last seven days') }, ['card']),
    call: (given) => ({ path: `/why/${encodeURIComponent(String(given.card))}` }),
  },
];

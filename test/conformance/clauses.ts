// CDS Hooks 2.0.1 for a service, one clause a test. The same list runs in process (`npm test`) and against any service:
// npm run conformance -- http://localhost:8787
import { randomUUID } from 'node:crypto';

export type Json = Record<string, unknown>;

export interface Target {
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export interface Clause {
  id: string;
  level: 'SHALL' | 'SHOULD' | 'ours';
  text: string;
  /** What was found wrong, or undefined. */
  check: (target: Target) => Promise<string | undefined>;
}

export interface Service {
  id: string;
  hook: string;
  title?: string;
  description: string;
  prefetch?: Record<string, string>;
  version?: unknown;
}

export const json = { 'content-type': 'application/json' };
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export async function services(target: Target): Promise<Service[]> {
  return ((await (await target.fetch('/cds-services')).json()) as { services: Service[] }).services;
}

export const post = (target: Target, id: string, body: unknown, headers: Record<string, string> = json) =>
  target.fetch(`/cds-services/${id}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const patient = { resourceType: 'Patient', id: 'conformance', gender: 'female', birthDate: '1950-01-01' };
export const order = (id: string, code: string, display: string, status: string) => ({
  resourceType: 'MedicationRequest',
  id,
  status,
  intent: 'order',
  subject: { reference: 'Patient/conformance' },
  medicationCodeableConcept: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code, display }] },
});
export const bundle = (type: string, ...resources: Json[]) => ({
  resourceType: 'Bundle',
  type,
  entry: resources.map((resource) => ({ resource })),
});

/** A request that a service of this hook must be able to answer: required context, every prefetch key known to be empty. */
export function requestFor(
  { hook, prefetch = {} }: Service,
  chart: { medications?: Json[]; drafts?: Json[] } = {},
): Json {
  const drafts = bundle(
    'collection',
    ...(chart.drafts ?? [order('draft-1', '197806', 'ibuprofen 600 MG Oral Tablet', 'draft')]),
  );
  const context: Json = { patientId: 'conformance', userId: 'Practitioner/conformance' };
  if (hook === 'order-select')
    Object.assign(context, { selections: ['MedicationRequest/draft-1'], draftOrders: drafts });
  if (hook === 'order-sign') context.draftOrders = drafts;
  if (hook === 'medication-refill') context.medications = drafts;
  if (hook === 'encounter-start' || hook === 'encounter-discharge') context.encounterId = 'e1';
  if (hook === 'appointment-book') context.appointments = bundle('collection');
  if (hook === 'allergyintolerance-create')
    context.allergyIntolerance = {
      resourceType: 'AllergyIntolerance',
      patient: { reference: 'Patient/conformance' },
      code: { text: 'penicillin' },
    };
  if (hook === 'problem-list-item-create')
    context.conditions = bundle('collection', {
      resourceType: 'Condition',
      id: 'c1',
      subject: { reference: 'Patient/conformance' },
      code: { text: 'asthma' },
    });
  if (hook === 'order-dispatch') {
    delete context.userId;
    Object.assign(context, { dispatchedOrders: ['MedicationRequest/m1'], performer: 'Organization/pharmacy' });
  }
  return {
    hook,
    hookInstance: randomUUID(),
    context,
    prefetch: Object.fromEntries(
      Object.entries(prefetch).map(([key, template]) => [
        key,
        template.startsWith('Patient/')
          ? patient
          : /^MedicationRequest.*active/.test(template)
            ? bundle('searchset', ...(chart.medications ?? []))
            : bundle('searchset'),
      ]),
    ),
  };
}

export const warfarin = order('m1', '855332', 'warfarin sodium 5 MG Oral Tablet', 'active');

/** Every service with every answer it gives to its own minimal request and, for orders, to one that should earn a card. */
function answers(target: Target): Promise<Answered[]> {
  let held = answered.get(target);
  if (!held) {
    held = ask(target);
    answered.set(target, held);
  }
  return held;
}

interface Answered {
  service: Service;
  body: Json;
  status: number;
}

/** Most clauses look at the same answers: they are asked for once. */
const answered = new WeakMap<Target, Promise<Answered[]>>();

async function ask(target: Target): Promise<Answered[]> {
  const all: Answered[] = [];
  for (const service of await services(target)) {
    for (const request of [requestFor(service), requestFor(service, { medications: [warfarin] })]) {
      const answer = await post(target, service.id, request);
      all.push({ service, status: answer.status, body: (await answer.json()) as Json });
    }
  }
  return all;
}

async function cards(target: Target): Promise<Json[]> {
  return (await answers(target)).flatMap(({ body }) => (Array.isArray(body.cards) ? (body.cards as Json[]) : []));
}

export const eachCard = (find: (card: Json) => string | undefined) => async (target: Target) => {
  const all = await cards(target);
  if (all.length === 0) return 'no request of this suite earned a card';
  for (const card of all) {
    const found = find(card);
    if (found) return `${found} (card "${String(card.summary).slice(0, 60)}")`;
  }
  return undefined;
};

export const eachService =
  (find: (service: Service, target: Target) => string | undefined | Promise<string | undefined>) =>
  async (target: Target) => {
    for (const service of await services(target)) {
      const found = await find(service, target);
      if (found) return `${found} (service "${service.id}", ${service.hook})`;
    }
    return undefined;
  };

/** A status, or what was wrong. */
export const expects = async (answer: Promise<Response>, ...statuses: number[]): Promise<string | undefined> => {
  const { status } = await answer;
  return statuses.includes(status) ? undefined : `answered ${status}, expected ${statuses.join(' or ')}`;
};

function emptyMember(value: unknown, path = ''): string | undefined {
  if (value === null || value === '') return `${path} is ${value === null ? 'null' : 'an empty string'}`;
  if (Array.isArray(value)) {
    if (value.length === 0 && !/^(cards|services)$|extension/.test(path)) return `${path} is an empty list`;
    for (const [place, entry] of value.entries()) {
      const found = emptyMember(entry, `${path}[${place}]`);
      if (found) return found;
    }
  } else if (isObject(value)) {
    if (Object.keys(value).length === 0 && path) return `${path} is an empty object`;
    for (const [key, entry] of Object.entries(value)) {
      if (key === 'extension' || key === 'resource') continue;
      const found = emptyMember(entry, path ? `${path}.${key}` : key);
      if (found) return found;
    }
  }
  return undefined;
}

export const suggestionsOf = (card: Json): Json[] =>
  Array.isArray(card.suggestions) ? (card.suggestions as Json[]) : [];
export const actionsOf = (card: Json): Json[] =>
  suggestionsOf(card).flatMap(({ actions }) => (Array.isArray(actions) ? (actions as Json[]) : []));
const isUrl = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);

export const clauses: Clause[] = [
  {
    id: 'discovery-200',
    level: 'SHALL',
    text: 'GET /cds-services answers 200 with a list of services, as JSON',
    check: async (target) => {
      const answer = await target.fetch('/cds-services');
      if (answer.status !== 200) return `answered ${answer.status}`;
      if (!answer.headers.get('content-type')?.includes('application/json')) return 'is not application/json';
      return Array.isArray(((await answer.json()) as Json).services) ? undefined : '"services" is not a list';
    },
  },
  {
    id: 'discovery-members',
    level: 'SHALL',
    text: 'A service has a hook, an id and a description',
    check: eachService(({ hook, id, description }) =>
      hook && id && description ? undefined : 'hook, id or description is missing',
    ),
  },
  {
    id: 'discovery-title',
    level: 'SHOULD',
    text: 'A service has a title',
    check: eachService(({ title }) => (title ? undefined : 'no title')),
  },
  {
    id: 'discovery-id-path',
    level: 'SHALL',
    text: 'An id is a plain path segment',
    check: eachService(({ id }) => (/^[A-Za-z0-9._~-]+$/.test(id) ? undefined : 'the id needs escaping in a URL')),
  },
  {
    id: 'discovery-unique',
    level: 'SHALL',
    text: 'A pair of id and hook stands once',
    check: async (target) => {
      const pairs = (await services(target)).map(({ id, hook }) => `${id} ${hook}`);
      return new Set(pairs).size === pairs.length ? undefined : 'a pair stands twice';
    },
  },
  {
    id: 'prefetch-tokens',
    level: 'SHALL',
    text: 'Prefetch templates use context tokens and user tokens only',
    check: eachService(({ prefetch = {} }) => {
      for (const template of Object.values(prefetch)) {
        const bad = [...template.matchAll(/\{\{([^}]*)\}\}/g)].find(
          ([, token]) =>
            !/^(context\.[A-Za-z]+|user(Practitioner|PractitionerRole|Patient|RelatedPerson)Id)$/.test(token!),
        );
        if (bad) return `"${bad[0]}" in "${template}"`;
        if (template.startsWith('/') || /^https?:/.test(template)) return `"${template}" is not relative`;
      }
      return undefined;
    }),
  },
  {
    id: 'prefetch-patient',
    level: 'SHOULD',
    text: 'Every prefetch template is bound to the patient',
    check: eachService(({ prefetch = {} }) =>
      Object.values(prefetch).find((template) => !template.includes('context.patientId')),
    ),
  },
  {
    id: 'answer-200',
    level: 'SHALL',
    text: 'A well-formed request is answered 200 with a list of cards',
    check: async (target) => {
      for (const { service, status, body } of await answers(target)) {
        if (status !== 200) return `${service.id} on ${service.hook} answered ${status}`;
        if (!Array.isArray(body.cards)) return `${service.id} on ${service.hook}: "cards" is not a list`;
      }
      return undefined;
    },
  },
  {
    id: 'no-empty-members',
    level: 'SHALL',
    text: 'No member is null, an empty string, an empty list or an empty object, but for cards and services',
    check: async (target) => {
      const found = emptyMember((await (await target.fetch('/cds-services')).json()) as Json);
      if (found) return `discovery: ${found}`;
      for (const { service, body } of await answers(target)) {
        const wrong = emptyMember(body);
        if (wrong) return `${service.id}: ${wrong}`;
      }
      return undefined;
    },
  },
  {
    id: 'card-summary',
    level: 'SHALL',
    text: 'A summary has fewer than 140 characters and no line break',
    check: eachCard(({ summary }) =>
      typeof summary === 'string' && summary && summary.length < 140 && !/[\r\n]/.test(summary)
        ? undefined
        : 'the summary is missing, long or broken',
    ),
  },
  {
    id: 'card-indicator',
    level: 'SHALL',
    text: 'An indicator is info, warning or critical',
    check: eachCard(({ indicator }) =>
      ['info', 'warning', 'critical'].includes(String(indicator)) ? undefined : `indicator ${String(indicator)}`,
    ),
  },
  {
    id: 'card-source',
    level: 'SHALL',
    text: 'A source has a label; its url is absolute; its topic has code and system',
    check: eachCard(({ source }) => {
      if (!isObject(source) || typeof source.label !== 'string' || !source.label) return 'no source label';
      if (source.url !== undefined && !isUrl(source.url)) return 'source.url is not absolute';
      return source.topic !== undefined && !(isObject(source.topic) && source.topic.code && source.topic.system)
        ? 'topic without code or system'
        : undefined;
    }),
  },
  {
    id: 'card-uuid',
    level: 'SHOULD',
    text: 'A card has a uuid',
    check: eachCard(({ uuid }) =>
      /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(String(uuid)) ? undefined : 'no uuid',
    ),
  },
  {
    id: 'card-uuid-fresh',
    level: 'SHALL',
    text: 'A card’s uuid is new with every call',
    check: async (target) => {
      const uuids = (await cards(target)).map(({ uuid }) => uuid);
      return new Set(uuids).size === uuids.length ? undefined : 'a uuid came twice';
    },
  },
  {
    id: 'card-members',
    level: 'SHALL',
    text: 'A card has no members of its own outside extension',
    check: eachCard((card) =>
      Object.keys(card).find(
        (key) =>
          ![
            'uuid',
            'summary',
            'detail',
            'indicator',
            'source',
            'suggestions',
            'selectionBehavior',
            'overrideReasons',
            'links',
            'extension',
          ].includes(key),
      ),
    ),
  },
  {
    id: 'card-detail',
    level: 'SHOULD',
    text: 'A detail holds neither HTML nor a script link',
    check: eachCard(({ detail }) =>
      typeof detail === 'string' && /<[a-z/!]|javascript:/i.test(detail)
        ? 'HTML or a script link in detail'
        : undefined,
    ),
  },
  {
    id: 'suggestions-behavior',
    level: 'SHALL',
    text: 'A card with suggestions says how they may be selected',
    check: eachCard((card) =>
      suggestionsOf(card).length && !['at-most-one', 'any'].includes(String(card.selectionBehavior))
        ? 'selectionBehavior is missing'
        : undefined,
    ),
  },
  {
    id: 'suggestion-members',
    level: 'SHALL',
    text: 'A suggestion has a label, and a uuid',
    check: eachCard((card) =>
      suggestionsOf(card).some(({ label, uuid }) => !label || !uuid) ? 'a suggestion without label or uuid' : undefined,
    ),
  },
  {
    id: 'action-members',
    level: 'SHALL',
    text: 'An action has a type and a description, and what its type asks for',
    check: eachCard((card) => {
      for (const { type, description, resource, resourceId } of actionsOf(card)) {
        if (!description) return 'an action without description';
        if (
          type === 'delete'
            ? typeof resourceId !== 'string'
            : !['create', 'update'].includes(String(type)) || !isObject(resource)
        )
          return `a ${String(type)} action without its resource`;
        if (type === 'update' && !(resource as Json).id) return 'an update of a resource without id';
      }
      return undefined;
    }),
  },
  {
    id: 'override-reasons',
    level: 'SHALL',
    text: 'An override reason has code, system and display',
    check: eachCard(({ overrideReasons }) =>
      Array.isArray(overrideReasons) &&
      (overrideReasons as Json[]).some(({ code, system, display }) => !code || !system || !display)
        ? 'a reason is incomplete'
        : undefined,
    ),
  },
  {
    id: 'links',
    level: 'SHALL',
    text: 'A link has a label, an absolute url and a type; appContext only with smart',
    check: eachCard(({ links }) => {
      for (const { label, url, type, appContext } of (Array.isArray(links) ? links : []) as Json[]) {
        if (!label || !isUrl(url) || !['absolute', 'smart'].includes(String(type))) return 'a link is incomplete';
        if (appContext !== undefined && type !== 'smart') return 'appContext on an absolute link';
      }
      return undefined;
    }),
  },
  {
    id: 'unknown-service',
    level: 'ours',
    text: 'An unknown service is 404',
    check: (target) =>
      expects(
        post(target, 'no-such-service-of-ours', {
          hook: 'patient-view',
          hookInstance: randomUUID(),
          context: { patientId: 'x', userId: 'y' },
        }),
        404,
      ),
  },
  {
    id: 'wrong-verb',
    level: 'ours',
    text: 'Another verb is 405',
    check: eachService(async ({ id }, target) => expects(target.fetch(`/cds-services/${id}`), 405)),
  },
  {
    id: 'not-json',
    level: 'ours',
    text: 'A body that is not JSON is 400',
    check: eachService(async ({ id }, target) => expects(post(target, id, '{"hook":'), 400)),
  },
  {
    id: 'wrong-type',
    level: 'ours',
    text: 'Another content type is 415',
    check: eachService(async ({ id }, target) =>
      expects(post(target, id, '{}', { 'content-type': 'text/plain' }), 415),
    ),
  },
  {
    id: 'charset',
    level: 'SHALL',
    text: 'application/json with parameters is JSON',
    check: eachService(async (service, target) =>
      expects(
        post(target, service.id, requestFor(service), { 'content-type': 'application/json; charset=utf-8' }),
        200,
      ),
    ),
  },
  ...(['hook', 'hookInstance', 'context'] as const).map(
    (member): Clause => ({
      id: `missing-${member}`,
      level: 'ours',
      text: `A request without ${member} is 400`,
      check: eachService(async (service, target) => {
        const { [member]: _, ...rest } = requestFor(service);
        return expects(post(target, service.id, rest), 400);
      }),
    }),
  ),
  {
    id: 'ill-typed',
    level: 'ours',
    text: 'Members of the wrong type are 400',
    check: eachService(async (service, target) => {
      const request = requestFor(service);
      for (const wrong of [
        [],
        'text',
        7,
        null,
        { ...request, hook: 7 },
        { ...request, context: [] },
        { ...request, context: 'x' },
        { ...request, context: {} },
        { ...request, prefetch: 'x' },
        { ...request, fhirAuthorization: 'x' },
        { ...request, context: { ...(request.context as Json), patientId: 7 } },
      ]) {
        const found = await expects(post(target, service.id, wrong as never), 400);
        if (found) return `${found} to ${JSON.stringify(wrong)?.slice(0, 80)}`;
      }
      return undefined;
    }),
  },
  {
    id: 'wrong-hook',
    level: 'ours',
    text: 'A hook that the service does not offer is 400',
    check: eachService(async (service, target) =>
      expects(post(target, service.id, { ...requestFor(service), hook: 'no-such-hook' }), 400),
    ),
  },
  {
    id: 'unknown-members',
    level: 'SHALL',
    text: 'Unknown members and extensions are ignored',
    check: eachService(async (service, target) =>
      expects(
        post(target, service.id, {
          ...requestFor(service),
          somethingNew: { a: 1 },
          extension: { 'com.example': { b: 2 } },
        }),
        200,
      ),
    ),
  },
  {
    id: 'missing-required',
    level: 'SHALL',
    text: 'Required data that cannot be had is 412',
    check: eachService(async (service, target) => {
      const { prefetch: _, ...request } = requestFor(service);
      return expects(post(target, service.id, request), 412);
    }),
  },
  {
    id: 'prefetch-null',
    level: 'SHALL',
    text: 'A prefetch key that is null is known to be empty',
    check: eachService(async (service, target) => {
      const request = requestFor(service);
      request.prefetch = Object.fromEntries(
        Object.entries(request.prefetch as Json).map(([key, value]) => [
          key,
          isObject(value) && value.resourceType === 'Patient' ? value : null,
        ]),
      );
      return expects(post(target, service.id, request), 200);
    }),
  },
  {
    id: 'error-body',
    level: 'SHOULD',
    text: 'An error is an OperationOutcome, with CORS headers',
    check: async (target) => {
      const answer = await target.fetch('/cds-services/no-such-service-of-ours', {
        method: 'POST',
        headers: { ...json, origin: 'https://ehr.example' },
        body: '{}',
      });
      if (((await answer.json()) as Json).resourceType !== 'OperationOutcome') return 'is no OperationOutcome';
      return answer.headers.get('access-control-allow-origin') ? undefined : 'has no Access-Control-Allow-Origin';
    },
  },
  {
    id: 'preflight',
    level: 'SHOULD',
    text: 'A browser’s preflight is answered without authentication, for discovery, service and feedback',
    check: async (target) => {
      const [first] = await services(target);
      for (const path of ['/cds-services', `/cds-services/${first!.id}`, `/cds-services/${first!.id}/feedback`]) {
        const answer = await target.fetch(path, {
          method: 'OPTIONS',
          headers: {
            origin: 'https://ehr.example',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,content-type',
          },
        });
        const allowed = answer.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
        if (!answer.ok || !allowed.includes('authorization') || !allowed.includes('content-type'))
          return `${path}: ${answer.status}, allows "${allowed}"`;
      }
      return undefined;
    },
  },
  {
    id: 'feedback',
    level: 'SHALL',
    text: 'Feedback is accepted: bulk, twice, for unknown cards, with and without reasons',
    check: eachService(async ({ id }, target) => {
      const entry = { card: randomUUID(), outcomeTimestamp: '2026-01-01T00:00:00Z' };
      const feedback = [
        { ...entry, outcome: 'accepted', acceptedSuggestions: [{ id: randomUUID() }] },
        { ...entry, outcome: 'overridden' },
        { ...entry, outcome: 'overridden', overrideReason: { reason: { code: 'x' }, userComment: 'text' } },
      ];
      for (let turn = 0; turn < 2; turn++) {
        const found = await expects(post(target, `${id}/feedback`, { feedback }), 200);
        if (found) return found;
      }
      return undefined;
    }),
  },
  {
    id: 'feedback-malformed',
    level: 'ours',
    text: 'Malformed feedback is 400',
    check: eachService(
      async ({ id }, target) =>
        (await expects(post(target, `${id}/feedback`, { feedback: 'x' }), 400)) ??
        expects(post(target, `${id}/feedback`, { feedback: [{ card: 'x', outcome: 'ignored' }] }), 400),
    ),
  },
  {
    id: 'same-answer',
    level: 'SHALL',
    text: 'The same call gives the same answer',
    check: eachService(async (service, target) => {
      const request = requestFor(service, { medications: [warfarin] });
      const told = async () =>
        ((await (await post(target, service.id, request)).json()) as { cards: Json[] }).cards.map(
          ({ summary, indicator, detail }) => ({ summary, indicator, detail }),
        );
      const [first, second] = [await told(), await told()];
      return JSON.stringify(first) === JSON.stringify(second) ? undefined : 'two answers differ';
    }),
  },
];

// CDS Hooks, the finer print: what a service says about resources it proposes, what it does with loose requests and with data
// that cannot be had, and what the 3.0 ballot adds.
import {
  actionsOf,
  bundle,
  type Clause,
  eachCard,
  eachService,
  expects,
  isObject,
  type Json,
  json,
  order,
  post,
  requestFor,
  services,
  suggestionsOf,
} from './clauses.ts';

const subjectOf = (resource: Json): unknown =>
  isObject(resource.subject)
    ? resource.subject.reference
    : isObject(resource.patient)
      ? resource.patient.reference
      : undefined;

/** The request with its drafts, whatever the hook calls them, replaced. */
function withDrafts(request: Json, drafts: unknown): Json | undefined {
  const context = request.context as Json;
  const key = ['draftOrders', 'medications'].find((name) => name in context);
  return key ? { ...request, context: { ...context, [key]: drafts } } : undefined;
}

export const moreClauses: Clause[] = [
  {
    id: 'answer-json',
    level: 'SHALL',
    text: 'An answer is application/json',
    check: eachService(async (service, target) => {
      const type = (await post(target, service.id, requestFor(service))).headers.get('content-type') ?? 'nothing';
      return type.includes('application/json') ? undefined : `is ${type}`;
    }),
  },
  {
    id: 'recommended',
    level: 'SHALL',
    text: 'Several suggestions are recommended only where any may be chosen',
    check: eachCard((card) =>
      card.selectionBehavior !== 'any' &&
      suggestionsOf(card).filter(({ isRecommended }) => isRecommended === true).length > 1
        ? 'two are recommended and one may be chosen'
        : undefined,
    ),
  },
  {
    id: 'suggestion-uuid-unique',
    level: 'SHALL',
    text: 'Suggestions of a card have different uuids, and none is the card’s',
    check: eachCard((card) => {
      const uuids = [card.uuid, ...suggestionsOf(card).map(({ uuid }) => uuid)];
      return new Set(uuids).size === uuids.length ? undefined : 'a uuid stands twice';
    }),
  },
  {
    id: 'action-patient',
    level: 'SHALL',
    text: 'A resource that is proposed is for the patient in context',
    check: eachCard(
      (card) =>
        actionsOf(card).find(
          ({ resource }) =>
            isObject(resource) && subjectOf(resource) !== undefined && subjectOf(resource) !== 'Patient/conformance',
        ) && 'a resource for another patient',
    ),
  },
  {
    id: 'create-without-id',
    level: 'SHALL',
    text: 'A create action proposes a new resource, without an id',
    check: eachCard(
      (card) =>
        actionsOf(card).find(
          ({ type, resource }) => type === 'create' && isObject(resource) && resource.id !== undefined,
        ) && 'a create with an id',
    ),
  },
  {
    id: 'action-drafts',
    level: 'SHOULD',
    text: 'Update and delete name drafts of the context',
    check: eachCard((card) => {
      const named = actionsOf(card).flatMap(({ type, resource, resourceId }) =>
        type === 'delete'
          ? String(resourceId)
          : type === 'update' && isObject(resource)
            ? `${resource.resourceType}/${resource.id}`
            : [],
      );
      return named.find((reference) => reference !== 'MedicationRequest/draft-1');
    }),
  },
  {
    id: 'no-html-in-labels',
    level: 'SHOULD',
    text: 'Labels and summaries are plain text',
    check: eachCard((card) =>
      [card.summary, ...suggestionsOf(card).map(({ label }) => label)]
        .map(String)
        .find((text) => /<[a-z/!]/i.test(text)),
    ),
  },
  {
    id: 'system-actions',
    level: 'ours',
    text: 'No system action without an agreement',
    check: eachService(async (service, target) =>
      ((await (await post(target, service.id, requestFor(service))).json()) as Json).systemActions === undefined
        ? undefined
        : 'there are system actions',
    ),
  },
  {
    id: 'prefetch-failed',
    level: 'SHALL',
    text: 'Required data that the client could not have (OperationOutcome) is 412, not an empty list',
    check: eachService((service, target) => {
      const request = requestFor(service);
      request.prefetch = Object.fromEntries(
        Object.keys(request.prefetch as Json).map((key) => [
          key,
          { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] },
        ]),
      );
      return expects(post(target, service.id, request), 412);
    }),
  },
  {
    id: 'prefetch-empty',
    level: 'SHALL',
    text: 'A Bundle without entries is known to be empty, with and without total',
    check: eachService(async (service, target) => {
      for (const empty of [
        { resourceType: 'Bundle', type: 'searchset' },
        { resourceType: 'Bundle', type: 'searchset', total: 0, entry: [] },
      ]) {
        const request = requestFor(service);
        request.prefetch = Object.fromEntries(
          Object.entries(request.prefetch as Json).map(([key, value]) => [
            key,
            isObject(value) && value.resourceType === 'Patient' ? value : empty,
          ]),
        );
        const found = await expects(post(target, service.id, request), 200);
        if (found) return found;
      }
      return undefined;
    }),
  },
  {
    id: 'prefetch-unknown-key',
    level: 'SHALL',
    text: 'A prefetch key that was not asked for does no harm',
    check: eachService((service, target) => {
      const request = requestFor(service);
      return expects(
        post(target, service.id, {
          ...request,
          prefetch: { ...(request.prefetch as Json), ofTheirOwn: bundle('searchset'), nothing: null },
        }),
        200,
      );
    }),
  },
  {
    id: 'prefetch-other-patient',
    level: 'ours',
    text: 'A prefetched Patient other than the context’s stops the call',
    check: eachService((service, target) => {
      const request = requestFor(service);
      request.prefetch = Object.fromEntries(
        Object.entries(request.prefetch as Json).map(([key, value]) => [
          key,
          isObject(value) && value.resourceType === 'Patient' ? { ...value, id: 'another' } : value,
        ]),
      );
      return expects(post(target, service.id, request), 400);
    }),
  },
  {
    id: 'loose-drafts',
    level: 'SHALL',
    text: 'Drafts without code, without id, with an unknown code or of an unknown type are no error',
    check: eachService(async (service, target) => {
      const { id: _, ...nameless } = order('x', '1', 'a drug nobody knows', 'draft') as Json;
      for (const drafts of [
        bundle('collection'),
        bundle('collection', { resourceType: 'MedicationRequest', status: 'draft', intent: 'order' }),
        bundle('collection', nameless),
        bundle('collection', { resourceType: 'NutritionOrder', id: 'n1', status: 'draft' }),
      ]) {
        const request = withDrafts(requestFor(service), drafts);
        const found = request && (await expects(post(target, service.id, request), 200));
        if (found) return `${found} to ${JSON.stringify(drafts).slice(0, 120)}`;
      }
      return undefined;
    }),
  },
  {
    id: 'authorization-without-server',
    level: 'ours',
    text: 'fhirAuthorization without fhirServer is 400',
    check: eachService((service, target) =>
      expects(
        post(target, service.id, {
          ...requestFor(service),
          fhirAuthorization: {
            access_token: 'x',
            token_type: 'Bearer',
            expires_in: 300,
            scope: 'patient/*.rs',
            subject: 'conformance',
          },
        }),
        400,
      ),
    ),
  },
  {
    id: 'encounter-required',
    level: 'ours',
    text: 'The encounter hooks want an encounterId',
    check: eachService((service, target) => {
      const request = requestFor(service);
      const { encounterId, ...context } = request.context as Json;
      return encounterId === undefined ? undefined : expects(post(target, service.id, { ...request, context }), 400);
    }),
  },
  {
    id: 'feedback-unknown-service',
    level: 'ours',
    text: 'Feedback for an unknown service is 404',
    check: (target) =>
      expects(
        post(target, 'no-such-service-of-ours/feedback', {
          feedback: [{ card: 'x', outcome: 'overridden', outcomeTimestamp: '2026-01-01T00:00:00Z' }],
        }),
        404,
      ),
  },
  {
    id: 'compressed',
    level: 'ours',
    text: 'A compressed body is refused, not misread',
    check: eachService((service, target) =>
      expects(post(target, service.id, requestFor(service), { ...json, 'content-encoding': 'gzip' }), 400, 415),
    ),
  },
  {
    id: '3.0-version',
    level: 'SHOULD',
    text: '3.0: a service names the version of CDS Hooks it speaks',
    check: eachService(({ version }) =>
      typeof version === 'string' && /^\d+\.\d+(\.\d+)?/.test(version) ? undefined : 'no version',
    ),
  },
  {
    id: '3.0-action-selection',
    level: 'SHALL',
    text: '3.0: actionSelectionBehavior only for clients that are known to support it',
    check: eachCard((card) =>
      suggestionsOf(card).some((suggestion) => 'actionSelectionBehavior' in suggestion)
        ? 'actionSelectionBehavior without being asked'
        : undefined,
    ),
  },
  {
    id: '3.0-error-outcome',
    level: 'SHOULD',
    text: '3.0: a 412 and a 400 say what is wrong in an OperationOutcome with an issue',
    check: eachService(async (service, target) => {
      const { prefetch: _, ...incomplete } = requestFor(service);
      for (const wrong of [incomplete, { ...incomplete, hookInstance: undefined }]) {
        const body = (await (await post(target, service.id, wrong)).json()) as Json;
        if (body.resourceType !== 'OperationOutcome' || !Array.isArray(body.issue) || body.issue.length === 0)
          return 'an error without OperationOutcome';
      }
      return undefined;
    }),
  },
  {
    id: '3.0-hook-known',
    level: 'SHOULD',
    text: '3.0: hooks are those of the library, or named like a domain',
    check: async (target) => {
      const known = [
        'patient-view',
        'order-select',
        'order-sign',
        'encounter-start',
        'encounter-discharge',
        'appointment-book',
        'medication-refill',
        'allergyintolerance-create',
        'problem-list-item-create',
        'order-dispatch',
      ];
      return (await services(target))
        .map(({ hook }) => hook)
        .find((hook) => !known.includes(hook) && !hook.includes('.'));
    },
  },
];

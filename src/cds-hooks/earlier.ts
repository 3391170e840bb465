// Requests of earlier CDS Hooks, respelled as the current version writes them. What is current passes unchanged.
//
// 0.x   patient, user and encounter beside the context, the context a bare list of orders, prefetch entries wrapped in
//       {response, resource}, the token under `oauth`
// 1.0   medication-prescribe and order-review, both deprecated since: the same moments as order-select and order-sign. They are
//       answered and not offered: discovery names the hooks of today only
// 2.0   order-dispatch drafts wrote `dispatched-orders`, `fulfillment-tasks` and a single `order`
import { isObject, type Json } from '../fhir/reading.ts';

const successors: Record<string, string> = { 'medication-prescribe': 'order-select', 'order-review': 'order-sign' };

export function asCurrent(body: Json): Json {
  const { hook, context, prefetch } = body;
  return {
    ...body,
    ...(typeof hook === 'string' && Object.hasOwn(successors, hook) && { hook: successors[hook] }),
    ...contextOf(body, context),
    ...(isObject(prefetch) &&
      Object.values(prefetch).some(isWrapped) && {
        prefetch: Object.fromEntries(
          Object.entries(prefetch).map(([key, given]) => [key, isWrapped(given) ? unwrapped(given) : given]),
        ),
      }),
    ...(isObject(body.oauth) &&
      body.fhirAuthorization === undefined &&
      typeof body.oauth.access_token === 'string' && { fhirAuthorization: body.oauth }),
  };
}

function contextOf(body: Json, context: unknown): Json {
  const { patient, user, encounter } = body;
  const held = isObject(context)
    ? context
    : Array.isArray(context) && typeof patient === 'string'
      ? { draftOrders: context }
      : undefined;
  if (!held) return {};
  const bare = (id: unknown, type: string): unknown =>
    typeof id === 'string' ? id.replace(new RegExp(`^${type}/`), '') : id;
  return {
    context: {
      ...held,
      ...(held.patientId === undefined && patient !== undefined && { patientId: patient }),
      ...(held.userId === undefined && user !== undefined && { userId: user }),
      ...(encounter !== undefined && held.encounterId === undefined && { encounterId: bare(encounter, 'Encounter') }),
      ...(held.encounterId !== undefined && { encounterId: bare(held.encounterId, 'Encounter') }),
      ...(held['dispatched-orders'] !== undefined && { dispatchedOrders: held['dispatched-orders'] }),
      ...(held['fulfillment-tasks'] !== undefined && { fulfillmentTasks: held['fulfillment-tasks'] }),
      ...(held.dispatchedOrders === undefined && typeof held.order === 'string' && { dispatchedOrders: [held.order] }),
    },
  };
}

const isWrapped = (given: unknown): given is Json =>
  isObject(given) && given.resourceType === undefined && ('resource' in given || 'response' in given);

/** A wrapped entry that failed is an entry that could not be had, not an empty one. */
function unwrapped({ resource, response }: Json): unknown {
  const status = isObject(response) ? String(response.status ?? '200') : '200';
  if (!/^2/.test(status))
    return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] };
  return resource ?? null;
}

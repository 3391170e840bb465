// The EHR's half of SMART Web Messaging: an app in the side frame may read and change the unsigned orders, no more.
// Every message must come from the panel's origin, from the frame we opened, with the handle of its launch.
import type { CdsAction } from '../../src/cds-hooks/contract.ts';
import { referenceOf } from './drafts.ts';
import type { Draft, Resource } from './types.ts';

export interface Desk {
  drafts(): Draft[];
  /** Applies one action to the drafts; the reference of the draft, or why not. */
  apply(action: CdsAction): { location?: string; failure?: string };
  reviewOrders(locations: string[]): boolean;
  done(): void;
}

export interface Expected {
  origin: string;
  source: unknown;
  handle: string;
}

interface Message {
  messagingHandle: string;
  messageId: string;
  messageType: string;
  payload: Record<string, unknown>;
}

export interface Reply {
  messageId: string;
  responseToMessageId: string;
  additionalResponsesExpected: false;
  payload: Record<string, unknown>;
}

/** The message, if it may be listened to; undefined for anything foreign. */
export function heard(
  event: { origin: string; source: unknown; data: unknown },
  expected: Expected | undefined,
): Message | undefined {
  if (!expected || event.origin !== expected.origin || event.source !== expected.source) return undefined;
  const data = event.data as Partial<Message> | null;
  if (typeof data !== 'object' || data === null || data.messagingHandle !== expected.handle) return undefined;
  if (typeof data.messageId !== 'string' || typeof data.messageType !== 'string') return undefined;
  return {
    messagingHandle: data.messagingHandle,
    messageId: data.messageId,
    messageType: data.messageType,
    payload: isObject(data.payload) ? data.payload : {},
  };
}

export function answer(message: Message, desk: Desk, uuid: () => string): Reply {
  return {
    messageId: uuid(),
    responseToMessageId: message.messageId,
    additionalResponsesExpected: false,
    payload: payloadFor(message, desk),
  };
}

function payloadFor({ messageType, payload }: Message, desk: Desk): Record<string, unknown> {
  switch (messageType) {
    case 'status.handshake':
      return {};
    case 'scratchpad.read': {
      const location = text(payload.location);
      if (location === undefined) return { scratchpad: desk.drafts() };
      const draft = desk.drafts().find((one) => referenceOf(one) === location);
      return draft ? { resource: draft } : refused('404 NOT FOUND', `There is no ${location}.`);
    }
    case 'scratchpad.create':
    case 'scratchpad.update': {
      const resource = payload.resource as Resource | undefined;
      if (!isObject(resource) || typeof resource.resourceType !== 'string')
        return refused('400 BAD REQUEST', 'The message has no resource.');
      const isCreate = messageType === 'scratchpad.create';
      const { location, failure } = desk.apply({
        type: isCreate ? 'create' : 'update',
        description: 'From the app in the side frame',
        resource,
      });
      if (failure) return refused(isCreate ? '400 BAD REQUEST' : '404 NOT FOUND', failure);
      return { status: isCreate ? '201 CREATED' : '200 OK', location };
    }
    case 'scratchpad.delete': {
      const location = text(payload.location);
      if (location === undefined) return refused('400 BAD REQUEST', 'The message has no location.');
      const { failure } = desk.apply({
        type: 'delete',
        description: 'From the app in the side frame',
        resourceId: location,
      });
      return failure ? refused('404 NOT FOUND', failure) : { status: '200 OK' };
    }
    case 'ui.launchActivity': {
      const parameters = isObject(payload.activityParameters) ? payload.activityParameters : {};
      const locations = Array.isArray(parameters.orderLocations)
        ? parameters.orderLocations.filter((one) => typeof one === 'string')
        : [];
      if (payload.activityType !== 'order-review')
        return { status: 'error', statusDetail: { text: 'This EHR offers the activity order-review.' } };
      return desk.reviewOrders(locations)
        ? { status: 'success' }
        : { status: 'error', statusDetail: { text: 'There is no such order.' } };
    }
    case 'ui.done':
      desk.done();
      return { status: 'success' };
    default:
      return refused('404 NOT FOUND', `This EHR does not answer ${messageType.slice(0, 60)}.`);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const refused = (status: string, diagnostics: string) => ({
  status,
  outcome: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'processing', diagnostics }] },
});

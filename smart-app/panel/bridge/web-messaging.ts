// SMART Web Messaging 1.0: scratchpad.* for drafts, ui.* for the EHR's own screens.

import type { Resource } from '../session.ts';
import type { Abilities, Drafted, EhrBridge } from './bridge.ts';

const timeoutMs = 1500;

type Payload = Record<string, unknown>;

export function messagingBridge({ handle, origin }: { handle: string; origin: string }, window: Window): EhrBridge {
  const ehr: Window = window.parent !== window ? window.parent : (window.opener as Window);

  /** One request and its answer; rejects when the EHR is silent. Foreign messages are dropped without a word. */
  function ask(messageType: string, payload: Payload): Promise<Payload> {
    const messageId = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(late);
        window.removeEventListener('message', hear);
      };
      const hear = (event: MessageEvent) => {
        const message = event.data as { responseToMessageId?: unknown; payload?: Payload } | null;
        if (event.origin !== origin || event.source !== ehr || message?.responseToMessageId !== messageId) return;
        stop();
        resolve(message.payload ?? {});
      };
      const late = setTimeout(() => {
        stop();
        reject(new Error('The EHR did not answer.'));
      }, timeoutMs);
      window.addEventListener('message', hear);
      ehr.postMessage({ messagingHandle: handle, messageId, messageType, payload }, origin);
    });
  }

  const attempt = async (messageType: string, payload: Payload): Promise<Drafted> => {
    try {
      return answered(await ask(messageType, payload));
    } catch (error) {
      return { ok: false, reason: (error as Error).message };
    }
  };

  return {
    async hello(): Promise<Abilities> {
      try {
        await ask('status.handshake', {});
      } catch {
        return { kind: 'none', canDraft: false, canOpenOrders: false, canClose: false };
      }
      const read = await ask('scratchpad.read', {}).catch(() => ({}) as Payload);
      const drafts = Array.isArray(read.scratchpad)
        ? (read.scratchpad as Resource[]).filter((one) => one?.resourceType)
        : undefined;
      return { kind: 'web-messaging', canDraft: true, canOpenOrders: true, canClose: true, drafts };
    },
    draft: ({ type, resource, resourceId }) =>
      type === 'delete'
        ? attempt('scratchpad.delete', { location: resourceId ?? `${resource?.resourceType}/${resource?.id}` })
        : attempt(`scratchpad.${type}`, { resource }),
    openOrders: (ids) =>
      attempt('ui.launchActivity', { activityType: 'order-review', activityParameters: { orderLocations: ids } }),
    done: () => attempt('ui.done', { activityType: 'order-review' }),
  };
}

/** A status such as "201 CREATED", or none with success true; anything else is the EHR saying no. */
function answered(payload: Payload): Drafted {
  const status = typeof payload.status === 'string' ? payload.status : '';
  const isRefused = /^[45]|error|fail/i.test(status) || payload.success === false;
  if (isRefused) {
    const outcome = payload.outcome as { issue?: { diagnostics?: string; details?: { text?: string } }[] } | undefined;
    const said = outcome?.issue?.[0];
    const detail = payload.statusDetail as { text?: string } | undefined;
    return {
      ok: false,
      reason: (
        said?.diagnostics ??
        said?.details?.text ??
        detail?.text ??
        `The EHR refused (${status || 'no reason given'}).`
      ).slice(0, 200),
    };
  }
  return {
    ok: true,
    id: typeof payload.location === 'string' ? payload.location.replace(/\/_history\/.*$/, '') : undefined,
  };
}

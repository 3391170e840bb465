// Epic's Active Guidelines dialect: its own handshake and token, one message at a time, SaveState before hibernation.
// Built against a fake and not proven in Epic. Epic drafts by preference list key, so only mapped orders can be drafted.
import type { Abilities, Drafted, EhrBridge } from './bridge.ts';

const prefix = 'Epic.Clinical.Informatics.Web.';
const timeoutMs = 1500;

interface EpicAnswer {
  token?: string;
  actions?: string[];
  actionExecuted?: boolean;
  error?: unknown;
  errorCodes?: string[];
}

export interface EpicMessaging {
  origin: string;
  /** `system|code` of an orderable to Epic's key on the preference list. */
  orderKeys?: Record<string, string>;
}

export function epicBridge({ origin, orderKeys = {} }: EpicMessaging, window: Window): EhrBridge {
  const ehr = window.parent;
  let token: string | undefined;
  let allowed: string[] | undefined;
  let line: Promise<unknown> = Promise.resolve();

  function post(action: string, args?: unknown): Promise<EpicAnswer> {
    const turn = line.then(
      () =>
        new Promise<EpicAnswer>((resolve, reject) => {
          const stop = () => {
            clearTimeout(late);
            window.removeEventListener('message', hear);
          };
          const hear = (event: MessageEvent) => {
            if (
              event.origin !== origin ||
              event.source !== ehr ||
              typeof event.data !== 'object' ||
              event.data === null
            )
              return;
            const answer = event.data as EpicAnswer;
            const isOurs = ['token', 'actionExecuted', 'error', 'errorCodes'].some((field) => field in answer);
            if (!isOurs) return;
            stop();
            resolve(answer);
          };
          const late = setTimeout(() => {
            stop();
            reject(new Error('Epic did not answer.'));
          }, timeoutMs);
          window.addEventListener('message', hear);
          ehr.postMessage(
            { ...(token && { token }), action: prefix + action, ...(args !== undefined && { args }) },
            origin,
          );
        }),
    );
    line = turn.catch(() => {});
    return turn;
  }

  const attempt = async (action: string, args?: unknown): Promise<Drafted> => {
    if (!token) return { ok: false, reason: 'Epic has not been greeted.' };
    if (allowed && !allowed.includes(prefix + action)) return { ok: false, reason: 'Epic does not allow this here.' };
    try {
      const answer = await post(action, args);
      return answer.actionExecuted
        ? { ok: true }
        : {
            ok: false,
            reason:
              `Epic refused (${answer.errorCodes?.join(', ') || String(answer.error ?? 'no reason given')}).`.slice(
                0,
                200,
              ),
          };
    } catch (error) {
      return { ok: false, reason: (error as Error).message };
    }
  };

  return {
    async hello(): Promise<Abilities> {
      try {
        ({ token, actions: allowed } = await post('InitiateHandshake'));
      } catch {
        token = undefined;
      }
      if (!token) return { kind: 'none', canDraft: false, canOpenOrders: false, canClose: false };
      // Hyperspace hibernates a hidden activity; what it does not know it cannot give back.
      window.addEventListener('pagehide', () => void attempt('SaveState', { openedAt: 'cards' }), { once: true });
      const can = (action: string) => !allowed || allowed.includes(prefix + action);
      return {
        kind: 'epic',
        canDraft: can('PostOrder') && Object.keys(orderKeys).length > 0,
        canOpenOrders: false,
        canClose: can('CloseActivity'),
      };
    },
    draft: async ({ type, resource }) => {
      if (type !== 'create')
        return { ok: false, reason: 'Epic lets the panel add orders, not change them. Change this one in the chart.' };
      const concept = (resource?.medicationCodeableConcept ?? resource?.code) as
        | { coding?: { system?: string; code?: string }[] }
        | undefined;
      const key = concept?.coding?.map(({ system, code }) => orderKeys[`${system}|${code}`]).find(Boolean);
      return key
        ? attempt('PostOrder', { OrderKey: key })
        : { ok: false, reason: 'This order is not on the mapped preference list.' };
    },
    openOrders: async () => ({ ok: false, reason: 'Epic opens its own orders.' }),
    done: () => attempt('CloseActivity'),
  };
}

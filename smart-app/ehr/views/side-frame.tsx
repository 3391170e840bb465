// The app beside the chart, and the ear that listens to it.
import { useEffect, useRef } from 'preact/hooks';
import type { Controller } from '../controller.ts';
import { answer, heard } from '../messaging.ts';
import type { Config, Frame } from '../types.ts';

export function SideFrame({
  frame,
  config,
  isStorageBlocked,
  controller,
}: {
  frame: Frame;
  config: Config;
  isStorageBlocked: boolean;
  controller: Controller;
}) {
  const iframe = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      const message = heard(event, {
        origin: config.panelOrigin,
        source: iframe.current?.contentWindow,
        handle: frame.messagingHandle,
      });
      if (!message) return;
      const reply = answer(message, controller.desk, () => crypto.randomUUID());
      controller.log({
        kind: 'message',
        title: message.messageType,
        note: String(reply.payload.status ?? 'answered'),
        detail: { message: { ...message, messagingHandle: '(not shown)' }, reply },
      });
      (event.source as Window).postMessage(reply, event.origin);
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, [frame.messagingHandle, config.panelOrigin, controller]);
  return (
    <aside class="side" aria-label="SMART app">
      <div class="row apart sidebar">
        <b>Curbside panel</b>
        <button type="button" class="btn sm" onClick={controller.closeFrame}>
          Close<span class="sr"> the panel</span>
        </button>
      </div>
      <iframe
        key={frame.key}
        ref={iframe}
        title="Curbside panel"
        src={frame.url}
        {...(isStorageBlocked ? { sandbox: 'allow-scripts allow-forms' } : {})}
      />
    </aside>
  );
}

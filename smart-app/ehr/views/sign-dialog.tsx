// The dialog at signing. Native <dialog>: the browser keeps focus inside and hides the rest from assistive technology.
import { useEffect, useRef } from 'preact/hooks';
import type { Controller } from '../controller.ts';
import { failedChecks, openStops, type State, shownCards } from '../state.ts';
import { CardView } from './cards.tsx';

export function SignDialog({ state, controller }: { state: State; controller: Controller }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isOpen = state.signing === 'deciding';
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (isOpen && !element.open) {
      element.showModal();
      heading.current?.focus();
    }
    if (!isOpen && element.open) element.close();
  }, [isOpen]);
  const stops = shownCards(state, 'order').filter(({ card }) => card.indicator === 'critical');
  const left = openStops(state).length;
  const failed = failedChecks(state);
  // When the card that had focus is decided it becomes a line: focus goes to the heading, not to nowhere.
  useEffect(() => {
    if (isOpen && dialog.current && !dialog.current.contains(document.activeElement)) heading.current?.focus();
  }, [left, isOpen]);
  return (
    <dialog
      ref={dialog}
      class="sign"
      aria-labelledby="sign-title"
      onCancel={(event) => {
        event.preventDefault();
        controller.backToOrders();
      }}
    >
      {isOpen && (
        <>
          <h2 id="sign-title" ref={heading} tabIndex={-1}>
            {left > 0
              ? `Decide before signing: ${left} Stop ${left === 1 ? 'card' : 'cards'}`
              : failed.length > 0
                ? 'The check failed'
                : 'All decided'}
          </h2>
          {failed.map((answer) => (
            <p key={answer.serviceId} class="status fail">
              Order check failed ({answer.serviceId}): {answer.error}. Check by hand.
            </p>
          ))}
          <div class="scroll">
            {stops.map((shown) => (
              <CardView key={shown.key} shown={shown} controller={controller} isInDialog />
            ))}
          </div>
          <div class="row">
            <button type="button" class="btn" onClick={controller.backToOrders}>
              Back to the order
            </button>
            <button type="button" class="btn pri" disabled={left > 0} onClick={() => void controller.signAnyway()}>
              {failed.length > 0 ? 'Sign without the check' : 'Sign'}
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}

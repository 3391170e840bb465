// Overriding, in place and never as a dialog. A reason is required for Stop; a comment never is.
import { useLayoutEffect, useRef } from 'preact/hooks';
import {
  cardKey,
  domId,
  isMonitoring,
  isWrongAlert,
  missingForOverride,
  monitoringSuggestion,
  type Override,
  overrideReasons,
  type ShownCard,
} from '../cards-state.ts';
import { afterDrawing, focusCard } from './keys.ts';
import type { View } from './view.ts';

export function OverrideForm({ shown, view: { state, deeds, dispatch } }: { shown: ShownCard; view: View }) {
  const { card } = shown;
  const key = cardKey(shown);
  const id = domId(key);
  const choice = state.cards.override!;
  const reasons = overrideReasons(card).slice(0, 9);
  const monitoring = monitoringSuggestion(card);
  const missing = missingForOverride(card, choice);
  const form = useRef<HTMLFormElement>(null);
  const change = (part: Partial<Override>) => dispatch({ type: 'override', override: { ...choice, ...part } });

  // Before the paint: a reason's number pressed the moment the form is seen must not land on the card behind it.
  useLayoutEffect(() => form.current?.querySelector<HTMLInputElement>('input[type=radio]')?.focus(), []);

  const pick = (event: KeyboardEvent) => {
    const target = event.target as HTMLInputElement;
    const isTyping = target.tagName === 'INPUT' && target.type === 'text';
    const reason = reasons[Number(event.key) - 1];
    if (!state.hasSingleKeys || isTyping || !reason || event.ctrlKey || event.metaKey || event.altKey) return;
    change({ reason: reason.code });
    event.preventDefault();
    form.current?.querySelectorAll<HTMLInputElement>(`input[name="${id}-reason"]`)[Number(event.key) - 1]?.focus();
  };

  return (
    <form
      class="ovr"
      ref={form}
      aria-label="Override this card"
      onKeyDown={pick}
      onSubmit={(event) => {
        event.preventDefault();
        void deeds.override(shown);
      }}
    >
      <fieldset>
        <legend>{card.indicator === 'critical' ? 'Why keep this order?' : 'Why? (optional)'}</legend>
        {reasons.map(({ code, display }, at) => (
          <div key={code}>
            <label class={choice.reason === code ? 'opt sel' : 'opt'}>
              <input
                type="radio"
                name={`${id}-reason`}
                checked={choice.reason === code}
                onChange={() => change({ reason: code })}
              />
              <span>{display}</span>
              <kbd>{at + 1}</kbd>
            </label>
            {isMonitoring(code) && choice.reason === code && monitoring && (
              <div class="follow">
                {state.abilities.canDraft ? (
                  <label class="tick">
                    <input
                      type="checkbox"
                      checked={choice.withMonitoring}
                      onChange={(event) => change({ withMonitoring: event.currentTarget.checked })}
                    />
                    <span>
                      Add draft order:{' '}
                      {monitoring.actions?.map(({ description }) => description).join('; ') || monitoring.label}
                    </span>
                  </label>
                ) : (
                  <span>This EHR takes no drafts from here. Order in the chart: {monitoring.label}.</span>
                )}
              </div>
            )}
            {isWrongAlert(code) && choice.reason === code && (
              <fieldset class="follow">
                <legend>What is wrong?</legend>
                {(['data', 'rule'] as const).map((about) => (
                  <label class="tick" key={about}>
                    <input
                      type="radio"
                      name={`${id}-about`}
                      checked={choice.about === about}
                      onChange={() => change({ about })}
                    />
                    <span>{about === 'data' ? 'The data it read' : 'The rule itself'}</span>
                  </label>
                ))}
              </fieldset>
            )}
          </div>
        ))}
      </fieldset>
      <label class="sr" for={`${id}-comment`}>
        Comment, optional
      </label>
      <input
        class="inp"
        id={`${id}-comment`}
        type="text"
        maxLength={500}
        placeholder="Comment (optional)"
        value={choice.comment}
        onInput={(event) => change({ comment: event.currentTarget.value })}
      />
      <div class="row acts">
        <button
          type="submit"
          class="btn pri"
          aria-disabled={missing !== undefined}
          aria-describedby={missing ? `${id}-missing` : undefined}
        >
          Override
        </button>
        <button
          type="button"
          class="btn quiet"
          onClick={() => {
            dispatch({ type: 'override' });
            afterDrawing(() => focusCard(key));
          }}
        >
          Back <kbd>Esc</kbd>
        </button>
        {missing && (
          <small class="cap" id={`${id}-missing`}>
            {missing}
          </small>
        )}
      </div>
    </form>
  );
}

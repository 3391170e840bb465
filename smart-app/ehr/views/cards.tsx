// Cards as any EHR could show them: word, summary, detail, evidence, suggestions, override. Links of type smart open the side frame.
import { useId, useState } from 'preact/hooks';
import { breakable } from '../../shared/breakable.tsx';
import { Icon, type IconName } from '../../shared/icons.tsx';
import { Markdown } from '../../shared/markdown-view.tsx';
import type { Controller } from '../controller.ts';
import { type ShownCard, type State, shownCards } from '../state.ts';

const TIERS: Record<string, { word: string; icon: IconName; tone: string }> = {
  critical: { word: 'Stop and decide', icon: 'stop', tone: 'stop' },
  warning: { word: 'Caution', icon: 'caution', tone: 'caut' },
  info: { word: 'Note', icon: 'note', tone: 'note' },
};
const tierOf = ({ card }: ShownCard) => TIERS[card.indicator] ?? TIERS.info!;

export function Cards({
  state,
  controller,
  about,
  title,
}: {
  state: State;
  controller: Controller;
  about: 'order' | 'chart';
  title: string;
}) {
  const cards = shownCards(state, about);
  const held = Object.values(state.answers)
    .filter(({ hook }) => (hook === 'patient-view') === (about === 'chart'))
    .flatMap(({ response }) => response?.extension?.['org.curbside.response'] ?? []);
  const heldBack = held.reduce((sum, one) => sum + (one.heldBack?.length ?? 0), 0);
  const gaps = [...new Set(held.flatMap((one) => one.couldNotCheck ?? []))];
  if (cards.length === 0 && gaps.length === 0) return null;
  // While an order is being written its cards are what is read; the chart's stay in sight, a line each.
  const isAside = about === 'chart' && state.drafts.length > 0;
  const isChecking = Object.values(state.answers).some(
    (answer) => (answer.hook === 'patient-view') === (about === 'chart') && answer.state === 'checking',
  );
  return (
    <section class={`panel cards ${isChecking ? 'dim' : ''}`} aria-label={title} aria-busy={isChecking}>
      <h2>{title}</h2>
      {cards.map((shown) => (
        <CardView
          key={`${shown.card.uuid ?? shown.key} ${isAside}`}
          shown={shown}
          controller={controller}
          isAside={isAside}
        />
      ))}
      {gaps.length > 0 && (
        <details class="gaps">
          <summary>Could not check {gaps.length === 1 ? 'one thing' : `${gaps.length} things`}</summary>
          <ul>
            {gaps.map((gap) => (
              <li key={gap}>{gap}</li>
            ))}
          </ul>
        </details>
      )}
      {heldBack > 0 && (
        <p class="cap">{heldBack === 1 ? '1 low-value alert' : `${heldBack} low-value alerts`} held back.</p>
      )}
    </section>
  );
}

export function CardView({
  shown,
  controller,
  isInDialog = false,
  isAside = false,
}: {
  shown: ShownCard;
  controller: Controller;
  isInDialog?: boolean;
  isAside?: boolean;
}) {
  const { card, decision } = shown;
  const tier = tierOf(shown);
  const isStop = card.indicator === 'critical';
  const [isOpen, setOpen] = useState(isStop && !isAside);
  const [isOverriding, setOverriding] = useState(false);
  const bodyId = useId();
  const ours = card.extension?.['org.curbside.card'];
  // The detail is written for clients without chips: what it already says is not said twice.
  const chips = ours?.evidence?.filter(({ text }) => !card.detail?.includes(text)) ?? [];

  if (decision) {
    return (
      <article class="item decided">
        <h3>
          <Icon name={tier.icon} tone={tier.tone} size={18} /> {card.summary}
        </h3>
        <p class="cap">
          {decision.outcome === 'accepted'
            ? `Done: ${decision.label}`
            : `Overridden${decision.reason?.display ? `: ${decision.reason.display}` : ''}`}
        </p>
      </article>
    );
  }

  return (
    <article class={`item ${tier.tone}`}>
      <div class="hd">
        <Icon name={tier.icon} tone={tier.tone} />
        <div>
          <span class="word">{tier.word}</span>
          <h3>
            {(isStop && !isAside) || isInDialog ? (
              breakable(card.summary)
            ) : (
              <button
                type="button"
                class="open"
                aria-expanded={isOpen}
                aria-controls={bodyId}
                onClick={() => setOpen(!isOpen)}
              >
                <span>{breakable(card.summary)}</span>
                <Icon name="open" size={18} />
              </button>
            )}
          </h3>
        </div>
      </div>
      <div class="bd" id={bodyId} hidden={!isOpen && !isInDialog}>
        {card.detail ? <Markdown text={card.detail} /> : ours?.reason ? <p>{ours.reason}</p> : null}
        {chips.length > 0 && (
          <ul class="chips" aria-label="Evidence">
            {chips.map((chip) => (
              <li key={`${chip.text} ${chip.when}`} class={`chip ${chip.isGap ? 'gap' : ''}`}>
                {chip.isGap && <span aria-hidden="true">? </span>}
                <b>{chip.text}</b> {chip.when}
              </li>
            ))}
          </ul>
        )}
        <div class="row acts">
          {card.suggestions?.map((suggestion) => (
            <button
              key={suggestion.uuid ?? suggestion.label}
              type="button"
              class={`btn ${suggestion.isRecommended ? 'pri' : ''}`}
              onClick={() => void controller.accept(shown, suggestion)}
            >
              {suggestion.label}
            </button>
          ))}
          <button
            type="button"
            class="btn quiet"
            aria-expanded={isOverriding}
            onClick={() => setOverriding(!isOverriding)}
          >
            Override
          </button>
        </div>
        {isOverriding && <Override shown={shown} controller={controller} onClose={() => setOverriding(false)} />}
        <p class="src">
          <span>{card.source?.label}</span>
          {card.links?.map((link) =>
            link.type === 'smart' ? (
              <button
                key={link.url + link.label}
                type="button"
                class="link"
                onClick={() => void controller.launch(link)}
              >
                {link.label}
              </button>
            ) : /^https?:/.test(link.url) ? (
              <a key={link.url + link.label} href={link.url} target="_blank" rel="noopener noreferrer">
                {link.label}
              </a>
            ) : null,
          )}
        </p>
      </div>
    </article>
  );
}

function Override({ shown, controller, onClose }: { shown: ShownCard; controller: Controller; onClose: () => void }) {
  const { card } = shown;
  const reasons = (card.overrideReasons ?? []).filter(({ display, code }) => display ?? code);
  const name = useId();
  const [picked, setPicked] = useState<number>();
  const [comment, setComment] = useState('');
  const isNeeded = card.indicator === 'critical' && (reasons.length > 0 ? picked === undefined : comment.trim() === '');
  return (
    <form
      class="ovr"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }
        const number = Number(event.key);
        const isTyping = (event.target as HTMLElement).matches('input:not([type=radio]), textarea');
        if (!isTyping && number >= 1 && number <= reasons.length) setPicked(number - 1);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isNeeded)
          void controller.override(shown, {
            outcome: 'overridden',
            reason: picked === undefined ? undefined : reasons[picked],
            comment: comment.trim() || undefined,
          });
      }}
    >
      <fieldset>
        <legend>Why go on?{card.indicator === 'critical' ? '' : ' (optional)'}</legend>
        {reasons.map((reason, index) => (
          <label key={reason.code ?? reason.display} class="opt">
            <input type="radio" name={name} checked={picked === index} onChange={() => setPicked(index)} />
            <span>{reason.display ?? reason.code}</span>
            <kbd>{index + 1}</kbd>
          </label>
        ))}
      </fieldset>
      <label class="field">
        Comment{reasons.length === 0 && card.indicator === 'critical' ? '' : ' (optional)'}
        <input class="inp" value={comment} maxLength={500} onInput={(event) => setComment(event.currentTarget.value)} />
      </label>
      <div class="row">
        <button type="submit" class="btn" aria-disabled={isNeeded}>
          Override
        </button>
        <button type="button" class="btn quiet" onClick={onClose}>
          Keep the card
        </button>
        {isNeeded && <span class="cap">A Stop card needs a reason.</span>}
      </div>
    </form>
  );
}

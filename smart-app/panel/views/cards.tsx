// Tab (a): what needs a decision, by order, Stop first.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { breakable } from '../../shared/breakable.tsx';
import { Icon } from '../../shared/icons.tsx';
import { clock } from '../../shared/times.ts';
import { cardGroups, cardKey, type Group, shownCards } from '../cards-state.ts';
import { tiers } from '../session.ts';
import { CardView } from './card.tsx';
import { Evidence } from './evidence.tsx';
import { focusCard } from './keys.ts';
import type { View } from './view.ts';

export function Cards(view: View) {
  const { state } = view;
  const { cards } = state;
  const groups = cardGroups(cards);
  useFocusAfterDecision(view);
  const isChecking = Object.values(cards.checks).some(({ status }) => status === 'checking');
  const nothing = groups.length === 0 && !isChecking;
  return (
    <div class={cards.evidence ? 'withins open' : 'withins'}>
      <div class="stack" aria-busy={isChecking}>
        <Banners {...view} />
        {groups.map((group) => (
          <GroupView key={group.id} group={group} view={view} />
        ))}
        {groups.length === 0 && isChecking && <p class="cap">Checking the chart</p>}
        {nothing && <Nothing {...view} />}
        <Decisions {...view} />
        <HeldBack {...view} />
        <CouldNotCheck {...view} />
      </div>
      <Evidence {...view} isColumn />
    </div>
  );
}

function GroupView({ group, view }: { group: Group; view: View }) {
  const id = `group-${group.id.replace(/\W/g, '-')}`;
  const { deeds, state } = view;
  return (
    <section class="grp" aria-labelledby={id}>
      <header>
        {group.isOrder && <small>For the order you are writing</small>}
        <h2 id={id}>{breakable(group.title)}</h2>
      </header>
      {group.fixes.map(({ suggestion, cards }) => (
        <div class="fix" key={suggestion.uuid}>
          <button type="button" class="btn pri" onClick={() => void deeds.accept(cards)}>
            {state.abilities.canDraft ? suggestion.label : `Copy order: ${suggestion.label}`}
          </button>
          <span class="say">
            {cards.length === 2 && group.cards.length === 2
              ? 'Clears both cards below'
              : `Clears ${cards.length} cards below`}
          </span>
        </div>
      ))}
      {group.cards.map((shown) => (
        <CardView key={cardKey(shown)} shown={shown} fixes={group.fixes} view={view} />
      ))}
    </section>
  );
}

function Banners({ state, deeds }: View) {
  const { checks, isStale, drafts, isPartial } = state.cards;
  const failed = Object.entries(checks).filter(([, { status }]) => status === 'failed');
  const cannotSee = state.session?.appContext === undefined && state.abilities.drafts === undefined;
  return (
    <>
      {isStale && (
        <p class="banner note">
          <Icon name="note" size={18} />
          The order changed. Checking again.
        </p>
      )}
      {failed.map(([source, { reason }]) => (
        <div class="banner fail" role="alert" key={source}>
          <Icon name="caution" size={18} tone="caut" />
          <span>
            <b>{source === 'order' ? 'Order check failed' : 'Chart check failed'}:</b> {reason}. Check by hand.{' '}
            <button type="button" class="link" onClick={() => void deeds.check(source as 'chart' | 'order')}>
              Try again
            </button>
          </span>
        </div>
      ))}
      {cannotSee && <p class="cap">This panel cannot see draft orders here.</p>}
      {isPartial && <p class="cap">Not every draft order fits into the link: {drafts.length} are checked here.</p>}
    </>
  );
}

function Nothing({ state, dispatch }: View) {
  const { order, chart } = state.cards.checks;
  if (order.status === 'failed' || chart.status === 'failed') return null;
  const response = order.response ?? chart.response;
  if (!response) return <p class="cap">Nothing was checked yet.</p>;
  const isOpen = state.cards.isCheckedOpen;
  return (
    <section class="panel nothing" aria-labelledby="nothing">
      <Icon name="about" size={34} tone="ok" />
      <h2 id="nothing">
        {state.cards.drafts.length ? 'Nothing needs you on this order' : 'Nothing needs you on this chart'}
      </h2>
      <p class="cap">
        {response.rulesChecked} rules checked at {clock(response.checkedAt)}.
      </p>
      <div class="row">
        <button type="button" class="btn sm" onClick={() => dispatch({ type: 'tab', tab: 'diagnosis' })}>
          Open Diagnosis
        </button>
        <button
          type="button"
          class="btn quiet sm"
          aria-expanded={isOpen}
          onClick={() => dispatch({ type: 'what-was-checked', isOpen: !isOpen })}
        >
          See what was checked
        </button>
      </div>
      {isOpen && (
        <ul class="plain">
          {Object.entries(state.cards.checks).map(([source, { response: one }]) =>
            one ? (
              <li key={source}>
                {source === 'order' ? 'The order' : 'The chart'}: {one.rulesChecked} rules at {clock(one.checkedAt)},{' '}
                {one.heldBack.length} held back,{' '}
                {one.couldNotCheck.length
                  ? `${one.couldNotCheck.length} could not be checked`
                  : 'nothing left unchecked'}
              </li>
            ) : null,
          )}
        </ul>
      )}
    </section>
  );
}

function Decisions({ state, deeds }: View) {
  const decisions = state.cards.decisions.filter(({ status }) => status !== 'waiting');
  if (!decisions.length) return null;
  return (
    <section class="decided panel" aria-labelledby="decided">
      <h2 id="decided">Decided here</h2>
      <ul>
        {decisions.map((decision) => (
          <li key={decision.id}>
            <span>{decision.text}</span>
            {decision.status === 'failed' && (
              <button type="button" class="btn sm" onClick={() => void deeds.retryFeedback(decision.id)}>
                Not recorded. Try again
              </button>
            )}
            {decision.status === 'sent' && <small class="cap">recorded</small>}
          </li>
        ))}
      </ul>
      {state.abilities.canOpenOrders && (
        <button type="button" class="btn quiet sm" onClick={() => void deeds.openOrders()}>
          Review orders in the chart
        </button>
      )}
    </section>
  );
}

function HeldBack({ state, dispatch }: View) {
  const held = Object.values(state.cards.checks).flatMap(({ response }) => response?.heldBack ?? []);
  if (!held.length) return null;
  const isOpen = state.cards.isHeldBackOpen;
  return (
    <section class="quietbox" aria-label="Held back">
      <div class="row apart">
        <span>{held.length === 1 ? '1 low-value alert held back' : `${held.length} low-value alerts held back`}</span>
        <button
          type="button"
          class="link"
          aria-expanded={isOpen}
          onClick={() => dispatch({ type: 'held-back', isOpen: !isOpen })}
        >
          {isOpen ? 'Hide' : 'See which'}
        </button>
      </div>
      {isOpen && (
        <ul class="plain">
          {held.map(({ ruleId, summary, indicator, why }, at) => (
            <li key={at}>
              <b>{tiers[indicator]?.word ?? indicator}:</b> {summary}{' '}
              <small>
                {why}. Rule {ruleId}
              </small>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function CouldNotCheck({ state }: View) {
  const [isAll, setAll] = useState(false);
  // What the launch did not allow is a hole in every check, so it comes first.
  const gaps = [
    ...new Set([
      ...(state.session?.notGranted ?? []).map((type) => `${type}: the launch did not allow it`),
      ...Object.values(state.cards.checks).flatMap(({ response }) => response?.couldNotCheck ?? []),
    ]),
  ];
  if (!gaps.length) return null;
  return (
    <section class="quietbox" aria-labelledby="gaps">
      <h2 id="gaps">Could not check</h2>
      <ul class="plain">
        {gaps.slice(0, isAll ? undefined : mostGaps).map((gap) => (
          <li key={gap}>{gap}</li>
        ))}
      </ul>
      {gaps.length > mostGaps && (
        <button type="button" class="link" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? 'Fewer' : `${gaps.length - mostGaps} more`}
          <span class="sr"> that could not be checked</span>
        </button>
      )}
    </section>
  );
}

const mostGaps = 2;

/** After accept or override, focus goes to the next card's heading; with none left, to Undo. */
function useFocusAfterDecision({ state }: View) {
  const before = useRef<{ keys: string[]; decided: number }>(undefined);
  const keys = shownCards(state.cards).map(cardKey);
  const decided = state.cards.decisions.length;
  useLayoutEffect(() => {
    const last = before.current;
    before.current = { keys, decided };
    if (!last || decided <= last.decided) return;
    const gone = last.keys.findIndex((key) => !keys.includes(key));
    const next = last.keys.slice(gone + 1).find((key) => keys.includes(key)) ?? keys.at(-1);
    if (next) focusCard(next);
    else document.querySelector<HTMLElement>('.undo button')?.focus();
  });
}

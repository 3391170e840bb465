// Single keys, only with focus in the panel and never in a field; Escape closes the innermost thing.
import { cardKey, domId, shownCards } from '../cards-state.ts';
import { tabs } from '../state.ts';
import type { View } from './view.ts';

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

export function handleKey(event: KeyboardEvent, { state, deeds, dispatch }: View): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || state.phase !== 'open') return;
  if (event.key === 'Escape') {
    if (closeInnermost({ state, deeds, dispatch })) event.preventDefault();
    return;
  }
  // Radio buttons and ticks take no text: the reasons' numbers work there too.
  const target = event.target as HTMLElement | null;
  const isTextField =
    isField(target) && !(target instanceof HTMLInputElement && /^(?:radio|checkbox)$/.test(target.type));
  if (!state.hasSingleKeys || isTextField) return;
  const act = actions({ state, deeds, dispatch })[event.key];
  if (act?.()) event.preventDefault();
}

function actions(view: View): Record<string, () => boolean> {
  const { state, deeds, dispatch } = view;
  const cards = state.tab === 'cards' && !state.isHelpOpen ? shownCards(state.cards) : [];
  const at = cards.findIndex((shown) =>
    document.getElementById(domId(cardKey(shown)))?.contains(document.activeElement),
  );
  const current = cards[at];
  const go = (to: number) => {
    const shown = cards[Math.min(Math.max(to, 0), cards.length - 1)];
    if (!shown) return false;
    focusCard(cardKey(shown));
    return true;
  };
  return {
    '?': () => {
      dispatch({ type: 'help', isOpen: !state.isHelpOpen });
      return true;
    },
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    e: () => {
      if (!current?.card.extension?.['org.curbside.card']?.evidence.length) return false;
      openCard(view, cardKey(current));
      void deeds.showEvidence(current, 0);
      return true;
    },
    o: () => {
      if (!current) return false;
      openCard(view, cardKey(current));
      dispatch({ type: 'override', override: { key: cardKey(current), withMonitoring: true, comment: '' } });
      return true;
    },
    w: () => {
      dispatch({ type: 'tab', tab: 'what-if' });
      document.getElementById(`tab-${tabs[2]}`)?.focus();
      return true;
    },
  };
}

/** The drawing that a dispatch queued comes first, then this, and both before the next key: focus never comes late. */
export const afterDrawing = (act: () => void) => queueMicrotask(act);

export const focusCard = (key: string) => document.querySelector<HTMLElement>(`#${domId(key)} [data-head]`)?.focus();

function openCard({ state, dispatch }: View, key: string) {
  if (!state.cards.open.includes(key)) dispatch({ type: 'toggle', key });
}

function closeInnermost({ state, dispatch }: View): boolean {
  const { override, evidence } = state.cards;
  if (state.isHelpOpen) dispatch({ type: 'help', isOpen: false });
  else if (override) {
    dispatch({ type: 'override' });
    afterDrawing(() => focusCard(override.key));
  } else if (evidence && state.tab === 'cards') {
    dispatch({ type: 'evidence' });
    afterDrawing(() => document.querySelectorAll<HTMLElement>(`#${domId(evidence.key)} .chip`)[evidence.at]?.focus());
  } else if (state.diagnosis.open && state.tab === 'diagnosis') dispatch({ type: 'dx-open' });
  else if (state.trends.open && state.tab === 'trends') dispatch({ type: 'trend-open' });
  else return false;
  return true;
}

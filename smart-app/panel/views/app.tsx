// The whole panel: identity strip, tabs, the open tab, the footer, the live region and the keys.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from '../../shared/icons.tsx';
import { clock } from '../../shared/times.ts';
import { stopCount } from '../cards-state.ts';
import type { Deeds } from '../deeds.ts';
import { type PanelState, type Tab, tabs } from '../state.ts';
import { type Store, useStore } from '../store.ts';
import { handleKey } from './keys.ts';
import { panes } from './panes.tsx';
import { Strip } from './strip.tsx';
import type { View } from './view.ts';

const tabNames: Record<Tab, { name: string; icon: IconName }> = {
  cards: { name: 'Cards', icon: 'cards' },
  diagnosis: { name: 'Diagnosis', icon: 'diagnosis' },
  'what-if': { name: 'What if', icon: 'what-if' },
  trends: { name: 'Trends', icon: 'trends' },
  about: { name: 'About', icon: 'about' },
};

export function App({ store, deeds }: { store: Store; deeds: Deeds }) {
  const state = useStore(store);
  const root = useRef<HTMLDivElement>(null);
  const view: View = { state, deeds, dispatch: store.dispatch };

  useEffect(() => {
    const hear = (event: KeyboardEvent) => handleKey(event, { state: store.get(), deeds, dispatch: store.dispatch });
    const element = root.current!;
    element.addEventListener('keydown', hear);
    return () => element.removeEventListener('keydown', hear);
  }, [store, deeds]);

  return (
    <div class="app" ref={root}>
      {state.phase === 'open' ? <Open {...view} /> : <Closed state={state} />}
      <div class="sr" role="status" aria-live="polite" key="live">
        {state.said.map(({ text, number }) => (
          <p key={number}>{text}</p>
        ))}
      </div>
    </div>
  );
}

function Open(view: View) {
  const { state, deeds, dispatch } = view;
  const pane = useRef<HTMLDivElement>(null);
  const { tab } = state;
  useLayoutEffect(() => {
    pane.current?.scrollTo(0, 0);
    if (tab === 'what-if') void deeds.loadMedications();
    if (tab === 'trends') void deeds.loadTrends();
  }, [tab, deeds]);
  const Pane = panes[state.isHelpOpen ? 'help' : tab];
  return (
    <>
      <Strip {...view} />
      <main class="body">
        <h1 class="sr">Curbside for {state.session!.identity.name}</h1>
        <Tabs {...view} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a tab panel that scrolls must be reachable by keyboard */}
        <div class="pane" id="pane" role="tabpanel" tabIndex={0} aria-labelledby={`tab-${tab}`} ref={pane}>
          <Pane {...view} />
        </div>
      </main>
      <UndoBar {...view} />
      <Foot state={state} dispatch={dispatch} />
    </>
  );
}

/** Ten seconds in which nobody was told yet; in sight on every tab. */
function UndoBar({ state, deeds }: View) {
  const waiting = state.cards.decisions.filter(({ status }) => status === 'waiting').slice(-2);
  return (
    <>
      {waiting.map(({ id, text }) => (
        <section class="undo" key={id} aria-label="Just decided">
          <span class="grow">{text}</span>
          <button type="button" class="btn sm" onClick={() => void deeds.undo(id)}>
            Undo
          </button>
        </section>
      ))}
    </>
  );
}

function Tabs({ state, dispatch }: View) {
  const list = useRef<HTMLDivElement>(null);
  const stops = stopCount(state.cards);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const end = { Home: 0, End: tabs.length - 1 }[event.key];
    if (step === undefined && end === undefined) return;
    const at = end ?? (tabs.indexOf(state.tab) + step! + tabs.length) % tabs.length;
    dispatch({ type: 'tab', tab: tabs[at]! });
    list.current?.querySelectorAll<HTMLButtonElement>('[role=tab]')[at]?.focus();
    event.preventDefault();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Curbside sections" ref={list} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`tab-${tab}`}
          aria-selected={tab === state.tab}
          aria-controls="pane"
          tabIndex={tab === state.tab ? 0 : -1}
          onClick={() => dispatch({ type: 'tab', tab })}
        >
          <Icon name={tabNames[tab].icon} size={18} />
          {tabNames[tab].name}
          {tab === 'cards' && stops > 0 && (
            <span class="count">
              {stops}
              <span class="sr"> {stops === 1 ? 'needs a decision' : 'need a decision'}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

function Foot({ state, dispatch }: Pick<View, 'state' | 'dispatch'>) {
  const checked = state.cards.checks.order.response ?? state.cards.checks.chart.response;
  const hasFailed = Object.values(state.cards.checks).some(({ status }) => status === 'failed');
  const ai = aiState(state);
  return (
    <footer class="foot">
      <span class={hasFailed ? 'dot bad' : 'dot'} aria-hidden="true" />
      <span class="grow">
        {hasFailed
          ? 'A check failed'
          : checked
            ? `Checked ${clock(checked.checkedAt)} · ${checked.rulesChecked} rules`
            : 'Checking'}
        {ai && ` · ${ai}`}
      </span>
      <button
        type="button"
        class="btn quiet sm"
        aria-expanded={state.isHelpOpen}
        onClick={() => dispatch({ type: 'help', isOpen: !state.isHelpOpen })}
      >
        Keys <kbd>?</kbd>
      </button>
    </footer>
  );
}

function aiState({ isAiOff, diagnosis }: PanelState): string {
  if (isAiOff || diagnosis.end?.type === 'off') return 'AI off';
  return diagnosis.end?.type === 'done' ||
    diagnosis.rows.some(({ items }) => items.some(({ source }) => source === 'model'))
    ? 'AI on'
    : '';
}

const closedWords = {
  mismatch: [
    'This panel belongs to another patient',
    "The chart now open is someone else's. Everything here has been cleared. Open Curbside again from the chart.",
  ],
  ended: ['Session ended', 'Open Curbside again from the chart.'],
} as const;

/** Nothing of a patient is on these pages. */
function Closed({ state }: { state: PanelState }) {
  if (state.phase === 'opening') {
    return (
      <main class="closed" aria-busy="true">
        <h1 class="sr">Curbside</h1>
        <p class="cap">Opening the chart</p>
      </main>
    );
  }
  const [title, detail] =
    state.phase === 'failed'
      ? [
          'The chart could not be opened',
          `${state.reason ?? 'No reason was given'}. Open Curbside again from the chart.`,
        ]
      : closedWords[state.phase as 'mismatch' | 'ended'];
  return (
    <main class="closed">
      <div class="panel" role="alert">
        <Icon
          name={state.phase === 'mismatch' ? 'stop' : 'note'}
          size={30}
          tone={state.phase === 'mismatch' ? 'stop' : 'note'}
        />
        <h1>{title}</h1>
        <p>{detail}</p>
      </div>
    </main>
  );
}

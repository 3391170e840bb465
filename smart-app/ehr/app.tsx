// The page: a header, then the worklist or one chart, and an app beside it.
import { useEffect, useRef } from 'preact/hooks';
import type { Controller } from './controller.ts';
import { type Action, type State, shownCards } from './state.ts';
import { type Store, useStore } from './store.ts';
import { Banner } from './views/banner.tsx';
import { Cards } from './views/cards.tsx';
import { Composer } from './views/composer.tsx';
import { ChartLists } from './views/lists.tsx';
import { Options } from './views/options.tsx';
import { SideFrame } from './views/side-frame.tsx';
import { SignDialog } from './views/sign-dialog.tsx';
import { TourBar } from './views/tour-bar.tsx';
import { Traffic } from './views/traffic.tsx';
import { Worklist } from './views/worklist.tsx';

const sections = [
  ['order', 'For the orders you are writing'],
  ['chart', 'About this chart'],
] as const;

/** A Stop on the chart stands above what is only a Caution on the order. */
function cardSections(state: State) {
  const hasStop = (about: 'order' | 'chart') =>
    shownCards(state, about).some(({ card, decision }) => card.indicator === 'critical' && !decision);
  return hasStop('chart') && !hasStop('order') ? [...sections].reverse() : sections;
}

export function App({ store, controller }: { store: Store<State, Action>; controller: Controller }) {
  const state = useStore(store);
  const root = useRef<HTMLDivElement>(null);
  const screen = state.patientId === undefined ? 'worklist' : state.chart ? 'chart' : 'opening';
  const story = state.stories.find(({ patientId }) => patientId === state.patientId);
  const before = useRef(screen);
  // A new screen begins at its heading.
  useEffect(() => {
    if (before.current !== screen && screen !== 'opening') root.current?.querySelector<HTMLElement>('h1')?.focus();
    before.current = screen;
  }, [screen]);

  return (
    <div class={`ehr ${state.tour === undefined ? '' : 'touring'}`} ref={root}>
      <header class="top">
        <b>Sandbox EHR</b>
        <span class="sub">synthetic data only</span>
        <span class="user">{state.config?.user.display}</span>
        {screen !== 'worklist' && (
          <button type="button" class="pillbtn" onClick={controller.closeChart}>
            Change patient
          </button>
        )}
        {screen === 'chart' && !state.frame && (
          <button type="button" class="pillbtn" onClick={() => void controller.openPanel()}>
            Open panel
          </button>
        )}
        {screen === 'chart' && (
          <button
            type="button"
            class="pillbtn"
            aria-pressed={state.isTrafficOpen}
            onClick={() => store.dispatch({ do: 'traffic', isOpen: !state.isTrafficOpen })}
          >
            Hook traffic: {state.isTrafficOpen ? 'on' : 'off'}
          </button>
        )}
        <Options options={state.options} onChange={(name, on) => store.dispatch({ do: 'option', name, on })} />
      </header>
      {state.problem && (
        <p class="problem" role="alert">
          {state.problem}
        </p>
      )}
      {screen === 'worklist' && (
        <Worklist state={state} controller={controller} onTour={() => store.dispatch({ do: 'tour', step: 0 })} />
      )}
      {screen === 'opening' && (
        <main class="opening" id="main">
          <h1 class="sr">Chart</h1>
          <p class="cap">Opening the chart.</p>
        </main>
      )}
      {screen === 'chart' && state.chart && (
        <div class={`workspace ${state.frame ? 'with-side' : ''}`}>
          <main class="chart stack" id="main">
            <Banner chart={state.chart} now={new Date()} />
            {story && (
              <p class="storybar">
                <b>{story.title}.</b> {story.oneLine} <i>{story.question}</i>
              </p>
            )}
            <Composer state={state} controller={controller} />
            {cardSections(state).map(([about, title]) => (
              <Cards key={about} state={state} controller={controller} about={about} title={title} />
            ))}
            <ChartLists chart={state.chart} now={new Date()} spot={state.spot} />
            {state.isTrafficOpen && (
              <Traffic entries={state.traffic} onClear={() => store.dispatch({ do: 'clear-log' })} />
            )}
          </main>
          {state.frame && (
            <SideFrame
              frame={state.frame}
              config={state.config!}
              isStorageBlocked={state.options.storageBlocked}
              controller={controller}
            />
          )}
        </div>
      )}
      <SignDialog state={state} controller={controller} />
      <TourBar state={state} controller={controller} onStep={(step) => store.dispatch({ do: 'tour', step })} />
      <p class="said" role="status">
        {state.said}
      </p>
    </div>
  );
}

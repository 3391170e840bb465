// The page's start: session from the fragment, then the panel.
import { render } from 'preact';
import '../shared/tokens.css';
import './panel.css';
import { createApi } from './api.ts';
import { bridgeFor, type EhrBridge, noBridge } from './bridge/bridge.ts';
import { copyText, saveText } from './browser.ts';
import { createDeeds } from './deeds.ts';
import { takeBearer } from './session.ts';
import { start } from './state.ts';
import { createStore } from './store.ts';
import { takeStyle } from './style.ts';
import { App } from './views/app.tsx';
import { loadOtherPanes } from './views/panes.tsx';

const store = createStore(start(new Date().toISOString()));
const bearer = takeBearer(window);
const api = createApi(bearer ?? '', new URL('../', document.baseURI).href);

// The bridge is known only when the session is; until then there is none.
let bridge: EhrBridge | undefined;
const late = (): EhrBridge => {
  bridge ??= store.get().session ? bridgeFor(store.get().session?.messaging, window) : undefined;
  return bridge ?? noBridge;
};
const deeds = createDeeds({
  api,
  store,
  bridge: {
    hello: () => late().hello(),
    draft: (action) => late().draft(action),
    openOrders: (ids) => late().openOrders(ids),
    done: () => late().done(),
  },
  now: () => new Date(),
  copy: copyText,
  save: saveText,
});

render(<App store={store} deeds={deeds} />, document.getElementById('root')!);

if (bearer) {
  void deeds.open().then(() => {
    takeStyle(store.get().session?.style);
    void loadOtherPanes();
  });
  window.addEventListener('pagehide', deeds.flush);
  // Coming back from the chart is when the orders may have changed.
  window.addEventListener('focus', () => {
    if (store.get().phase === 'open' && store.get().abilities.kind === 'web-messaging') void deeds.greet();
  });
} else {
  store.dispatch({ type: 'ended' });
}

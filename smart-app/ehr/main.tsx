/// <reference types="vite/client" />
// Starts the sandbox EHR page.
import { render } from 'preact';
import '../shared/tokens.css';
import './ehr.css';
import { createApi } from './api.ts';
import { App } from './app.tsx';
import { createCdsClient } from './cds-client.ts';
import { createController } from './controller.ts';
import { initialState, reduce } from './state.ts';
import { createStore } from './store.ts';

const theme = new URLSearchParams(location.search).get('theme');
const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
const fetcher: typeof fetch = (input, init) => fetch(input, init);

const store = createStore(reduce, { ...initialState, options: { ...initialState.options, dark: isDark } });
const controller = createController({
  store,
  api: createApi(fetcher, () => Date.now()),
  cds: (base, readFhir) => createCdsClient({ base, fetch: fetcher, readFhir }),
  now: () => new Date(),
  uuid: () => crypto.randomUUID(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});

const paint = () => {
  document.documentElement.dataset.theme = store.get().options.dark ? 'dark' : 'light';
  // The EHR and the panel must be two sites; whoever came by the panel's address is sent to the EHR's.
  const { config } = store.get();
  if (config && location.origin !== config.ehrOrigin && location.pathname.startsWith('/ehr'))
    location.replace(`${config.ehrOrigin}/ehr/${location.search}`);
};
store.subscribe(paint);
paint();

render(<App store={store} controller={controller} />, document.getElementById('app')!);
void controller.start();

// Every state of the panel from fixtures: `?state=cards&theme=dark` shows one, nothing shows the list.
// Buttons work on fixtures too, so that a whole decision can be made here by keyboard.
import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import '../shared/tokens.css';
import '../panel/panel.css';
import './gallery.css';
import type { Api } from '../panel/api.ts';
import type { EhrBridge } from '../panel/bridge/bridge.ts';
import { createDeeds } from '../panel/deeds.ts';
import { createStore } from '../panel/store.ts';
import { App } from '../panel/views/app.tsx';
import * as fixtures from './fixtures.ts';
import { stateAfter, states } from './states.ts';

const parameters = new URLSearchParams(location.search);
const theme = parameters.get('theme');
if (theme) document.documentElement.dataset.theme = theme;

const api: Api = {
  session: async () => fixtures.session,
  hook: async (service) => (service === 'chart-review' ? fixtures.chartResponse : fixtures.nothingResponse),
  feedback: async (service, feedback) => {
    document.documentElement.dataset.feedback = JSON.stringify({ service, feedback });
  },
  async *consult() {
    yield fixtures.consultRules;
    yield { type: 'off', reason: 'no model is configured' };
  },
  whatIf: async () => fixtures.whatIfAnswer,
  tell: async () => fixtures.told,
  why: async () => fixtures.why,
  read: async () => fixtures.inr,
  search: async (query) => ({
    resources: query.startsWith('Medication') ? fixtures.medications : fixtures.observations,
    isComplete: true,
  }),
};

const bridge: EhrBridge = {
  hello: async () => ({ kind: 'web-messaging', canDraft: true, canOpenOrders: true, canClose: true }),
  draft: async ({ resource }) => ({ ok: true, id: `${resource?.resourceType ?? 'Order'}/gallery` }),
  openOrders: async () => ({ ok: true }),
  done: async () => ({ ok: true }),
};

function One({ name }: { name: string }) {
  const [store, deeds] = useMemo(() => {
    const one = createStore(stateAfter(states[name]!));
    return [
      one,
      createDeeds({ api, bridge, store: one, now: () => new Date(), copy: async () => true, save: () => {} }),
    ] as const;
  }, [name]);
  return <App store={store} deeds={deeds} />;
}

function Index() {
  const names = Object.keys(states);
  const [name, setName] = useState(names[1]!);
  const [width, setWidth] = useState('380');
  const [shade, setShade] = useState('light');
  return (
    <main class="gallery">
      <h1>Curbside panel: every state</h1>
      <form class="row" onSubmit={(event) => event.preventDefault()}>
        <label>
          State{' '}
          <select class="inp" value={name} onChange={(event) => setName(event.currentTarget.value)}>
            {names.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label>
          Width{' '}
          <select class="inp" value={width} onChange={(event) => setWidth(event.currentTarget.value)}>
            {['320', '380', '800', '1280'].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label>
          Theme{' '}
          <select class="inp" value={shade} onChange={(event) => setShade(event.currentTarget.value)}>
            <option>light</option>
            <option>dark</option>
          </select>
        </label>
        <a href={`?state=${name}&theme=${shade}`}>Open alone</a>
      </form>
      <iframe
        title={`${name}, ${width} wide, ${shade}`}
        src={`?state=${name}&theme=${shade}`}
        width={width}
        height="800"
      />
    </main>
  );
}

/** `#cards` after the address shows another state without loading the page again. */
function Gallery() {
  const named = () => location.hash.slice(1) || parameters.get('state') || '';
  const [name, setName] = useState(named());
  useEffect(() => {
    const hear = () => setName(named());
    addEventListener('hashchange', hear);
    return () => removeEventListener('hashchange', hear);
  }, []);
  return states[name] ? <One key={name} name={name} /> : <Index />;
}

render(<Gallery />, document.getElementById('root')!);

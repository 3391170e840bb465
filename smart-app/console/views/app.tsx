import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Api, NotAllowed } from '../api.ts';
import type { Summary } from '../types.ts';
import { Ai } from './ai.tsx';
import { Catalogue } from './catalogue.tsx';
import { Compare } from './compare.tsx';
import { Overrides } from './overrides.tsx';
import { Rules } from './rules.tsx';
import { SignIn } from './sign-in.tsx';
import { TraceRequest } from './trace-request.tsx';

const tabs = ['Rules', 'Catalogue', 'Overrides', 'Compare', 'Request', 'AI quality'] as const;
type Tab = (typeof tabs)[number];
const idOf = (tab: Tab): string => `tab-${tab.replace(' ', '-')}`;

export interface Shared {
  api: Api;
  say: (text: string) => void;
  fail: (error: unknown) => void;
}

export function App({ api }: { api: Api }) {
  const [tab, setTab] = useState<Tab>('Rules');
  const [days, setDays] = useState(28);
  const [summary, setSummary] = useState<Summary>();
  const [chosen, setChosen] = useState<string>();
  const [isOutside, setOutside] = useState(false);
  const [said, say] = useState('');
  const [wrong, setWrong] = useState('');
  const list = useRef<HTMLDivElement>(null);

  const fail = useCallback((error: unknown) => {
    if (error instanceof NotAllowed) setOutside(true);
    else setWrong(error instanceof Error ? error.message : 'The server does not answer.');
  }, []);
  const read = useCallback(() => {
    setWrong('');
    api.summary(days).then((found) => {
      setOutside(false);
      setSummary(found);
    }, fail);
  }, [api, days, fail]);
  useEffect(read, [read]);

  function move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to =
      step === undefined
        ? { Home: tabs[0], End: tabs.at(-1) }[event.key]
        : tabs.at((tabs.indexOf(tab) + step) % tabs.length);
    if (!to) return;
    event.preventDefault();
    setTab(to);
    list.current?.querySelector<HTMLElement>(`#${idOf(to)}`)?.focus();
  }

  const shared: Shared = { api, say, fail };
  return (
    <>
      <header class="top">
        <strong class="brand">Curbside console</strong>
        {!isOutside && (
          <div class="tabs" role="tablist" aria-label="Console" ref={list} onKeyDown={move}>
            {tabs.map((name) => (
              <button
                key={name}
                id={idOf(name)}
                type="button"
                role="tab"
                aria-selected={tab === name}
                aria-controls="view"
                tabIndex={tab === name ? 0 : -1}
                onClick={() => setTab(name)}
              >
                {name}
              </button>
            ))}
          </div>
        )}
        <label class="span">
          <span class="sr">Time span</span>
          <select class="inp" value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {[7, 28, 90, 365].map((count) => (
              <option key={count} value={count}>
                Last {count} days
              </option>
            ))}
          </select>
        </label>
      </header>
      <main>
        <h1 class="sr">Curbside console</h1>
        <p class="sr" role="status">
          {said}
        </p>
        {wrong && (
          <p class="panel wrong" role="alert">
            {wrong}{' '}
            <button type="button" class="link" onClick={read}>
              Try again
            </button>
          </p>
        )}
        {isOutside ? (
          <SignIn
            onSignIn={(bearer) => {
              api.signIn(bearer);
              read();
            }}
          />
        ) : (
          <div id="view" role="tabpanel" aria-labelledby={idOf(tab)}>
            {tab === 'Rules' && <Rules {...shared} summary={summary} chosen={chosen} onChoose={setChosen} />}
            {tab === 'Catalogue' && (
              <Catalogue
                {...shared}
                onChoose={(id) => {
                  setChosen(id);
                  setTab('Rules');
                }}
              />
            )}
            {tab === 'Overrides' && <Overrides {...shared} />}
            {tab === 'Compare' && <Compare {...shared} />}
            {tab === 'Request' && <TraceRequest {...shared} />}
            {tab === 'AI quality' && <Ai {...shared} days={days} />}
          </div>
        )}
      </main>
    </>
  );
}

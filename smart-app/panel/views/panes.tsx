// What each tab shows. Only Cards is needed for the first card; the others come right after it, or when asked for.
import { type ComponentChildren, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Tab } from '../state.ts';
import { Cards } from './cards.tsx';
import type { View } from './view.ts';

export type Pane = (view: View) => ComponentChildren;

const loaders: (() => Promise<Pane>)[] = [];

export const panes: Record<Tab | 'help', Pane> = {
  cards: Cards,
  diagnosis: late(() => import('./diagnosis.tsx').then(({ Diagnosis }) => Diagnosis)),
  'what-if': late(() => import('./what-if.tsx').then(({ WhatIf }) => WhatIf)),
  trends: late(() => import('./trends.tsx').then(({ Trends }) => Trends)),
  about: late(() => import('./about.tsx').then(({ About }) => About)),
  help: late(() => import('./help.tsx').then(({ Help }) => Help)),
};

/** Fetches the other tabs, so that a tap on one shows it at once. */
export async function loadOtherPanes(): Promise<void> {
  await Promise.allSettled(loaders.map((load) => load()));
}

function late(fetchPane: () => Promise<Pane>): Pane {
  let loaded: Pane | undefined;
  const load = async () => {
    loaded ??= await fetchPane();
    return loaded;
  };
  loaders.push(load);
  return function Late(view: View) {
    const [problem, setProblem] = useState('');
    const [, setArrived] = useState(false);
    useEffect(() => {
      if (!loaded)
        load().then(
          () => setArrived(true),
          () => setProblem('This part could not be loaded. Choose another tab and come back.'),
        );
    }, []);
    return loaded ? h(loaded, view) : <p class="cap">{problem || 'Loading'}</p>;
  };
}

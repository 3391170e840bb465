// One place that holds the state, for the views to draw and the deeds to read.
import { useEffect, useState } from 'preact/hooks';
import { type PanelEvent, type PanelState, reduce } from './state.ts';

export interface Store {
  get(): PanelState;
  dispatch(event: PanelEvent): void;
  subscribe(hear: () => void): () => void;
}

export function createStore(initial: PanelState): Store {
  let state = initial;
  const hearers = new Set<() => void>();
  return {
    get: () => state,
    dispatch(event) {
      const next = reduce(state, event);
      if (next === state) return;
      state = next;
      for (const hear of hearers) hear();
    },
    subscribe(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
  };
}

export function useStore(store: Store): PanelState {
  const [state, setState] = useState(store.get);
  useEffect(() => {
    setState(store.get());
    return store.subscribe(() => setState(store.get()));
  }, [store]);
  return state;
}

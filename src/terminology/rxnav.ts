// An optional RxNav-compatible server that names codes we do not have. Off unless a base URL is configured; late, absent
// or strange answers count as no answer.

import { ndc11, RXNORM, systemOf } from './systems.ts';
import type { Concept } from './types.ts';

export interface RxnavCache {
  get(key: string): Promise<string | undefined | null>;
  set(key: string, value: string): Promise<void>;
}

export interface RxnavOptions {
  fetch: typeof fetch;
  /** For instance `https://rxnav.nlm.nih.gov/REST`. */
  baseUrl: string;
  timeoutMs: number;
  cache: RxnavCache;
}

export interface Rxnav {
  /** The concept with the server's RxNorm name as its text, or undefined when the server does not know it. */
  explain(concept: Concept): Promise<Concept | undefined>;
}

export function createRxnav({ fetch: ask, baseUrl, timeoutMs, cache }: RxnavOptions): Rxnav {
  const base = baseUrl.replace(/\/+$/, '');

  async function json(path: string): Promise<unknown> {
    const answer = await ask(`${base}${path}`, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.ok ? answer.json() : undefined;
  }

  /** Nothing found is remembered too, as an empty name, so that one bad code is asked for once. */
  async function remembered(key: string, find: () => Promise<string | undefined>): Promise<string | undefined> {
    try {
      const before = await cache.get(key);
      if (typeof before === 'string') return before || undefined;
      const name = await find();
      await cache.set(key, name ?? '');
      return name;
    } catch {
      return undefined;
    }
  }

  const nameOfRxcui = (code: string) =>
    remembered(`rxnav:rxcui:${code}`, async () =>
      textAt(
        await json(`/rxcui/${encodeURIComponent(code)}/historystatus.json`),
        'rxcuiStatusHistory',
        'attributes',
        'name',
      ),
    );

  const nameOfNdc = (code: string) =>
    remembered(`rxnav:ndc:${code}`, async () =>
      textAt(await json(`/ndcstatus.json?ndc=${encodeURIComponent(code)}`), 'ndcStatus', 'conceptName'),
    );

  return {
    async explain(concept) {
      for (const { system, code } of concept.coding ?? []) {
        if (!code) continue;
        const kind = systemOf(system);
        const ndc = kind === 'ndc' ? ndc11(code) : undefined;
        const name =
          kind === 'rxnorm' && /^\d+$/.test(code) ? await nameOfRxcui(code) : ndc ? await nameOfNdc(ndc) : undefined;
        if (!name) continue;
        // The name goes first: it belongs to the code, and an ingredient we know by name needs no code.
        return { coding: [{ system: RXNORM, display: name }, ...(concept.coding ?? [])], text: concept.text ?? name };
      }
      return undefined;
    },
  };
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  let here = value;
  for (const key of path)
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[key] : undefined;
  return typeof here === 'string' && here !== '' ? here : undefined;
}

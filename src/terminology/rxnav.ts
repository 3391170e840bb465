// An optional RxNav-compatible server that names codes we do not have (setting TERMINOLOGY_URL). It is sent a code and nothing
// else; late, absent or strange answers count as no answer.

import { ndc11, RXNORM, systemOf } from './systems.ts';
import type { Concept } from './types.ts';

export interface RxnavOptions {
  fetch: typeof fetch;
  now: () => Date;
  /** For instance `https://rxnav.nlm.nih.gov/REST`. */
  baseUrl: string;
  timeoutMs: number;
  /** Said once when the server is left alone for a while: `timeout`, `http 503`. Never a code. */
  onTrouble?: (why: string) => void;
}

export interface Rxnav {
  /** The concept with the server's RxNorm name before its own codings, or undefined when the server does not know it. */
  explain(concept: Concept): Promise<Concept | undefined>;
}

/** How long an answer is believed, how long a failing server is left alone, and how much is remembered. */
const KNOWN_MS = 24 * 3_600_000;
const NOT_KNOWN_MS = 3_600_000;
const LEFT_ALONE_MS = 60_000;
const MEMORY = 5000;

export function createRxnav({ fetch: ask, now, baseUrl, timeoutMs, onTrouble }: RxnavOptions): Rxnav {
  const base = baseUrl.replace(/\/+$/, '');
  /** Nothing found is remembered too, so that one bad code is asked for once. */
  const names = new Map<string, { name: string | undefined; until: number }>();
  const asking = new Map<string, Promise<string | undefined>>();
  let leftAloneUntil = 0;

  async function named(path: string, ...steps: string[]): Promise<string | undefined> {
    const answer = await ask(`${base}${path}`, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status >= 500 || answer.status === 429) throw new Error(`http ${answer.status}`);
    return answer.ok ? textAt(await answer.json(), ...steps) : undefined;
  }

  function remembered(path: string, ...steps: string[]): Promise<string | undefined> {
    const time = now().getTime();
    const held = names.get(path);
    if (held && held.until > time) return Promise.resolve(held.name);
    if (time < leftAloneUntil) return Promise.resolve(undefined);
    const before = asking.get(path);
    if (before) return before;
    const asked = named(path, ...steps)
      .then((name) => {
        if (names.size >= MEMORY) names.delete(names.keys().next().value!);
        names.set(path, { name, until: time + (name === undefined ? NOT_KNOWN_MS : KNOWN_MS) });
        return name;
      })
      .catch((error: unknown) => {
        if (now().getTime() >= leftAloneUntil) onTrouble?.(reasonOf(error));
        leftAloneUntil = now().getTime() + LEFT_ALONE_MS;
        return undefined;
      })
      .finally(() => asking.delete(path));
    asking.set(path, asked);
    return asked;
  }

  return {
    async explain(concept) {
      for (const { system, code } of concept.coding ?? []) {
        if (!code) continue;
        const kind = systemOf(system);
        const ndc = kind === 'ndc' ? ndc11(code) : undefined;
        const name =
          kind === 'rxnorm' && isRxcui(code)
            ? await remembered(`/rxcui/${code.trim()}/historystatus.json`, 'rxcuiStatusHistory', 'attributes', 'name')
            : ndc
              ? await remembered(`/ndcstatus.json?ndc=${ndc}`, 'ndcStatus', 'conceptName')
              : undefined;
        if (!name) continue;
        // The name goes first: it belongs to the code, and an ingredient we know by name needs no code.
        return { coding: [{ system: RXNORM, display: name }, ...(concept.coding ?? [])], text: concept.text ?? name };
      }
      return undefined;
    },
  };
}

/** Whether a server could be asked about it: a text alone is nobody's business. */
export const isAskable = ({ coding = [] }: Concept): boolean =>
  coding.some(({ system, code }) => {
    const kind = code ? systemOf(system) : undefined;
    return (kind === 'rxnorm' && isRxcui(code!)) || (kind === 'ndc' && ndc11(code!) !== undefined);
  });

const isRxcui = (code: string): boolean => /^\d{1,8}$/.test(code.trim());

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return 'timeout';
  return /^http \d{3}$/.test(error.message)
    ? error.message
    : error instanceof SyntaxError
      ? 'no JSON'
      : 'no connection';
};

/** A name is a line of print: whatever else a server sends is not shown to anybody. */
function textAt(value: unknown, ...path: string[]): string | undefined {
  let here = value;
  for (const key of path)
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[key] : undefined;
  if (typeof here !== 'string') return undefined;
  const name = here.replace(/[\p{Cc}\p{Cf}<>]+/gu, ' ').trim();
  return name === '' || name.length > 500 ? undefined : name;
}

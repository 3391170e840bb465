// What a chart and a card were, as fingerprints: enough to say later whether a chart that is brought along is the one that was
// judged, and whether a card still says the same. Salted by the request and, where LEDGER_KEY is set, keyed by it, so that
// nobody without the key can try values until one fits.
import type { Card } from '../cds-hooks/contract.ts';
import { type ChartSource, chartParts } from '../chart/types.ts';
import { isUnknown } from '../unknown.ts';
import { type Digest, subtleDigest } from './ledger.ts';

/**
 * 96 bits in hex for each part that was looked at; "unknown" for one that could not be had, "empty" for one that is known to be,
 * "not read" for one that was there and that no guard asked about.
 */
export type ChartPrint = { [part: string]: string };

export interface Fingerprints {
  /** Which key: prints under different keys cannot be compared. */
  key(): Promise<string>;
  /** `only`: the parts whose content counts; those that were looked at, when left out. */
  chart(salt: string, source: ChartSource, only?: ReadonlySet<string>): Promise<ChartPrint>;
  /** Of what is read on a card: its words and the labels of its suggestions, never its links or ids. */
  card(salt: string, card: Card): Promise<string>;
}

export const notLookedAt = 'not read';
const length = 24;
const isChartPart = (part: string): boolean => (chartParts as readonly string[]).includes(part);

export function createFingerprints({ digest = subtleDigest, key }: { digest?: Digest; key?: string }): Fingerprints {
  const print = (salt: string, what: string, text: string): string | Promise<string> => {
    const hash = digest(`${key ?? ''}\n${salt}\n${what}\n${text}`);
    return typeof hash === 'string' ? hash.slice(0, length) : hash.then((late) => late.slice(0, length));
  };
  let named: Promise<string> | undefined;
  return {
    key() {
      named ??= key ? Promise.resolve(print('', 'key', '')).then((hash) => hash.slice(0, 8)) : Promise.resolve('none');
      return named;
    },
    async chart(salt, { parts, drafts, selections, referenced, lookedAt, notRead = [] }, only = lookedAt) {
      const counts = (part: string) => only === undefined || part === 'patient' || !isChartPart(part) || only.has(part);
      const printed = new Map<string, string | Promise<string>>();
      const add = (part: string, resources: readonly unknown[]) =>
        printed.set(
          part,
          resources.length === 0 ? 'empty' : counts(part) ? print(salt, part, inAnyOrder(resources)) : notLookedAt,
        );
      for (const part of chartParts) {
        const resources = parts[part];
        if (isUnknown(resources)) printed.set(part, 'unknown');
        else if (resources) add(part, resources);
      }
      add('drafts', drafts);
      add('selections', selections);
      if (referenced.size > 0) add('referenced', [...referenced.values()]);
      if (notRead.length > 0) add('notRead', notRead);
      const prints: ChartPrint = {};
      // All are under way; one that was made on the spot is not waited for.
      for (const [part, hash] of printed) prints[part] = typeof hash === 'string' ? hash : await hash;
      return prints;
    },
    card: async (salt, { summary, detail, suggestions = [] }) =>
      print(salt, 'card', JSON.stringify([summary, detail, ...suggestions.map(({ label }) => label)])),
  };
}

/** A server may list the same resources in another order; a resource itself must be the same to the letter. */
const inAnyOrder = (resources: readonly unknown[]): string =>
  resources
    .map((resource) => JSON.stringify(resource))
    .sort()
    .join('\n');

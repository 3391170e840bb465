// The public keys of a CDS client: given in the settings, or fetched from the one URL that the settings name.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Platform } from '../platform.ts';

export type KeysOf = JWTVerifyGetKey;

/** A withdrawn key stops working at the latest after this. */
const freshForMs = 10 * 60_000;
/** While the client's server is away, its last keys are good for this long. */
const goodForMs = 60 * 60_000;
/** Between two fetches for a key that we do not know, or after a failure. */
const rationMs = 60_000;
const retryMs = 5_000;
const mostBytes = 200_000;

export const fixedKeys = (jwks: { keys: unknown[] }): KeysOf => createLocalJWKSet(jwks as JSONWebKeySet);

export function clientKeys(url: string, platform: Platform): KeysOf {
  let held: { keys: KeysOf; at: number } | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  async function fetchKeys(): Promise<void> {
    triedAt = platform.elapsed();
    try {
      const answer = await platform.fetch(url, {
        redirect: 'manual',
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(3000),
      });
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      const text = await answer.text();
      if (text.length > mostBytes) throw new Error('too large');
      const { keys } = JSON.parse(text) as { keys: { kty?: string }[] };
      held = {
        keys: createLocalJWKSet({ keys: keys.filter(({ kty }) => kty !== 'oct') } as JSONWebKeySet),
        at: platform.elapsed(),
      };
    } catch (error) {
      platform.log({
        level: 'warn',
        event: 'client_keys_unavailable',
        host: new URL(url).host,
        why: error instanceof Error ? error.name : 'unknown',
      });
    }
  }
  /** One fetch at a time, whoever asks; and not again before its time. */
  const refetch = (ration: number): Promise<void> => {
    if (!fetching && platform.elapsed() - triedAt >= ration)
      fetching = fetchKeys().finally(() => (fetching = undefined));
    return fetching ?? Promise.resolve();
  };

  return async (header, token) => {
    if (!held || platform.elapsed() - held.at > freshForMs) await refetch(retryMs);
    if (!held || platform.elapsed() - held.at > goodForMs) throw new errors.JWKSNoMatchingKey();
    try {
      return await held.keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // A key we do not know may be a new one; asking again is rationed.
      await refetch(rationMs);
      return held.keys(header, token);
    }
  };
}

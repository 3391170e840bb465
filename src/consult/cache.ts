// Keeps answers by what they were made of. What is kept are handles and words, never a fact; it is verified anew for
// every request, so that a guard that changed since has its say.
import type { Answer } from './answer.ts';

export interface KeptAnswer {
  answer: Answer;
  model: string;
  fingerprint?: string;
}

export interface ConsultCache {
  get(key: string): KeptAnswer | undefined | Promise<KeptAnswer | undefined>;
  set(key: string, kept: KeptAnswer): void | Promise<void>;
}

export function memoryCache(now: () => number, most = 200, keepMs = 30 * 60_000): ConsultCache {
  const kept = new Map<string, { at: number; value: KeptAnswer }>();
  return {
    get: (key) => {
      const one = kept.get(key);
      return one && now() - one.at < keepMs ? one.value : undefined;
    },
    set: (key, value) => {
      kept.delete(key);
      kept.set(key, { at: now(), value });
      while (kept.size > most) kept.delete(kept.keys().next().value!);
    },
  };
}

// Chance by seed: the same seed gives the same people on every machine.

export interface Chance {
  /** At least 0, below 1. */
  number(): number;
  /** A whole number from `low` to `high`, both counted in. */
  between(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** All of the list, in another order. */
  shuffled<T>(list: readonly T[]): T[];
}

/** FNV-1a: a word as 32 bits. */
export function hash32(text: string): number {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) value = Math.imul(value ^ text.charCodeAt(place), 0x01000193) >>> 0;
  return value;
}

/** mulberry32. */
export function chance(seed: string): Chance {
  let state = hash32(seed);
  const number = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number): number => low + Math.floor(number() * (high - low + 1));
  return {
    number,
    between,
    pick: (list) => list[between(0, list.length - 1)]!,
    shuffled(list) {
      const out = [...list];
      for (let place = out.length - 1; place > 0; place--) {
        const other = between(0, place);
        [out[place], out[other]] = [out[other]!, out[place]!];
      }
      return out;
    },
  };
}

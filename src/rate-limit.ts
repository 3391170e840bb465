// Token buckets by name. Names come from the settings and from our own routes, so there are never many.

export interface Bucket {
  /** One request; false when the caller has had its share for now. */
  take(name: string, rate: { perSecond: number; burst?: number }): boolean;
}

export function tokenBucket(elapsed: () => number): Bucket {
  const held = new Map<string, { tokens: number; at: number }>();
  return {
    take(name, { perSecond, burst = Math.max(1, perSecond * 2) }) {
      const now = elapsed();
      let bucket = held.get(name);
      if (!bucket) {
        bucket = { tokens: burst, at: now };
        held.set(name, bucket);
      }
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}

// Hashes that name what a run was made of, so that it can be found again and replayed.

export async function sha256(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The same for the same content, whatever the order of keys; sets become lists. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Set) return [...one].sort();
    if (one instanceof Map) return [...one.entries()];
    if (one && typeof one === 'object' && !Array.isArray(one) && !(one instanceof Date)) {
      return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    return one;
  });

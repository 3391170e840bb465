// Text from outside, before anybody reads it.

/** Marks that reorder or hide text (bidirectional overrides, zero-width signs, controls) have no place in a card. */
export const withoutHiddenMarks = (text: string): string =>
  text.replace(/(?![\n\r\t])[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\u2060-\u2064\ufeff]/gu, '');

/** The same for every text inside a value. What is to be drafted stays as it came. */
export function cleaned<Value>(value: Value): Value {
  if (typeof value === 'string') return withoutHiddenMarks(value) as Value;
  if (Array.isArray(value)) return value.map(cleaned) as Value;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, part]) => [
    name,
    name === 'resource' || name === 'drafts' ? part : cleaned(part),
  ]);
  return Object.fromEntries(entries) as Value;
}

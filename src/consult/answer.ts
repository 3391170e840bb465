// What a model may return: a closed shape, the same for every way of asking. Facts stand in it only as handles.
import { z } from 'zod';

const handle = z.string().max(5);
const handles = z.array(handle).max(24);
const words = (most: number) => z.string().max(most);

export const answerSchema = z.strictObject({
  status: z.enum(['ok', 'abstain']),
  /** Why it abstains; null otherwise. */
  reason: words(400).nullable(),
  // The prompt asks for three to seven. Fewer is no danger: what is left out of must-not-miss is appended by code.
  candidates: z
    .array(
      z.strictObject({
        /** An id of the offered list, or "other". */
        condition: words(80),
        /** The name of an "other" condition; null otherwise. */
        name: words(100).nullable(),
        band: z.enum(['must-exclude', 'leading', 'plausible']),
        for: handles,
        against: handles,
        /** The exact words of a note that a note handle stands for. */
        quotes: z.array(z.strictObject({ handle, quote: words(240) })).max(12),
        missing: z.array(z.strictObject({ datum: words(100), wouldChange: words(240) })).max(8),
        guideline: handles,
        actions: z
          .array(
            z.strictObject({
              kind: z.enum(['test', 'drug', 'referral', 'watch']),
              /** One test, drug ingredient, specialty or thing to watch. */
              target: words(100),
              handles,
            }),
          )
          .max(8),
        sentences: z.array(words(400)).max(8),
      }),
    )
    .max(7),
});

export type Answer = z.infer<typeof answerSchema>;
export type Candidate = Answer['candidates'][number];

/** The same shape as JSON Schema; strict mode wants every key required and no open objects, which strictObject gives. */
export const answerJsonSchema: Record<string, unknown> = (() => {
  const { $schema: _, ...schema } = z.toJSONSchema(answerSchema);
  return schema;
})();

export type Reading<T> = { ok: true; value: T } | { ok: false; problem: string };

/** Reads an answer, or says in a line what is wrong with it: paths and kinds of fault, never the text itself. */
export function readAnswer(content: string): Reading<Answer> {
  const read = readJson(content);
  if (!read.ok) return read;
  const parsed = answerSchema.safeParse(read.value);
  if (!parsed.success) {
    const faults = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.map(placeOf).join('.') || 'answer'}: ${issue.code}`);
    return { ok: false, problem: `does not fit the schema (${faults.join('; ')})` };
  }
  if (parsed.data.status === 'ok' && parsed.data.candidates.length === 0)
    return { ok: false, problem: 'names no candidate' };
  return { ok: true, value: parsed.data };
}

/** A key of ours, or "…": an unknown key is the model's text. */
const placeOf = (key: PropertyKey): string =>
  typeof key === 'number' || /^[a-zA-Z]{1,12}$/.test(String(key)) ? String(key) : '…';

export function readJson(content: string): Reading<unknown> {
  const bare = content.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, '$1');
  if (bare === '') return { ok: false, problem: 'is empty' };
  try {
    return { ok: true, value: JSON.parse(bare) };
  } catch {
    return { ok: false, problem: 'is not JSON' };
  }
}

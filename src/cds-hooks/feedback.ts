// Feedback on cards. It may come in bulk, late, twice, or for cards of another node: never an error, always idempotent.
import { z } from 'zod';
import { refuse } from '../outcome.ts';

const reason = z.looseObject({
  code: z.string().optional(),
  system: z.string().optional(),
  display: z.string().optional(),
});
const overrideReason = z.looseObject({ reason: reason.nullish(), userComment: z.string().max(10_000).nullish() });

const entry = z.looseObject({
  card: z.string().min(1).max(200),
  outcome: z.enum(['accepted', 'overridden'], { error: 'must be "accepted" or "overridden"' }),
  outcomeTimestamp: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an RFC 3339 time')
    .optional(),
  acceptedSuggestions: z.array(z.looseObject({ id: z.string().min(1).max(200) })).nullish(),
  overrideReason: overrideReason.nullish(),
  /** Epic's spelling. */
  overrideReasons: z.array(z.union([overrideReason, reason])).nullish(),
});
export const feedbackSchema = z.looseObject({ feedback: z.array(entry).min(1).max(1000) });

export interface Feedback {
  card: string;
  outcome: 'accepted' | 'overridden';
  at: string;
  suggestions: string[];
  reason?: string;
  comment?: string;
}

export function readFeedback(body: unknown, now: Date): Feedback[] {
  const parsed = feedbackSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse({
      reason: 'malformed',
      what: `"${issue!.path.map(String).join('.') || 'feedback'}" ${issue!.message}. Expected {"feedback": [{"card", "outcome", "outcomeTimestamp", …}]}.`,
    });
  }
  return parsed.data.feedback.map((given) => {
    const [first] = given.overrideReasons ?? [];
    const override =
      given.overrideReason ??
      (first && ('reason' in first || 'userComment' in first)
        ? (first as z.infer<typeof overrideReason>)
        : first
          ? { reason: first as z.infer<typeof reason> }
          : undefined);
    return {
      card: given.card,
      outcome: given.outcome,
      at: new Date(given.outcomeTimestamp ?? now).toISOString(),
      suggestions: given.acceptedSuggestions?.map(({ id }) => id) ?? [],
      reason: override?.reason?.code?.slice(0, 100),
      comment: override?.userComment ?? undefined,
    };
  });
}

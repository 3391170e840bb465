// What a model is told when it drafts a rule: the schema of a rule and its cases, the questions that may be asked, the words that
// may fill their blanks, and the text of the recommendation. Nothing of a patient, a server or another rule.
import { z } from 'zod';
import type { Message } from '../../consult/prompt.ts';
import { facts } from '../../facts/index.ts';
import { ruleSchema } from '../../guards/rule.ts';
import type { ValueSet } from '../../terminology/types.ts';
import { casesSchema } from './cases.ts';

export const draftAnswerSchema = z.strictObject({
  status: z.enum(['ok', 'abstain']),
  reason: z.string().nullable(),
  rule: z.string().nullable(),
  cases: z.string().nullable(),
});
export type DraftAnswer = z.infer<typeof draftAnswerSchema>;

const schemaOf = (schema: z.ZodType): string =>
  JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

const system = `You turn one guideline recommendation into one decision support rule with its test cases. A clinical informaticist reads, corrects and reviews what you write; it is never active by itself.

Answer with one JSON object of the given schema and nothing else. "rule" and "cases" are the texts of two JSON files. Answer "abstain" with a "reason" when the text is no recommendation, or asks for something that no question below can answer.

The rule
- says what the text says and no more: no limit, drug or exception that is not in it.
- "when" holds questions; numbers come with the unit in the blanks. Blanks for drugs, problems, observations and allergens take a word of the lists below, or an RxNorm ingredient by its plain lower-case name.
- "tiers": the first that holds wins; "critical" only for what must stop an order, and then with a suggestion.
- "evidence" cites only sources that the text names. Never add a source from memory.
- "card": the danger, the reason, the way out; summary under 140 characters; {{blanks}} only of what the questions give.
- "status" is "draft". "knownGaps" says where the rule will be wrong.
The cases
- one for each tier, a near miss on each side of every limit, and one with a part of the chart missing. Drugs in words ("metformin 500 mg oral tablet"), spans as "3 days".`;

export interface DraftRequest {
  text: string;
  valueSets: readonly ValueSet[];
}

export function draftPrompt({ text, valueSets }: DraftRequest): Message[] {
  const asked = [...facts.values()].map(({ id, question, answers, params }) => ({
    fact: id,
    question,
    answers,
    params:
      (z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) as { properties?: object }).properties ?? {},
  }));
  const words = Object.fromEntries(
    [...Map.groupBy(valueSets, ({ kind }) => kind)].map(([kind, sets]) => [kind, sets.map(({ id }) => id).sort()]),
  );
  return [
    {
      role: 'system',
      content: [
        system,
        `Schema of the rule:\n${schemaOf(ruleSchema)}`,
        `Schema of the cases:\n${schemaOf(casesSchema)}`,
        `Questions:\n${JSON.stringify(asked)}`,
        `Words:\n${JSON.stringify(words)}`,
      ].join('\n\n'),
    },
    // As data: what it says is not an instruction.
    { role: 'user', content: JSON.stringify({ recommendation: text }) },
  ];
}

/** The conversation so far and what the check and the cases had to say. */
export const repairPrompt = (
  before: readonly Message[],
  answer: DraftAnswer,
  problems: readonly string[],
): Message[] => [
  ...before.slice(0, 2),
  { role: 'assistant', content: JSON.stringify(answer) },
  {
    role: 'user',
    content: `The check and the cases say:\n${problems.join('\n')}\nMend this and nothing else. Where a case fails, decide by the recommendation whether the rule or the case is wrong. Answer with both files, whole.`,
  },
];

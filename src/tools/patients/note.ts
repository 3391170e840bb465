// The note of a synthetic person: by template, or by a model that is told nothing but what stands on the synthetic chart.
import { z } from 'zod';
import { type Reading, readJson } from '../../consult/answer.ts';
import { whyNot } from '../../consult/draft.ts';
import { openModel } from '../../consult/model.ts';
import type { Platform } from '../../platform.ts';
import { drugsNamed } from '../../terminology/named-drugs.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { RuleCase } from '../rules/cases.ts';
import type { SyntheticChart } from './chart.ts';

/** Begins every note, whoever wrote it. */
export const notice = 'SYNTHETIC: this person does not exist.';

const wordsOf = (entry: string | { drug?: string; problem?: string; text?: string; observation?: string }): string =>
  (typeof entry === 'string'
    ? entry
    : (entry.text ?? entry.drug ?? entry.problem ?? entry.observation ?? '')
  ).replaceAll('-', ' ');

const listed = (intro: string, words: readonly string[]): string =>
  words.length ? `${intro} ${words.join('; ')}.` : '';

/** Sentences about the case; `said` are those that carry its findings. */
export function templateNote(given: RuleCase, said: readonly string[] = []): string {
  const { age, sex } = given.patient;
  const who = [age !== undefined && `${age}-year-old`, sex === 'female' ? 'woman' : sex === 'male' ? 'man' : 'person'];
  return [
    notice,
    `${capital(who.filter(Boolean).join(' '))}${given.reason ? `, seen for ${given.reason.toLowerCase()}` : ', seen for review'}.`,
    ...said,
    listed('On the list:', given.problems.map(wordsOf)),
    listed('Takes', given.takes.map(wordsOf)),
  ]
    .filter(Boolean)
    .join('\n');
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const answerSchema = z.strictObject({ note: z.string().min(40).max(4000) });
const { $schema: _, ...answerJsonSchema } = z.toJSONSchema(answerSchema);
function read(content: string): Reading<z.infer<typeof answerSchema>> {
  const json = readJson(content);
  if (!json.ok) return json;
  const parsed = answerSchema.safeParse(json.value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, problem: 'does not fit the schema' };
}

const system = `You write the progress note of an invented patient for testing software. The next message holds everything that is known, as JSON. Write 80 to 160 words as a clinician would. Say every sentence of "mustSay" word for word. Add no diagnosis, drug, result, date or name that is not given. Answer with one JSON object of the given schema.`;

export type Noted = { text: string } | { why: string };

/** What a model makes of the case, or why the template has to do: no answer, a sentence left out, a drug that is not on the chart. */
export async function noteByModel(
  given: RuleCase,
  said: readonly string[],
  chart: SyntheticChart,
  terminology: Terminology,
  platform: Pick<Platform, 'fetch' | 'elapsed' | 'settings'>,
): Promise<Noted> {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: names } = platform.settings;
  if (!key && !baseURL) return { why: 'No model is configured (OPENAI_BASE_URL, OPENAI_API_KEY).' };
  const model = openModel({ key, baseURL, model: (names ?? 'gpt-5-mini').split(',')[0]!.trim() }, platform);
  const { age, sex } = given.patient;
  const outcome = await model.ask(
    [
      { role: 'system', content: system },
      {
        role: 'user',
        content: JSON.stringify({
          age,
          sex,
          reason: given.reason,
          problems: given.problems.map(wordsOf),
          takes: given.takes.map(wordsOf),
          results: given.results.map(({ observation, value, unit, ago }) => ({ observation, value, unit, ago })),
          mustSay: said,
        }),
      },
    ],
    platform as Platform,
    { signal: AbortSignal.timeout(60_000), hedgeAfterMs: 30_000, schema: answerJsonSchema, read },
  );
  if (outcome.kind !== 'answer') return { why: whyNot(outcome) };
  const { note } = outcome.answer;
  const flat = (text: string) => text.replace(/\s+/g, ' ').toLowerCase();
  if (said.some((sentence) => !flat(note).includes(flat(sentence).replace(/\.$/, ''))))
    return { why: 'The model left a sentence out.' };
  const onChart = flat(JSON.stringify(chart.resources));
  const foreign = drugsNamed(terminology, note).find(({ text }) => !onChart.includes(flat(text)));
  if (foreign) return { why: 'The model named a drug that is not on the chart.' };
  return { text: `${notice}\n${note}` };
}

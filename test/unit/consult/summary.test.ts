import { describe, expect, test } from 'vitest';
import { askChart, buildPacket, dischargeDraft, retell, summarize } from '../../../src/consult/index.ts';
import { breaker, memoryBudget, queue } from '../../../src/consult/limits.ts';
import { createModel } from '../../../src/consult/model.ts';
import { aChart } from './a-chart.ts';
import { aPlatform, aRequest, ports } from './a-request.ts';

const packet = buildPacket(aChart());

describe('without a model', () => {
  test('the summary says what the chart says, with handles', () => {
    const sections = summarize(packet);
    expect(sections.map((section) => section.title)).toEqual([
      'Patient',
      'Problems',
      'Medications',
      'Allergies',
      'Vital signs',
      'Results',
    ]);
    expect(sections[2]!.sentences).toEqual([
      { text: 'Takes: warfarin, started 3 months ago (2026-07-06).', handles: ['E4'] },
      { text: 'Unsigned: amoxicillin, unsigned order.', handles: ['E3'] },
    ]);
    expect(sections[5]!.sentences[0]!.text).toBe(
      'Out of range: Troponin I 0.4 ng/mL, high, 2 h ago; Creatinine 1.9 mg/dL, high, rising from 1.1, 5 h ago.',
    );
  });

  test('the discharge draft leaves to be written what the chart does not hold', () => {
    const draft = dischargeDraft(packet);
    expect(draft.find((section) => section.title === 'Course')!.sentences.at(-1)).toEqual({
      text: 'To be written: the course and the response to treatment.',
      handles: [],
    });
  });

  test.each([
    [
      'What is the latest creatinine?',
      [
        'Creatinine 1.9 mg/dL, high, rising from 1.1, 5 h ago.',
        'Creatinine 1.1 mg/dL, normal, 30 days ago (2026-09-14).',
      ],
    ],
    ['Any allergies?', ['Allergy: Penicillin, with Anaphylaxis (severe), high criticality.']],
    ['Which drugs does she take?', ['amoxicillin, unsigned order.', 'warfarin, started 3 months ago (2026-07-06).']],
    ['How tall is she?', []],
  ])('"%s" is answered from the facts or not at all', (question, answer) => {
    const { sentences, reason } = askChart(packet, question);
    expect(sentences.map((one) => one.text)).toEqual(answer);
    expect(reason === undefined).toBe(answer.length > 0);
  });
});

describe('a model that retells', () => {
  const telling = (answer: unknown) => {
    const platform = aPlatform(
      {},
      {
        fetch: async () =>
          Response.json({
            model: 'teller',
            choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: JSON.stringify(answer) } }],
          }),
      },
    );
    const models = [
      createModel(
        { baseURL: 'http://model.test/v1', model: 'teller' },
        breaker(() => 0),
        queue(1, 1),
      ),
    ];
    return retell('summary', { ...aRequest(), packet, models, budget: memoryBudget(), ports }, platform);
  };

  test('is heard as far as it keeps to the chart; allergies and drugs are never shortened', async () => {
    const retold = await telling({
      status: 'ok',
      sections: [
        {
          title: 'Problems',
          sentences: ['The known condition is {{E5}}.', 'The patient has 3 heart attacks and {{E5}}.'],
        },
        { title: 'Medications', sentences: ['The patient takes {{E4}}.'] },
        { title: 'Allergies', sentences: [] },
      ],
    });
    expect(retold).toMatchObject({ source: 'model', model: 'teller', withheld: [{ check: 'digits' }] });
    const texts = Object.fromEntries(
      retold.sections.map((section) => [section.title, section.sentences.map((one) => one.text)]),
    );
    expect(texts.Problems).toEqual(['The known condition is Atrial fibrillation, since 2 years ago (2024-04-27).']);
    expect(texts.Medications).toEqual([
      'Takes: warfarin, started 3 months ago (2026-07-06).',
      'Unsigned: amoxicillin, unsigned order.',
    ]);
    expect(texts.Allergies).toEqual(['Allergy: Penicillin, with Anaphylaxis (severe), high criticality.']);
  });

  test('that answers nonsense leaves the template', async () => {
    expect(await telling({ what: 'ever' })).toMatchObject({
      source: 'template',
      reason: 'The model’s answer did not have the agreed shape.',
    });
    expect(await retell('summary', { ...aRequest(), packet, models: [], ports }, aPlatform())).toMatchObject({
      source: 'template',
      sections: summarize(packet),
    });
  });
});

// POST /trials as a client sees it: verdicts, evidence, what would settle the unknown, and what notes may and may not do.
import { describe, expect, it } from 'vitest';
import type { TrialCriterion, TrialMatch, TrialsAnswer } from '../../../src/cds-hooks/contract.ts';
import { trialsAnswer } from '../../../src/cds-hooks/schemas.ts';
import { testApp, testPlatform } from '../../support/app.ts';
import { bundle, lab, medication, patient, patientView } from '../../support/requests.ts';

const heartFailure = {
  resourceType: 'Condition',
  id: 'c-hf',
  clinicalStatus: { coding: [{ code: 'active' }] },
  verificationStatus: { coding: [{ code: 'confirmed' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '703272007' }], text: 'Heart failure, reduced EF' },
  subject: { reference: 'Patient/p1' },
};
const nyha = {
  ...lab('88020-3', 0, '1', { id: 'o-nyha', valueCodeableConcept: { text: 'Class III' } }),
  valueQuantity: undefined,
};
const note = (id: string, text: string, given: object = {}) => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  type: { text: 'Cardiology note' },
  date: '2026-11-20T10:00:00Z',
  content: [{ attachment: { contentType: 'text/plain', data: btoa(text) } }],
  ...given,
});

/** A chart that fits DAPA-HF, but for what is given. */
const chart = ({ labs = [] as object[], notes = [] as object[], prefetch = {} } = {}) =>
  patientView({
    problems: bundle(heartFailure),
    medications: bundle(
      medication('m-ace', '314077', 'lisinopril 20 MG Oral Tablet'),
      medication('m-bb', '866436', '24 HR metoprolol succinate 50 MG Extended Release Oral Tablet'),
    ),
    labs: bundle(
      lab('10230-1', 32, '%', { id: 'o-ef', effectiveDateTime: '2026-08-03T08:00:00Z' }),
      lab('33762-6', 1450, 'pg/mL', { id: 'o-bnp' }),
      lab('2160-0', 1.0, 'mg/dL', { id: 'o-creatinine' }),
      lab('8480-6', 118, 'mm[Hg]', { id: 'o-bp' }),
      ...(labs as Record<string, unknown>[]),
    ),
    notes: bundle(...(notes as Record<string, unknown>[])),
    ...prefetch,
  });

async function ask(body: object, app = testApp()): Promise<TrialsAnswer> {
  const response = await app.post('/trials', body);
  expect(response.status).toBe(200);
  const answer = (await response.json()) as TrialsAnswer;
  trialsAnswer.parse(answer);
  return answer;
}
const dapa = ({ trials }: TrialsAnswer): TrialMatch => trials.find(({ id }) => id === 'dapa-hf')!;
const criterion = (answer: TrialsAnswer, id: string): TrialCriterion =>
  dapa(answer).criteria.find((one) => one.id === id)!;

describe('POST /trials', () => {
  it('answers criterion by criterion, with value, date and resource', async () => {
    const answer = await ask(chart({ labs: [nyha] }));
    expect(dapa(answer)).toMatchObject({ verdict: 'eligible', isExample: true, recruitment: 'closed' });
    expect(criterion(answer, 'ejection-fraction')).toEqual({
      id: 'ejection-fraction',
      kind: 'inclusion',
      text: 'Ejection fraction of 40 % or less',
      state: 'met',
      blocks: false,
      evidence: [
        {
          text: 'Left ventricular ejection fraction 32 %',
          when: '2026-08-03T08:00:00.000Z',
          reference: 'Observation/o-ef',
        },
      ],
    });
    expect(criterion(answer, 'type-1-diabetes').evidence[0]!.text).toBe(
      'Has the patient, now or ever, had Diabetes type 1? No',
    );
    // The ones it fits come first.
    expect(answer.trials[0]!.id).toBe('dapa-hf');
  });

  it('says what would settle what is unknown', async () => {
    const answer = await ask(chart({ labs: [nyha], prefetch: { labs: bundle(lab('2160-0', 1.0, 'mg/dL')) } }));
    expect(dapa(answer).verdict).toBe('cannot tell');
    expect(criterion(answer, 'ejection-fraction')).toMatchObject({
      state: 'unknown',
      blocks: false,
      gaps: ['no left ventricular ejection fraction on the chart'],
      settledBy: [{ text: 'Left ventricular ejection fraction', loinc: '10230-1' }],
    });
  });

  it('rules out by one criterion whatever else is unknown', async () => {
    const answer = await ask(
      chart({ prefetch: { medications: bundle(medication('m', '1488564', 'dapagliflozin 10 MG Oral Tablet')) } }),
    );
    expect(dapa(answer).verdict).toBe('not eligible');
    expect(criterion(answer, 'sglt2-inhibitor')).toMatchObject({ state: 'met', blocks: true });
    expect(criterion(answer, 'nyha')).toMatchObject({ state: 'unknown', blocks: false });
  });

  it('answers for the trials that are named, and knows no other', async () => {
    const answer = await ask({ ...chart(), trials: ['select'] });
    expect(answer.trials.map(({ id }) => id)).toEqual(['select']);
    expect((await testApp().post('/trials', { ...chart(), trials: ['nothing'] })).status).toBe(404);
    expect((await testApp().post('/trials', { ...chart(), trials: 'select' })).status).toBe(400);
  });

  it('refuses without the patient, and puts what it answered on record', async () => {
    const app = testApp();
    expect((await app.post('/trials', { context: { patientId: 'p1' }, prefetch: {} })).status).toBe(412);
    await ask(chart(), app);
    const rows = await app.platform.sql.all('SELECT body FROM ledger');
    expect(rows.map(({ body }) => JSON.parse(String(body)))).toContainEqual(
      expect.objectContaining({ kind: 'consult', what: 'trials', patient: 'p1' }),
    );
  });
});

describe('notes', () => {
  const words = 'Seen in clinic. NYHA class III, stable. Denies chest pain.';

  it('are searched for the words of a criterion without a model, and decide nothing', async () => {
    const answer = await ask(chart({ notes: [note('n1', words)] }));
    expect(answer.notes).toMatchObject({ readBy: 'words', reason: expect.stringContaining('No model is configured') });
    expect(criterion(answer, 'nyha')).toMatchObject({
      state: 'unknown',
      noteSays: [
        {
          quote: 'NYHA class III, stable.',
          reference: 'DocumentReference/n1',
          foundBy: 'words',
          when: expect.any(String),
        },
      ],
    });
    expect(criterion(answer, 'nyha').noteSays![0]!.suggests).toBeUndefined();
    expect(dapa(answer).verdict).toBe('cannot tell');
  });

  /** A model that answers with these findings, and what it was sent. */
  function modelSaying(found: object[], env: Record<string, string> = {}) {
    const { platform } = testPlatform({ OPENAI_BASE_URL: 'http://model.test/v1', MODEL_NOTES: 'on', ...env });
    const sent: string[] = [];
    const app = testApp({
      platform: {
        ...platform,
        fetch: async (_, init) => {
          sent.push(String(init?.body));
          return Response.json({
            model: 'test-model',
            choices: [{ finish_reason: 'stop', message: { content: JSON.stringify({ status: 'ok', found }) } }],
          });
        },
      },
    });
    return { app, sent, sql: platform.sql };
  }
  const asked = (sent: string[]) =>
    JSON.parse((JSON.parse(sent[0]!) as { messages: { content: string }[] }).messages[1]!.content) as {
      criteria: { handle: string; text: string }[];
      notes: { handle: string; text: string }[];
    };
  const findNyha = async (notes: object[], finding: (handle: string, note: string) => object[], env = {}) => {
    const first = modelSaying([], env);
    await ask(chart({ notes }), first.app);
    const { criteria, notes: given } = asked(first.sent);
    const handle = criteria.find(({ text }) => text.startsWith('NYHA'))!.handle;
    const { app, sent } = modelSaying(finding(handle, given[0]!.handle), env);
    return { answer: await ask(chart({ notes }), app), sent, app };
  };

  it('read by a model suggest with their exact words, and the criterion stays unknown', async () => {
    const { answer } = await findNyha([note('n1', words)], (criterion, handle) => [
      { criterion, note: handle, quote: 'NYHA class III, stable', suggests: 'met' },
    ]);
    expect(answer.notes).toMatchObject({ readBy: 'model', model: 'test-model', withheld: [] });
    expect(criterion(answer, 'nyha')).toMatchObject({
      state: 'unknown',
      noteSays: [
        {
          quote: 'NYHA class III, stable',
          suggests: 'met',
          foundBy: 'model',
          reference: 'DocumentReference/n1',
          advice: 'Suggested by a note, please confirm.',
        },
      ],
    });
    expect(dapa(answer).verdict).toBe('cannot tell');
  });

  it.each([
    ['words that the note does not hold', 'NYHA class II, stable', words],
    ['what the note denies', 'NYHA class III', 'No sign of NYHA class III today.'],
    ['what is said of a relative', 'NYHA class III', 'Her father was NYHA class III at that age.'],
    ['words that do not bear on the criterion', 'Seen in clinic', words],
  ])('withhold %s', async (_, quote, text) => {
    const { answer } = await findNyha([note('n1', text)], (criterion, handle) => [
      { criterion, note: handle, quote, suggests: 'met' },
    ]);
    expect(criterion(answer, 'nyha').noteSays).toBeUndefined();
    expect(answer.notes.withheld).toHaveLength(1);
  });

  it('withhold a criterion that was never asked', async () => {
    const { answer } = await findNyha([note('n1', words)], (_, handle) => [
      { criterion: 'K99', note: handle, quote: 'NYHA class III, stable', suggests: 'met' },
    ]);
    expect(answer.notes.withheld).toEqual([{ check: 'handles', reason: 'names a criterion that was not asked' }]);
  });

  const denies = {
    resourceType: 'Consent',
    id: 'no-ai',
    status: 'active',
    scope: { coding: [{ code: 'patient-privacy' }] },
    category: [{ text: 'Generative processing' }],
    provision: { type: 'deny', code: [{ text: 'generative AI' }] },
  };
  it('go to no model when the patient has not agreed to it', async () => {
    const { app, sent } = modelSaying([]);
    const answer = await ask(chart({ notes: [note('n1', words)], prefetch: { consents: bundle(denies) } }), app);
    expect(sent).toEqual([]);
    expect(answer.notes).toMatchObject({
      readBy: 'words',
      reason: 'The patient has not agreed to generative processing.',
    });
  });

  it('go to no model where the setting keeps them here, or the visit switched it off', async () => {
    for (const [env, body] of [
      [{ MODEL_NOTES: 'off' }, {}],
      [{}, { extension: { 'org.curbside.consult': { model: 'off' } } }],
    ] as const) {
      const { app, sent } = modelSaying([], env as Record<string, string>);
      const answer = await ask({ ...chart({ notes: [note('n1', words)] }), ...body }, app);
      expect([sent.length, answer.notes.readBy]).toEqual([0, 'words']);
    }
  });

  it('leave without the name of the patient, and the ledger knows that they left', async () => {
    const { app, sent, sql } = modelSaying([]);
    await ask(
      chart({
        notes: [note('n1', 'Mrs Quetzalcoatl is NYHA class III.')],
        prefetch: { patient: patient({ name: [{ family: 'Quetzalcoatl' }] }) },
      }),
      app,
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('NYHA class III');
    expect(sent[0]).not.toContain('Quetzalcoatl');
    const rows = await sql.all('SELECT body FROM ledger');
    expect(rows.map(({ body }) => JSON.parse(String(body)).kind)).toContain('disclosure');
  });
});

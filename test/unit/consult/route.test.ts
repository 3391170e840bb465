// The lying model behind the real route: true terminology, guards and knowledge base.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsultEvent, ConsultItem } from '../../../src/cds-hooks/contract.ts';
import { drugsNamed } from '../../../src/terminology/named-drugs.ts';
import { knowledge, now, testApp } from '../../support/app.ts';
import { type LyingModel, lies, startLyingModel } from '../../support/lying-model.ts';

let model: LyingModel;
beforeAll(async () => {
  model = await startLyingModel({ slowMs: 100 });
});
afterAll(() => model.close());

const day = now.toISOString().slice(0, 10);
const vital = (id: string, code: string, text: string, value: number, unit: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [{ coding: [{ code: 'vital-signs' }] }],
  code: { text, coding: [{ system: 'http://loinc.org', code }] },
  effectiveDateTime: `${day}T08:00:00Z`,
  valueQuantity: { value, unit, code: unit },
});
const lab = (id: string, code: string, text: string, value: number, unit: string, high: number) => ({
  ...vital(id, code, text, value, unit),
  category: [{ coding: [{ code: 'laboratory' }] }],
  referenceRange: [{ low: { value: 0, unit, code: unit }, high: { value: high, unit, code: unit } }],
});
const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
});
const subject = { reference: 'Patient/p1' };
const body = (question: string) => ({
  hook: 'patient-view',
  hookInstance: crypto.randomUUID(),
  context: { patientId: 'p1', userId: 'Practitioner/1' },
  question,
  prefetch: {
    patient: {
      resourceType: 'Patient',
      id: 'p1',
      gender: 'female',
      birthDate: '1959-05-05',
      name: [{ family: 'Quetzalcoatl' }],
    },
    medications: bundle({
      resourceType: 'MedicationRequest',
      id: 'w',
      status: 'active',
      intent: 'order',
      subject,
      authoredOn: '2026-01-02',
      medicationCodeableConcept: { text: 'warfarin 5 mg oral tablet' },
    }),
    allergies: bundle({
      resourceType: 'AllergyIntolerance',
      id: 'a',
      patient: subject,
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { text: 'Penicillin' },
      reaction: [{ manifestation: [{ text: 'Anaphylaxis' }] }],
    }),
    problems: bundle({
      resourceType: 'Condition',
      id: 'c',
      subject,
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { text: 'Atrial fibrillation' },
      onsetDateTime: '2020-01-01',
    }),
    vitals: bundle(
      vital('hr', '8867-4', 'Heart rate', 118, '/min'),
      vital('sp', '59408-5', 'Oxygen saturation', 91, '%'),
    ),
    labs: bundle(lab('tn', '10839-9', 'Troponin I', 0.4, 'ng/mL', 0.04)),
  },
});

/** By the penicillin allergy, or with warfarin. */
const forbidden = ['penicillin v', 'penicillin g', 'amoxicillin', 'ibuprofen', 'naproxen', 'aspirin'];

test('over the real route nothing false is said, nothing forbidden proposed, and every stream ends once', async () => {
  const app = testApp({ env: { OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: 'lying' } });
  const { terminology } = knowledge();
  // Endless and slow answers are measured elsewhere; five failures in a row would open the circuit.
  const told = lies.filter(
    (lie) =>
      ![
        'endless',
        'huge',
        'slow',
        'closed',
        'redirect',
        'html-page',
        'no-choices',
        'not-an-answer',
        'status-429',
        'status-500',
        'event-stream',
      ].includes(lie),
  );
  for (const [i, lie] of told.entries()) {
    model.set({ lie, seed: i });
    const answer = await app.post('/consult', body(`Sudden chest pain and breathlessness, number ${i}`));
    expect(answer.status).toBe(200);
    const events = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ConsultEvent);
    const end = events.at(-1)!;
    expect(
      events.filter((event) => ['done', 'abstained', 'failed', 'off'].includes(event.type)),
      lie,
    ).toEqual([end]);
    expect(end.type, lie).toMatch(/done|abstained/);
    const [rules] = events;
    const evidence =
      rules?.type === 'rules' ? rules.evidence.map(({ text }) => text).sort((a, b) => b.length - a.length) : [];
    const items = events.filter((event): event is ConsultItem => event.type === 'item' && event.source === 'model');
    if (lie === 'correct') expect(items.length).toBeGreaterThan(2);
    for (const item of items) {
      const texts = [
        ...item.sentences.map((one) => one.text),
        item.candidate.id ? '' : item.candidate.text,
        ...item.missing.map((one) => one.text),
        ...item.actions.filter((one) => one.blockedBy.length === 0).map((one) => one.text),
      ];
      for (const text of texts) {
        const bare = evidence.reduce((rest, fact) => rest.replaceAll(fact, ' '), text);
        expect(bare, lie).not.toMatch(/\d|https?:|evil|<[a-z]/i);
        for (const drug of drugsNamed(terminology, bare)) expect(forbidden, lie).not.toContain(drug.text);
      }
    }
  }
}, 120_000);

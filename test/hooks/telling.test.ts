import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { bundle, ibuprofen, lab, medication, patientView, warfarin } from '../support/requests.ts';

interface Told {
  patientId: string;
  source: string;
  reason?: string;
  evidence: { handle: string; text: string; reference?: string }[];
  sections: { title: string; sentences: { text: string; handles: string[] }[] }[];
}

const chart = () => patientView({ medications: bundle(warfarin()), labs: bundle(lab('6301-6', 2.6, '1')) });
const tell = async (path: string, rest: Record<string, unknown> = {}) => {
  const answer = await testApp().post(path, { ...chart(), ...rest });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Told;
};
const said = ({ sections }: Told) => sections.flatMap(({ sentences }) => sentences);

describe('what is told of a chart without a model', () => {
  it.each(['/summary', '/discharge-summary'])('%s comes from templates, and says so', async (path) => {
    const told = await tell(path);
    expect(told.source).toBe('template');
    expect(told.reason).toMatch(/model/i);
    expect(
      said(told)
        .map(({ text }) => text)
        .join(' '),
    ).toContain('warfarin');
  });

  it('rests every sentence on evidence that is given', async () => {
    const told = await tell('/summary');
    const handles = new Set(told.evidence.map(({ handle }) => handle));
    expect(
      said(told)
        .flatMap((sentence) => sentence.handles)
        .every((handle) => handles.has(handle)),
    ).toBe(true);
    expect(said(told).every((sentence) => sentence.handles.length > 0)).toBe(true);
  });

  it('answers a question from the chart, with its source', async () => {
    const told = await tell('/ask', { question: 'What is the latest INR?' });
    const [first] = said(told);
    expect(first!.text).toContain('2.6');
    expect(told.evidence.find(({ handle }) => handle === first!.handles[0])!.reference).toBe('Observation/lab-6301-6');
  });

  it('asks for a question where there is none', async () => {
    expect((await testApp().post('/ask', chart())).status).toBe(400);
  });

  const section = ({ sections }: Told, title: string) =>
    sections.find((one) => one.title === title)?.sentences.map(({ text }) => text) ?? [];

  it('holds the discharge list against the guards, with the evidence of each', async () => {
    const told = await tell(
      '/discharge-summary',
      patientView({ medications: bundle(warfarin(), ibuprofen({ status: 'active' })) }),
    );
    const [first] = section(told, 'To settle before signing');
    expect(first).toMatch(/^(Stop|Caution): Ibuprofen with warfarin/);
    expect(
      told.sections.find(({ title }) => title === 'To settle before signing')!.sentences[0]!.handles.length,
    ).toBeGreaterThan(1);
  });

  it('says so when nothing speaks against the list, and when the list could not be had', async () => {
    const vitamin = medication('m-d', '316179', 'Vitamin D');
    expect(
      section(
        await tell('/discharge-summary', patientView({ medications: bundle(vitamin) })),
        'To settle before signing',
      ),
    ).toEqual(['The guards have nothing against this list as it stands.']);
    const without = patientView({}) as { prefetch: Record<string, unknown> };
    without.prefetch.medications = { resourceType: 'OperationOutcome' };
    const answer = await testApp().post('/discharge-summary', without);
    if (answer.status === 200)
      expect(section((await answer.json()) as Told, 'To settle before signing')[0]).toMatch(
        /^The list was not checked/,
      );
    else expect(answer.status).toBe(412);
  });

  it('tells what is new since the last visit, and what is older not at all', async () => {
    const visit = (id: string, start: string, status: string) => ({
      resourceType: 'Encounter',
      id,
      status,
      class: { code: 'AMB' },
      subject: { reference: 'Patient/p1' },
      period: { start },
      reasonCode: [{ text: 'Review' }],
    });
    const told = await tell('/summary', {
      ...patientView({
        encounters: bundle(
          visit('e0', '2026-06-01T09:00:00Z', 'finished'),
          visit('e1', '2026-11-24T08:00:00Z', 'in-progress'),
        ),
        medications: bundle(
          warfarin({ authoredOn: '2026-10-02' }),
          medication('m-old', '314076', 'lisinopril 10 MG Oral Tablet', { authoredOn: '2020-01-01' }),
        ),
      }),
      context: { userId: 'Practitioner/dr', patientId: 'p1', encounterId: 'e1' },
    });
    const news = section(told, 'Since the last visit').join(' ');
    expect(news).toContain('warfarin');
    expect(news).not.toContain('lisinopril');
  });
});

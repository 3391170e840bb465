import { describe, expect, it } from 'vitest';
import { testApp } from '../support/app.ts';
import { bundle, lab, patientView, warfarin } from '../support/requests.ts';

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
});

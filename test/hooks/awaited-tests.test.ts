// A test that is on order, or was reported in a panel, is not asked for again.
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

const LOINC = 'http://loinc.org';
const subject = { reference: 'Patient/p1' };
const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
const drug = (id: string, status: string, text: string) => ({
  resourceType: 'MedicationRequest',
  id,
  status,
  intent: 'order',
  subject,
  authoredOn: '2025-01-01',
  medicationCodeableConcept: { text },
});
const ordered = (code: object, more: object = {}) => ({
  resourceType: 'ServiceRequest',
  id: 's1',
  status: 'active',
  intent: 'order',
  subject,
  authoredOn: '2026-11-22',
  code,
  ...more,
});
const loinc = (code: string) => ({ coding: [{ system: LOINC, code }] });
const result = (id: string, code: string, value: number, unit: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject,
  code: loinc(code),
  valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  ...more,
});

interface Chart {
  serviceRequests?: object[];
  labs?: object[];
  procedures?: object[];
  drafts?: object[];
  order?: string;
  taken?: string;
}
async function ask({ serviceRequests = [], labs = [], procedures = [], drafts = [], order, taken }: Chart) {
  const answer = await testApp().post('/cds-services/medication-safety', {
    hook: 'order-sign',
    hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
    context: {
      userId: 'Practitioner/1',
      patientId: 'p1',
      draftOrders: bundle(drug('d1', 'draft', order ?? 'lisinopril 10 mg tablet'), ...drafts),
    },
    prefetch: {
      patient: { resourceType: 'Patient', id: 'p1', birthDate: '1950-01-01', gender: 'male' },
      medications: bundle(drug('m1', 'active', taken ?? 'spironolactone 25 mg tablet')),
      labs: bundle(...labs),
      procedures: bundle(...procedures),
      serviceRequests: bundle(...serviceRequests),
    },
  });
  expect(answer.status).toBe(200);
  const { cards } = (await answer.json()) as { cards: { summary: string; suggestions?: { label: string }[] }[] };
  return {
    summaries: cards.map(({ summary }) => summary).join('\n'),
    suggestions: cards.flatMap(({ suggestions = [] }) => suggestions.map(({ label }) => label)),
  };
}

describe('ACE inhibitor with spironolactone and no potassium in three months', () => {
  test('asks for one', async () => {
    const { summaries, suggestions } = await ask({});
    expect(summaries).toMatch(/potassium not measured/);
    expect(suggestions.join()).toMatch(/potassium/i);
  });

  test.each([
    ['the basic panel', ordered(loinc('24321-2'))],
    ['the comprehensive panel', ordered(loinc('24323-8'))],
    ['the renal panel', ordered(loinc('24362-6'))],
    ['electrolytes', ordered(loinc('24326-1'))],
    ['potassium alone', ordered(loinc('2823-3'))],
    ['a panel in words', ordered({ text: 'BMP' })],
    ['a panel for next week', ordered(loinc('24321-2'), { occurrenceDateTime: '2026-12-01' })],
  ])('stays quiet when %s is on order', async (_, order) => {
    expect((await ask({ serviceRequests: [order] })).summaries).not.toMatch(/potassium not measured/);
  });

  test('no card offers what a panel on order will bring, now or at the time that it is for', async () => {
    const offered = async (...serviceRequests: object[]) =>
      (await ask({ serviceRequests })).suggestions.filter((label) => /potassium and creatinine/i.test(label));
    expect(await offered()).toContain('Potassium and creatinine in 1 week');
    expect(await offered(ordered(loinc('24321-2')))).toEqual(['Potassium and creatinine in 1 week']);
    expect(await offered(ordered(loinc('24323-8'), { occurrenceDateTime: '2026-12-01' }))).toEqual([]);
  });

  test('stays quiet when the panel is written in the same session', async () => {
    const { summaries } = await ask({ drafts: [{ ...ordered(loinc('24321-2')), status: 'draft' }] });
    expect(summaries).not.toMatch(/potassium not measured/);
  });

  test.each([
    ['another test', ordered(loinc('58410-2'))],
    ['a panel cancelled', ordered(loinc('24321-2'), { status: 'revoked' })],
    ['a panel never drawn in two years', ordered(loinc('24321-2'), { authoredOn: '2024-11-01' })],
  ])('still asks when the order is for %s', async (_, order) => {
    expect((await ask({ serviceRequests: [order] })).summaries).toMatch(/potassium not measured/);
  });

  test.each<[string, object[]]>([
    [
      'by reference, the date on the report alone',
      [
        {
          resourceType: 'DiagnosticReport',
          id: 'r1',
          status: 'final',
          subject,
          code: loinc('24321-2'),
          effectiveDateTime: '2026-11-20',
          result: [{ reference: 'Observation/k1' }],
        },
        result('k1', '2823-3', 4.2, 'mmol/L'),
      ],
    ],
    [
      'contained in it',
      [
        {
          resourceType: 'DiagnosticReport',
          id: 'r1',
          status: 'final',
          subject,
          code: loinc('24321-2'),
          effectiveDateTime: '2026-11-20',
          result: [{ reference: '#k1' }],
          contained: [result('k1', '2823-3', 4.2, 'mmol/L')],
        },
      ],
    ],
    [
      'as members of a panel observation',
      [
        {
          resourceType: 'Observation',
          id: 'panel',
          status: 'final',
          subject,
          code: loinc('24321-2'),
          effectiveDateTime: '2026-11-20',
          hasMember: [{ reference: 'Observation/k1' }],
        },
        result('k1', '2823-3', 4.2, 'mmol/L'),
      ],
    ],
    [
      'whose values the chart does not hold',
      [
        {
          resourceType: 'DiagnosticReport',
          id: 'r1',
          status: 'final',
          subject,
          code: loinc('24321-2'),
          effectiveDateTime: '2026-11-20',
        },
      ],
    ],
  ])('reads a panel report with its results %s', async (_, labs) => {
    expect((await ask({ labs })).summaries).not.toMatch(/potassium not measured/);
  });

  test('a contained potassium of 6.1 is a high potassium', async () => {
    const report = {
      resourceType: 'DiagnosticReport',
      id: 'r1',
      status: 'final',
      subject,
      code: loinc('24321-2'),
      effectiveDateTime: '2026-11-23',
      contained: [result('k1', '2823-3', 6.1, 'mmol/L')],
      result: [{ reference: '#k1' }],
    };
    expect((await ask({ labs: [report] })).summaries).toMatch(/potassium.*6\.1|6\.1.*potassium/i);
    expect((await ask({ labs: [{ ...report, status: 'entered-in-error' }] })).summaries).not.toMatch(/6\.1/);
  });
});

describe('a QT drug started without an ECG', () => {
  const start = { order: 'methadone 5 mg tablet', taken: 'atorvastatin 20 mg tablet' };
  test('asks for one', async () => expect((await ask(start)).suggestions).toContain('ECG'));
  test.each([
    ['11524-6', 'LOINC EKG study'],
    ['34534-8', 'LOINC 12 lead panel'],
  ])('stays quiet when it is on order as %s', async (code) => {
    expect((await ask({ ...start, serviceRequests: [ordered(loinc(code))] })).suggestions).not.toContain('ECG');
  });
  test('stays quiet when one was done', async () => {
    const procedure = {
      resourceType: 'Procedure',
      id: 'e1',
      status: 'completed',
      subject,
      code: {
        coding: [{ system: 'http://snomed.info/sct', code: '29303009', display: 'Electrocardiographic procedure' }],
      },
      performedDateTime: '2026-10-01',
    };
    expect((await ask({ ...start, procedures: [procedure] })).suggestions).not.toContain('ECG');
  });
});

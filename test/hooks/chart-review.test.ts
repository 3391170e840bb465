// Chart review: deterioration, mood questionnaires and care that is due, on charts as an EHR sends them.
import { describe, expect, it } from 'vitest';
import { type CdsResponse, cardExtensionKey, responseExtensionKey } from '../../src/cds-hooks/contract.ts';
import { testApp } from '../support/app.ts';
import { bundle, LOINC, lab, medication, patient, patientView, RXNORM } from '../support/requests.ts';

type Json = Record<string, unknown>;

const category = (code: string) => [{ coding: [{ code }] }];
const vital = (code: string, value: number, unit: string, given: Json = {}) =>
  lab(code, value, unit, { category: category('vital-signs'), effectiveDateTime: '2026-11-24T08:30:00Z', ...given });
const today = (code: string, value: number, unit: string) =>
  lab(code, value, unit, { effectiveDateTime: '2026-11-24T08:00:00Z' });
const problem = (code: string, text: string, given: Json = {}): Json => ({
  resourceType: 'Condition',
  id: `p-${code}`,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code, display: text }], text },
  subject: { reference: 'Patient/p1' },
  onsetDateTime: '2015-01-01',
  ...given,
});
const allergy = (rxnorm: string, text: string): Json => ({
  resourceType: 'AllergyIntolerance',
  id: `a-${rxnorm}`,
  clinicalStatus: { coding: [{ code: 'active' }] },
  verificationStatus: { coding: [{ code: 'confirmed' }] },
  code: { coding: [{ system: RXNORM, code: rxnorm }], text },
  patient: { reference: 'Patient/p1' },
  reaction: [{ manifestation: [{ text: 'Anaphylaxis' }], severity: 'severe' }],
});
const encounter = (code: string, reason: string): Json => ({
  resourceType: 'Encounter',
  id: 'e1',
  status: 'in-progress',
  class: { code },
  subject: { reference: 'Patient/p1' },
  period: { start: '2026-11-24T07:00:00Z' },
  reasonCode: [{ text: reason }],
});

async function review(prefetch: Json = {}, hook = 'patient-view') {
  const request = {
    ...patientView({ immunizations: null, serviceRequests: null, ...prefetch }),
    hook,
    context: { userId: 'Practitioner/dr', patientId: 'p1', encounterId: 'e1' },
  };
  const answer = await testApp().post('/cds-services/chart-review', request);
  expect(answer.status).toBe(200);
  const { cards, extension } = (await answer.json()) as CdsResponse;
  const about = cards.map((card) => ({
    ...card.extension?.[cardExtensionKey],
    indicator: card.indicator,
    summary: card.summary,
    suggestions: card.suggestions,
    selectionBehavior: card.selectionBehavior,
    detail: card.detail,
  }));
  return { about, couldNotCheck: extension?.[responseExtensionKey]?.couldNotCheck ?? [] };
}

const septic = {
  encounters: bundle(encounter('EMER', 'Fever and cough')),
  vitals: bundle(
    vital('9279-1', 26, '/min'),
    vital('59408-5', 92, '%'),
    vital('8310-5', 38.9, 'Cel'),
    vital('8480-6', 94, 'mm[Hg]'),
    vital('8867-4', 118, '/min'),
  ),
  labs: bundle(today('2524-7', 3.1, 'mmol/L')),
};

describe('a patient who may be septic', () => {
  it('gets one card for the one hazard, with what it stands for and a bundle of orders', async () => {
    const { about } = await review(septic);
    expect(about).toMatchObject([
      {
        ruleId: 'sepsis-screen',
        tier: 'likely',
        indicator: 'critical',
        summary: 'Sepsis likely: NEWS2 at least 10, lactate 3.1 mmol/L',
        standsFor: ['vital-signs-news2', 'serum-lactate'],
        selectionBehavior: 'any',
        suggestions: [
          { label: 'Lactate now' },
          { label: 'Two sets of blood cultures before the antibiotic' },
          { label: 'Draft ceftriaxone 2 g IV now, then daily', isRecommended: true },
        ],
      },
    ]);
  });

  it.each([
    ['a cephalosporin', [allergy('2193', 'Ceftriaxone')], 'Draft piperacillin-tazobactam 4.5 g IV'],
    [
      'a cephalosporin and a penicillin',
      [allergy('2193', 'Ceftriaxone'), allergy('733', 'Ampicillin')],
      'aztreonam|meropenem',
    ],
  ])('is offered an antibiotic that passes the guards with an allergy to %s', async (_, allergies, label) => {
    const { about } = await review({ ...septic, allergies: bundle(...allergies) });
    const drugs = about[0]!
      .suggestions!.filter((suggestion) => suggestion.label.startsWith('Draft'))
      .map((suggestion) => suggestion.label);
    expect(drugs).toHaveLength(1);
    expect(drugs[0]).toMatch(new RegExp(label));
  });

  it('is offered no antibiotic while the allergies could not be read', async () => {
    const { about } = await review({
      ...septic,
      allergies: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] },
    });
    expect(about[0]!.suggestions!.map((suggestion) => suggestion.label)).toEqual([
      'Lactate now',
      'Two sets of blood cultures before the antibiotic',
    ]);
  });

  it('gets no sepsis card without any sign of infection', async () => {
    const { about } = await review({
      ...septic,
      encounters: bundle(encounter('EMER', 'Fall')),
      vitals: bundle(
        vital('9279-1', 26, '/min'),
        vital('59408-5', 92, '%'),
        vital('8310-5', 36.9, 'Cel'),
        vital('8480-6', 94, 'mm[Hg]'),
        vital('8867-4', 118, '/min'),
      ),
    });
    expect(about.map(({ ruleId }) => ruleId)).toEqual(['vital-signs-news2']);
  });

  it('is named among what could not be checked when vital signs are missing on a ward', async () => {
    const { about, couldNotCheck } = await review({ encounters: bundle(encounter('IMP', 'Pneumonia')) });
    expect(about).toEqual([]);
    expect(couldNotCheck).toContain('Early warning score from the vital signs: no vital signs in 24 hours for NEWS2');
  });
});

describe('arrival in the emergency department', () => {
  it('names what must not be missed for the complaint, at the start of the encounter only', async () => {
    const arrival = { encounters: bundle(encounter('EMER', 'Chest pain')) };
    expect((await review(arrival, 'encounter-start')).about.map(({ ruleId }) => ruleId)).toEqual([
      'chest-pain-clock',
      'arrival-chest-pain',
    ]);
    expect((await review(arrival)).about).toEqual([]);
  });
});

describe('a mood questionnaire', () => {
  const answer = (given: Json): Json => ({
    resourceType: 'Observation',
    id: 'item9',
    status: 'final',
    category: category('survey'),
    code: { coding: [{ system: LOINC, code: '44260-8' }] },
    subject: { reference: 'Patient/p1' },
    effectiveDateTime: '2026-11-24T08:00:00Z',
    ...given,
  });
  it.each([
    ['a LOINC answer', { valueCodeableConcept: { coding: [{ system: LOINC, code: 'LA6569-3' }] } }],
    ['an integer', { valueInteger: 1 }],
    ['a quantity', { valueQuantity: { value: 1, unit: '{score}' } }],
  ])('with item 9 above zero speaks whatever the total, read from %s', async (_, given) => {
    const { about } = await review({ surveys: bundle(answer(given)) });
    expect(about).toMatchObject([{ ruleId: 'phq9-item-9', indicator: 'critical' }]);
    expect(about[0]!.summary).toContain('several days');
  });

  it('with item 9 at zero stays quiet', async () => {
    expect((await review({ surveys: bundle(answer({ valueInteger: 0 })) })).about).toEqual([]);
  });
});

describe('care that is due', () => {
  const followed = {
    patient: patient({ birthDate: '1966-03-09' }),
    problems: bundle(problem('38341003', 'Hypertension')),
    medications: bundle(medication('m1', '314076', 'lisinopril 10 MG Oral Tablet')),
    labs: bundle(
      lab('2160-0', 0.8, 'mg/dL', { id: 'old', effectiveDateTime: '2019-02-01T08:00:00Z' }),
      lab('2160-0', 0.8, 'mg/dL'),
      lab('2823-3', 4.1, 'mmol/L'),
    ),
  };

  it('is one card of information, however much it is', async () => {
    const { about } = await review(followed);
    expect(about).toMatchObject([{ indicator: 'info' }]);
    expect(`${about[0]!.summary} ${about[0]!.detail}`).toMatch(/Mammography.*Cervical|Cervical.*Mammography/s);
  });

  it('is not said of a list that was not sent', async () => {
    const { about, couldNotCheck } = await review({ ...followed, procedures: undefined });
    expect(JSON.stringify(about)).not.toMatch(/Colorectal|Mammography|Cervical|Bone density/);
    expect(couldNotCheck.join(' ')).toMatch(/Colorectal screening: procedures could not be read/);
  });

  it('waits while something urgent is shown', async () => {
    const { about } = await review({
      ...followed,
      labs: bundle(
        lab('2160-0', 0.8, 'mg/dL', { id: 'old', effectiveDateTime: '2019-02-01T08:00:00Z' }),
        today('2823-3', 6.4, 'mmol/L'),
      ),
    });
    expect(about.map(({ indicator }) => indicator)).toEqual(['critical']);
  });

  it('is nothing on a healthy adult', async () => {
    const { about, couldNotCheck } = await review({
      patient: patient({ birthDate: '1997-03-09', gender: 'male' }),
      vitals: bundle(
        vital('8480-6', 116, 'mm[Hg]'),
        vital('8867-4', 64, '/min'),
        vital('9279-1', 14, '/min'),
        vital('8310-5', 36.6, 'Cel'),
        vital('59408-5', 99, '%'),
      ),
      labs: bundle(lab('2160-0', 0.9, 'mg/dL'), lab('4548-4', 5.1, '%')),
    });
    expect(about).toEqual([]);
    expect(couldNotCheck).toEqual([]);
  });
});

// Discharge: the list with which a patient goes home.
import { describe, expect, it } from 'vitest';
import { type CdsResponse, cardExtensionKey } from '../../src/cds-hooks/contract.ts';
import { publicUrl, testApp } from '../support/app.ts';
import { bundle, lab, medication, patient, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;

const home = ({
  medications = [],
  pastMedications = [],
  ...prefetch
}: { medications?: Json[]; pastMedications?: Json[] } & Json): Json => ({
  hook: 'encounter-discharge',
  hookInstance: 'b0000000-0000-4000-8000-000000000002',
  context: { userId: 'Practitioner/dr', patientId: 'p1', encounterId: 'e1' },
  prefetch: {
    patient: patient(),
    medications: bundle(...medications),
    pastMedications: bundle(...pastMedications),
    statements: null,
    allergies: null,
    problems: null,
    labs: bundle(lab('2823-3', 4.2, 'mmol/L')),
    vitals: null,
    encounters: null,
    procedures: null,
    ...prefetch,
  },
});

async function cardsOf(request: Json): Promise<CdsResponse['cards']> {
  const answer = await testApp().post('/cds-services/discharge', request);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as CdsResponse).cards;
}

const ids = (cards: CdsResponse['cards']) => cards.map((card) => card.extension?.[cardExtensionKey]?.ruleId);
const metoprolol50 = medication('home', '866436', '24 HR metoprolol succinate 50 MG Extended Release Oral Tablet');
const metoprolol100 = medication('ward', '866412', '24 HR metoprolol succinate 100 MG Extended Release Oral Tablet', {
  authoredOn: '2026-11-20',
});

describe('going home', () => {
  it('names the drug that stands twice on the list', async () => {
    const cards = await cardsOf(home({ medications: [metoprolol50, metoprolol100] }));
    expect(cards).toEqual([
      {
        uuid: expect.any(String),
        summary: 'Metoprolol stands twice on the list of a patient who goes home: keep one',
        indicator: 'warning',
        source: {
          label: 'Curbside: The same drug twice on the discharge list',
          topic: {
            system: 'https://curbside.org/fhir/CodeSystem/rule',
            code: 'dischargeIngredientTwice',
            display: 'The same drug twice on the discharge list',
          },
        },
        detail: [
          'Two active orders of one drug are often the home order and the hospital order. Say on the list which one is taken, and end the other.',
          '',
          '**Because**',
          '',
          '- 24 HR metoprolol succinate 50 MG Extended Release Oral Tablet, 2026-01-10',
          '- 24 HR metoprolol succinate 100 MG Extended Release Oral Tablet, 4 days ago',
          '',
          '*The Joint Commission. National Patient Safety Goal 03.06.01, 2024*',
        ].join('\n'),
        links: [
          {
            label: 'Open in Curbside',
            type: 'smart',
            url: `${publicUrl}/smart/launch`,
            appContext: expect.any(String),
          },
        ],
        extension: {
          [cardExtensionKey]: {
            ruleId: 'discharge-ingredient-twice',
            ruleVersion: '1.0.0',
            tier: 'usual',
            reason:
              'Two active orders of one drug are often the home order and the hospital order. Say on the list which one is taken, and end the other.',
            evidence: [
              {
                text: '24 HR metoprolol succinate 50 MG Extended Release Oral Tablet',
                when: '2026-01-10',
                reference: 'MedicationRequest/home',
              },
              {
                text: '24 HR metoprolol succinate 100 MG Extended Release Oral Tablet',
                when: '4 days ago',
                reference: 'MedicationRequest/ward',
              },
            ],
            orders: [],
            whyUrl: expect.stringContaining(`${publicUrl}/why/`),
            citation: 'The Joint Commission. National Patient Safety Goal 03.06.01, 2024',
          },
        },
      },
    ]);
  });

  it('asks for the next INR on warfarin, louder when there was none', async () => {
    const withInr = await cardsOf(
      home({ medications: [warfarin()], labs: bundle(lab('2823-3', 4.2, 'mmol/L'), lab('6301-6', 2.4, '{INR}')) }),
    );
    expect(withInr).toMatchObject([{ indicator: 'info', suggestions: [{ label: 'INR in 4 days' }] }]);
    expect(await cardsOf(home({ medications: [warfarin()] }))).toMatchObject([{ indicator: 'warning' }]);
  });

  it('tells of an older order of a drug that was stopped during the stay', async () => {
    const stopped = medication('stopped', '314076', 'lisinopril 10 MG Oral Tablet', {
      status: 'stopped',
      authoredOn: '2026-11-10',
      dispenseRequest: { validityPeriod: { end: '2026-11-22' } },
    });
    const older = medication('older', '314077', 'lisinopril 20 MG Oral Tablet');
    expect(ids(await cardsOf(home({ medications: [older], pastMedications: [stopped] })))).toContain(
      'discharge-stopped-drug-active',
    );
  });

  it('stays quiet for a clean list', async () => {
    expect(await cardsOf(home({ medications: [metoprolol50] }))).toEqual([]);
  });
});

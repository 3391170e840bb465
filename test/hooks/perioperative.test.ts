// Before surgery: an appointment for an operation is booked for a patient on an anticoagulant.
import { describe, expect, it } from 'vitest';
import { type CdsResponse, cardExtensionKey } from '../../src/cds-hooks/contract.ts';
import { publicUrl, testApp } from '../support/app.ts';
import { bundle, lab, medication, patient } from '../support/requests.ts';

type Json = Record<string, unknown>;

const appointment = (given: Json = {}): Json => ({
  resourceType: 'Appointment',
  id: 'booked',
  status: 'proposed',
  start: '2026-12-10T08:00:00Z',
  serviceType: [{ text: 'Total hip replacement' }],
  participant: [{ actor: { reference: 'Patient/p1' } }],
  ...given,
});

const booking = ({
  appointments = [appointment()],
  medications = [],
  ...prefetch
}: { appointments?: Json[]; medications?: Json[] | undefined } & Json): Json => ({
  hook: 'appointment-book',
  hookInstance: 'b0000000-0000-4000-8000-000000000001',
  context: { userId: 'Practitioner/dr', patientId: 'p1', appointments: bundle(...appointments) },
  prefetch: {
    patient: patient(),
    medications: bundle(...medications),
    pastMedications: null,
    statements: null,
    allergies: null,
    problems: null,
    labs: null,
    vitals: null,
    encounters: null,
    procedures: null,
    ...prefetch,
  },
});

const apixaban = medication('m-apixaban', '1364445', 'apixaban 5 MG Oral Tablet');
const enough = bundle(lab('718-7', 13.2, 'g/dL'), lab('2160-0', 0.9, 'mg/dL'));

async function cardsOf(request: Json): Promise<CdsResponse['cards']> {
  const answer = await testApp().post('/cds-services/perioperative', request);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as CdsResponse).cards;
}

describe('booking an operation', () => {
  it('says on which day an anticoagulant was last to be taken, and that nothing bridges it', async () => {
    const [card, ...others] = await cardsOf(booking({ medications: [apixaban], labs: enough }));
    expect(others).toEqual([]);
    expect(card).toEqual({
      uuid: expect.any(String),
      summary: 'Total hip replacement: no apixaban on the 2 days before (last dose 2026-12-07); no bridging',
      indicator: 'warning',
      source: {
        label: 'Curbside: Direct oral anticoagulant before an operation',
        topic: {
          system: 'https://curbside.org/fhir/CodeSystem/rule',
          code: 'surgeryDoac',
          display: 'Direct oral anticoagulant before an operation',
        },
      },
      detail: [
        'High bleeding risk, or spinal or epidural anaesthesia: omit the 2 days before and the day of the operation, resume 48 to 72 hours after once bleeding is controlled. No heparin bridge, no routine level. With neuraxial anaesthesia leave 72 hours.',
        '',
        '**Because**',
        '',
        '- Age 74',
        '- Apixaban 5 MG Oral Tablet, 2026-01-10',
        '- Total hip replacement on 2026-12-10',
        '',
        '*Douketis JD et al. PAUSE. JAMA Intern Med 2019;179:1469-1478*',
      ].join('\n'),
      overrideReasons: expect.any(Array),
      links: [
        { label: 'Open in Curbside', type: 'smart', url: `${publicUrl}/smart/launch`, appContext: expect.any(String) },
      ],
      extension: {
        [cardExtensionKey]: {
          ruleId: 'surgery-doac',
          ruleVersion: '1.0.0',
          tier: 'high',
          reason: expect.stringContaining('omit the 2 days before'),
          evidence: [
            { text: 'Age 74', reference: 'Patient/p1' },
            { text: 'Apixaban 5 MG Oral Tablet', when: '2026-01-10', reference: 'MedicationRequest/m-apixaban' },
            { text: 'Total hip replacement on 2026-12-10', reference: 'Appointment/booked' },
          ],
          orders: ['Appointment/booked'],
          whyUrl: expect.stringContaining(`${publicUrl}/why/`),
          citation: 'Douketis JD et al. PAUSE. JAMA Intern Med 2019;179:1469-1478',
        },
      },
    });
  });

  it('lets the same drug go on for a cataract', async () => {
    const [card] = await cardsOf(
      booking({
        medications: [apixaban],
        labs: enough,
        appointments: [appointment({ serviceType: [{ text: 'Cataract surgery' }] })],
      }),
    );
    expect(card).toMatchObject({ indicator: 'info', extension: { [cardExtensionKey]: { tier: 'minimal' } } });
  });

  it('reads the operation from a CPT code and from the words of a description', async () => {
    const coded = appointment({
      serviceType: [{ coding: [{ system: 'http://www.ama-assn.org/go/cpt', code: '27447', display: 'TKA' }] }],
    });
    const described = appointment({ serviceType: undefined, description: 'Laparoscopic cholecystectomy, Dr Okafor' });
    const tiers = async (one: Json) =>
      (await cardsOf(booking({ medications: [apixaban], labs: enough, appointments: [one] }))).map(
        (card) => card.extension?.[cardExtensionKey]?.tier,
      );
    expect(await tiers(coded)).toEqual(['high']);
    expect(await tiers(described)).toContain('low');
  });

  it('stays quiet for a visit that is no operation, and for one that was cancelled', async () => {
    const visits = [
      appointment({ serviceType: [{ text: 'Follow-up after surgery' }] }),
      appointment({ status: 'cancelled' }),
    ];
    for (const visit of visits)
      expect(await cardsOf(booking({ medications: [apixaban], labs: enough, appointments: [visit] }))).toEqual([]);
  });

  it('stays quiet for a healthy patient whose blood count is known', async () => {
    expect(await cardsOf(booking({ labs: enough }))).toEqual([]);
  });

  it('is refused without the medication list', async () => {
    const request = booking({});
    delete (request.prefetch as Json).medications;
    expect((await testApp().post('/cds-services/perioperative', request)).status).toBe(412);
  });
});

// Requests and charts as older clients write them give the cards that a current one gets.
import { describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { testApp } from '../support/app.ts';
import {
  bundle,
  drafts,
  ibuprofen,
  LOINC,
  medication,
  orderSign,
  patient,
  RXNORM,
  warfarin,
} from '../support/requests.ts';

type Json = Record<string, unknown>;

const app = testApp();
const rules = async (request: Json, service = 'medication-safety') => {
  const answer = await app.post(`/cds-services/${service}`, request);
  const body = (await answer.json()) as CdsResponse;
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body.cards.map((card) => `${card.indicator} ${card.extension!['org.curbside.card']!.ruleId}`);
};
const coded = (code: string, display: string) => ({ coding: [{ system: RXNORM, code, display }], text: display });
const dstu2Order = (id: string, code: string, display: string, given: Json = {}): Json => ({
  resourceType: 'MedicationOrder',
  id,
  status: 'active',
  dateWritten: '2026-01-10',
  patient: { reference: 'Patient/p1' },
  prescriber: { reference: 'Practitioner/dr' },
  medicationCodeableConcept: coded(code, display),
  dosageInstruction: [
    {
      text: '1 tablet daily',
      asNeededBoolean: false,
      timing: { repeat: { frequency: 1, period: 1, periodUnits: 'd' } },
      doseQuantity: { value: 1, unit: 'tablet' },
    },
  ],
  ...given,
});
const statement = (given: Json): Json => ({
  resourceType: 'MedicationStatement',
  id: 's1',
  status: 'active',
  patient: { reference: 'Patient/p1' },
  subject: { reference: 'Patient/p1' },
  medicationCodeableConcept: coded('855332', 'warfarin sodium 5 MG Oral Tablet'),
  ...given,
});

const current = await rules(orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()] }));
it('is a pair worth a card', () => expect(current.some((rule) => rule.includes('warfarin'))).toBe(true));

describe('FHIR DSTU2', () => {
  it('reads MedicationOrder, on the list and as a draft', async () => {
    expect(
      await rules(
        orderSign({
          draftOrders: [dstu2Order('d1', '197806', 'ibuprofen 600 MG Oral Tablet', { status: 'draft' })],
          medications: [dstu2Order('m1', '855332', 'warfarin sodium 5 MG Oral Tablet')],
        }),
      ),
    ).toEqual(current);
  });
  it('reads a Medication in the order, its ingredients under product', async () => {
    const { medicationCodeableConcept: _, ...order } = dstu2Order('m1', '', '');
    const contained = [
      { resourceType: 'Medication', id: 'med', product: { ingredient: [{ item: { display: 'warfarin' } }] } },
    ];
    expect(
      await rules(
        orderSign({
          draftOrders: [ibuprofen()],
          medications: [{ ...order, contained, medicationReference: { reference: '#med' } }],
        }),
      ),
    ).toEqual(current);
  });
  it('counts a list of statements where there are no orders, but not one that says the drug is not taken', async () => {
    expect(
      await rules(orderSign({ draftOrders: [ibuprofen()], medications: [statement({ wasNotTaken: false })] })),
    ).toEqual(current);
    expect(
      await rules(orderSign({ draftOrders: [ibuprofen()], medications: [statement({ wasNotTaken: true })] })),
    ).toEqual([]);
  });
  it('reads an allergy by its substance and its one status', async () => {
    const allergy = (status: string) => ({
      resourceType: 'AllergyIntolerance',
      id: 'a1',
      status,
      criticality: 'CRITH',
      patient: { reference: 'Patient/p1' },
      substance: { coding: [{ system: RXNORM, code: '7980', display: 'penicillin G' }], text: 'Penicillin' },
      reaction: [{ manifestation: [{ text: 'Anaphylaxis' }], severity: 'severe' }],
    });
    const order = () => [medication('d1', '308191', 'amoxicillin 500 MG Oral Capsule', { status: 'draft' })];
    const said = async (status: string) =>
      (await rules(orderSign({ draftOrders: order(), prefetch: { allergies: bundle(allergy(status)) } }))).filter(
        (rule) => rule.includes('allergy'),
      );
    expect(await said('confirmed')).toHaveLength(1);
    expect(await said('active')).toHaveLength(1);
    expect(await said('refuted')).toEqual([]);
    expect(await said('entered-in-error')).toEqual([]);
  });
  it('reads Condition and Observation with plain statuses, one category, and a range by meaning', async () => {
    const condition = (clinicalStatus: string) => ({
      resourceType: 'Condition',
      id: 'c1',
      patient: { reference: 'Patient/p1' },
      clinicalStatus,
      verificationStatus: 'confirmed',
      category: { coding: [{ code: 'diagnosis' }] },
      dateRecorded: '2020-01-01',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '84114007', display: 'Heart failure' }] },
    });
    const said = async (status: string) =>
      rules(orderSign({ draftOrders: [ibuprofen()], prefetch: { problems: bundle(condition(status)) } }));
    expect((await said('active')).length).toBeGreaterThan((await said('resolved')).length);
    const creatinine = {
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      category: { coding: [{ system: 'http://hl7.org/fhir/observation-category', code: 'laboratory' }] },
      code: { coding: [{ system: LOINC, code: '2160-0' }] },
      subject: { reference: 'Patient/p1' },
      effectiveDateTime: '2026-11-22',
      valueQuantity: { value: 4.2, unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' },
      referenceRange: [{ meaning: { coding: [{ code: 'normal' }] }, high: { value: 1.2 } }],
    };
    const metformin = medication('d2', '861007', 'metformin hydrochloride 500 MG Oral Tablet', { status: 'draft' });
    expect(await rules(orderSign({ draftOrders: [metformin], prefetch: { labs: bundle(creatinine) } }))).toContainEqual(
      expect.stringContaining('metformin'),
    );
  });
});

describe('FHIR STU3 and R5', () => {
  it('reads an STU3 statement, unless it says that the drug is not taken', async () => {
    expect(
      await rules(
        orderSign({ draftOrders: [ibuprofen()], prefetch: { statements: bundle(statement({ taken: 'y' })) } }),
      ),
    ).toEqual(current);
    expect(
      await rules(
        orderSign({ draftOrders: [ibuprofen()], prefetch: { statements: bundle(statement({ taken: 'n' })) } }),
      ),
    ).toEqual([]);
  });
  it('reads an STU3 allergy with plain statuses', async () => {
    const allergy = {
      resourceType: 'AllergyIntolerance',
      id: 'a1',
      clinicalStatus: 'active',
      verificationStatus: 'confirmed',
      criticality: 'high',
      assertedDate: '2019',
      patient: { reference: 'Patient/p1' },
      code: { coding: [{ system: RXNORM, code: '7980' }], text: 'Penicillin' },
      reaction: [{ manifestation: [{ text: 'Anaphylaxis' }], severity: 'severe' }],
    };
    expect(
      await rules(
        orderSign({
          draftOrders: [medication('d1', '308191', 'amoxicillin 500 MG Oral Capsule', { status: 'draft' })],
          prefetch: { allergies: bundle(allergy) },
        }),
      ),
    ).toContainEqual(expect.stringContaining('allergy'));
  });
  it('reads the medication of R5, coded or by reference', async () => {
    const { medicationCodeableConcept, ...order } = warfarin();
    expect(
      await rules(
        orderSign({
          draftOrders: [ibuprofen()],
          medications: [{ ...order, medication: { concept: medicationCodeableConcept } }],
        }),
      ),
    ).toEqual(current);
    const list = bundle(
      { ...order, medication: { reference: { reference: 'Medication/w5' } } },
      { resourceType: 'Medication', id: 'w5', code: medicationCodeableConcept },
    );
    expect(await rules(orderSign({ draftOrders: [ibuprofen()], prefetch: { medications: list } }))).toEqual(current);
  });
  it('reads an R5 statement by its adherence', async () => {
    const said = (code: string) =>
      rules(
        orderSign({
          draftOrders: [ibuprofen()],
          prefetch: {
            statements: bundle({ ...statement({ status: 'recorded', adherence: { code: { coding: [{ code }] } } }) }),
          },
        }),
      );
    expect(await said('taking')).toEqual(current);
    expect(await said('not-taking')).toEqual([]);
  });
});

describe('drafts as clients write them', () => {
  const list = { medications: [warfarin()] };
  const withContext = (context: Json, given: Json = {}) => ({
    ...orderSign(list),
    ...given,
    context: { userId: 'Practitioner/dr', patientId: 'p1', ...context },
  });
  const { id: _id, ...nameless } = ibuprofen();
  it.each([
    ['without an id', { draftOrders: drafts(nameless) }],
    ['as a bare list', { draftOrders: [ibuprofen()] }],
    ['as one resource', { draftOrders: ibuprofen() }],
    [
      'with a category that is no list',
      { draftOrders: drafts(ibuprofen({ category: { coding: [{ code: 'outpatient' }] } })) },
    ],
    ['without a user', { userId: undefined, draftOrders: drafts(ibuprofen()) }],
    ['with a patient by reference', { patientId: 'Patient/p1', draftOrders: drafts(ibuprofen()) }],
  ])('%s', async (_, context) => {
    expect(await rules(withContext(context))).toEqual(current);
  });
  it('with the drug contained, or in the same Bundle by the address of its entry', async () => {
    const { medicationCodeableConcept: code, ...order } = ibuprofen();
    const med = { resourceType: 'Medication', id: 'i6', code };
    expect(
      await rules(
        withContext({ draftOrders: drafts({ ...order, contained: [med], medicationReference: { reference: '#i6' } }) }),
      ),
    ).toEqual(current);
    const url = 'urn:uuid:5e1c7a46-8d7c-4a07-9d0c-0d6a2b6e8a11';
    const entry = [
      { resource: { ...order, medicationReference: { reference: url } } },
      { fullUrl: url, resource: { resourceType: 'Medication', code } },
    ];
    expect(await rules(withContext({ draftOrders: { resourceType: 'Bundle', type: 'collection', entry } }))).toEqual(
      current,
    );
  });
  it('with one coded ingredient in place of a code', async () => {
    const { medicationCodeableConcept: _, ...order } = ibuprofen();
    const coded = { coding: [{ system: RXNORM, code: '5640' }] };
    const med = { resourceType: 'Medication', id: 'i6', ingredient: [{ itemCodeableConcept: coded }] };
    expect(
      await rules(
        withContext({ draftOrders: drafts({ ...order, contained: [med], medicationReference: { reference: '#i6' } }) }),
      ),
    ).toEqual(current);
  });
  it('with the drug of the list by the address of its entry, without an id', async () => {
    const { medicationCodeableConcept: code, ...order } = warfarin();
    const url = 'urn:uuid:0a5a2c8e-6e0e-4f0e-8a43-1f3d0a9b7c55';
    const medications = {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        { resource: { ...order, medicationReference: { reference: url } } },
        { fullUrl: url, resource: { resourceType: 'Medication', code }, search: { mode: 'include' } },
      ],
    };
    expect(await rules(orderSign({ draftOrders: [ibuprofen()], prefetch: { medications } }))).toEqual(current);
  });
  it('order-select with nothing chosen and no drafts has nothing to say', async () => {
    expect(await rules(withContext({ selections: [] }, { hook: 'order-select' }))).toEqual([]);
  });
  it('order-select judges all drafts when the selections name none of them', async () => {
    expect(
      await rules(
        withContext({ selections: ['ibuprofen'], draftOrders: drafts(ibuprofen()) }, { hook: 'order-select' }),
      ),
    ).toEqual(current);
  });
});

describe('CDS Hooks before 2.0', () => {
  it('answers medication-prescribe as order-select and order-review as order-sign', async () => {
    const request = orderSign({ medications: [warfarin()] });
    expect(
      await rules({
        ...request,
        hook: 'medication-prescribe',
        context: {
          patientId: 'p1',
          medications: drafts(dstu2Order('d1', '197806', 'ibuprofen 600 MG Oral Tablet', { status: 'draft' })),
        },
      }),
    ).toEqual(current);
    expect(
      await rules({ ...request, hook: 'order-review', context: { patientId: 'p1', orders: drafts(ibuprofen()) } }),
    ).toEqual(current);
  });
  it('reads patient and user beside the context, a list for a context, and wrapped prefetch', async () => {
    const { prefetch } = orderSign({ medications: [warfarin()] }) as { prefetch: Json };
    const wrapped = Object.fromEntries(
      Object.entries(prefetch).map(([key, resource]) => [key, { response: { status: '200 OK' }, resource }]),
    );
    const request = {
      hook: 'medication-prescribe',
      hookInstance: crypto.randomUUID(),
      user: 'Practitioner/dr',
      patient: 'p1',
      context: [ibuprofen()],
      prefetch: wrapped,
    };
    expect(await rules(request)).toEqual(current);
    const failed = { ...request, prefetch: { ...wrapped, medications: { response: { status: '404' } } } };
    expect((await app.post('/cds-services/medication-safety', failed)).status).toBe(412);
  });
  it('does not offer the old hooks', async () => {
    const { services } = (await (await app.get('/cds-services')).json()) as { services: { hook: string }[] };
    expect(services.map(({ hook }) => hook)).not.toContain('medication-prescribe');
  });
  it('believes a patient of the context over one beside it', async () => {
    const request = {
      ...orderSign({ draftOrders: [ibuprofen()], medications: [warfarin()], prefetch: { patient: patient() } }),
      patient: 'p2',
    };
    expect(await rules(request)).toEqual(current);
  });
});

// New entries against the drugs taken, and orders on their way.
import { describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { testApp } from '../support/app.ts';
import { bundle, drafts, medication, orderSign, patient, RXNORM, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;

const app = testApp();
const penicillin = (given: Json = {}): Json => ({
  resourceType: 'AllergyIntolerance',
  criticality: 'high',
  patient: { reference: 'Patient/p1' },
  code: { coding: [{ system: RXNORM, code: '7980', display: 'penicillin G' }], text: 'Penicillin' },
  reaction: [{ manifestation: [{ text: 'Anaphylaxis' }], severity: 'severe' }],
  ...given,
});
const amoxicillin = () =>
  medication('m-amoxicillin', '308191', 'amoxicillin 500 MG Oral Capsule', { authoredOn: '2026-11-20' });
const heartFailure = (given: Json = {}): Json => ({
  resourceType: 'Condition',
  id: 'c1',
  subject: { reference: 'Patient/p1' },
  clinicalStatus: { coding: [{ code: 'active' }] },
  verificationStatus: { coding: [{ code: 'confirmed' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '84114007', display: 'Heart failure' }] },
  ...given,
});
const ibuprofen = () => medication('m-ibuprofen', '197806', 'ibuprofen 600 MG Oral Tablet');

async function ask(
  service: string,
  hook: string,
  context: Json,
  { medications = [], prefetch = {} }: { medications?: Json[]; prefetch?: Json } = {},
): Promise<CdsResponse> {
  const request = orderSign({ medications, prefetch: { patient: patient(), ...prefetch } });
  const answer = await app.post(`/cds-services/${service}`, {
    ...request,
    hook,
    context: { patientId: 'p1', userId: 'Practitioner/dr', ...context },
  });
  const body = (await answer.json()) as CdsResponse;
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body;
}
const told = ({ cards }: CdsResponse) =>
  cards.map(({ indicator, extension }) => [
    indicator,
    extension!['org.curbside.card']!.ruleId,
    extension!['org.curbside.card']!.orders,
  ]);

describe('an allergy that is entered', () => {
  const enter = (allergyIntolerance: unknown, given = {}) =>
    ask('record-check', 'allergyintolerance-create', { allergyIntolerance }, given);
  it('speaks against the drug on the list, once', async () => {
    const answer = await enter(penicillin(), { medications: [amoxicillin(), warfarin()] });
    expect(told(answer)).toHaveLength(1);
    expect(told(answer)[0]![2]).toEqual(['MedicationRequest/m-amoxicillin']);
    expect(answer.cards[0]!.detail).not.toContain('this order');
    expect(answer.cards[0]!.suggestions).toBeUndefined();
  });
  it('is read where it comes wrapped, as the published example has it', async () => {
    expect(told(await enter({ resource: penicillin() }, { medications: [amoxicillin()] }))).toHaveLength(1);
  });
  it('is silent when no drug on the list is meant, or the allergy was known before', async () => {
    expect(told(await enter(penicillin(), { medications: [warfarin(), ibuprofen()] }))).toEqual([]);
    expect(
      told(
        await enter(penicillin(), {
          medications: [amoxicillin()],
          prefetch: { allergies: bundle(penicillin({ id: 'old', clinicalStatus: { coding: [{ code: 'active' }] } })) },
        }),
      ),
    ).toEqual([]);
  });
});

describe('a problem that is entered', () => {
  const enter = (conditions: unknown, given = {}) =>
    ask('record-check', 'problem-list-item-create', { conditions }, given);
  it('speaks against the drug on the list', async () => {
    const answer = await enter(drafts(heartFailure()), { medications: [ibuprofen()] });
    expect(told(answer)).toHaveLength(1);
    expect(told(answer)[0]![2]).toEqual(['MedicationRequest/m-ibuprofen']);
  });
  it('says the same when the chart already holds the entry: the hook comes after the fact', async () => {
    const answer = await enter(drafts(heartFailure()), {
      medications: [ibuprofen()],
      prefetch: { problems: bundle(heartFailure()) },
    });
    expect(told(answer)).toHaveLength(1);
  });
  it('does not repeat what the drugs do to one another', async () => {
    const answer = await enter(drafts(heartFailure()), { medications: [ibuprofen(), warfarin()] });
    expect(
      told(answer)
        .flatMap(([, rule]) => String(rule))
        .filter((rule) => rule.includes('warfarin')),
    ).toEqual([]);
  });
});

describe('an order on its way', () => {
  const dispatch = (context: Json, given = {}) =>
    ask(
      'dispatch-check',
      'order-dispatch',
      { userId: undefined, performer: 'Organization/pharmacy', ...context },
      given,
    );
  it('is stopped by what must be stopped', async () => {
    const answer = await dispatch(
      { dispatchedOrders: ['MedicationRequest/m-amoxicillin'] },
      { medications: [amoxicillin()], prefetch: { allergies: bundle(penicillin({ id: 'a1' })) } },
    );
    expect(told(answer).map(([indicator]) => indicator)).toEqual(['critical']);
  });
  it('is let go with what was only a warning at signing', async () => {
    expect(
      told(
        await dispatch(
          { 'dispatched-orders': ['MedicationRequest/m-ibuprofen'] },
          { medications: [ibuprofen()], prefetch: { problems: bundle(heartFailure()) } },
        ),
      ),
    ).not.toContainEqual(['warning', expect.anything(), expect.anything()]);
  });
  it('that cannot be had is said to be unchecked', async () => {
    const { cards, extension } = await dispatch(
      { dispatchedOrders: ['MedicationRequest/elsewhere'] },
      { medications: [amoxicillin()] },
    );
    expect(cards).toEqual([]);
    expect(extension!['org.curbside.response']!.couldNotCheck.join(' ')).toContain(
      'The order MedicationRequest/elsewhere could not be read',
    );
  });
});

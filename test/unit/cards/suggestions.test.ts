// What a card offers: one action that helps this patient, and nothing that would bring as bad a card of its own.
import { describe, expect, it } from 'vitest';
import type { CdsAction, CdsResponse } from '../../../src/cds-hooks/contract.ts';
import { testApp } from '../../support/app.ts';
import { bundle, medication, orderSign } from '../../support/requests.ts';

type Json = Record<string, unknown>;
const app = testApp();
const simvastatin = () => medication('m-simva', '312961', 'simvastatin 20 MG Oral Tablet');
const clarithromycin = (given: Json = {}) =>
  medication('d-clari', '197517', 'clarithromycin 500 MG Oral Tablet', {
    status: 'draft',
    dosageInstruction: [{ text: '1 tablet twice daily for 7 days' }],
    ...given,
  });

async function cardsFor(given: Parameters<typeof orderSign>[0]) {
  const answer = await app.post('/cds-services/medication-safety', orderSign(given));
  expect(answer.status).toBe(200);
  return ((await answer.json()) as CdsResponse).cards;
}
const labels = (cards: CdsResponse['cards']) =>
  cards.flatMap(({ suggestions = [] }) => suggestions.map(({ label }) => label));
const actions = (cards: CdsResponse['cards']): CdsAction[] =>
  cards.flatMap(({ suggestions = [] }) => suggestions.flatMap(({ actions: all = [] }) => all));

describe('an alternative', () => {
  it('is the whole draft with the drug changed', async () => {
    const [action] = actions(await cardsFor({ draftOrders: [clarithromycin()], medications: [simvastatin()] })).filter(
      ({ type }) => type === 'update',
    );
    expect(action!.resource).toMatchObject({
      resourceType: 'MedicationRequest',
      id: 'd-clari',
      status: 'draft',
      subject: { reference: 'Patient/p1' },
    });
    expect(JSON.stringify(action!.resource!.medicationCodeableConcept)).toMatch(/azithromycin/i);
    expect(action!.description).toBe('Azithromycin instead of clarithromycin');
  });

  it('is not offered to whom is allergic to it', async () => {
    const allergy = {
      resourceType: 'AllergyIntolerance',
      id: 'a1',
      patient: { reference: 'Patient/p1' },
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { text: 'Azithromycin' },
      reaction: [{ manifestation: [{ text: 'Anaphylaxis' }] }],
    };
    const cards = await cardsFor({
      draftOrders: [clarithromycin()],
      medications: [simvastatin()],
      prefetch: { allergies: bundle(allergy) },
    });
    expect(labels(cards).filter((label) => label.startsWith('Azithromycin'))).toEqual([]);
  });

  it('is to cancel the new drug, not the renewal of the other', async () => {
    const rivaroxaban = medication('d-riva', '1232082', 'rivaroxaban 20 MG Oral Tablet', { status: 'draft' });
    const apixaban = (given: Json) => medication('m-apix', '1364445', 'apixaban 5 MG Oral Tablet', given);
    const cards = await cardsFor({
      draftOrders: [apixaban({ id: 'd-apix', status: 'draft' }), rivaroxaban],
      medications: [apixaban({})],
    });
    expect(labels(cards)).toContain('Cancel the order for rivaroxaban');
    expect(actions(cards)).toContainEqual(
      expect.objectContaining({ type: 'delete', resourceId: 'MedicationRequest/d-riva' }),
    );
  });

  it('never changes the order of the other drug of the pair', async () => {
    const cards = await cardsFor({
      draftOrders: [{ ...simvastatin(), id: 'd-simva', status: 'draft' }],
      medications: [{ ...clarithromycin(), id: 'm-clari', status: 'active' }],
    });
    expect(labels(cards).filter((label) => label.startsWith('Azithromycin'))).toEqual([]);
  });

  it('comes as a new order where the draft has no id to update', async () => {
    const { id: _, ...draft } = clarithromycin();
    expect(
      actions(await cardsFor({ draftOrders: [draft], medications: [simvastatin()] })).some(
        ({ type }) => type === 'update',
      ),
    ).toBe(false);
  });
});

describe('one problem', () => {
  const penicillin = (reaction: string): Json => ({
    resourceType: 'AllergyIntolerance',
    id: 'a1',
    patient: { reference: 'Patient/p1' },
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { text: 'Amoxicillin' },
    reaction: [{ manifestation: [{ text: reaction }] }],
  });
  const draft = (id: string, code: string, display: string) => medication(id, code, display, { status: 'draft' });
  const cardsOf = (order: Json, allergy: Json) =>
    cardsFor({ draftOrders: [order], prefetch: { allergies: bundle(allergy) } });

  it('is told by the rule about the very drug, whichever file comes first, with the alternative that the class knows', async () => {
    const [card, ...others] = await cardsOf(
      draft('d1', '308191', 'amoxicillin 500 MG Oral Capsule'),
      penicillin('Anaphylaxis'),
    );
    expect(card!.extension!['org.curbside.card']).toMatchObject({
      ruleId: 'allergy-same-ingredient',
      standsFor: ['allergy-penicillins'],
    });
    expect(others).toEqual([]);
    expect(labels([card!])).toEqual([
      'Azithromycin 500 mg a day for 3 days instead (throat, ear, airway)',
      'Remove amoxicillin',
    ]);
  });

  it('offers no tablet in place of an infusion', async () => {
    const cards = await cardsOf(
      draft('d1', '1659149', 'piperacillin 4000 MG / tazobactam 500 MG Injection'),
      penicillin('Hives'),
    );
    expect(labels(cards).filter((label) => label.startsWith('Azithromycin'))).toEqual([]);
    expect(labels(cards).some((label) => label.startsWith('Cefepime'))).toBe(true);
  });

  it('names the order that a suggestion changes', async () => {
    const cards = await cardsFor({
      draftOrders: [draft('d1', '198211', 'simvastatin 40 MG Oral Tablet')],
      medications: [medication('m1', '328160', 'cyclosporine 100 MG Oral Capsule')],
    });
    expect(labels(cards)).toContain('Cancel the order for simvastatin');
  });
});

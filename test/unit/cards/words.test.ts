// The words of a card: a problem without SNOMED CT's "(disorder)", units as they are written, one full stop.
import { expect, it } from 'vitest';
import type { CdsResponse } from '../../../src/cds-hooks/contract.ts';
import { testApp } from '../../support/app.ts';
import { bundle, lab, medication, orderSign } from '../../support/requests.ts';

const app = testApp();
const draft = (code: string, display: string, text: string) =>
  medication('d1', code, display, { status: 'draft', authoredOn: undefined, dosageInstruction: [{ text }] });
async function cardsFor(given: Parameters<typeof orderSign>[0]) {
  const answer = await app.post('/cds-services/medication-safety', orderSign(given));
  return ((await answer.json()) as CdsResponse).cards;
}
const condition = (code: string, text: string) => ({
  resourceType: 'Condition',
  id: 'c1',
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code }], text },
});

it('a problem is named without its kind', async () => {
  const [card] = await cardsFor({
    draftOrders: [draft('313161', 'sumatriptan 50 MG Oral Tablet', '1 tablet as needed')],
    prefetch: { problems: bundle(condition('53741008', 'Coronary arteriosclerosis (disorder)')) },
  });
  expect(card!.summary).toContain('Coronary arteriosclerosis');
  expect(JSON.stringify(card)).not.toContain('(disorder)');
});

it('micrograms and milliequivalents are written as on a label', async () => {
  const [card] = await cardsFor({
    draftOrders: [
      draft('628958', 'potassium chloride 20 MEQ Extended Release Oral Tablet', '80 mEq by mouth 3 times daily'),
    ],
  });
  expect(card!.summary).toContain(' mEq');
  expect(card!.summary).not.toContain(' meq');
});

it('a question among the merged cards ends with its own mark', async () => {
  const cards = await cardsFor({
    draftOrders: [draft('628958', 'potassium chloride 20 MEQ Extended Release Oral Tablet', '20 mEq by mouth daily')],
    medications: [
      medication('m1', '313096', 'spironolactone 25 MG Oral Tablet'),
      medication('m2', '979480', 'losartan potassium 50 MG Oral Tablet'),
    ],
    prefetch: { labs: bundle(lab('98979-8', 41, 'mL/min/{1.73_m2}')) },
  });
  const merged = cards.map(({ detail }) => /\*\*Also:\*\* .*/.exec(detail ?? '')?.[0]).find(Boolean);
  expect(merged).toMatch(/\?$/);
});

// A test that is due for a drug is not asked for beside the card that says to stop the drug; it is counted.
import { describe, expect, it } from 'vitest';
import { type CdsResponse, cardExtensionKey, responseExtensionKey } from '../../../src/cds-hooks/contract.ts';
import { testApp } from '../../support/app.ts';
import { medication, orderSign } from '../../support/requests.ts';

const app = testApp();
const draft = (id: string, code: string, display: string, text: string) =>
  medication(id, code, display, { status: 'draft', authoredOn: undefined, dosageInstruction: [{ text }] });
const methotrexate = draft('d-mtx', '105585', 'methotrexate 2.5 MG Oral Tablet', '6 tablets once a week');
const amiodarone = draft('d-amio', '833528', 'amiodarone hydrochloride 200 MG Oral Tablet', '1 tablet once daily');
const cotrimoxazole = medication('m-smx', '198335', 'sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet');
const warfarin = medication('m-war', '855332', 'warfarin sodium 5 MG Oral Tablet');

async function answerTo(given: Parameters<typeof orderSign>[0]) {
  const answer = await app.post('/cds-services/medication-safety', orderSign(given));
  expect(answer.status).toBe(200);
  const { cards, extension } = (await answer.json()) as CdsResponse;
  return {
    cards,
    shown: cards.map(({ indicator, extension: own }) => `${indicator} ${own![cardExtensionKey]!.ruleId}`),
    heldBack: extension![responseExtensionKey]!.heldBack,
  };
}

describe('a test that is due', () => {
  it('is shown when nothing stops its order', async () => {
    const { shown, heldBack } = await answerTo({ draftOrders: [methotrexate] });
    expect(shown).toEqual(['info methotrexate-blood-due']);
    expect(heldBack).toEqual([]);
  });

  it('waits beside a Stop about its order, counted', async () => {
    const { shown, heldBack } = await answerTo({ draftOrders: [methotrexate], medications: [cotrimoxazole] });
    expect(shown).toContain('critical methotrexate-trimethoprim');
    expect(shown).not.toContain('info methotrexate-blood-due');
    expect(heldBack).toContainEqual({
      ruleId: 'methotrexate-blood-due',
      summary: expect.stringMatching(/^Methotrexate/),
      indicator: 'info',
      why: 'a test waits while the order it is for may be stopped',
    });
  });

  it('is shown beside a Stop about another order', async () => {
    const { shown } = await answerTo({ draftOrders: [methotrexate, amiodarone], medications: [cotrimoxazole] });
    expect(shown).toContain('critical methotrexate-trimethoprim');
    expect(shown).toContain('info amiodarone-thyroid-liver-due');
  });

  it('is shown beside a Caution about its order', async () => {
    const { shown } = await answerTo({ draftOrders: [amiodarone], medications: [warfarin] });
    expect(shown).toContain('warning warfarin-amiodarone');
    expect(shown).toContain('info amiodarone-thyroid-liver-due');
  });
});

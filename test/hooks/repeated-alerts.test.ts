import { describe, expect, it } from 'vitest';
import type { CdsResponse } from '../../src/cds-hooks/contract.ts';
import { testApp } from '../support/app.ts';
import { ibuprofen, orderSign, warfarin } from '../support/requests.ts';

type Json = Record<string, unknown>;
const wish = (items: Json) => ({ extension: { 'pddi-configuration-items': items } });
const cache = wish({ 'cache-for-order-sign-filtering': true });
const filter = wish({ 'filter-out-repeated-alerts': true });

function client() {
  const app = testApp();
  const call = async (hook: 'order-select' | 'order-sign', rest: Json = {}, order: Json = {}, context: Json = {}) => {
    const request = orderSign({ draftOrders: [ibuprofen(order)], medications: [warfarin()], ...rest }) as Json & {
      context: Json;
    };
    Object.assign(request, {
      hook,
      context: {
        ...request.context,
        ...context,
        ...(hook === 'order-select' && { selections: ['MedicationRequest/d-ibuprofen'] }),
      },
    });
    return ((await (await app.post('/cds-services/medication-safety', request)).json()) as CdsResponse).cards.map(
      ({ summary }) => summary,
    );
  };
  return call;
}

describe('alerts shown at order-select', () => {
  it('are repeated at order-sign by default', async () => {
    const call = client();
    expect(await call('order-sign')).toEqual(await call('order-select'));
  });

  it('are left out at order-sign when the client asks for both, and said to be', async () => {
    const call = client();
    const shown = await call('order-select', cache);
    expect(shown.length).toBeGreaterThan(0);
    expect(await call('order-sign', filter)).toEqual([expect.stringMatching(/already shown while choosing the order/)]);
  });

  it.each([
    ['another signer', {}, { userId: 'Practitioner/other' }],
    ['another encounter', {}, { encounterId: 'e2' }],
    ['a changed dose', { dosageInstruction: [{ text: '2 tablets three times daily' }] }, {}],
  ])('are repeated for %s', async (_, order, context) => {
    const call = client();
    const shown = await call('order-select', cache);
    expect((await call('order-sign', filter, order, context)).filter((summary) => shown.includes(summary))).not.toEqual(
      [],
    );
  });

  it('are repeated when order-select was not asked to remember', async () => {
    const call = client();
    const shown = await call('order-select');
    expect(await call('order-sign', filter)).toEqual(shown);
  });
});

// Real answers fit the schemas that describe them, and the description names every route that exists.
import { describe, expect, it } from 'vitest';
import {
  calculatorAnswer,
  consultItem,
  hookAnswer,
  operationOutcome,
  whatIfAnswer,
} from '../../src/cds-hooks/schemas.ts';
import { testApp } from '../support/app.ts';
import { bundle, ibuprofen, lab, orderSign, patientView, warfarin } from '../support/requests.ts';

const app = testApp();
const order = () =>
  orderSign({
    draftOrders: [ibuprofen()],
    medications: [warfarin()],
    prefetch: { labs: bundle(lab('6301-6', 3.4, '1'), lab('2160-0', 1.6, 'mg/dL')) },
  });
const json = async (path: string, body: unknown) => (await app.post(path, body)).json();

describe('answers fit their description', () => {
  it('of a hook', async () => {
    const parsed = hookAnswer.parse(await json('/cds-services/medication-safety', order()));
    expect(parsed.cards.length).toBeGreaterThan(0);
  });
  it('of a consult', async () => {
    const lines = (await (await app.post('/consult', { ...patientView(), question: 'crushing chest pain' })).text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    const items = lines.filter(({ type }) => type === 'item');
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) consultItem.parse(item);
  });
  it('of a what-if', async () => {
    whatIfAnswer.parse(
      await json('/what-if', {
        ...order(),
        changes: [{ do: 'observe', code: { system: 'http://loinc.org', code: '6301-6' }, value: 2, unit: '1' }],
      }),
    );
  });
  it('of a calculator', async () => {
    calculatorAnswer.parse(
      await json('/calculators/ckd_epi_2021', { inputs: { age_y: 60, sex: 'male', creatinine_mg_dl: 1 } }),
    );
  });
  it('of a refusal', async () => {
    operationOutcome.parse(await json('/calculators/ckd_epi_2021', { inputs: {} }));
  });
});

it('describes every public route', async () => {
  const { paths } = (await (await app.get('/openapi.json')).json()) as { paths: Record<string, object> };
  for (const [path, verbs] of Object.entries(paths)) {
    for (const verb of Object.keys(verbs)) {
      const at = path.replace('{id}', 'nothing').replace('{uuid}', 'nothing');
      const { status } = verb === 'get' ? await app.get(at) : await app.post(at, {});
      expect([path, status]).not.toEqual([path, 405]);
    }
  }
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/cds-services', '/consult', '/what-if', '/calculators/{id}', '/why/{uuid}']),
  );
});

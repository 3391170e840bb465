// Real answers fit the schemas that describe them, and the description names every route that exists.
import { describe, expect, it } from 'vitest';
import {
  calculatorAnswer,
  consultItem,
  hookAnswer,
  operationOutcome,
  qualityAnswer,
  replayedAnswer,
  verifiedAnswer,
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
  it('of the ledger’s verification, a replay and the quality of rules', async () => {
    const { cards } = (await json('/cds-services/medication-safety', order())) as { cards: { uuid: string }[] };
    await app.settled();
    verifiedAnswer.parse(await (await app.get('/audit/verify')).json());
    const replayed = replayedAnswer.parse(await json('/audit/replay', { card: cards[0]!.uuid, request: order() }));
    expect(replayed.cards.length).toBe(cards.length);
    expect(qualityAnswer.parse(await (await app.get('/quality')).json()).rules.length).toBeGreaterThan(0);
  });
  it('of a refusal', async () => {
    operationOutcome.parse(await json('/calculators/ckd_epi_2021', { inputs: {} }));
  });
});

/** Served, and not for others to call: the pages and what they alone ask, SMART's launch, and the EHR that does not exist. */
const notDescribed = [/^\/$/, /^\/(panel|gallery|console)(\/|$)/, /^\/smart\//, /^\/(ehr|fhir|\.well-known)(\/|$)/];

it('the description names every route that is served, and none that is not', async () => {
  const sandbox = testApp({ sandboxUrl: 'http://localhost:8787' });
  const served = sandbox.app.routes.filter((route) => !notDescribed.some((known) => known.test(route.split(' ')[1]!)));
  const { paths } = (await (await sandbox.get('/openapi.json')).json()) as { paths: Record<string, object> };
  const described = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.sort()).toEqual([...new Set(served)].sort());
});

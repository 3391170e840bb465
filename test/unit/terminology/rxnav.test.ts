import { describe, expect, test } from 'vitest';
import { createRxnav } from '../../../src/terminology/rxnav.ts';
import { RXNORM } from '../../../src/terminology/systems.ts';
import { loadTerminology } from '../../../src/tools/terminology/load.ts';

const terminology = loadTerminology();

function serverOf(answer: (url: string) => Response | Promise<Response>) {
  const asked: string[] = [];
  const kept = new Map<string, string>();
  const rxnav = createRxnav({
    fetch: (async (url: string) => {
      asked.push(url);
      return answer(url);
    }) as unknown as typeof fetch,
    baseUrl: 'https://rxnav.example/REST/',
    timeoutMs: 500,
    cache: { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) },
  });
  return { rxnav, asked };
}

const named = (name: string) => Response.json({ rxcuiStatusHistory: { attributes: { rxcui: '99999999', name } } });
const concept = { coding: [{ system: RXNORM, code: '99999999' }] };

describe('a server that knows more codes', () => {
  test('gives a name by which the drug is found', async () => {
    const { rxnav, asked } = serverOf(() => named('apixaban 5 MG Oral Tablet'));
    const explained = await rxnav.explain(concept);
    expect(asked).toEqual(['https://rxnav.example/REST/rxcui/99999999/historystatus.json']);
    expect(terminology.drug(explained!)).toMatchObject({ ingredients: [{ name: 'apixaban' }], route: 'oral' });
  });
  test('answers for an NDC', async () => {
    const { rxnav } = serverOf(() =>
      Response.json({ ndcStatus: { conceptName: 'metformin hydrochloride 500 MG Oral Tablet' } }),
    );
    const explained = await rxnav.explain({
      coding: [{ system: 'http://hl7.org/fhir/sid/ndc', code: '1234-5678-90' }],
    });
    expect(terminology.drug(explained!)).toMatchObject({ ingredients: [{ name: 'metformin' }] });
  });
  test('is asked once for a code, known or not', async () => {
    const { rxnav, asked } = serverOf(() => new Response('', { status: 404 }));
    expect([await rxnav.explain(concept), await rxnav.explain(concept)]).toEqual([undefined, undefined]);
    expect(asked).toHaveLength(1);
  });
  test.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['talks nonsense', () => new Response('<html>')],
    ['answers another shape', () => Response.json({ rxcuiStatusHistory: null })],
  ])('counts as no answer when it %s', async (_, answer) => {
    const { rxnav } = serverOf(answer);
    expect(await rxnav.explain(concept)).toBeUndefined();
  });
  test('is not asked about text or a local code', async () => {
    const { rxnav, asked } = serverOf(() => named('x'));
    expect(await rxnav.explain({ text: 'warfarin', coding: [{ system: 'urn:local', code: '1' }] })).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

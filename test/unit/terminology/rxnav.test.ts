import { describe, expect, test } from 'vitest';
import { createRxnav } from '../../../src/terminology/rxnav.ts';
import { RXNORM } from '../../../src/terminology/systems.ts';
import { loadTerminology } from '../../../src/tools/terminology/load.ts';

const terminology = loadTerminology();

function serverOf(answer: (url: string) => Response | Promise<Response>) {
  const asked: string[] = [];
  const troubles: string[] = [];
  let time = Date.parse('2026-11-24T09:00:00Z');
  const rxnav = createRxnav({
    fetch: (async (url: string) => {
      asked.push(url);
      return answer(url);
    }) as unknown as typeof fetch,
    now: () => new Date(time),
    baseUrl: 'https://rxnav.example/REST/',
    timeoutMs: 500,
    onTrouble: (why) => troubles.push(why),
  });
  return { rxnav, asked, troubles, later: (milliseconds: number) => (time += milliseconds) };
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
  test('is asked again after a day, or after an hour where it did not know', async () => {
    const known = serverOf(() => named('apixaban'));
    await known.rxnav.explain(concept);
    known.later(23 * 3_600_000);
    await known.rxnav.explain(concept);
    expect(known.asked).toHaveLength(1);
    known.later(2 * 3_600_000);
    await known.rxnav.explain(concept);
    expect(known.asked).toHaveLength(2);
  });
  test('is asked once by two requests at the same time', async () => {
    const { rxnav, asked } = serverOf(() => named('apixaban'));
    await Promise.all([rxnav.explain(concept), rxnav.explain(concept)]);
    expect(asked).toHaveLength(1);
  });
  test.each<[string, string, () => Response | Promise<Response>]>([
    ['cannot be reached', 'no connection', () => Promise.reject(new TypeError('down'))],
    ['is late', 'timeout', () => Promise.reject(new DOMException('late', 'TimeoutError'))],
    ['is broken', 'http 503', () => new Response('', { status: 503 })],
    ['has had enough', 'http 429', () => new Response('', { status: 429 })],
    ['talks nonsense', 'no JSON', () => new Response('<html>')],
  ])('counts as no answer when it %s, is left alone for a minute, and that is said once', async (_, why, answer) => {
    const { rxnav, asked, troubles, later } = serverOf(answer);
    expect(await rxnav.explain(concept)).toBeUndefined();
    expect(await rxnav.explain({ coding: [{ system: RXNORM, code: '99999998' }] })).toBeUndefined();
    expect(asked).toHaveLength(1);
    expect(troubles).toEqual([why]);
    later(61_000);
    await rxnav.explain(concept);
    expect(asked).toHaveLength(2);
  });
  test.each([
    ['another shape', { rxcuiStatusHistory: null }],
    ['no text', { rxcuiStatusHistory: { attributes: { name: 7 } } }],
    ['a book', { rxcuiStatusHistory: { attributes: { name: 'x'.repeat(501) } } }],
  ])('counts as no answer when it is %s', async (_, body) => {
    const { rxnav } = serverOf(() => Response.json(body));
    expect(await rxnav.explain(concept)).toBeUndefined();
  });
  test('a redirect is not followed', async () => {
    let mode: RequestRedirect | undefined;
    const rxnav = createRxnav({
      fetch: (async (_: string, init: RequestInit) => {
        mode = init.redirect;
        return new Response('', { status: 302, headers: { location: 'https://elsewhere.example/' } });
      }) as unknown as typeof fetch,
      now: () => new Date(0),
      baseUrl: 'https://rxnav.example/REST',
      timeoutMs: 500,
    });
    expect(await rxnav.explain(concept)).toBeUndefined();
    expect(mode).toBe('manual');
  });
  test.each(['Ann Smith, 7 May 1950', '12/../admin', '123456789', ''])(
    'what is no code is not sent: %s',
    async (code) => {
      const { rxnav, asked } = serverOf(() => named('x'));
      for (const system of [RXNORM, 'http://hl7.org/fhir/sid/ndc']) await rxnav.explain({ coding: [{ system, code }] });
      expect(asked).toEqual([]);
    },
  );
  test('is not asked about text or a local code', async () => {
    const { rxnav, asked } = serverOf(() => named('x'));
    expect(await rxnav.explain({ text: 'warfarin', coding: [{ system: 'urn:local', code: '1' }] })).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

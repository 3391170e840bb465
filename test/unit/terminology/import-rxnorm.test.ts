import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RXNORM } from '../../../src/terminology/systems.ts';
import { Terminology } from '../../../src/terminology/terminology.ts';
import type { RxnormIndex } from '../../../src/terminology/types.ts';
import { type ImportProgress, importRxnorm } from '../../../src/tools/terminology/import-rxnorm.ts';

const folder = mkdtempSync(join(tmpdir(), 'rrf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const conso = (code: string, tty: string, name: string, sab = 'RXNORM', suppress = 'N') =>
  `${code}|ENG||||||${code}a|${code}a|${code}||${sab}|${tty}|${code}|${name}||${suppress}|4096|`;
const rel = (one: string, two: string, rela: string) => `${one}||CUI|RO|${two}||CUI|${rela}|1||RXNORM||||4096|`;
const ndc = (code: string, value: string) => `${code}|||${code}a|AUI|${code}|1||NDC|RXNORM|${value}|N|4096|`;

writeFileSync(
  join(folder, 'RXNCONSO.RRF'),
  [
    conso('1', 'IN', 'examplin'),
    conso('2', 'IN', 'samplol'),
    conso('3', 'PIN', 'examplin hydrochloride'),
    conso('4', 'MIN', 'examplin / samplol'),
    conso('10', 'SCDC', 'examplin hydrochloride 5 MG'),
    conso('11', 'SCDC', 'samplol 10 MG'),
    conso('20', 'SCD', 'examplin hydrochloride 5 MG Oral Tablet'),
    conso('21', 'SCD', 'examplin hydrochloride 5 MG / samplol 10 MG Oral Tablet'),
    conso('30', 'SBD', 'examplin hydrochloride 5 MG Oral Tablet [Exbrand]'),
    conso('40', 'BN', 'Exbrand'),
    conso(
      '50',
      'GPCK',
      '{7 (examplin hydrochloride 5 MG Oral Tablet) / 7 (examplin 5 MG / samplol 10 MG Oral Tablet) } Pack',
    ),
    conso('60', 'DF', 'Oral Tablet'),
    conso('70', 'SCD', 'lost 5 MG Oral Tablet'),
    conso('80', 'SCD', 'hidden 5 MG Oral Tablet', 'RXNORM', 'Y'),
    conso('90', 'SCD', 'EXAMPLIN TAB 5MG', 'MMSL'),
  ].join('\n'),
);
writeFileSync(
  join(folder, 'RXNREL.RRF'),
  [
    rel('1', '3', 'form_of'),
    rel('1', '4', 'has_part'),
    rel('2', '4', 'has_part'),
    rel('1', '10', 'has_ingredient'),
    rel('11', '2', 'ingredient_of'),
    rel('10', '20', 'consists_of'),
    rel('10', '21', 'consists_of'),
    rel('21', '11', 'constitutes'),
    rel('20', '30', 'tradename_of'),
    rel('1', '40', 'tradename_of'),
    rel('20', '50', 'contains'),
    rel('21', '50', 'contains'),
    rel('60', '20', 'has_dose_form'),
    rel('70', '60', 'has_dose_form'),
  ].join('\n'),
);
writeFileSync(
  join(folder, 'RXNSAT.RRF'),
  [ndc('20', '00001000101'), ndc('21', '0001-0002-02'), ndc('70', '00009000901')].join('\n'),
);

describe('an RxNorm release becomes the compact index', async () => {
  const out = join(folder, 'rxnorm.json');
  const steps: ImportProgress[] = [];
  const report = await importRxnorm(folder, out, (step) => steps.push(step));
  const rxnorm = JSON.parse(readFileSync(out, 'utf8')) as RxnormIndex;
  const names = {
    ingredients: {},
    combinations: {},
    products: {},
    misspellings: {},
    systemicBy: {},
    codes: {},
    orderables: {},
  };
  const terminology = new Terminology({ rxnorm, names }, []);
  const ingredients = (code: string, system = RXNORM) => {
    const drug = terminology.drug({ coding: [{ system, code }] });
    return 'unknown' in drug ? drug.unknown : drug.ingredients.map(({ name }) => name).sort();
  };

  test.each([
    ['ingredient', '1', ['examplin']],
    ['precise ingredient', '3', ['examplin']],
    ['several ingredients', '4', ['examplin', 'samplol']],
    ['component', '10', ['examplin']],
    ['clinical drug', '20', ['examplin']],
    ['combination', '21', ['examplin', 'samplol']],
    ['branded drug', '30', ['examplin']],
    ['brand', '40', ['examplin']],
    ['pack', '50', ['examplin', 'samplol']],
  ])('%s', (_, code, expected) => expect(ingredients(code)).toEqual(expected));

  test('NDCs lead to their product', () =>
    expect(ingredients('00001-0002-02', 'http://hl7.org/fhir/sid/ndc')).toEqual(['examplin', 'samplol']));
  test('a brand in text is known', () =>
    expect(terminology.drugByName('EXBRAND 5 mg')).toMatchObject({ ingredients: [{ code: '1', name: 'examplin' }] }));
  test('suppressed names and those of other vocabularies stay out', () => {
    expect(ingredients('80')).toContain('could not be matched');
    expect(ingredients('90')).toContain('could not be matched');
  });
  test('what has no ingredient is counted', () => {
    expect(report).toEqual({ ingredients: 2, products: 9, brands: 1, ndcs: 2, withoutIngredients: 1 });
  });
  test('progress names each file and its lines', () => {
    expect(steps).toEqual([
      { file: 'RXNCONSO.RRF', lines: 15, isDone: true },
      { file: 'RXNREL.RRF', lines: 14, isDone: true },
      { file: 'RXNSAT.RRF', lines: 3, isDone: true },
    ]);
  });
});

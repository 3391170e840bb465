import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RXNORM } from '../../../src/terminology/systems.ts';
import { Terminology } from '../../../src/terminology/terminology.ts';
import type { RxnormIndex } from '../../../src/terminology/types.ts';
import { importRxnormCommand } from '../../../src/tools/rules/import-rxnorm-command.ts';
import { loadTerminology as openTerminology } from '../../../src/tools/rules/load.ts';
import { type ImportProgress, importRxnorm } from '../../../src/tools/terminology/import-rxnorm.ts';
import { merged } from '../../../src/tools/terminology/index-writer.ts';
import { RULES } from '../../../src/tools/terminology/load.ts';

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
    conso('41', 'BN', 'Daily Relief'),
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
    rel('1', '41', 'tradename_of'),
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
    expect(report).toEqual({ ingredients: 2, products: 10, brands: 1, ndcs: 2, withoutIngredients: 1 });
  });
  test('a brand of everyday words is known by its code and never seen in an instruction', () => {
    expect(ingredients('41')).toEqual(['examplin']);
    expect(terminology.drugByName('daily relief')).toHaveProperty('unknown');
  });
  test('each strength goes to its ingredient, in whichever order the release links them', () =>
    expect(terminology.drug({ coding: [{ system: RXNORM, code: '21' }] })).toMatchObject({
      strengths: [
        { ingredient: 'examplin', value: 5, unit: 'mg' },
        { ingredient: 'samplol', value: 10, unit: 'mg' },
      ],
    }));
  test('progress names each file, its lines and bytes', () => {
    const size = (file: string) => statSync(join(folder, file)).size;
    expect(steps).toEqual(
      [
        ['RXNCONSO.RRF', 16],
        ['RXNREL.RRF', 15],
        ['RXNSAT.RRF', 3],
      ].map(([file, lines]) => ({
        file,
        lines,
        bytes: size(String(file)),
        of: size(String(file)),
        isDone: true,
      })),
    );
  });
});

describe('the command', () => {
  const rules = mkdtempSync(join(tmpdir(), 'rules-'));
  afterAll(() => rmSync(rules, { recursive: true }));
  const run = async (...args: string[]) => {
    const said: string[] = [];
    const code = await importRxnormCommand({ folder: rules, args, options: {}, print: (line) => said.push(line) });
    return { code, said: said.join('\n') };
  };

  test('says how it is called', async () => expect(await run()).toMatchObject({ code: 2 }));
  test('names a folder that is not there', async () =>
    expect(await run('/no/such/release')).toEqual({ code: 1, said: 'There is no folder /no/such/release.' }));
  test('names the files that are missing, and where a release comes from', async () => {
    const empty = join(rules, 'empty');
    mkdirSync(empty);
    const { code, said } = await run(empty);
    expect(code).toBe(1);
    expect(said).toContain(`RXNCONSO.RRF, RXNREL.RRF, RXNSAT.RRF are not in ${empty}`);
    expect(said).toContain('https://www.nlm.nih.gov/research/umls/rxnorm/');
  });
  test('a file of another vocabulary is refused', async () => {
    const other = join(rules, 'other');
    mkdirSync(other);
    for (const file of ['RXNCONSO.RRF', 'RXNREL.RRF', 'RXNSAT.RRF'])
      writeFileSync(join(other, file), 'C1|ENG||||||A|A|C||MSH|MH|D1|warfarin||N||\n');
    expect(await run(other)).toMatchObject({ code: 1, said: expect.stringContaining('names no ingredient of RxNorm') });
  });
  test('the release is taken from the folder above its rrf, and is in force beside the built-in table', async () => {
    const release = join(rules, 'RxNorm_full_01012026');
    cpSync(folder, join(release, 'rrf'), { recursive: true });
    cpSync(join(RULES, 'terminology'), join(rules, 'terminology'), { recursive: true });
    mkdirSync(join(rules, 'value-sets'));
    expect(await run(release)).toMatchObject({ code: 0, said: expect.stringContaining('2 ingredients') });
    const opened = openTerminology(rules);
    expect(opened.drug({ coding: [{ system: RXNORM, code: '20' }] })).toMatchObject({
      ingredients: [{ name: 'examplin' }],
    });
    expect(opened.drug({ coding: [{ system: RXNORM, code: '855332' }] })).toMatchObject({
      ingredients: [{ name: 'warfarin' }],
    });
  });
});

describe('a release beside the built-in table', () => {
  const index = (ingredients: RxnormIndex['ingredients'], products: RxnormIndex['products']): RxnormIndex => ({
    source: 'a',
    ingredients,
    products,
    brands: {},
    ndc: {},
  });
  test('one name is one ingredient: a missing code is filled in, another is kept beside it', () => {
    const both = merged([
      index(
        [
          ['', 'novamycin'],
          ['7', 'oldol'],
        ],
        { '1': '70 oldol 5 MG Oral Tablet' },
      ),
      index(
        [
          ['8', 'Oldol'],
          ['9', 'Novamycin'],
        ],
        { '0': '80 oldol 10 MG Oral Tablet', '1': '90 novamycin 1 MG Oral Tablet' },
      ),
    ]);
    expect(both.ingredients).toEqual([
      ['9', 'novamycin'],
      ['7', 'oldol'],
    ]);
    expect(both.products).toEqual({
      '0': '90 novamycin 1 MG Oral Tablet',
      '1': '8 Oldol\n70 oldol 5 MG Oral Tablet\n80 oldol 10 MG Oral Tablet',
    });
  });
});

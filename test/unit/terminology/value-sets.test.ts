import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ValueSet } from '../../../src/terminology/types.ts';
import { tableOf } from '../../../src/tools/terminology/list-value-sets.ts';
import { loadTerminology, loadTerminologyData, loadValueSets, RULES } from '../../../src/tools/terminology/load.ts';
import { isUnknown } from '../../../src/unknown.ts';

const terminology = loadTerminology();
const sets = loadValueSets();
const ids = new Set(sets.map(({ id }) => id));

test('every file is named after its set and lies in the folder of its kind', () => {
  for (const kind of ['drugs', 'conditions', 'observations', 'panels', 'allergens']) {
    for (const file of readdirSync(join(RULES, 'value-sets', kind))) {
      const set = JSON.parse(readFileSync(join(RULES, 'value-sets', kind, file), 'utf8')) as ValueSet;
      expect([set.id, set.kind]).toEqual([file.replace('.json', ''), kind]);
    }
  }
});

test('ids are unique', () => expect(ids.size).toBe(sets.length));

test('every included set exists', () => {
  expect(
    sets.flatMap((set) => (set.includes ?? []).filter((id) => !ids.has(id)).map((id) => `${set.id}: ${id}`)),
  ).toEqual([]);
});

test('every set has a member of its own or by inclusion', () => {
  expect(
    sets.filter((set) => set.members.length === 0 && !set.includes?.length && !set.names?.length).map(({ id }) => id),
  ).toEqual([]);
});

test('every member of a drug set answers to a drug, by code and by name alike', () => {
  expect(terminology.drugGroups.lost).toEqual([]);
  const wrong: string[] = [];
  for (const { id, members } of sets.filter(({ kind }) => kind === 'drugs')) {
    for (const { system, code, display } of members) {
      const byName = terminology.drugByName(display);
      if (isUnknown(byName)) wrong.push(`${id}: ${display}`);
      else if (code) {
        const byCode = terminology.drug({ coding: [{ system, code }] });
        if (isUnknown(byCode) || byCode.ingredients[0]?.name !== byName.ingredients[0]?.name)
          wrong.push(`${id}: ${code} is not ${display}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('no ingredient code names two drugs', () => {
  const { names } = loadTerminologyData();
  const codes = Object.values(names.ingredients).flatMap(({ code, codes: more = [] }) => [
    ...(code ? [code] : []),
    ...more,
  ]);
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
});

test('every LOINC code passes its check digit', () => {
  const wrong = sets
    .filter(({ kind }) => kind === 'observations' || kind === 'panels')
    .flatMap(({ members }) => members.filter(({ system }) => system === 'http://loinc.org').map(({ code }) => code!))
    .filter((code) => !hasLoincCheckDigit(code));
  expect(wrong).toEqual([]);
});

test('every SNOMED CT code passes its check digit', () => {
  const wrong = sets
    .flatMap(({ id, members }) => members.map(({ system, code }) => ({ id, system, code: code ?? '' })))
    .filter(({ system, code }) => system === 'http://snomed.info/sct' && !hasVerhoeffDigit(code))
    .map(({ id, code }) => `${id}: ${code}`);
  const { names } = loadTerminologyData();
  const drugs = Object.entries(names.ingredients).flatMap(([name, { snomed = [] }]) =>
    snomed.filter((code) => !hasVerhoeffDigit(code)).map((code) => `${name}: ${code}`),
  );
  expect([...wrong, ...drugs]).toEqual([]);
});

test('every product that a card may offer resolves to its ingredient with a strength', () => {
  for (const { ingredient, system, code, display } of terminology.orderables()) {
    const drug = terminology.drug({ coding: [{ system, code, display }] });
    if (isUnknown(drug)) throw new Error(display);
    expect(drug.groups, display).toContain(ingredient);
    expect(drug.conflict, display).toBeUndefined();
    expect(drug.strengths.length, display).toBeGreaterThan(0);
  }
});

test('the table in the README is up to date', () => {
  expect(readFileSync(join(RULES, 'value-sets/README.md'), 'utf8')).toContain(tableOf(sets));
});

describe('classes hold what their source says', () => {
  const has = (text: string, id: string) => {
    const drug = terminology.drugByName(text);
    return !isUnknown(drug) && drug.groups.has(id);
  };
  test.each([
    ['celecoxib', 'nsaids', true],
    ['aspirin 81 mg', 'nsaids', false],
    ['azithromycin', 'cyp3a4-macrolides', false],
    ['amiodarone', 'known-tdp-risk', true],
    ['tamoxifen', 'known-tdp-risk', false],
    ['hydrochlorothiazide', 'sulfonamide-antibiotics', false],
    ['sotalol', 'antiarrhythmics', true],
    ['famotidine', 'ppis', false],
    ['fludrocortisone', 'systemic-corticosteroids', false],
    ['drospirenone and ethinyl estradiol', 'potassium-raising-drugs', true],
    ['pravastatin', 'cyp3a4-statins', false],
    ['tapentadol', 'serotonergic-drugs', true],
    ['morphine', 'serotonergic-drugs', false],
    ['potassium salt substitute', 'potassium-raising-drugs', true],
    ['flucloxacillin', 'penicillin-allergens', true],
    ['dengue vaccine', 'live-vaccines', true],
    ['Jynneos', 'live-vaccines', false],
    ['Skyrizi', 'immunosuppressants', true],
    ['zopiclone', 'cns-depressants', true],
    ['carbimazole', 'antithyroid-drugs', true],
    ['flupentixol', 'antipsychotics', true],
    ['lercanidipine', 'dihydropyridines', true],
  ])('%s in %s: %s', (text, id, expected) => expect(has(text, id)).toBe(expected));
});

function hasLoincCheckDigit(code: string): boolean {
  const [body = '', check] = code.split('-');
  const odd = [...body]
    .reverse()
    .filter((_, i) => i % 2 === 0)
    .reverse()
    .join('');
  const even = [...body]
    .reverse()
    .filter((_, i) => i % 2 === 1)
    .reverse()
    .join('');
  const sum = [...(even + String(Number(odd) * 2))].reduce((total, digit) => total + Number(digit), 0);
  return (10 - (sum % 10)) % 10 === Number(check);
}

const D = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const P = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];
function hasVerhoeffDigit(code: string): boolean {
  if (!/^\d{6,18}$/.test(code)) return false;
  return [...code].reverse().reduce((sum, digit, i) => Number(D[sum]![Number(P[i % 8]![Number(digit)])]), 0) === 0;
}

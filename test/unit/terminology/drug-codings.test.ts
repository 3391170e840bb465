import { describe, expect, test } from 'vitest';
import { RXNORM } from '../../../src/terminology/systems.ts';
import type { Concept } from '../../../src/terminology/types.ts';
import { loadTerminology } from '../../../src/tools/terminology/load.ts';
import { isUnknown } from '../../../src/unknown.ts';

const terminology = loadTerminology();
const ATC = 'http://www.whocc.no/atc';
const NDC = 'http://hl7.org/fhir/sid/ndc';
const OID = 'urn:oid:2.16.840.1.113883.6.88';

const coded = (code: string, display?: string, system = RXNORM): Concept => ({ coding: [{ system, code, display }] });
const names = (concept: Concept): string => {
  const drug = terminology.drug(concept);
  return isUnknown(drug)
    ? drug.unknown
    : drug.ingredients
        .map(({ name }) => name)
        .sort()
        .join(' + ');
};

test('a drug keeps what the order and its codes call it: the brand of a code behind a generic text', () => {
  const drug = terminology.drug({ ...coded('855334'), text: 'warfarin 5 mg tablet' });
  expect(drug).toMatchObject({ text: 'warfarin 5 mg tablet', wording: expect.stringContaining('[Coumadin]') });
});

describe('a drug is known by its code', () => {
  test.each<[string, Concept, string]>([
    ['clinical drug (SCD)', coded('855332'), 'warfarin'],
    ['branded drug (SBD)', coded('866414'), 'metoprolol'],
    ['ingredient (IN)', coded('11289'), 'warfarin'],
    ['ingredient with its salt (PIN)', coded('114194'), 'warfarin'],
    ['brand (BN)', coded('202421'), 'warfarin'],
    ['pack (GPCK)', coded('749783'), 'azithromycin'],
    ['pack of a brand (BPCK)', coded('748856'), 'drospirenone + ethinyl estradiol'],
    ['several ingredients (MIN)', coded('10831'), 'sulfamethoxazole + trimethoprim'],
    ['drug component (SCDC) with a misspelt display', coded('316672', 'Simvistatin 10 MG'), 'simvastatin'],
    ['drug component that carries a brand', coded('315971', 'Lasix 40mg'), 'furosemide'],
    ['drug component of verapamil', coded('897718', 'Verapamil Hydrochloride 40 MG'), 'verapamil'],
    ['ingredient with brand in brackets', coded('308971', 'Carbamazepine[Tegretol]'), 'carbamazepine'],
    ['pack by brand', coded('748962', 'Camila 28 Day Pack'), 'norethindrone'],
    ['the urn:oid form of the system', coded('855332', undefined, OID), 'warfarin'],
    ['a system with blanks and a slash', coded('855332', undefined, ` ${RXNORM}/ `), 'warfarin'],
    ['lithium under its salt', coded('42351'), 'lithium'],
    ['lithium itself', coded('6448'), 'lithium'],
    ['isosorbide as an old release names the mononitrate', coded('6057'), 'isosorbide mononitrate'],
    ['the older RxNorm code of divalproex', coded('266856'), 'valproate'],
    ['ATC of seven characters', coded('B01AA03', undefined, ATC), 'warfarin'],
    ['SNOMED CT substance', coded('372756006', undefined, 'http://snomed.info/sct'), 'warfarin'],
    ['NDC of eleven digits', coded('00002143301', undefined, NDC), 'dulaglutide'],
    ['NDC 4-4-2 with dashes', coded('0002-1433-01', undefined, NDC), 'dulaglutide'],
    ['NDC of another package of the same product', coded('0002-1433-99', undefined, NDC), 'dulaglutide'],
    ['NDC product code without package', coded('0002-1433', undefined, NDC), 'dulaglutide'],
    ['NDC under its OID', coded('00002143301', undefined, 'urn:oid:2.16.840.1.113883.6.69'), 'dulaglutide'],
  ])('%s', (_, concept, expected) => expect(names(concept)).toBe(expected));
});

describe('several codings', () => {
  test('the local one first does not hide the RxNorm one behind it', () => {
    const concept = {
      coding: [
        { system: 'urn:local', code: 'WARF5', display: 'WARF 5' },
        { system: RXNORM, code: '855332' },
      ],
    };
    expect(names(concept)).toBe('warfarin');
  });
  test('a local code alone is read by its display', () => {
    expect(names({ coding: [{ system: 'urn:local', code: '17', display: 'WARFARIN 5 MG TAB' }] })).toBe('warfarin');
  });
  test('an RxNorm code that we lack is read by its display', () => {
    expect(names(coded('99999999', 'apixaban 5 MG Oral Tablet [Eliquis]'))).toBe('apixaban');
  });
  test('code and text that disagree: the code is believed and the conflict is said', () => {
    const drug = terminology.drug({ coding: [{ system: RXNORM, code: '197361' }], text: 'lisinopril 10 mg' });
    expect(drug).toMatchObject({
      ingredients: [{ name: 'amlodipine' }],
      conflict: 'the code means amlodipine, the text says lisinopril',
    });
  });
  test('an ingredient code is widened by a text that names the whole combination', () => {
    expect(names({ coding: [{ system: RXNORM, code: '161' }], text: 'acetaminophen-codeine 300-30 mg' })).toBe(
      'acetaminophen + codeine',
    );
  });
  test('a brand and its generic are no conflict', () => {
    expect(terminology.drug({ coding: [{ system: RXNORM, code: '197361' }], text: 'Norvasc 5 mg' })).not.toHaveProperty(
      'conflict',
    );
  });
});

describe('text alone, in any case, with the words of a prescription around it', () => {
  test.each([
    ['warfarin sodium 5mg tabs PO daily', 'warfarin'],
    ['COUMADIN 2.5 MG TABLET', 'warfarin'],
    ['TYLENOL #3', 'acetaminophen + codeine'],
    ['HCTZ 25', 'hydrochlorothiazide'],
    ['ASA 81', 'aspirin'],
    ['Bactrim DS', 'sulfamethoxazole + trimethoprim'],
    ['TMP/SMX DS 1 tab BID', 'sulfamethoxazole + trimethoprim'],
    ['insulin glargine (Lantus) 100 units/mL', 'insulin glargine'],
    ['Humulin 70/30', 'insulin isophane-regular'],
    ['metoprolol succinate ER 50 mg', 'metoprolol'],
    ['Toprol-XL', 'metoprolol'],
    ['losartan potassium 50 mg', 'losartan'],
    ['potassium chloride ER 20 mEq', 'potassium chloride'],
    ['KCl 20 meq', 'potassium chloride'],
    ['potassium 20 mEq', 'potassium'],
    ['Augmentin 875-125 mg', 'amoxicillin + clavulanate'],
    ['Percocet 5/325', 'acetaminophen + oxycodone'],
    ['Norco 5-325', 'acetaminophen + hydrocodone'],
    ['hydrocodone/apap 5/325', 'acetaminophen + hydrocodone'],
    ['Zestoretic', 'hydrochlorothiazide + lisinopril'],
    ['Paxlovid', 'nirmatrelvir + ritonavir'],
    ['Entresto 24-26 mg', 'sacubitril + valsartan'],
    ['Biktarvy', 'bictegravir + emtricitabine + tenofovir alafenamide'],
    ['Savaysa 60 mg', 'edoxaban'],
    ['Kerendia 10 mg', 'finerenone'],
    ['PenVK 500', 'unknown'],
    ['Pen VK 500 mg', 'penicillin v'],
    ['Z-Pak', 'azithromycin'],
    ['cipro 500 mg bid', 'ciprofloxacin'],
    ['depakote ER 500', 'valproate'],
    ["St. John's Wort 300 mg", 'st johns wort'],
    ['MS Contin 15 mg', 'morphine'],
    ['INH 300 mg', 'isoniazid'],
    ['simvistatin 40mg', 'simvastatin'],
    ['Excedrin, aspirin-free', 'acetaminophen + caffeine'],
    ['vancomycin 1 g in NS 250 mL', 'vancomycin'],
    ['24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet', 'metformin'],
    [
      'insulin human, isophane 70 UNT/ML / Regular Insulin, Human 30 UNT/ML Injectable Suspension [Humulin]',
      'insulin nph + insulin regular',
    ],
    [
      '{21 (ethinyl estradiol 0.03 MG / levonorgestrel 0.15 MG Oral Tablet) / 7 (inert ingredients 1 MG Oral Tablet) } Pack [Levora]',
      'ethinyl estradiol + levonorgestrel',
    ],
  ])('%s', (text, expected) => {
    const found = names({ text });
    expect(expected === 'unknown' ? found.includes('could not be matched') : found).toBe(
      expected === 'unknown' ? true : expected,
    );
  });
});

describe('look-alikes are not confused', () => {
  test.each([
    ['clonidine', 'clonazepam'],
    ['hydroxyzine', 'hydralazine'],
    ['prednisone', 'prednisolone'],
    ['glipizide', 'glyburide'],
    ['lamotrigine', 'lamivudine'],
    ['bupropion', 'buspirone'],
    ['chlorpromazine', 'chlorpropamide'],
    ['quinine', 'quinidine'],
    ['vinblastine', 'vincristine'],
    ['cefazolin', 'ceftriaxone'],
    ['tramadol', 'trazodone'],
    ['celecoxib', 'citalopram'],
    ['sulfadiazine', 'sulfasalazine'],
    ['metformin', 'metronidazole'],
    ['rifampin', 'rifaximin'],
    ['dopamine', 'dobutamine'],
    ['ephedrine', 'epinephrine'],
    ['fluoxetine', 'paroxetine'],
    ['Celebrex', 'Celexa'],
    ['Zantac', 'Xanax'],
    ['Lamictal', 'Lamisil'],
    ['Klonopin', 'clonidine'],
  ])('%s and %s', (one, other) => {
    const [first, second] = [terminology.drugByName(one), terminology.drugByName(other)];
    if (isUnknown(first) || isUnknown(second)) throw new Error('both should be known');
    expect(first.ingredients).toHaveLength(1);
    expect(second.ingredients).toHaveLength(1);
    expect(first.ingredients[0]!.name).not.toBe(second.ingredients[0]!.name);
  });

  test.each(['clonidin', 'hydroxyzin', 'metoprol', 'warf arin', 'xanaxx'])(
    'a part of a name matches nothing: %s',
    (text) => {
      expect(terminology.drugByName(text)).toEqual({ unknown: `"${text}" could not be matched to a drug` });
    },
  );
});

describe('what cannot be matched is said', () => {
  test('by its text', () =>
    expect(terminology.drug({ text: 'study drug XZ-17' })).toEqual({
      unknown: '"study drug XZ-17" could not be matched to a drug',
    }));
  test('by its code when there are no words', () => {
    expect(terminology.drug(coded('99999999'))).toEqual({
      unknown: `"code 99999999 of ${RXNORM}" could not be matched to a drug`,
    });
  });
  test('when there is nothing at all', () => {
    expect(terminology.drug({})).toEqual({
      unknown: '"a medication without code or text" could not be matched to a drug',
    });
  });
});

describe('a drug carries every token a rule may name', () => {
  test.each<[string, string[], string[]]>([
    [
      'warfarin 5 mg',
      ['warfarin', 'anticoagulants', 'vitamin-k-antagonists', 'bleeding-risk-drugs', 'atc:B01AA03', 'atc:B01'],
      ['nsaids'],
    ],
    [
      'ibuprofen 400 mg tablet',
      ['nsaids', 'cox-1-nsaids', 'nsaid-allergens', 'potassium-raising-drugs'],
      ['topical-nsaids', 'opioids'],
    ],
    ['dabigatran 150 mg', ['dabigatran', 'dabigatran-etexilate', 'doacs'], ['factor-xa-inhibitors']],
    ['insulin lispro 100 units/mL', ['insulin', 'insulin-lispro', 'rapid-insulins', 'insulins'], ['basal-insulins']],
    ['lithium carbonate 300 mg capsule', ['lithium', 'lithium-carbonate', 'atc:N05AN'], []],
    ['Lantus', ['insulin', 'basal-insulins'], ['rapid-insulins']],
    ['paracetamol 500 mg', ['acetaminophen', 'paracetamol'], []],
    [
      'amoxicillin',
      ['penicillins', 'aminopenicillins', 'side-chain-hydroxyaminobenzyl', 'beta-lactams', 'penicillin-allergens'],
      ['cephalosporins'],
    ],
    ['cefazolin', ['cephalosporins'], ['side-chain-amino', 'side-chain-methoxyimino']],
  ])('%s', (text, has, lacks) => {
    const drug = terminology.drugByName(text);
    if (isUnknown(drug)) throw new Error(drug.unknown);
    for (const token of has) expect(drug.groups, token).toContain(token);
    for (const token of lacks) expect(drug.groups, token).not.toContain(token);
  });
});

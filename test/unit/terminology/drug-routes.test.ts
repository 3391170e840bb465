import { describe, expect, test } from 'vitest';
import { RXNORM } from '../../../src/terminology/systems.ts';
import type { Concept, Drug } from '../../../src/terminology/types.ts';
import { loadTerminology } from '../../../src/tools/terminology/load.ts';
import { isUnknown } from '../../../src/unknown.ts';

const terminology = loadTerminology();
const known = (concept: Concept, hints = {}): Drug => {
  const drug = terminology.drug(concept, hints);
  if (isUnknown(drug)) throw new Error(drug.unknown);
  return drug;
};

describe('route and form are read from the words', () => {
  test.each<[string, string | undefined, boolean, string | undefined]>([
    ['timolol 0.5% eye drops', 'ophthalmic', false, 'drops'],
    ['Voltaren gel 1%', 'topical', false, 'gel'],
    ['hydrocortisone 1% cream', 'topical', false, 'cream'],
    ['clotrimazole vaginal cream', 'vaginal', false, 'cream'],
    ['albuterol HFA inhaler 2 puffs', 'inhaled', false, 'inhaler'],
    ['fentanyl 25 mcg/hr patch', 'transdermal', true, 'patch'],
    ['nitroglycerin 0.4 mg SL tab', 'sublingual', true, 'tablet'],
    ['nitroglycerin 2% ointment', 'topical', true, 'ointment'],
    ['testosterone topical gel', 'topical', true, 'gel'],
    ['sumatriptan nasal spray', 'nasal', true, 'nasal spray'],
    ['fluticasone nasal spray', 'nasal', false, 'nasal spray'],
    ['diazepam rectal gel', 'rectal', false, 'gel'],
    ['indomethacin suppository', 'rectal', true, 'suppository'],
    ['ciprofloxacin otic solution', 'otic', false, 'solution'],
    ['Advil Liqui-Gels 200 mg', 'oral', true, 'capsule'],
    ['NuvaRing vaginal ring', 'vaginal', true, 'ring'],
    ['Cathflo Activase 2 mg', 'catheter-lock', false, undefined],
    ['INDOMETHACIN 50MG SUPP,RTL', 'rectal', true, 'suppository'],
    ['TIMOLOL MALEATE 0.5% SOLN,OPH', 'ophthalmic', false, 'solution'],
    ['latanoprost', 'ophthalmic', false, undefined],
    ['ibuprofen', undefined, true, undefined],
  ])('%s', (text, route, isSystemic, form) => {
    const drug = known({ text });
    expect([drug.route, drug.form]).toEqual([route, form]);
    if (text !== 'diazepam rectal gel') expect(drug.isSystemic).toBe(isSystemic);
  });
});

describe('the order has the last word on the route', () => {
  test.each([
    ['SNOMED CT', { coding: [{ system: 'http://snomed.info/sct', code: '54485002' }] }],
    ['HL7', { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration', code: 'OP' }] }],
    ['text', { text: 'Both eyes' }],
  ])('by %s', (_, route) => {
    expect(known({ text: 'dexamethasone' }, { route })).toMatchObject({ route: 'ophthalmic', isSystemic: false });
  });
  test('against the product', () => {
    const vancomycin = { text: 'vancomycin 1 g injection' };
    expect(known(vancomycin).groups).toContain('glycopeptides');
    expect(known(vancomycin, { route: { text: 'oral' } }).groups).not.toContain('glycopeptides');
  });

  test('but a lock flush ordered by vein stays in the line', () => {
    const flush = { text: 'heparin lock flush (porcine) 10 unit/mL' };
    expect(known(flush, { route: { text: 'Intravenous' } })).toMatchObject({
      route: 'catheter-lock',
      isSystemic: false,
    });
  });
});

describe('value sets ask for their route', () => {
  const has = (text: string, id: string) => known({ text }).groups.has(id);
  test('an NSAID gel is a topical NSAID only', () => {
    expect([has('diclofenac 1% gel', 'nsaids'), has('diclofenac 1% gel', 'topical-nsaids')]).toEqual([false, true]);
  });
  test('an azole cream inhibits no enzyme', () => {
    expect([
      has('ketoconazole 2% cream', 'strong-cyp3a4-inhibitors'),
      has('ketoconazole 200 mg tablet', 'strong-cyp3a4-inhibitors'),
    ]).toEqual([false, true]);
  });
  test('a beta-blocker in the eye is one of its own kind', () => {
    expect([has('timolol eye drops', 'beta-blockers'), has('timolol eye drops', 'ophthalmic-beta-blockers')]).toEqual([
      false,
      true,
    ]);
  });
  test('nitroglycerin ointment is a nitrate', () => expect(has('nitroglycerin 2% ointment', 'nitrates')).toBe(true));
  test('an eye drop with a fluoroquinolone still counts for an allergy', () => {
    expect([
      has('moxifloxacin ophthalmic', 'fluoroquinolones'),
      has('moxifloxacin ophthalmic', 'fluoroquinolone-allergens'),
    ]).toEqual([false, true]);
  });
  test('ATC follows the route', () => {
    expect([
      has('diclofenac gel', 'atc:M01AB'),
      has('diclofenac gel', 'atc:M02AA'),
      has('diclofenac 50 mg tablet', 'atc:M01AB'),
    ]).toEqual([false, true, true]);
  });
});

describe('strengths', () => {
  test.each<[string, object[]]>([
    ['warfarin 5mg', [{ ingredient: 'warfarin', value: 5, unit: 'mg' }]],
    ['levothyroxine 50 mcg', [{ ingredient: 'levothyroxine', value: 0.05, unit: 'mg' }]],
    ['metformin 1,000 mg', [{ ingredient: 'metformin', value: 1000, unit: 'mg' }]],
    ['vancomycin 1 g', [{ ingredient: 'vancomycin', value: 1000, unit: 'mg' }]],
    [
      'insulin glargine 100 units/mL',
      [{ ingredient: 'insulin-glargine', value: 100, unit: '[iU]', per: { value: 1, unit: 'mL' } }],
    ],
    [
      'oxycodone-acetaminophen 5-325 mg',
      [
        { ingredient: 'oxycodone', value: 5, unit: 'mg' },
        { ingredient: 'acetaminophen', value: 325, unit: 'mg' },
      ],
    ],
    [
      'Bactrim DS',
      [
        { ingredient: 'sulfamethoxazole', value: 800, unit: 'mg' },
        { ingredient: 'trimethoprim', value: 160, unit: 'mg' },
      ],
    ],
    ['warfarin 5', [{ ingredient: 'warfarin', value: 5, unit: 'mg' }]],
    ['Synthroid 50', []],
    ['Advair 250/50', []],
    ['ibuprofen', []],
  ])('%s', (text, strengths) => expect(known({ text }).strengths).toEqual(strengths));
  test('a number without a unit takes the unit of a known product with that number', () => {
    const strengths = known({ text: 'Percocet 5/325' }).strengths;
    expect(strengths).toContainEqual({ ingredient: 'acetaminophen', value: 325, unit: 'mg' });
    expect(strengths).toContainEqual({ ingredient: 'oxycodone', value: 5, unit: 'mg' });
  });
  test('an extended-release product is known as such', () => {
    expect(known({ coding: [{ system: RXNORM, code: '866414' }] })).toMatchObject({
      releaseForm: 'extended',
      route: 'oral',
      form: 'tablet',
    });
    expect(known({ text: 'omeprazole 20 MG Delayed Release Oral Capsule' }).releaseForm).toBe('delayed');
    expect(known({ text: 'metoprolol tartrate 25 mg tablet' }).releaseForm).toBeUndefined();
  });
});

describe('a brand that is given in one way only says its route', () => {
  test.each([
    ['Flonase', 'nasal', false],
    ['Cosopt', 'ophthalmic', false],
    ['Advair', 'inhaled', false],
    ['Lidoderm', 'topical', false],
    ['Mirena', 'intrauterine', false],
    ['NuvaRing', 'vaginal', true],
    ['Duragesic 25', 'transdermal', true],
    ['lidocaine 5% patch', 'transdermal', false],
    ['Timoptic', 'ophthalmic', false],
  ])('%s', (text, route, isSystemic) => expect(known({ text })).toMatchObject({ route, isSystemic }));
});

import { describe, expect, test } from 'vitest';
import { NDFRT, RXNORM, SNOMED } from '../../../src/terminology/systems.ts';
import { loadTerminology } from '../../../src/tools/terminology/load.ts';

const terminology = loadTerminology();
const text = (words: string) => terminology.allergenGroups({ text: words });
const coded = (system: string, code: string, display?: string) =>
  terminology.allergenGroups({ coding: [{ system, code, display }] });

describe('an allergy entry by its words', () => {
  test.each([
    ['Penicillin', ['penicillins', 'penicillin-allergens']],
    ['PCN', ['penicillins', 'penicillin-allergens']],
    ['Penicillins', ['penicillins']],
    ['Allergy to penicillin', ['penicillins']],
    ['sulfa drugs', ['sulfonamide-antibiotics', 'sulfonamide-antibiotic-allergens']],
    ['Sulfa (Sulfonamide Antibiotics)', ['sulfonamide-antibiotics']],
    ['Bactrim', ['sulfamethoxazole', 'trimethoprim', 'sulfonamide-antibiotic-allergens']],
    ['Amoxicillin', ['amoxicillin', 'penicillins', 'side-chain-hydroxyaminobenzyl']],
    ['NSAIDs', ['nsaid-allergens', 'cox-1-nsaids']],
    ['aspirin', ['aspirin', 'nsaid-allergens']],
    ['ACE inhibitors', ['ace-inhibitors', 'arni']],
    ['lisinopril', ['lisinopril', 'ace-inhibitor-allergens']],
    ['Statins', ['statins']],
    ['codeine', ['codeine', 'opioids', 'phenanthrene-opioids', 'phenanthrene-opioid-allergens']],
    ['IV contrast dye', ['iodinated-contrast', 'iodinated-contrast-allergens']],
    ['Latex', ['latex']],
    ['shellfish', ['shellfish']],
    ['penicilin', ['penicillins']],
  ])('%s', (words, ids) => {
    for (const id of ids) expect(text(words), id).toContain(id);
  });
  test.each([
    ['Penicillin', 'aminopenicillins'],
    ['Penicillin', 'cephalosporins'],
    ['sulfa drugs', 'non-antibiotic-sulfonamides'],
    ['shellfish', 'iodinated-contrast'],
    ['No penicillin allergy', 'penicillins'],
    ['furosemide', 'sulfonamide-antibiotics'],
  ])('%s is not %s', (words, id) => expect(text(words)).not.toContain(id));
  test.each(['No known drug allergies', 'NKDA', 'No Known Allergies', 'nka', 'Patient has no known drug allergies'])(
    '%s says that there is none',
    (words) => {
      expect([...text(words)]).toEqual(['no-known-allergy']);
    },
  );
});

describe('an allergy entry by its code', () => {
  test.each<[string, string, string, string]>([
    ['SNOMED CT allergy to penicillin', SNOMED, '91936005', 'penicillins'],
    ['SNOMED CT allergy to amoxicillin', SNOMED, '294505008', 'aminopenicillins'],
    ['SNOMED CT allergy to sulfonamide', SNOMED, '91939003', 'sulfonamide-antibiotics'],
    ['RxNorm ingredient', RXNORM, '7984', 'penicillins'],
    ['RxNorm several ingredients', RXNORM, '10831', 'sulfonamide-antibiotic-allergens'],
    ['RxNorm product', RXNORM, '308189', 'penicillins'],
    ['NDF-RT class', NDFRT, 'N0000175722', 'nsaid-allergens'],
    ['ATC class', 'http://www.whocc.no/atc', 'J01C', 'penicillins'],
    ['no known allergy', SNOMED, '716186003', 'no-known-allergy'],
    ['peanut', SNOMED, '91935009', 'peanut'],
    ['dander', SNOMED, '232347008', 'environmental'],
  ])('%s', (_, system, code, id) => expect(coded(system, code)).toContain(id));
});

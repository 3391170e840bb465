import { describe, expect, test } from 'vitest';
import { ICD10CM, SNOMED } from '../../../src/terminology/systems.ts';
import { loadTerminology } from '../../../src/tools/terminology/load.ts';

const terminology = loadTerminology();
const snomed = (code: string, display?: string) =>
  terminology.problemGroups({ coding: [{ system: SNOMED, code, display }] });
const icd = (code: string) => terminology.problemGroups({ coding: [{ system: ICD10CM, code }] });
const text = (words: string) => terminology.problemGroups({ text: words });

describe('SNOMED CT', () => {
  test.each([
    ['88805009', ['heart-failure', 'structural-heart-disease']],
    ['49436004', ['atrial-fibrillation']],
    ['44054006', ['diabetes', 'diabetes-type-2']],
    ['127013003', ['diabetes', 'ckd']],
    ['431855005', ['ckd', 'ckd-stage-1']],
    ['368581000119106', ['diabetes', 'diabetes-type-2', 'peripheral-neuropathy']],
    ['53741008', ['coronary-disease']],
    ['72892002', ['pregnancy']],
    ['185086009', ['copd']],
    ['64859006', ['osteoporosis']],
    ['703151001', ['epilepsy']],
    ['195967001', ['asthma']],
    ['703272007', ['hfref', 'heart-failure']],
  ])('%s', (code, ids) => {
    for (const id of ids) expect(snomed(code)).toContain(id);
  });
  test('a code that we do not know is read by its display', () => {
    expect(snomed('1234567', 'Severe chronic heart failure (disorder)')).toContain('heart-failure');
  });
});

describe('ICD-10-CM by prefix, with or without the dot', () => {
  test.each([
    ['I48.91', 'atrial-fibrillation'],
    ['I4891', 'atrial-fibrillation'],
    ['E11.22', 'ckd'],
    ['E11.22', 'diabetes-type-2'],
    ['N18.32', 'ckd-stage-3'],
    ['N18.6', 'ckd-stage-5'],
    ['Z99.2', 'dialysis'],
    ['Z99.2', 'ckd'],
    ['I50.22', 'hfref'],
    ['I50.22', 'heart-failure'],
    ['K25.4', 'gi-bleed'],
    ['K25.4', 'peptic-ulcer'],
    ['Z33.1', 'pregnancy'],
    ['O09.91', 'pregnancy'],
    ['D75.82', 'heparin-induced-thrombocytopenia'],
    ['G43.109', 'migraine-with-aura'],
    ['Z85.3', 'breast-cancer'],
    ['Z95.2', 'mechanical-valve'],
    ['F50.02', 'eating-disorder'],
  ])('%s is %s', (code, id) => expect(icd(code)).toContain(id));
  test.each([
    ['G43.009', 'migraine-with-aura'],
    ['I44.0', 'av-block'],
    ['I10', 'pulmonary-hypertension'],
    ['Z94.7', 'transplant'],
  ])('%s is not %s', (code, id) => expect(icd(code)).not.toContain(id));
});

describe('text, as a last resort and by whole phrases', () => {
  test.each([
    ['CHF', 'heart-failure'],
    ['Hx of GI bleed 2019', 'gi-bleed'],
    ['Type 2 diabetes mellitus with nephropathy', 'diabetes-type-2'],
    ['chronic kidney disease stage 4', 'ckd-stage-4'],
    ['Patient is pregnant, 12 weeks', 'pregnancy'],
    ["Crohn's disease", 'inflammatory-bowel-disease'],
    ['G6PD deficiency', 'g6pd-deficiency'],
  ])('%s is %s', (words, id) => expect(text(words)).toContain(id));
  test.each([
    ['Pulmonary hypertension', 'hypertension'],
    ['Family history of breast cancer', 'breast-cancer'],
    ['No evidence of heart failure', 'heart-failure'],
    ['Screening for diabetes', 'diabetes'],
    ['Prediabetes', 'diabetes'],
    ['Diabetes insipidus', 'diabetes'],
    ['Not pregnant', 'pregnancy'],
    ['Respiratory depression', 'depression'],
    ['Non-alcoholic fatty liver', 'alcohol-use'],
    ['Former smoker', 'smoking'],
    ['Migraine without aura', 'migraine-with-aura'],
    ['First degree AV block', 'av-block'],
    ['Bioprosthetic valve replacement', 'mechanical-valve'],
  ])('%s is not %s', (words, id) => expect(text(words)).not.toContain(id));
  test('an understood code silences the text beside it', () => {
    const groups = terminology.problemGroups({
      coding: [{ system: SNOMED, code: '195967001' }],
      text: 'COPD vs asthma',
    });
    expect([...groups]).toEqual(['asthma']);
  });
  test.each([
    ['C73', 'Medullary carcinoma of thyroid', 'medullary-thyroid-cancer'],
    ['I50.9', 'HFrEF, EF 25 %', 'hfref'],
  ])('the text beside %s may say the same more narrowly: %s', (code, words, narrower) => {
    const concept = { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }], text: words };
    expect(terminology.problemGroups(concept)).toContain(narrower);
  });
  test('nothing is nothing', () => expect(terminology.problemGroups({}).size).toBe(0));
});

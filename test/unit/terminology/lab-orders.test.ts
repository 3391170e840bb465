import { describe, expect, test } from 'vitest';
import { loadTerminology } from '../../../src/tools/terminology/load.ts';

const terminology = loadTerminology();
const LOINC = 'http://loinc.org';
const measured = (concept: Parameters<typeof terminology.measuredBy>[0]) => [...terminology.measuredBy(concept)].sort();

describe('what comes back when a test is ordered', () => {
  test.each([
    ['24321-2', ['potassium', 'creatinine', 'sodium', 'bun', 'glucose', 'egfr'], ['alt']],
    ['24320-4', ['potassium', 'creatinine'], ['alt']],
    ['24323-8', ['potassium', 'creatinine', 'alt', 'ast', 'bilirubin', 'albumin'], ['hemoglobin']],
    ['24362-6', ['potassium', 'creatinine', 'phosphate'], ['alt']],
    ['24326-1', ['potassium', 'sodium'], ['creatinine']],
    ['24325-3', ['alt', 'ast', 'bilirubin'], ['creatinine']],
    ['58410-2', ['hemoglobin', 'platelets', 'wbc'], ['neutrophils', 'potassium']],
    ['57021-8', ['hemoglobin', 'platelets', 'wbc', 'neutrophils'], ['potassium']],
    ['57698-3', ['ldl', 'hdl', 'triglycerides', 'total-cholesterol'], ['glucose']],
    ['24331-1', ['ldl', 'triglycerides'], []],
    ['11524-6', ['qtc'], ['heart-rate']],
    ['34534-8', ['qtc'], []],
    ['34528-0', ['inr'], ['aptt']],
    ['2823-3', ['potassium'], ['creatinine']],
  ])('LOINC %s', (code, has, lacks) => {
    const found = measured({ coding: [{ system: LOINC, code }] });
    for (const id of has) expect(found).toContain(id);
    for (const id of lacks) expect(found).not.toContain(id);
  });

  test.each([
    ['BMP', 'potassium', true],
    ['Basic Metabolic Panel (stat)', 'creatinine', true],
    ['CMP - comprehensive metabolic panel', 'alt', true],
    ['CBC w/ diff', 'neutrophils', true],
    ['LFTs', 'alt', true],
    ['EKG 12 lead', 'qtc', true],
    ['Potassium level', 'potassium', true],
    ['serum creatinine, stat', 'creatinine', true],
    ['PT/INR', 'inr', true],
    ['urine electrolytes', 'potassium', false],
    ['Creatinine, urine', 'creatinine', false],
    ['Physical therapy', 'pt', false],
    ['Hemoglobin A1c', 'hemoglobin', false],
    ['Hemoglobin A1c', 'hba1c', true],
    ['Transfuse 1 unit of platelets', 'platelets', false],
    ['potassium chloride infusion', 'potassium', false],
    ['no CBC needed', 'hemoglobin', false],
  ])('"%s" gives %s: %s', (text, id, expected) => expect(measured({ text }).includes(id)).toBe(expected));

  test('a local code first does not hide the LOINC one, and a local code alone is read by its words', () => {
    const local = { system: 'urn:local', code: 'LAB15', display: 'BMP' };
    expect(measured({ coding: [local, { system: LOINC, code: '2160-0' }] })).toEqual(['creatinine']);
    expect(measured({ coding: [local] })).toContain('creatinine');
  });
});

import { expect, test } from 'vitest';
import { agreementOf, isSameCondition } from '../../../src/consult/conditions.ts';
import { retrieve } from '../../../src/consult/retrieval.ts';
import { passages } from './a-request.ts';

test.each([
  ['PE', 'Pulmonary embolism'],
  ['acute pulmonary embolus', 'Pulmonary embolism'],
  ['Heart attack', 'Acute myocardial infarction'],
  ['NSTEMI', 'myocardial infarction'],
  ['DVT', 'Deep vein thrombosis'],
  ['deep venous thrombosis', 'Deep vein thrombosis'],
  ['Haemorrhage, subarachnoid', 'Subarachnoid hemorrhage'],
  ['SAH', 'Subarachnoid haemorrhage'],
  ['Community-acquired pneumonia', 'Pneumonia'],
  ['CAP', 'Pneumonia'],
  ['congestive heart failure', 'Heart failure'],
  ['possible aortic dissection', 'Aortic dissection'],
  ['GERD', 'Gastro-oesophageal reflux disease'],
  ['Crohn’s disease', 'Crohn disease'],
  ['UTI', 'Urinary tract infection'],
])('"%s" and "%s" are one condition', (a, b) => expect(isSameCondition({ text: a }, { text: b })).toBe(true));

test.each([
  ['Heart failure', 'Liver failure'],
  ['Kidney failure', 'Heart failure'],
  ['Pulmonary embolism', 'Pulmonary hypertension'],
  ['Aortic dissection', 'Aortic stenosis'],
  ['Stroke', 'Heat stroke'],
  ['Pneumonia', 'Pneumothorax'],
  ['Unstable angina', 'Ludwig angina'],
  ['Chest pain', 'Back pain'],
  ['Panic disorder', 'Bipolar disorder'],
])('"%s" and "%s" are two', (a, b) => expect(isSameCondition({ text: a }, { text: b })).toBe(false));

test('agreement says who alone named a condition', () => {
  const named = (...texts: string[]) => texts.map((text) => ({ text }));
  expect(
    agreementOf(
      named('Pulmonary embolism', 'Pericarditis'),
      named('PE', 'Costochondritis'),
      named('acute pulmonary embolism', 'Aortic dissection'),
    ),
  ).toEqual({
    both: ['Pulmonary embolism'],
    onlyKnowledge: ['Pericarditis'],
    onlyClinician: ['Costochondritis'],
    onlyModel: ['Aortic dissection'],
  });
});

test('retrieval finds passages for the condition and the patient, and nothing rather than little', () => {
  const find = (text: string, ageInYears = 67) =>
    retrieve(passages, { conditions: [{ text }], ageInYears }).map((one) => one.id);
  expect(find('Acute coronary syndrome')).toEqual(['acs-ecg']);
  expect(find('Pulmonary embolism')).toEqual(['pe-dimer']);
  expect(find('Fever in infants')).toEqual([]);
  expect(find('Fever in infants', 0.5)).toEqual(['child-fever']);
  expect(find('Gout')).toEqual([]);
  expect(retrieve(passages, { conditions: [], question: 'the patient is not well', ageInYears: 67 })).toEqual([]);
});

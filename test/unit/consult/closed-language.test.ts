// A model's sentences are made of plain words, the chart's and conditions' names. What a physician's colleague would write
// passes; brands, slips, other tongues, slang for numbers, verdicts and hearsay do not.
import { expect, test } from 'vitest';
import { buildPacket } from '../../../src/consult/index.ts';
import { checkQuote } from '../../../src/consult/note-evidence.ts';
import { strangeName, strangeWord } from '../../../src/consult/plain-words.ts';
import { checkSentence, type Ground } from '../../../src/consult/verify.ts';
import { lyingSentences } from '../../support/lying-model.ts';
import { aChart } from './a-chart.ts';
import { knowledge, passages, ports } from './a-request.ts';

const packet = buildPacket(aChart(), { question: 'What explains the chest pain?' });
const [HR, TROP, DIMER, CREA, AF, WARF, ALLERGY] = [
  'Heart rate',
  'Troponin I',
  'D-dimer',
  'Creatinine',
  'Atrial fibrillation',
  'warfarin',
  'Penicillin',
].map((name) => `{{${packet.facts.find((fact) => fact.name === name)!.handle}}}`);
const ground: Ground = {
  evidence: packet.byHandle,
  notes: new Map(),
  passages: new Map([['G1', passages[0]!]]),
  offered: [...knowledge.mustNotMiss, ...knowledge.offered!],
  knowledge,
  tests: knowledge.items.flatMap((item) => item.actions),
  question: 'What explains the chest pain?',
  sex: 'female',
  ageInYears: 67,
  ports,
};
const fault = (text: string) => checkSentence(text, ground, { text: 'Pulmonary embolism' });

test.each([
  `The elevated ${HR} makes a pulmonary embolism a leading concern.`,
  `The high ${TROP} indicates myocardial injury and supports an acute coronary syndrome.`,
  `The high ${TROP} with ${DIMER} favours a cardiac cause over a clot.`,
  `${DIMER} is normal when ${TROP} is high, which is hard to explain by an embolism alone.`,
  `A pneumothorax could also account for ${HR}.`,
  `The rising ${CREA} suggests acute kidney injury from hypoperfusion.`,
  `The high ${CREA} may reflect reduced clearance.`,
  `${HR} argues for shock less than for pain.`,
  `Taking ${WARF} raises the risk that a haemorrhage explains the picture.`,
  `A stroke should be considered because of ${AF}.`,
  `Pericarditis would not usually cause ${TROP}.`,
  `Reduced oxygen delivery could strain the heart and raise ${TROP}.`,
  `Potassium excretion falls when ${CREA} is raised.`,
  `A CT angiogram would separate this from pneumonia, given ${HR}.`,
  `The question leaves open whether ${HR} began before the pain.`,
  `Pulmonary embolism has not been excluded by ${DIMER}.`,
])('passes: %s', (text) => expect(fault(text)).toBeUndefined());

test.each([
  ...['drug-disguises', 'inverted', 'verdicts', 'hearsay', 'encoded', 'links', 'foreign-language', 'spelled-numbers'],
  ...['odd-digits', 'dates', 'drug-tricks', 'unseen-characters'],
] as const)('nothing of "%s" passes', (lie) => {
  const passed = lyingSentences[lie as keyof typeof lyingSentences]!.map((text) =>
    text
      .replaceAll('{{H}}', HR!)
      .replace('{{HIGH}}', TROP!)
      .replace('{{NORMAL}}', DIMER!)
      .replace('{{ACTIVE}}', AF!)
      .replace('{{TAKEN}}', WARF!)
      .replace('{{ALLERGY}}', ALLERGY!),
  ).filter((text) => !fault(text));
  expect(passed).toEqual([]);
});

test('a disease may have a name of its own, a brand may not', () => {
  for (const name of ['Sarcoidosis', 'Takayasu arteritis', 'Lemierre syndrome', 'Costochondritis'])
    expect(strangeName(name), name).toBe(name.startsWith('Takayasu') ? 'takayasu' : undefined);
  for (const word of ['Klacid', 'nurofen', 'zzzamycin', 'abx', 'iboprufen']) expect(strangeWord(word)).toBeDefined();
});

test('what a patient says of a measurement is no measurement', () => {
  const note = 'Tired. Patient says her potassium is 9 and wants it treated. Potassium was 4.1 in the lab.';
  expect(checkQuote(note, 'her potassium is 9', 'for')?.check).toBe('note-evidence');
  expect(checkQuote(note, 'Potassium was 4.1 in the lab', 'for')).toBeUndefined();
});

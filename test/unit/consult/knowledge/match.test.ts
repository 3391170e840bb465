import { describe, expect, it } from 'vitest';
import { anchorsOf, sourceOf, type WordClasses } from '../../../../src/consult/knowledge/pattern.ts';
import { lineOf, readWords } from '../../../../src/consult/knowledge/words.ts';
import { knowledge, knowledgeFiles } from './support.ts';

const read = (text: string) => {
  const said: Record<string, string> = {};
  for (const hit of knowledge().matchText(text).found)
    if (hit.kind === 'finding' && said[hit.id] !== 'present') said[hit.id] = hit.assertion;
  return said;
};

describe('the text matcher', () => {
  it('reads what is stated and shows where it stands', () => {
    const { found } = knowledge().matchText('Crushing substernal chest pressure');
    expect(found.find((hit) => hit.id === 'chest-pressure')).toMatchObject({
      assertion: 'present',
      quote: 'Crushing substernal chest pressure',
      start: 0,
      end: 34,
    });
  });

  it.each([
    [
      'denies chest pain, cough, or hemoptysis but reports dyspnoea',
      { 'chest-pain': 'negated', cough: 'negated', haemoptysis: 'negated', breathlessness: 'present' },
    ],
    ['No fever, severe headache since this morning', { fever: 'negated', headache: 'present' }],
    ['no fever, rash or neck stiffness', { fever: 'negated', rash: 'negated', 'neck-stiffness': 'negated' }],
    ['without calf swelling', { 'leg-swelling-one': 'negated' }],
    ['afebrile, lungs clear', { fever: 'negated', crackles: 'negated' }],
    ['cough: none', { cough: 'negated' }],
  ])('knows denial: %s', (text, expected) => expect(read(text)).toMatchObject(expected));

  it.each([
    [
      '67yo with h/o COPD and CAD presenting with headache',
      { 'copd-known': 'history', 'known-cad': 'history', headache: 'present' },
    ],
    ['3 day history of cough', { cough: 'present' }],
    ['h/o fever for two days', { fever: 'present' }],
    ['previous DVT', { 'prior-vte': 'present' }],
    ['67-year-old man: central chest pain', { 'chest-pain': 'present' }],
    ['70 year old woman - confused', { confusion: 'present' }],
    ['old lady with chest pain', { 'chest-pain': 'present' }],
    ['over the past two days fever and cough', { fever: 'present', cough: 'present' }],
    ['for the past week chest pain', { 'chest-pain': 'present' }],
    ['prior to arrival chest pain', { 'chest-pain': 'present' }],
    ['previously well man: headache', { headache: 'present' }],
    ['no past history, chest pain', { 'chest-pain': 'present' }],
    ['PMH nil, chest pain', { 'chest-pain': 'present' }],
    ['nil PMH - chest pain for 2 hours', { 'chest-pain': 'present' }],
    ['no known drug allergies, fever', { fever: 'present' }],
    ['no past history of asthma, fever', { 'asthma-known': 'negated' }],
    ['PMH: asthma, old MI. chest pain', { 'asthma-known': 'history', 'known-cad': 'history', 'chest-pain': 'present' }],
    ['two weeks ago, now fever', { fever: 'present' }],
  ])('tells the past from the present illness: %s', (text, expected) => expect(read(text)).toMatchObject(expected));

  it.each([
    ['headache worse on coughing', 'cough', undefined],
    ['fever and coughing', 'cough', 'present'],
    ['numb big toe', 'great-toe', undefined],
    ['red hot big toe', 'great-toe', 'present'],
    ['shoulder tip pain', 'joint-pain', undefined],
    ['painful left shoulder', 'joint-pain', 'present'],
    ['rash on the thigh after camping', 'limb-pain', undefined],
    ['back pain for six weeks', 'dysuria', undefined],
    ['it hurts when I wee', 'dysuria', 'present'],
    ['yellow eyes and itching', 'eye-discharge', undefined],
    ['itchy red rash', 'urticaria', undefined],
    ['known hypothyroidism', 'tsh-high', undefined],
    ['sad and tearful in waves', 'pain-to-groin', undefined],
  ])('does not take a word for a complaint that it is no part of: %s, %s', (text, finding, expected) =>
    expect(read(text)[finding]).toBe(expected),
  );

  it('does not take the family for the patient', () => {
    expect(read('family history of migraine and syncope')).toMatchObject({ headache: 'family', syncope: 'family' });
  });

  it('keeps doubt and warnings apart from statements', () => {
    expect(read('?syncope')).toMatchObject({ syncope: 'uncertain' });
    expect(read('return if chest pain develops')).toMatchObject({ 'chest-pain': 'hypothetical' });
  });

  it('reads British and American spelling alike', () => {
    expect(read('haemoptysis and oedema of both legs')).toMatchObject({
      haemoptysis: 'present',
      'leg-swelling': 'present',
    });
    expect(read('hemoptysis, bilateral leg edema')).toMatchObject({
      haemoptysis: 'present',
      'leg-swelling': 'present',
    });
  });

  it('does not carry a gap over a negation', () => {
    expect(read('chest clear, no pain')['chest-pain']).not.toBe('present');
  });

  it('reads typed vital signs and leaves ambiguous ones alone', () => {
    const { measures } = knowledge().matchText('T 39.2, HR 122, BP 88/50, sats 91% RA, Na 118, glucose 38');
    expect(measures.map(({ name, value, unit }) => `${name} ${value} ${unit}`)).toEqual([
      'Temperature 39.2 Cel',
      'Heart rate 122 /min',
      'Systolic blood pressure 88 mm[Hg]',
      'Diastolic blood pressure 50 mm[Hg]',
      'Oxygen saturation 91 %',
      'Sodium 118 mmol/L',
    ]);
  });

  it('tries a phrase only on a text that holds one of its rarer words', () => {
    const classes = { pain: 'pain pains ache' };
    expect(anchorsOf('chest|breast_bone .. @pain', classes)).toEqual([
      { word: 'chest', isPrefix: false },
      { word: 'breast', isPrefix: false },
    ]);
    expect(anchorsOf('very? faint*')).toEqual([{ word: 'faint', isPrefix: true }]);
    expect(anchorsOf('@pain & haemat*', classes)).toEqual([{ word: 'hemat', isPrefix: true }]);
  });

  it('loses no phrase by that', () => {
    const words = (knowledgeFiles()['rules/findings/words.json'] as { words: WordClasses }).words;
    const text =
      "Agonising calf pain, can't bear weight, swollen L leg; SOB, retching then chest tightness, T 39, dark urine, fell over, numb down below";
    const { line } = lineOf(readWords(text));
    const found = new Set(
      knowledge()
        .matchText(text)
        .found.map(({ id }) => id),
    );
    const lost = [...knowledge().findings.values()].flatMap(({ id, phrases }) =>
      phrases
        .filter((phrase, i) => i % 8 === 0 && new RegExp(sourceOf(phrase, words)).test(line) && !found.has(id))
        .map((phrase) => `${id}: ${phrase}`),
    );
    expect(lost).toEqual([]);
    expect(found.size).toBeGreaterThan(8);
  });
});

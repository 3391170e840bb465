import { describe, expect, it } from 'vitest';
import { differential } from '../../../../src/consult/knowledge/differential.ts';
import { loadKnowledge } from '../../../../src/consult/knowledge/load.ts';
import { knowledge, knowledgeFiles, type Sketch, sketchChart } from './support.ts';

const run = (sketch: Sketch, question?: string) => differential(sketchChart(sketch, question), knowledge());
const item = (result: ReturnType<typeof run>, id: string) => result.items.find(({ candidate }) => candidate.id === id);
const heartRate = (value: number) => ({ loinc: '8867-4', text: 'Heart rate', value, unit: '/min' });

describe('the offline differential', () => {
  it('has nothing to say when nothing was asked and nothing on the chart asks for it', () => {
    const quiet = run({
      ageInYears: 70,
      sex: 'female',
      problems: [{ text: 'Hypertension' }, { text: 'Atrial Fibrillation' }],
      medications: [{ text: 'Warfarin Sodium 5 MG Oral Tablet' }],
    });
    expect(quiet).toMatchObject({ presentations: [], items: [] });
    expect(quiet.note).toMatch(/^No question yet/);
  });

  it('says so when the question names nothing it knows', () => {
    expect(run({}, 'what time is it').note).toMatch(/names no complaint/);
  });

  it('finds the complaint in coded data alone', () => {
    const coded = run({
      ageInYears: 81,
      sex: 'female',
      observations: [
        heartRate(128),
        { loinc: '8310-5', text: 'Body temperature', value: 39.3, unit: 'Cel' },
        { loinc: '2524-7', text: 'Lactate', value: 4.8, unit: 'mmol/L' },
      ],
    });
    expect(coded.presentations.map(({ id }) => id)).toContain('sepsis');
    expect(coded.items[0]?.candidate).toMatchObject({ id: 'sepsis', band: 'must-exclude' });
    expect(coded.items[0]?.for.map(({ reference }) => reference)).toContain('Observation/o3');
  });

  it('does not take an old result for today', () => {
    expect(
      run({
        observations: [
          { ...heartRate(128), hoursAgo: 24 * 60 },
          { loinc: '8310-5', text: 'Temp', value: 39.3, unit: 'Cel', hoursAgo: 24 * 60 },
        ],
      }).items,
    ).toEqual([]);
  });

  it('does not guess a unit', () => {
    const odd = run(
      { ageInYears: 60, observations: [{ loinc: '8310-5', text: 'Temp', value: 39.3, unit: 'furlongs' }] },
      'cough',
    );
    expect(odd.items.flatMap((i) => i.for).map((e) => e.reference)).not.toContain('Observation/o1');
  });

  it('keeps what must not be missed, also with nothing for it yet', () => {
    const chest = run({ ageInYears: 50, sex: 'male' }, 'chest pain');
    const excluded = chest.items
      .filter(({ candidate }) => candidate.band === 'must-exclude')
      .map(({ candidate }) => candidate.id);
    expect(excluded).toEqual(
      expect.arrayContaining([
        'acute-coronary-syndrome',
        'pulmonary-embolism',
        'aortic-dissection',
        'pneumothorax',
        'cardiac-tamponade',
        'oesophageal-rupture',
      ]),
    );
  });

  it('moves a refuted danger out of must-exclude and says by what', () => {
    const refuted = run(
      {
        ageInYears: 30,
        sex: 'female',
        observations: [{ loinc: '48065-7', text: 'D-dimer', value: 210, unit: 'ng/mL' }],
      },
      'mild pleuritic chest pain',
    );
    expect(item(refuted, 'pulmonary-embolism')).toMatchObject({
      candidate: { band: 'plausible' },
      flags: ['Refuted: D-dimer not raised'],
      against: [{ reference: 'Observation/o1' }],
    });
  });

  it('shows every step with its ratio and where it comes from', () => {
    const acs = item(
      run({ ageInYears: 58, sex: 'male' }, 'chest pressure radiating to both arms'),
      'acute-coronary-syndrome',
    );
    expect(acs?.contributions).toContainEqual({
      finding: 'Pain radiating to the right arm or both arms',
      handle: 'E2',
      likelihoodRatio: 4.1,
      citation: 'Swap CJ, Nagurney JT, JAMA 2005;294:2623',
    });
    expect(acs?.contributions?.every(({ citation }) => citation.length > 8)).toBe(true);
  });

  it('counts findings that say the same thing once', () => {
    const acs = item(
      run({ ageInYears: 58, sex: 'male' }, 'chest pressure radiating to the left arm and into both arms'),
      'acute-coronary-syndrome',
    );
    expect(acs?.contributions?.filter(({ finding }) => finding.startsWith('Pain radiating'))).toHaveLength(1);
  });

  it('points at the question by its handle', () => {
    expect(item(run({ ageInYears: 58 }, 'crushing chest pain'), 'acute-coronary-syndrome')?.for[0]).toMatchObject({
      handle: 'E2',
      text: '“crushing chest pain”',
    });
  });

  it('names a drug of the list as the cause', () => {
    const cough = run(
      { ageInYears: 59, sex: 'female', medications: [{ text: 'Lisinopril 10 MG Oral Tablet', daysAgo: 50 }] },
      'dry cough for six weeks',
    );
    expect(cough.items[0]).toMatchObject({
      candidate: { id: 'ace-inhibitor-cough', band: 'leading' },
      for: expect.arrayContaining([expect.objectContaining({ reference: 'MedicationRequest/m1' })]),
    });
  });

  it('knows a drug by its group when the text is a brand', () => {
    const cough = run(
      { ageInYears: 59, medications: [{ text: 'Zestril', groups: ['lisinopril', 'atc:C09AA'] }] },
      'dry cough',
    );
    expect(item(cough, 'ace-inhibitor-cough')?.for.map(({ reference }) => reference)).toContain('MedicationRequest/m1');
  });

  it('does not offer what cannot be in this person', () => {
    const man = run({ ageInYears: 30, sex: 'male' }, 'lower abdominal pain');
    expect(item(man, 'ectopic-pregnancy')).toBeUndefined();
    expect(item(run({ ageInYears: 22, sex: 'female' }, 'headache'), 'giant-cell-arteritis')).toBeUndefined();
  });

  it('lists some dangers only where the chart gives cause', () => {
    const dangers = (...given: Parameters<typeof run>) => run(...given).mustNotMiss.map(({ id }) => id);
    expect(dangers({ ageInYears: 29, sex: 'female' }, '34/40, abdominal pain')).toContain('placental-abruption');
    expect(dangers({ ageInYears: 29, sex: 'female' }, 'abdominal pain')).not.toContain('placental-abruption');
    const confused = { ageInYears: 80, sex: 'female' as const };
    expect(dangers({ ...confused, problems: [{ text: 'Type 2 diabetes mellitus' }] }, 'confused')).toContain(
      'hyperosmolar-state',
    );
    expect(dangers(confused, 'confused')).not.toContain('hyperosmolar-state');
  });

  it('lists a danger where all that gives cause is there', () => {
    const listed = (question: string) =>
      run({ ageInYears: 22, sex: 'female' }, question).mustNotMiss.map(({ id }) => id);
    expect(listed('fever and a rash')).toContain('toxic-shock-syndrome');
    expect(listed('itchy rash, no fever')).not.toContain('toxic-shock-syndrome');
    expect(listed('fever with rigors and low blood pressure')).not.toContain('toxic-shock-syndrome');
  });

  describe('with what has long stood on the problem list', () => {
    const opened = (sketch: Sketch, question?: string) => run(sketch, question).presentations.map(({ id }) => id);
    const migraine = { ageInYears: 40, problems: [{ text: 'Migraine', code: '37796009' }] };

    it.each([
      'Constipation',
      'Chronic sinusitis',
      'Recurrent falls',
      'Osteoarthritis of knee',
      'Gout',
      'Chronic low back pain',
      'Major depressive disorder',
      'Iron deficiency anemia',
      'Overactive bladder',
    ])('opens nothing unasked: %s', (text) =>
      expect(opened({ ageInYears: 66, sex: 'male', problems: [{ text }] })).toEqual([]),
    );

    it('opens what began these days', () => {
      expect(opened(migraine)).toEqual([]);
      expect(opened({ ...migraine, problems: [{ ...migraine.problems[0]!, daysAgo: 40 }] })).toEqual([]);
      expect(opened({ ...migraine, problems: [{ ...migraine.problems[0]!, daysAgo: 3 }] })).toContain('headache');
    });

    it('takes it for the complaint when the question names none', () => {
      expect(opened(migraine, 'What could this be?')).toContain('headache');
    });

    it('does not hold it against an illness of today', () => {
      const sad = run(migraine, 'Low mood for two months');
      expect(sad.items.flatMap(({ against }) => against.map(({ reference }) => reference))).not.toContain(
        'Condition/p1',
      );
    });

    it('does not mix it with the complaint of today, and still counts it', () => {
      const gout = run({ ageInYears: 66, problems: [{ text: 'Gout' }] }, 'Crushing chest pain');
      expect(gout.presentations.map(({ id }) => id)).toEqual(['chest-pain']);
      const hot = run({ ageInYears: 66, problems: [{ text: 'Gout' }] }, 'Hot swollen ankle joint');
      expect(item(hot, 'gout')?.for.map(({ reference }) => reference)).toContain('Condition/p1');
    });
  });

  it('holds it against a condition when a question tells of nothing that it hardly ever lacks', () => {
    const weighed = (question: string) =>
      item(run({ ageInYears: 40 }, question), 'pneumonia')?.contributions.map(({ finding }) => finding) ?? [];
    expect(weighed('fever and rigors since yesterday')).toContain('Nothing said of cough, breathlessness or the chest');
    expect(weighed('fever and cough since yesterday').filter((finding) => finding.startsWith('Nothing said'))).toEqual(
      [],
    );
  });

  it('says what is missing and what it would change', () => {
    const pe = item(run({ ageInYears: 40 }, 'pleuritic chest pain'), 'pulmonary-embolism');
    expect(pe?.missing).toContainEqual({
      text: 'Raised D-dimer',
      wouldChange: 'Pulmonary embolism: if present, more likely (LR 1.6); if absent, less likely (LR 0.1)',
      coding: { system: 'http://loinc.org', code: '48065-7', display: 'D-dimer' },
    });
  });

  it('asks for no test that the patient cannot have', () => {
    const tests = (sketch: Sketch) =>
      run(sketch, 'flank pain and fever').items.flatMap((i) => i.actions.map(({ text }) => text));
    expect(tests({ ageInYears: 28, sex: 'female' })).toContain('Pregnancy test');
    expect(tests({ ageInYears: 28 })).toContain('Pregnancy test');
    expect(tests({ ageInYears: 28, sex: 'male' })).not.toContain('Pregnancy test');
    expect(tests({ ageInYears: 70, sex: 'female' })).not.toContain('Pregnancy test');
  });

  it('opens no list of its own for what only goes along with the complaint', () => {
    const opened = (question: string) => run({ ageInYears: 64 }, question).presentations.map(({ id }) => id);
    expect(opened('room spinning on turning over, with nausea')).toEqual(['dizziness']);
    expect(opened('nausea since yesterday')).toEqual(['vomiting']);
  });

  it('says when a test was just done, and leaves the guards their place', () => {
    const acs = item(
      run(
        {
          ageInYears: 60,
          observations: [{ loinc: '89579-7', text: 'Troponin I', value: 8, unit: 'ng/L', hoursAgo: 2 }],
        },
        'chest pain',
      ),
      'acute-coronary-syndrome',
    );
    expect(acs?.actions.find(({ text }) => text.startsWith('High-sensitivity troponin'))).toMatchObject({
      kind: 'test',
      coding: { code: '89579-7' },
      alreadyDone: 'Done 2 h ago: 8 ng/L',
      blockedBy: [],
    });
    expect(acs?.actions.find(({ kind }) => kind === 'drug')).toMatchObject({
      coding: { system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '1191' },
    });
    expect(acs?.guideline?.[0]).toMatchObject({
      handle: expect.stringMatching(/^G\d+$/),
      citation: expect.stringContaining('ESC'),
    });
  });

  it('stays short', () => {
    for (const question of [
      'chest pain and shortness of breath',
      'fever, confusion, abdominal pain, headache and a rash',
      'dizzy',
    ]) {
      const { items } = run({ ageInYears: 66, sex: 'female' }, question);
      expect(items.filter(({ candidate }) => candidate.band === 'must-exclude').length).toBeLessThanOrEqual(10);
      expect(items.length).toBeLessThanOrEqual(15);
    }
  });

  it('gives the same answer twice', () => {
    expect(run({ ageInYears: 66 }, 'fever and cough')).toEqual(run({ ageInYears: 66 }, 'fever and cough'));
  });
});

describe('the knowledge files', () => {
  it('cover at least sixty conditions, each cited throughout', () => {
    expect(knowledge().conditions.size).toBeGreaterThanOrEqual(60);
    for (const { findings, citation } of knowledge().conditions.values()) {
      expect(citation).not.toBe('');
      for (const finding of findings)
        expect(finding.basis === 'estimate').toBe(finding.citation === 'weight, expert estimate');
    }
  });

  it('have a name for every guideline and test that a condition leans on', () => {
    for (const condition of knowledge().conditions.values())
      expect(condition.treatment.length, condition.id).toBeGreaterThan(0);
  });

  it('code every drug, so that a guard can judge it', () => {
    for (const { id, treatment } of knowledge().conditions.values()) {
      for (const { kind, text, coding } of treatment)
        if (kind === 'drug') expect(coding?.code, `${id}: ${text}`).toMatch(/^\d+$/);
    }
  });

  it('teach when they are wrong', () => {
    const files = knowledgeFiles();
    const gout = files['rules/conditions/gout.json'] as { findings: object[] };
    const broken = {
      ...files,
      'rules/conditions/gout.json': {
        ...gout,
        findings: [
          ...gout.findings,
          { finding: 'purple-nose', lrPositive: 2, basis: 'estimate', citation: 'weight, expert estimate' },
        ],
      },
    };
    expect(() => loadKnowledge(broken)).toThrow(
      'conditions/gout.json: there is no finding "purple-nose"; write it or correct the name',
    );
    expect(() => loadKnowledge({ 'rules/conditions/gout.json': { ...gout, colour: 'red' } })).toThrow(
      /rules\/conditions\/gout\.json: .*colour/,
    );
  });
});

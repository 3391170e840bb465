import { describe, expect, test } from 'vitest';
import { bundle, lab, medication, patient } from '../support/requests.ts';
import {
  type Answer,
  apixaban,
  asker,
  chartOf,
  dosed,
  egfrUnit,
  estimate,
  fibrillation,
  type Json,
  metforminTaken,
  observe,
  order,
  problem,
  reasons,
  start,
  stop,
  stopDrug,
} from '../unit/what-if/support.ts';

const { ask } = asker();

const values = ({ before, after }: Answer, id: string) => [
  estimate(before.estimates, id)?.value,
  estimate(after.estimates, id)?.value,
];
const texts = ({ explanation }: Answer) => explanation.map(({ text }) => text);
const delay = (hours: number, given: Json = {}) => ({ do: 'delay', treatment: 'sepsis-antibiotics', hours, ...given });
const byClinician = { baseline: { pct: 20, from: 'clinician' } };
const vital = (code: string, value: number, unit: string) => lab(code, value, unit, { id: `v-${code}` });

describe('every estimate', () => {
  test('names its outcome, unit, horizon, source, validity and what it rests on', async () => {
    const { before, after } = await ask([delay(3, byClinician), observe('98979-8', 28, egfrUnit)]);
    for (const one of [...before.estimates, ...after.estimates]) {
      expect(one).toMatchObject({
        id: expect.any(String),
        outcome: expect.any(String),
        value: expect.any(Number),
        unit: expect.any(String),
        horizon: expect.any(String),
        source: expect.any(String),
        validity: expect.any(String),
        basis: expect.any(String),
      });
      expect(one.interval === null || one.interval.length === 2).toBe(true);
    }
  });
});

describe('waiting with antibiotics in sepsis', () => {
  test('three hours on a baseline of 20%', async () => {
    const answer = await ask([delay(3, byClinician)]);
    const after = estimate(answer.after.estimates, 'sepsis-antibiotics');
    expect(estimate(answer.before.estimates, 'sepsis-antibiotics')?.value).toBe(20);
    expect(after?.value).toBeCloseTo(21.95, 2);
    expect(after?.interval?.map((bound) => Number(bound.toFixed(2)))).toEqual([21.46, 22.94]);
    expect(after?.difference?.value).toBeCloseTo(1.95, 2);
    expect(after?.source).toContain('Seymour');
    expect(after?.axes).toEqual({ x: 'h', y: '%' });
    expect(after?.points?.[0]).toEqual({ x: 0, y: 20 });
    expect(after?.points?.at(-1)?.x).toBe(12);
    expect(answer.refused).toEqual([]);
    expect(texts(answer)).toEqual([
      'Death in hospital, hospital stay: 21.95% (21.46 to 22.94), 20% before. Seymour CW et al. N Engl J Med 2017;376:2235-2244.',
    ]);
  });
  test.each([delay(0), delay(0, byClinician)])('no hours change nothing: %j', async (change) => {
    const { before, after, difference, refused, explanation } = await ask([change]);
    expect(after).toEqual(before);
    expect(difference).toMatchObject({ gone: [], new: [], changed: [] });
    expect(refused).toEqual([]);
    expect(explanation).toEqual([{ text: 'No card and no estimate changes.', handles: [] }]);
  });
  test('without a baseline the risk is refused, the odds ratio is told', async () => {
    const change = delay(3);
    const answer = await ask([change]);
    expect(answer.refused).toEqual([
      {
        change,
        estimate: 'sepsis-antibiotics',
        reason: expect.stringContaining('Give "baseline": {"pct": 20, "from": "clinician"}'),
      },
    ]);
    const ratio = estimate(answer.after.estimates, 'sepsis-antibiotics-odds-ratio');
    expect(ratio).toMatchObject({ unit: 'odds ratio', value: expect.closeTo(1.04 ** 3, 9) });
    expect(ratio?.interval?.map((bound) => Number(bound.toFixed(4)))).toEqual([1.0927, 1.191]);
    expect(ratio).not.toHaveProperty('baseline');
    expect(estimate(answer.after.estimates, 'sepsis-antibiotics')).toBeUndefined();
  });
  test.each([
    [delay(13, byClinician), /outside the 12 hours that were studied/],
    [delay(4, { ...byClinician, elapsedHours: 9 }), /13 hours is outside/],
    [delay(3, { baseline: { pct: 20, from: 'GPT model' } }), /language model/],
    [delay(3, { baseline: { pct: 120, from: 'clinician' } }), /between 0 and 100/],
    [delay(-1, byClinician), /zero or more/],
    [delay(Number.NaN, byClinician), /"hours" must be a number/],
    [{ do: 'delay', hours: 3 }, /"treatment" is missing/],
    [{ do: 'delay', treatment: 'hip-surgery', hours: 3 }, /there is one for sepsis-antibiotics, stemi-pci, stroke/],
    [{ do: 'delay', treatment: 'stemi-pci', hours: 1 }, /give "plannedMinutes"/],
    [{ do: 'delay', treatment: 'stroke-thrombolysis', hours: 1, ...byClinician }, /give "onsetToTreatmentHours"/],
  ])('%j is refused with the reason', async (change, reason) => {
    const answer = await ask([change]);
    expect(reasons(answer)).toEqual([expect.stringMatching(reason)]);
    expect(answer.after.estimates).toEqual(answer.before.estimates);
  });
  test('a child is outside the model', async () => {
    const chart = chartOf({ patient: patient({ birthDate: '2016-01-01' }), problems: bundle() });
    expect(reasons(await ask([delay(3, byClinician)], chart))).toEqual([
      expect.stringContaining('published for adults'),
    ]);
  });
  test('the model for shock can be asked for', async () => {
    const answer = await ask([delay(1, { ...byClinician, shock: true, model: 'septic-shock-antibiotics-kumar' })]);
    expect(values(answer, 'septic-shock-antibiotics-kumar')[1]).toBeCloseTo(21.86, 2);
    const calm = await ask([delay(1, { ...byClinician, shock: false, model: 'septic-shock-antibiotics-kumar' })]);
    expect(reasons(calm)).toEqual([expect.stringContaining('septic shock only')]);
  });
});

describe('waiting with other treatments', () => {
  test('door to balloon', async () => {
    const answer = await ask([{ do: 'delay', treatment: 'stemi-pci', hours: 1, plannedMinutes: 60 }]);
    expect(values(answer, 'stemi-door-to-balloon')).toEqual([3.5, 5.6]);
  });
  test('thrombolysis', async () => {
    const change = {
      do: 'delay',
      treatment: 'stroke-thrombolysis',
      hours: 2,
      onsetToTreatmentHours: 2,
      ...byClinician,
    };
    const [before, after] = values(await ask([change]), 'stroke-thrombolysis');
    expect(before).toBeCloseTo(30.43, 2);
    expect(after).toBeCloseTo(23.95, 2);
  });
});

describe('atrial fibrillation', () => {
  test('stroke and bleeding when warfarin is stopped', async () => {
    const answer = await ask([stop('MedicationRequest/m-warfarin'), stop('MedicationRequest/m-ibuprofen')]);
    // A woman of 74: two points, 2.2% a year untreated, 64% less on warfarin.
    const [on, off] = values(answer, 'af-stroke');
    expect(on).toBeCloseTo(0.792, 3);
    expect(off).toBe(2.2);
    expect(values(answer, 'af-major-bleeding')[1]).toBeUndefined();
    expect(texts(answer)).toContain('No longer estimated: Major bleeding on anticoagulation.');
  });
  test('what HAS-BLED asks and the chart does not tell is counted as absent, and said so', async () => {
    const { before } = await ask([stop('MedicationRequest/m-ibuprofen')]);
    const bleeding = estimate(before.estimates, 'af-major-bleeding');
    // Age above 65 and an NSAID.
    expect(bleeding).toMatchObject({ value: 1.88, baseline: { value: 2, from: 'HAS-BLED' } });
    expect(bleeding?.warnings?.[0]).toContain('the alcohol drunk, counted as absent');
  });
  test('what the clinician gives is counted', async () => {
    const inputs = { has_bled: { alcohol_ge8_per_week: 1, labile_inr: 1 } };
    const { before } = await ask([stop('MedicationRequest/m-ibuprofen')], chartOf(), { inputs });
    expect(estimate(before.estimates, 'af-major-bleeding')).toMatchObject({ value: 8.7, baseline: { value: 4 } });
  });
  test('with a mechanical valve the score does not hold', async () => {
    const chart = chartOf({
      problems: bundle(fibrillation, problem('1156345003', 'Mechanical heart valve prosthesis')),
    });
    const answer = await ask([stop('MedicationRequest/m-warfarin')], chart);
    expect(reasons(answer)).toEqual([expect.stringContaining('does not hold with a mechanical valve')]);
    expect(values(answer, 'af-stroke')).toEqual([undefined, undefined]);
  });
  test('started by a diagnosis', async () => {
    const change = { do: 'diagnose', code: { coding: [{ system: 'http://snomed.info/sct', code: '49436004' }] } };
    expect(values(await ask([change], chartOf({ problems: bundle() })), 'af-stroke')).toEqual([
      undefined,
      expect.closeTo(0.792, 3),
    ]);
  });
  test('an anticoagulant started: warfarin’s effect, with the word on direct ones', async () => {
    const answer = await ask([start(apixaban())], chartOf({ medications: bundle(metforminTaken) }));
    expect(values(answer, 'af-stroke')).toEqual([2.2, expect.closeTo(0.792, 3)]);
    expect(JSON.stringify(estimate(answer.after.estimates, 'af-stroke')?.warnings)).toContain('Ruff');
  });
});

describe('kidney', () => {
  const american = patient({ address: [{ country: 'US' }] });
  const albumin = lab('9318-7', 300, 'mg/g');
  test('an eGFR that falls, and kidney failure with it', async () => {
    const chart = chartOf({ patient: american, labs: bundle(lab('98979-8', 45, egfrUnit), albumin) });
    const answer = await ask([observe('98979-8', 30, egfrUnit)], chart);
    expect(values(answer, 'egfr')).toEqual([45, 30]);
    const [before, after] = values(answer, 'kidney-failure-5-years');
    expect(after).toBeGreaterThan(before!);
    expect(after).toBeCloseTo(14.94, 2);
    expect(answer.refused).toEqual([]);
  });
  test('the example of the equation', async () => {
    const chart = chartOf({
      patient: { ...american, gender: 'male', birthDate: '1966-03-09' },
      labs: bundle(lab('98979-8', 30, egfrUnit), albumin),
    });
    const { before } = await ask([stop('MedicationRequest/m-ibuprofen')], chart);
    expect(estimate(before.estimates, 'kidney-failure-2-years')?.value).toBeCloseTo(8.633, 2);
    expect(estimate(before.estimates, 'kidney-failure-5-years')?.value).toBeCloseTo(24.56, 2);
  });
  test('above an eGFR of 60 the equation is refused', async () => {
    const chart = chartOf({ patient: american, labs: bundle(lab('98979-8', 45, egfrUnit), albumin) });
    const answer = await ask([observe('98979-8', 75, egfrUnit)], chart);
    expect(reasons(answer)).toEqual([
      expect.stringMatching(/^Kidney failure risk: eGFR: 75 .* published for CKD G3 to G5/),
    ]);
    expect(values(answer, 'kidney-failure-5-years')[1]).toBeUndefined();
  });
  test('a region is not guessed: it is asked for', async () => {
    const chart = chartOf({ labs: bundle(lab('98979-8', 45, egfrUnit), albumin) });
    const change = observe('98979-8', 30, egfrUnit);
    const answer = await ask([change], chart);
    expect(answer.refused).toEqual([]);
    expect(texts(answer)).toContainEqual(
      'No estimate. Kidney failure risk: Region is missing. What is missing can be given as "inputs": {"kfre_4var": {"region": …}}.',
    );
    const given = await ask([change], chart, { inputs: { kfre_4var: { region: 'elsewhere' } } });
    expect(values(given, 'kidney-failure-5-years')[1]).toBeGreaterThan(5);
  });
  test('a creatinine that is set becomes the eGFR', async () => {
    const answer = await ask([observe('2160-0', 2.4, 'mg/dL')], chartOf({ labs: bundle(lab('2160-0', 1, 'mg/dL')) }));
    const [before, after] = values(answer, 'egfr');
    expect(before).toBeCloseTo(59.1, 0);
    expect(after).toBeCloseTo(20.7, 0);
  });
});

describe('cardiovascular treatment', () => {
  const man = patient({ gender: 'male', birthDate: '1971-03-01' });
  const labs = bundle(lab('2093-3', 213, 'mg/dL'), lab('2085-9', 50, 'mg/dL'), lab('98979-8', 90, egfrUnit));
  const smoking = lab('72166-2', 0, '1', { valueQuantity: undefined, valueCodeableConcept: { text: 'Never smoker' } });
  const vitals = bundle(vital('8480-6', 140, 'mm[Hg]'), vital('39156-5', 30, 'kg/m2'), smoking);
  const given = { patient: man, labs, vitals, problems: bundle(), medications: bundle() };
  const atorvastatin = order('617311', 'atorvastatin 40 MG Oral Tablet', dosed('1 tablet daily'));

  test('a statin on the risk of PREVENT, per 1 mmol/L', async () => {
    const answer = await ask([start(atorvastatin)], chartOf(given));
    const [before, after] = values(answer, 'statin-ascvd');
    expect(before).toBeCloseTo(3.9, 1);
    expect(after).toBeCloseTo(before! * 0.78, 6);
    expect(estimate(answer.after.estimates, 'statin-ascvd')).toMatchObject({
      outcome: expect.stringContaining('if LDL falls by 1 mmol/L'),
      difference: { nnt: expect.closeTo(100 / (before! - after!), 6) },
    });
    // The score counts treated people; taking the drug is not a change of the score.
    const [score, still] = values(answer, 'prevent-base-10y');
    expect(still).toBe(score);
    expect(score).toBeCloseTo(5.7, 1);
  });
  test('blood pressure treatment, per 10 mmHg', async () => {
    const lisinopril = order('314076', 'lisinopril 10 MG Oral Tablet');
    const [before, after] = values(await ask([start(lisinopril)], chartOf(given)), 'blood-pressure-total-cvd');
    expect(after).toBeCloseTo(before! * 0.8, 6);
  });
  test('a statin that is stopped has no published effect on a score that counts it', async () => {
    const taken = medication('m-statin', '617311', 'atorvastatin 40 MG Oral Tablet');
    const answer = await ask([stop('MedicationRequest/m-statin')], chartOf({ ...given, medications: bundle(taken) }));
    expect(reasons(answer)).toEqual([expect.stringContaining('no published model gives the risk after stopping')]);
    expect(values(answer, 'statin-ascvd')).toEqual([undefined, undefined]);
  });
  test('with cardiovascular disease, or past 79, the score is refused', async () => {
    const ill = chartOf({ ...given, problems: bundle(problem('22298006', 'Myocardial infarction')) });
    expect(reasons(await ask([start(atorvastatin)], ill))).toEqual([
      expect.stringContaining('published for people without cardiovascular disease'),
    ]);
    const old = chartOf({ ...given, patient: patient({ gender: 'male', birthDate: '1940-03-01' }) });
    expect(reasons(await ask([start(atorvastatin)], old))).toEqual([expect.stringContaining('30 to 79 years')]);
  });
  test('a pressure that is set changes the score, and is called a change of the score', async () => {
    const answer = await ask([observe('8480-6', 120, 'mm[Hg]')], chartOf(given));
    const [before, after] = values(answer, 'prevent-base-10y');
    expect(after).toBeLessThan(before!);
    expect(estimate(answer.after.estimates, 'prevent-base-10y')?.basis).toBe('score change');
  });
  test('a chart that holds too little is told what is missing, not refused', async () => {
    const answer = await ask([start(atorvastatin)], chartOf({ ...given, labs: bundle() }));
    expect(answer.refused).toEqual([]);
    expect(
      texts(answer).find((text) => text.startsWith('No estimate. Statin effect: no total cholesterol')),
    ).toBeDefined();
  });
});

describe('vancomycin', () => {
  const woman = patient({ birthDate: '1966-03-09' });
  const vancomycin = medication('m-vanco', '1807513', 'vancomycin 1000 MG Injection', {
    dosageInstruction: [
      {
        route: { text: 'intravenous' },
        timing: { repeat: { frequency: 1, period: 12, periodUnit: 'h' } },
        doseAndRate: [{ doseQuantity: { value: 1000, unit: 'mg', code: 'mg' } }],
      },
    ],
  });
  const labs = bundle(lab('2160-0', 0.9, 'mg/dL', { effectiveDateTime: '2026-11-23T20:00:00Z' }));
  const vitals = bundle(vital('29463-7', 70, 'kg'), vital('8302-2', 170, 'cm'));
  const chart = chartOf({ patient: woman, labs, vitals, medications: bundle(vancomycin), problems: bundle() });
  const half = {
    do: 'dose',
    medication: { reference: 'MedicationRequest/m-vanco' },
    dosageInstruction: [
      {
        route: { text: 'intravenous' },
        timing: { repeat: { frequency: 1, period: 12, periodUnit: 'h' } },
        doseAndRate: [{ doseQuantity: { value: 500, unit: 'mg', code: 'mg' } }],
      },
    ],
  };

  test('half the dose is half the exposure and half the trough, each with its curve', async () => {
    const answer = await ask([half], chart);
    const [full, halved] = values(answer, 'vancomycin-auc24');
    expect(halved).toBeCloseTo(full! / 2, 6);
    const [trough, lower] = values(answer, 'vancomycin-trough');
    expect(lower).toBeCloseTo(trough! / 2, 6);
    const curve = estimate(answer.after.estimates, 'vancomycin-auc24');
    expect(curve?.axes).toEqual({ x: 'h', y: 'mg/L' });
    expect(curve?.points?.length).toBeGreaterThan(100);
    expect(curve?.points?.[0]).toEqual({ x: 0, y: 0 });
  });
  test('a kidney that gets worse raises it', async () => {
    const [before, after] = values(await ask([observe('2160-0', 1.8, 'mg/dL')], chart), 'vancomycin-auc24');
    expect(after).toBeGreaterThan(before! * 1.5);
  });
  test('is refused on dialysis and while creatinine is rising', async () => {
    const dialysis = chartOf({
      patient: woman,
      labs,
      vitals,
      medications: bundle(vancomycin),
      problems: bundle(problem('265764009', 'Dialysis')),
    });
    expect(reasons(await ask([half], dialysis))).toEqual([expect.stringContaining('dose by levels')]);
    const rising = bundle(
      lab('2160-0', 0.9, 'mg/dL', { id: 'a', effectiveDateTime: '2026-11-23T06:00:00Z' }),
      lab('2160-0', 1.5, 'mg/dL', { id: 'b', effectiveDateTime: '2026-11-24T06:00:00Z' }),
    );
    const answer = await ask(
      [half],
      chartOf({ patient: woman, labs: rising, vitals, medications: bundle(vancomycin), problems: bundle() }),
    );
    expect(reasons(answer)).toEqual([expect.stringContaining('creatinine is rising')]);
    expect(values(answer, 'vancomycin-auc24')).toEqual([undefined, undefined]);
  });
});

describe('warfarin dose', () => {
  const vitals = bundle(vital('29463-7', 80, 'kg'), vital('8302-2', 175, 'cm'));
  const man = patient({ gender: 'male', birthDate: '1961-03-09' });
  const warfarin = order('855332', 'warfarin sodium 5 MG Oral Tablet');
  const chart = chartOf({ patient: man, vitals, medications: bundle(), problems: bundle() });
  test('started: the clinical equation, or the one with the genotype that was given', async () => {
    expect(values(await ask([start(warfarin)], chart), 'warfarin-dose')).toEqual([undefined, expect.closeTo(32.65, 0)]);
    const inputs = { warfarin_iwpc_pgx: { vkorc1: 'A/G', cyp2c9: '*1/*1', race: 'white' } };
    expect(values(await ask([start(warfarin)], chart, { inputs }), 'warfarin-dose')[1]).toBeCloseTo(32.66, 2);
  });
  test('amiodarone lowers it', async () => {
    const taken = chartOf({
      patient: man,
      vitals,
      medications: bundle(medication('m-w', '855332', 'warfarin sodium 5 MG Oral Tablet')),
      problems: bundle(),
    });
    const amiodarone = order('833528', 'amiodarone hydrochloride 200 MG Oral Tablet');
    const [before, after] = values(await ask([start(amiodarone)], taken), 'warfarin-dose');
    expect(after).toBeLessThan(before!);
  });
});

describe('basal insulin', () => {
  const glargine = (units: number) => ({
    dosageInstruction: [
      {
        timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: units, unit: 'units', code: '[iU]' } }],
      },
    ],
  });
  const taken = medication('m-glargine', '847230', '3 ML insulin glargine 100 UNT/ML Pen Injector', glargine(20));
  const fasting = (day: number, value: number) =>
    lab('1558-6', value, 'mg/dL', { id: `g${day}`, effectiveDateTime: `2026-11-${day}T06:00:00Z` });
  const vitals = bundle(vital('29463-7', 90, 'kg'));
  const chart = (...labs: Json[]) =>
    chartOf({
      problems: bundle(problem('44054006', 'Diabetes mellitus type 2')),
      medications: bundle(taken),
      vitals,
      labs: bundle(...labs),
    });
  const raised = {
    do: 'dose',
    medication: { reference: 'MedicationRequest/m-glargine' },
    dosageInstruction: glargine(24).dosageInstruction,
  };

  test('the next step from the dose before and the dose after', async () => {
    const answer = await ask([raised], chart(fasting(22, 170), fasting(23, 165), fasting(24, 180)));
    expect(values(answer, 'basal-insulin-titration')).toEqual([22, 26]);
  });
  test('hypoglycaemia lowers it, and now below 70 refuses it', async () => {
    const night = lab('2345-7', 60, 'mg/dL', { id: 'night', effectiveDateTime: '2026-11-23T22:00:00Z' });
    const lowAtNight = await ask([raised], chart(fasting(22, 170), fasting(23, 165), night, fasting(24, 180)));
    expect(values(lowAtNight, 'basal-insulin-titration')).toEqual([16, expect.closeTo(19.2, 6)]);
    const low = await ask([raised], chart(fasting(22, 170), fasting(23, 165), fasting(24, 62)));
    expect(reasons(low)).toEqual([expect.stringContaining('treat hypoglycaemia first')]);
  });
  test('a first basal insulin by weight, not in type 1 diabetes', async () => {
    const first = order('847230', '3 ML insulin glargine 100 UNT/ML Pen Injector', glargine(10));
    const given = { medications: bundle(), vitals, labs: bundle(fasting(24, 180)) };
    const type2 = chartOf({ ...given, problems: bundle(problem('44054006', 'Diabetes mellitus type 2')) });
    const after = estimate((await ask([start(first)], type2)).after.estimates, 'basal-insulin-start');
    expect(after).toMatchObject({ value: 9, interval: [9, 18] });
    const type1 = chartOf({ ...given, problems: bundle(problem('46635009', 'Diabetes mellitus type 1')) });
    expect(reasons(await ask([start(first)], type1))).toEqual([expect.stringContaining('type 2 diabetes')]);
  });
});

describe('a pause for surgery', () => {
  const apixabanTaken = medication('m-apixaban', '1364445', 'apixaban 5 MG Oral Tablet', dosed('1 tablet twice daily'));
  const vitals = bundle(vital('29463-7', 70, 'kg'), vital('8302-2', 165, 'cm'));
  const chart = chartOf({ medications: bundle(apixabanTaken), vitals, labs: bundle(lab('2160-0', 0.9, 'mg/dL')) });
  const paused = (surgery: Json) => ({ ...stopDrug('1364445'), surgery });
  test('days and rates as in PAUSE', async () => {
    const { after } = await ask([paused({ bleedingRisk: 'high' })], chart);
    expect(estimate(after.estimates, 'days-without-before-surgery')?.value).toBe(2);
    expect(estimate(after.estimates, 'perioperative-major-bleeding')?.value).toBe(1.35);
    expect(estimate(after.estimates, 'perioperative-thromboembolism')?.value).toBe(0.16);
  });
  test('asks which surgery, and refuses without atrial fibrillation', async () => {
    expect(reasons(await ask([paused({})], chart))).toEqual([expect.stringContaining('"bleedingRisk": "high"')]);
    const none = chartOf({ medications: bundle(apixabanTaken), vitals, problems: bundle() });
    expect(reasons(await ask([paused({ bleedingRisk: 'high' })], none))).toEqual([
      expect.stringContaining('not on the problem list'),
    ]);
  });
});

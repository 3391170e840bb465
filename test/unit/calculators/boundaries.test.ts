// The edges of bands, and the spellings of choices.
import { describe, expect, test } from 'vitest';
import { isRefused, runCalculator, shownValue } from '../../../src/calculators/index.ts';
import { workedExamples } from './worked-examples.ts';

const example = (id: string): Record<string, unknown> => ({ ...workedExamples.find((one) => one.id === id)?.inputs });
const run = (id: string, inputs: unknown) => {
  const result = runCalculator(id, inputs);
  if (isRefused(result)) throw new Error(JSON.stringify(result.refused));
  return result;
};
const scoreOf = (id: string, inputs: unknown) => run(id, inputs).value;

describe('NEWS2', () => {
  const well = { rr: 16, spo2: 97, supplemental_o2: 0, temp_c: 37, sbp: 120, hr: 70, consciousness: 'A' };
  const scores: [string, [unknown, number][]][] = [
    [
      'rr',
      [
        [8, 3],
        [9, 1],
        [11, 1],
        [12, 0],
        [20, 0],
        [21, 2],
        [24, 2],
        [25, 3],
      ],
    ],
    [
      'spo2',
      [
        [91, 3],
        [92, 2],
        [93, 2],
        [94, 1],
        [95, 1],
        [96, 0],
      ],
    ],
    [
      'temp_c',
      [
        [35, 3],
        [35.1, 1],
        [36, 1],
        [36.1, 0],
        [38, 0],
        [38.1, 1],
        [39, 1],
        [39.1, 2],
        [{ value: 100.4, unit: '[degF]' }, 0],
      ],
    ],
    [
      'sbp',
      [
        [90, 3],
        [91, 2],
        [100, 2],
        [101, 1],
        [110, 1],
        [111, 0],
        [219, 0],
        [220, 3],
      ],
    ],
    [
      'hr',
      [
        [40, 3],
        [41, 1],
        [50, 1],
        [51, 0],
        [90, 0],
        [91, 1],
        [110, 1],
        [111, 2],
        [130, 2],
        [131, 3],
      ],
    ],
    [
      'consciousness',
      [
        ['alert', 0],
        ['C', 3],
        ['confusion', 3],
        ['V', 3],
        ['P', 3],
        ['unresponsive', 3],
      ],
    ],
  ];
  for (const [name, cases] of scores) {
    test(`scores ${name} by the chart of the Royal College`, () => {
      for (const [value, points] of cases)
        expect([value, scoreOf('news2', { ...well, [name]: value })]).toEqual([value, points]);
    });
  }
  test('scores too much oxygen on scale 2 only while on oxygen', () => {
    const hypercapnic = (spo2: number, supplemental_o2: number) =>
      scoreOf('news2', { ...well, spo2, supplemental_o2, spo2_scale: 2 });
    expect([83, 84, 85, 86, 87, 88, 92, 93, 99].map((spo2) => hypercapnic(spo2, 0))).toEqual([
      3, 2, 2, 1, 1, 0, 0, 0, 0,
    ]);
    expect([88, 92, 93, 94, 95, 96, 97].map((spo2) => hypercapnic(spo2, 1) - 2)).toEqual([0, 0, 1, 1, 2, 2, 3]);
  });
  test('a single 3 asks for an urgent review below a score of 5', () => {
    expect(run('news2', { ...well, rr: 8 }).band).toBe('low-medium');
    expect(run('news2', { ...well, rr: 21, spo2: 95, hr: 95 }).band).toBe('low');
    expect(run('news2', { ...well, rr: 21, spo2: 93, hr: 95 }).band).toBe('medium');
  });
});

describe('liver scores', () => {
  test('MELD-Na takes sodium into account above 11 only', () => {
    const low = { bilirubin_mg_dl: 1, inr: 1.4, creatinine_mg_dl: 1 };
    expect(scoreOf('meld_na', { ...low, na: 125 })).toBe(scoreOf('meld_na', { ...low, na: 137 }));
  });
  test('MELD 3.0 treats dialysis as a creatinine of 3.0, the older ones as 4.0', () => {
    const v = { sex: 'male', bilirubin_mg_dl: 2, inr: 1.5, na: 130, albumin_g_dl: 3 };
    expect(scoreOf('meld_3_0', { ...v, creatinine_mg_dl: 1, dialysis: 1 })).toBe(
      scoreOf('meld_3_0', { ...v, creatinine_mg_dl: 9 }),
    );
    const { sex: _, albumin_g_dl: __, ...older } = v;
    expect(scoreOf('meld_na', { ...older, creatinine_mg_dl: 1, dialysis: 1 })).toBe(
      scoreOf('meld_na', { ...older, creatinine_mg_dl: 4 }),
    );
  });
  test('Child-Pugh counts both ends of the middle band as 2 points', () => {
    const middle = (bilirubin_mg_dl: number, albumin_g_dl: number, inr: number) =>
      scoreOf('child_pugh', { bilirubin_mg_dl, albumin_g_dl, inr, ascites: 'none', encephalopathy: 'none' });
    expect(middle(2, 3.5, 1.7)).toBe(8);
    expect(middle(3, 2.8, 2.3)).toBe(8);
    expect(middle(1.9, 3.6, 1.6)).toBe(5);
    expect(middle(3.1, 2.7, 2.4)).toBe(11);
  });
  test('FIB-4 has a higher low cut-off from 65 years', () => {
    const at = (age_y: number) => run('fib_4', { age_y, ast_u_l: 40, alt_u_l: 64, platelets_10e9_l: 200 }).band;
    expect([at(64), at(65)]).toEqual(['indeterminate', 'low']);
  });
});

describe('kidney', () => {
  test('KDIGO stages at exactly 1.5, 2 and 3 times the baseline, whatever binary makes of the quotient', () => {
    const stage = (creatinine_mg_dl: number, baseline_mg_dl: number) =>
      scoreOf('kdigo_aki', { creatinine_mg_dl, baseline_mg_dl });
    expect([stage(1.2, 0.8), stage(1.19, 0.8), stage(1.4, 0.7), stage(2.1, 0.7), stage(2.4, 0.8)]).toEqual([
      1, 0, 2, 3, 3,
    ]);
  });
  test('a rise of 0.3 in 48 hours is stage 1, and a creatinine of 4.0 is stage 3 only when that is AKI', () => {
    expect(scoreOf('kdigo_aki', { creatinine_mg_dl: 1.2, rise_48h_mg_dl: 1.2 - 0.9 })).toBe(1);
    expect(scoreOf('kdigo_aki', { creatinine_mg_dl: 4.2, baseline_mg_dl: 3.9 })).toBe(0);
    expect(scoreOf('kdigo_aki', { creatinine_mg_dl: 4.2, baseline_mg_dl: 3.9, rise_48h_mg_dl: 0.3 })).toBe(3);
  });
  test('Cockcroft-Gault changes weight at a BMI of 18.5 and of 25', () => {
    const used = (weight_kg: number) =>
      run('cockcroft_gault', { age_y: 50, sex: 'male', weight_kg, height_cm: 200, creatinine_mg_dl: 1 }).components
        ?.weight_used;
    expect([used(73.9), used(74), used(95), used(99.9), used(100)]).toEqual([
      'actual',
      'actual',
      'ideal',
      'ideal',
      'adjusted',
    ]);
  });
});

describe('heart', () => {
  test('HAS-BLED counts age above 65, CHA2DS2-VASc from 65 and twice from 75', () => {
    const bled = {
      uncontrolled_htn: 0,
      renal: 0,
      liver: 0,
      stroke: 0,
      bleeding: 0,
      labile_inr: 0,
      drugs: 0,
      alcohol_ge8_per_week: 0,
    };
    expect([65, 66].map((age_y) => scoreOf('has_bled', { ...bled, age_y }))).toEqual([0, 1]);
    const vasc = { chf: 0, hypertension: 0, diabetes: 0, stroke_tia_te: 0, vascular: 0, sex: 'M' };
    expect([64, 65, 74, 75].map((age_y) => scoreOf('cha2ds2_vasc', { ...vasc, age_y }))).toEqual([0, 1, 1, 2]);
  });
  test('TIMI scores 0 and 1 share the first row of the table', () => {
    const none = {
      age_ge65: 0,
      cad_risk_factors_ge3: 0,
      known_cad: 0,
      aspirin_7d: 0,
      angina_ge2_24h: 0,
      st_deviation: 0,
      markers: 0,
    };
    const risks = Object.keys(none).map(
      (_, count) =>
        run('timi_ua_nstemi', Object.fromEntries(Object.keys(none).map((name, i) => [name, i <= count ? 1 : 0])))
          .components?.risk_14d_pct,
    );
    expect([run('timi_ua_nstemi', none).components?.risk_14d_pct, ...risks]).toEqual([
      4.7, 4.7, 8.3, 13.2, 19.9, 26.2, 40.9, 40.9,
    ]);
  });
  test('GRACE bands are half-open', () => {
    const v = { killip: 1, hr: 49, age_y: 29, creatinine_mg_dl: 0.39, cardiac_arrest: 0, st_deviation: 0, enzymes: 0 };
    expect(
      [79, 80, 99, 100, 119, 120, 139, 140, 159, 160, 199, 200].map(
        (sbp) => scoreOf('grace_in_hospital_points', { ...v, sbp }) - 1,
      ),
    ).toEqual([58, 53, 53, 43, 43, 34, 34, 24, 24, 10, 10, 0]);
  });
  test('HEART takes the age as points, or in years when the unit says so', () => {
    const at = (age: unknown) => scoreOf('heart', { history: 0, ecg: 0, age, risk_factors: 0, troponin: 0 });
    expect([0, 1, 2, '45-64'].map(at)).toEqual([0, 1, 2, 1]);
    expect([2, 44, 45, 64, 65].map((value) => at({ value, unit: 'a' }))).toEqual([0, 0, 1, 1, 2]);
  });
  test('a yes or no about age or oxygen can be filled from the measured value', () => {
    const { age_ge65: _, ...timi } = example('timi_ua_nstemi');
    expect([64, 65].map((value) => scoreOf('timi_ua_nstemi', { ...timi, age_ge65: { value, unit: 'a' } }))).toEqual([
      2, 3,
    ]);
    const { supplemental_o2: __, ...news } = example('news2');
    const onOxygen = (value: number) =>
      run('news2', { ...news, supplemental_o2: { value, unit: 'L/min' } }).components?.supplemental_o2;
    expect([0, 2].map(onOxygen)).toEqual([0, 2]);
  });
  test('RCRI takes the creatinine as a number or as a flag', () => {
    const { creatinine_mg_dl: _, ...rest } = example('rcri');
    expect([2, 2.01].map((creatinine_mg_dl) => scoreOf('rcri', { ...rest, creatinine_mg_dl }))).toEqual([3, 4]);
    expect([0, 1].map((creatinine_gt2) => scoreOf('rcri', { ...rest, creatinine_gt2 }))).toEqual([3, 4]);
  });
});

describe('emergency and intensive care', () => {
  const septic = example('sofa');
  test('SOFA takes the highest cardiovascular criterion, not their sum', () => {
    const heart = (given: object) => run('sofa', { ...septic, ...given }).components?.cardiovascular;
    expect(heart({ map: 69 })).toBe(1);
    expect(heart({ map: 60, dobutamine_ug_kg_min: 5 })).toBe(2);
    expect(heart({ dopamine_ug_kg_min: 5 })).toBe(2);
    expect(heart({ dopamine_ug_kg_min: 5.1 })).toBe(3);
    expect(heart({ norepinephrine_ug_kg_min: 0.1 })).toBe(3);
    expect(heart({ norepinephrine_ug_kg_min: 0.11, map: 50 })).toBe(4);
  });
  test('SOFA gives 3 and 4 points for oxygen only with ventilation', () => {
    const lungs = (pao2_fio2: number, ventilated: number) =>
      run('sofa', { ...septic, pao2_fio2, ventilated }).components?.respiration;
    expect([400, 399, 299, 199, 99].map((ratio) => lungs(ratio, 1))).toEqual([0, 1, 2, 3, 4]);
    expect(lungs(99, 0)).toBe(2);
  });
  test('CURB-65 judges urea of 7 mmol/L in the unit it came in', () => {
    const v = { confusion: 0, rr: 20, sbp: 120, dbp: 70, age_y: 50 };
    const points = (bun_mg_dl: unknown) => scoreOf('curb_65', { ...v, bun_mg_dl });
    expect([19, 19.1, { value: 7, unit: 'mmol/L' }, { value: 7.1, unit: 'mmol/L' }].map(points)).toEqual([0, 1, 0, 1]);
  });
  test('PSI class I is for the young and well, and absent laboratory values score as normal', () => {
    const { ph: _, pao2: __, ...rest } = example('psi_port');
    expect(run('psi_port', rest).warnings[0]).toContain('ph, pao2');
    const well = {
      nursing_home: 0,
      neoplastic: 0,
      liver: 0,
      chf: 0,
      cvd: 0,
      renal: 0,
      ams: 0,
      rr: 18,
      sbp: 120,
      hr: 80,
      effusion: 0,
      temp_c: 37,
      sex: 'male',
    };
    expect([50, 51].map((age_y) => run('psi_port', { ...well, age_y }).band)).toEqual(['I', 'II']);
  });
  test('Glasgow-Blatchford has its own haemoglobin bands for women', () => {
    const v = { bun_mg_dl: 10, sbp: 120, hr: 80, melena: 0, syncope: 0, hepatic: 0, cardiac_failure: 0 };
    const points = (sex: string) =>
      [9.9, 10, 11.9, 12, 12.9, 13].map((hb_g_dl) => scoreOf('glasgow_blatchford', { ...v, sex, hb_g_dl }));
    expect(points('male')).toEqual([6, 3, 3, 1, 1, 0]);
    expect(points('female')).toEqual([6, 1, 1, 0, 0, 0]);
  });
  test('NIHSS takes items by name, all fifteen in order, or as printed', () => {
    expect(scoreOf('nihss', { items: { '4': 1, '5a': 1, '6a': 1 } })).toBe(3);
    expect(scoreOf('nihss', { items: '{4 1, 5a 1, 6a 1}' })).toBe(3);
    expect(scoreOf('nihss', { items: [3, 2, 2, 2, 3, 3, 4, 4, 4, 4, 2, 2, 3, 2, 2] })).toBe(42);
    expect(scoreOf('nihss', { items: { '5a': 'UN', '9': 3 } })).toBe(3);
    for (const items of [{ '4': 4 }, { '12': 1 }, { '9': 'UN' }, [1], { '4': 1.5 }])
      expect(isRefused(runCalculator('nihss', { items }))).toBe(true);
  });
});

describe('lists and choices', () => {
  test('PHQ-9 raises item 9 whatever the total', () => {
    const quiet = run('phq_9', { items: [0, 0, 0, 0, 0, 0, 0, 0, 0] });
    const loud = run('phq_9', { items: [0, 0, 0, 0, 0, 0, 0, 0, 1] });
    expect([quiet.components?.item9_positive, loud.components?.item9_positive, loud.band]).toEqual([
      false,
      true,
      'minimal',
    ]);
    for (const items of [[0], [0, 0, 0, 0, 0, 0, 0, 0, 4], [0, 0, 0, 0, 0, 0, 0, 0, null], 'x'])
      expect(isRefused(runCalculator('phq_9', { items }))).toBe(true);
  });
  test('findings may be named in the words of the paper, once, and no others', () => {
    expect(scoreOf('stop_bang', { yes: ['snoring', 'Hypertension', 'BMI > 35', 'age>50', 'gender'] })).toBe(5);
    expect(scoreOf('stop_bang', { yes: ['male', 'gender'] })).toBe(1);
    expect(scoreOf('stop_bang', { yes: [] })).toBe(0);
    expect(scoreOf('padua', { yes: ['age >= 70', 'BMI>=30', 'previous VTE', 'infection'] })).toBe(6);
    expect(scoreOf('padua', { yes: { active_cancer: 1, obesity: 0 } })).toBe(3);
    expect(isRefused(runCalculator('padua', { yes: ['headache'] }))).toBe(true);
  });
  test('choices do not mind case, spaces or dashes', () => {
    const { clinical: _, duration: __, ...rest } = example('abcd2');
    const points = (clinical: string, duration: string) => scoreOf('abcd2', { ...rest, clinical, duration });
    expect(points('Speech only', '≥60')).toBe(5);
    expect(points('unilateral weakness', '10-59')).toBe(5);
    expect(points('other', '<10')).toBe(2);
    expect(
      scoreOf('warfarin_iwpc_pgx', { ...example('warfarin_iwpc_pgx'), vkorc1: 'GA', race: 'Caucasian' }),
    ).toBeCloseTo(32.66, 2);
  });
});

test('a number given for a choice keeps its sign and its point', () => {
  for (const [id, name, value] of [
    ['sodium_corrected', 'factor', 24],
    ['heart', 'history', -1],
    ['grace_in_hospital_points', 'killip', 1.5],
    ['kfre_4var', 'years', '-5'],
  ] as const) {
    expect(isRefused(runCalculator(id, { ...example(id), [name]: value }))).toBe(true);
  }
  expect(scoreOf('sodium_corrected', { na: 130, glucose_mg_dl: 200, factor: '1.60' })).toBeCloseTo(131.6, 9);
});

describe('dosing', () => {
  test('vancomycin exposure agrees with the area under its own curve at steady state', () => {
    const v = {
      age_y: 60,
      sex: 'male',
      weight_kg: 70,
      height_cm: 175,
      creatinine_mg_dl: 1,
      dose_mg: 1000,
      interval_h: 12,
      infusion_h: 1,
    };
    const { value, components } = run('vancomycin_one_cpt', v);
    const { crcl_ml_min, ke_per_h, peak = 0, trough = 0, curve } = components as unknown as Record<string, number>;
    expect(crcl_ml_min).toBeCloseTo(77.78, 2);
    expect(ke_per_h).toBeCloseTo(0.00083 * 77.7778 + 0.0044, 6);
    expect(value).toBeCloseTo(2000 / ((0.00083 * 77.77778 + 0.0044) * 49), 1);
    expect(peak).toBeGreaterThan(trough);
    const points = curve as unknown as readonly (readonly [number, number])[];
    expect(points[0]).toEqual([0, 0]);
    const at = (hour: number) => points.find(([h]) => h === hour)?.[1] ?? Number.NaN;
    expect(at(61)).toBeCloseTo(peak, 0);
    expect(at(72)).toBeCloseTo(trough, 0);
  });
  test('two levels drawn from the model give its own exposure back', () => {
    const ke = 0.07;
    const [peak, trough] = [30, 30 * Math.exp(-ke * 11)];
    const result = run('vancomycin_two_level', {
      dose_mg: 1000,
      interval_h: 12,
      infusion_h: 1,
      level_1_mg_l: 30 * Math.exp(-ke * 1),
      level_1_h: 2,
      level_2_mg_l: trough,
      level_2_h: 12,
    });
    expect(result.components).toMatchObject({
      ke_per_h: expect.closeTo(ke, 9),
      peak: expect.closeTo(peak, 9),
      trough: expect.closeTo(trough, 9),
    });
    expect(result.value).toBeCloseTo(2 * ((peak + trough) / 2 + (peak - trough) / ke), 6);
  });
  test('no insulin is proposed at 69 mg/dL, after hypoglycaemia, or on top of another basal insulin', () => {
    const v = { weight_kg: 80, glucose_mg_dl: 180, hypoglycemia_24h: 0, has_basal: 0 };
    expect(run('insulin_basal_start_t2d', v)).toMatchObject({
      value: 8,
      components: { low: 8, high: 16, fixed_alternative: 10 },
    });
    for (const wrong of [
      { glucose_mg_dl: 69 },
      { hypoglycemia_24h: 1 },
      { has_basal: 1 },
      { insulin_allergy: 1 },
      { glucose_mg_dl: 99, glucose_falling: 1 },
    ]) {
      expect(isRefused(runCalculator('insulin_basal_start_t2d', { ...v, ...wrong }))).toBe(true);
    }
  });
  test('the correction factor is 1800 over the daily dose, and the dose never negative', () => {
    expect(run('insulin_correction', { tdd_units: 50 })).toMatchObject({
      value: 36,
      components: { g_carbohydrate_per_unit: 10 },
    });
    const dose = (glucose_mg_dl: number) =>
      run('insulin_correction', { tdd_units: 50, glucose_mg_dl, hypoglycemia_24h: 0 }).components?.correction_units;
    expect([dose(100), dose(212)]).toEqual([0, 2]);
  });
  test('ward insulin by glucose, and less in the old or with kidney disease', () => {
    const v = { weight_kg: 100, hypoglycemia_24h: 0, age_y: 60, egfr: 80 };
    const dose = (given: object) => scoreOf('insulin_inpatient', { ...v, ...given });
    expect([
      dose({ glucose_mg_dl: 200 }),
      dose({ glucose_mg_dl: 201 }),
      dose({ glucose_mg_dl: 201, age_y: 70 }),
      dose({ glucose_mg_dl: 201, egfr: 59 }),
    ]).toEqual([40, 50, 20, 20]);
  });
  test('morphine equivalents add up by the 2022 table', () => {
    expect(scoreOf('mme', { oxycodone_mg_day: 40, fentanyl_patch_ug_h: 25, tramadol_mg_day: 100 })).toBe(140);
    expect(isRefused(runCalculator('mme', {}))).toBe(true);
  });
});

test('prints as many decimals as the calculator asks for, and no minus zero', () => {
  expect(shownValue({ decimals: 1 }, 88.199)).toBe('88.2');
  expect(shownValue({ decimals: 0 }, -0.2)).toBe('0');
});

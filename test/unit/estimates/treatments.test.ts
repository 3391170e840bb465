import { describe, expect, test } from 'vitest';
import {
  daysToPause,
  type Estimate,
  estimateAfBleeding,
  estimateAfStroke,
  estimateBloodPressure,
  estimateDoacPause,
  estimateKidneyFailure,
  estimateScoreChange,
  estimateSglt2,
  estimateStatin,
  estimateWarfarinPause,
  isRefused,
  projectEgfr,
  projectKidneyFailure,
  type Refused,
  simulateVancomycin,
  titrateBasalInsulin,
} from '../../../src/estimates/index.ts';

const estimated = <T>(outcome: T | Refused): T => {
  if (isRefused(outcome)) throw new Error(JSON.stringify(outcome.refused));
  return outcome;
};
const refusedInput = (outcome: unknown) => (isRefused(outcome) ? outcome.refused[0]?.input : '(estimated)');

describe('anticoagulation in atrial fibrillation', () => {
  const patient = { chf: 1, hypertension: 1, age_y: 76, diabetes: 0, stroke_tia_te: 0, vascular: 0, sex: 'male' };
  test('starts from the untreated rate of the score, and names it', () => {
    const estimate = estimated(estimateAfStroke(patient, 'none'));
    expect(estimate).toMatchObject({ value: 4.8, interval: null, unit: '%/a', baseline: { from: 'CHA2DS2-VASc 4' } });
    expect(estimate.from).toMatchObject({ calculator: 'cha2ds2_vasc', version: '1.0.0' });
  });
  test('warfarin takes 64% off it, with interval, difference and number needed to treat', () => {
    const { value, interval, difference } = estimated(estimateAfStroke(patient, 'warfarin'));
    expect(value).toBeCloseTo(1.728, 6);
    expect(interval?.map((one) => one.toFixed(3))).toEqual(['1.248', '2.448']);
    expect(difference?.value).toBeCloseTo(-3.072, 6);
    expect(difference?.nnt).toBeCloseTo(32.55, 2);
  });
  test('a DOAC is shown with the effect of warfarin and says so', () => {
    expect(estimated(estimateAfStroke(patient, 'doac')).warnings?.[1]).toContain('0.81');
  });
  test('bleeding rates end at a score of 5', () => {
    const bled = {
      uncontrolled_htn: 1,
      renal: 1,
      liver: 1,
      stroke: 1,
      bleeding: 1,
      labile_inr: 0,
      age_y: 60,
      drugs: 0,
      alcohol_ge8_per_week: 0,
    };
    expect(estimated(estimateAfBleeding(bled)).value).toBe(12.5);
    expect(refusedInput(estimateAfBleeding({ ...bled, drugs: 1 }))).toBe('has_bled');
  });
  test('an input the score needs is asked for by name', () => {
    const { age_y: _, ...rest } = patient;
    expect(refusedInput(estimateAfStroke(rest, 'none'))).toBe('age_y');
  });
});

describe('statin and blood pressure treatment on a PREVENT risk', () => {
  const inputs = {
    sex: 'male',
    age_y: 55,
    tc_mg_dl: 213,
    hdl_mg_dl: 50,
    sbp: 140,
    diabetes: 0,
    smoker: 0,
    bmi: 30,
    egfr: 90,
    antihypertensive: 0,
    statin: 0,
  };
  test('a fall of nothing changes nothing', () => {
    for (const estimate of [estimateStatin({ inputs }, 0), estimateBloodPressure({ inputs }, 0)].map(estimated)) {
      expect([estimate.value, estimate.difference?.value]).toEqual([estimate.baseline?.value, 0]);
      expect(estimate.difference).not.toHaveProperty('nnt');
    }
  });
  test('one mmol/L of LDL takes 22% off the ASCVD risk', () => {
    const { value, baseline } = estimated(estimateStatin({ inputs }, 1));
    expect(baseline?.value).toBeCloseTo(3.9, 1);
    expect(value / (baseline?.value ?? 0)).toBeCloseTo(0.78, 9);
  });
  test('ten mm[Hg] take 27% off stroke, and the trials say nothing about ASCVD as PREVENT has it', () => {
    const { value, baseline } = estimated(estimateBloodPressure({ inputs }, 10, 'stroke'));
    expect(value / (baseline?.value ?? 0)).toBeCloseTo(0.73, 9);
    expect(refusedInput(estimateBloodPressure({ inputs }, 10, 'ascvd'))).toBe('outcome');
  });
  test('is refused on a baseline that already holds the treatment, and beyond what the trials did', () => {
    expect(refusedInput(estimateStatin({ inputs: { ...inputs, statin: 1 } }, 1))).toBe('statin');
    expect(refusedInput(estimateBloodPressure({ inputs: { ...inputs, antihypertensive: 1 } }, 10))).toBe(
      'antihypertensive',
    );
    expect(refusedInput(estimateStatin({ inputs }, 2.1))).toBe('ldlFallMmolL');
    expect(refusedInput(estimateBloodPressure({ inputs }, 21))).toBe('systolicFall');
    expect(refusedInput(estimateStatin({ inputs: { ...inputs, age_y: 80 } }, 1))).toBe('age_y');
  });
  test('a score on changed inputs is called a score change', () => {
    expect(estimated(estimateScoreChange({ inputs: { ...inputs, sbp: 120 } })).basis).toBe('score change');
  });
});

describe('kidney', () => {
  const kfre = { age_y: 60, sex: 'male', egfr: 30, acr_mg_g: 300, region: 'north-america', years: 2 };
  const falling = [
    { year: -2, egfr: 40 },
    { year: -1, egfr: 36 },
    { year: 0, egfr: 32 },
  ];
  test('kidney failure is the published score with its horizon', () => {
    const estimate = estimated(estimateKidneyFailure(kfre));
    expect([estimate.value.toFixed(3), estimate.horizon]).toEqual(['8.633', '2 years']);
    expect(refusedInput(estimateKidneyFailure({ ...kfre, egfr: 75 }))).toBe('egfr');
  });
  test('a course is the measured slope drawn forward from the last value', () => {
    const course = estimated(projectEgfr(falling, 2));
    expect(course.value).toBeCloseTo(24, 9);
    expect([course.curve?.points[0], course.curve?.points.at(-1)]).toEqual([
      [0, 32],
      [2, 24],
    ]);
    expect(estimated(projectEgfr(falling, 0)).value).toBe(32);
  });
  test('is refused from few or close readings, past five years, and where an eGFR means nothing', () => {
    expect(refusedInput(projectEgfr(falling.slice(1), 1))).toBe('readings');
    expect(
      refusedInput(
        projectEgfr(
          falling.map(({ year, egfr }) => ({ year: year / 10, egfr })),
          1,
        ),
      ),
    ).toBe('readings');
    expect(refusedInput(projectEgfr(falling, 5.1))).toBe('horizonYears');
    expect(
      refusedInput(
        projectEgfr(
          falling.map(({ year, egfr }) => ({ year, egfr: egfr - 24 })),
          2,
        ),
      ),
    ).toBe('horizonYears');
  });
  test('kidney failure along the course rises as eGFR falls', () => {
    const points = estimated(projectKidneyFailure(falling, kfre, 2)).curve?.points ?? [];
    const risks = points.map(([, risk]) => risk);
    expect(risks.length).toBe(9);
    expect(risks).toEqual([...risks].sort((a, b) => a - b));
  });
  test('an SGLT2 inhibitor meets a baseline for its own outcome, not KFRE', () => {
    const estimate = estimated(estimateSglt2('kidney-progression', { pct: 10, from: 'clinician' }, 40, '5 years'));
    expect(estimate).toMatchObject({ value: 6.3, difference: { nnt: expect.closeTo(27.03, 2) } });
    expect(refusedInput(estimateSglt2('kidney-progression', { pct: 10, from: 'KFRE' }, 40, '5 years'))).toBe(
      'baseline',
    );
    expect(refusedInput(estimateSglt2('kidney-progression', { pct: 10, from: 'clinician' }, 19, '5 years'))).toBe(
      'egfr',
    );
  });
});

describe('pausing anticoagulation for surgery', () => {
  test('by drug, surgery and kidney, as in PAUSE', () => {
    const days = (drug: 'apixaban' | 'dabigatran', surgery: 'low-to-moderate' | 'high', crclMlMin: number) =>
      daysToPause({ drug, surgery, crclMlMin });
    expect([
      days('apixaban', 'low-to-moderate', 60),
      days('apixaban', 'high', 60),
      days('dabigatran', 'low-to-moderate', 49),
      days('dabigatran', 'high', 49),
    ]).toEqual([1, 2, 2, 4]);
    expect([refusedInput(days('apixaban', 'high', 24)), refusedInput(days('dabigatran', 'high', 29))]).toEqual([
      'crclMlMin',
      'crclMlMin',
    ]);
  });
  test('rates come with their one-sided interval', () => {
    const [bleeding, embolism] = estimated(
      estimateDoacPause({ drug: 'apixaban', surgery: 'high', crclMlMin: 60 }),
    ) as readonly Estimate[];
    expect([bleeding?.value, bleeding?.interval, embolism?.value, embolism?.interval]).toEqual([
      1.35,
      [0, 2],
      0.16,
      [0, 0.48],
    ]);
    expect(estimateWarfarinPause(true).map(({ value }) => value)).toEqual([3.2, 0.3]);
    expect(estimateWarfarinPause(false).map(({ value }) => value)).toEqual([1.3, 0.4]);
  });
});

describe('vancomycin', () => {
  const inputs = {
    age_y: 60,
    sex: 'male',
    weight_kg: 70,
    height_cm: 175,
    creatinine_mg_dl: 1,
    dose_mg: 1000,
    interval_h: 12,
  };
  test('half the dose halves the exposure, worse kidneys raise it, and the curve is there to draw', () => {
    const at = (given: object) => estimated(simulateVancomycin({ ...inputs, ...given }));
    expect(at({ dose_mg: 500 }).value).toBeCloseTo(at({}).value / 2, 9);
    expect(at({ creatinine_mg_dl: 2 }).value).toBeGreaterThan(at({}).value);
    const points = at({}).curve?.points ?? [];
    expect(points.length).toBeGreaterThan(140);
    expect(points.every(([, level]) => level >= 0)).toBe(true);
    expect(refusedInput(simulateVancomycin({ ...inputs, dialysis: 1 }))).toBe('dialysis');
  });
});

describe('basal insulin titration', () => {
  const v = { unitsPerDay: 20, weightKg: 80, fastingMgDl: [160, 170, 150], hadHypoglycaemia24h: false };
  const dose = (given: object) => estimated(titrateBasalInsulin({ ...v, ...given })).value;
  test('two units more above target, none in target, never above half a unit per kg', () => {
    expect([
      dose({}),
      dose({ fastingMgDl: [110, 120, 125] }),
      dose({ unitsPerDay: 39 }),
      dose({ unitsPerDay: 45 }),
    ]).toEqual([22, 20, 40, 45]);
    const points = estimated(titrateBasalInsulin({ ...v, unitsPerDay: 36, horizonDays: 9 })).curve?.points;
    expect(points).toEqual([
      [0, 38],
      [3, 40],
      [6, 40],
      [9, 40],
    ]);
  });
  test('a fifth less after hypoglycaemia without a cause, even when the other mornings were high', () => {
    expect([
      dose({ hadHypoglycaemia24h: true }),
      dose({ fastingMgDl: [180, 69, 190] }),
      dose({ hadHypoglycaemia24h: true, hasHypoglycaemiaCause: true }),
    ]).toEqual([16, 16, 20]);
  });
  test('nothing is proposed while glucose is low, nil by mouth, or on two mornings only', () => {
    expect(refusedInput(titrateBasalInsulin({ ...v, glucoseNowMgDl: 65 }))).toBe('glucoseNowMgDl');
    expect(refusedInput(titrateBasalInsulin({ ...v, isNilByMouth: true }))).toBe('isNilByMouth');
    expect(refusedInput(titrateBasalInsulin({ ...v, fastingMgDl: [150, 160] }))).toBe('fastingMgDl');
  });
});

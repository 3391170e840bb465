// The PREVENT equations, one shape for six models. Traps: cholesterol is centred in mmol/L by 0.02586, not by 1/38.67;
// the "treated" terms already hold the effect of treatment, so a treatment effect must not be multiplied on top of
// switching `statin` or `antihypertensive` on.
import { bmi, egfr, hdl, sex, systolic, totalCholesterol } from './common-inputs.ts';
import { yesNo } from './input-kinds.ts';
import { preventCoefficients } from './prevent-coefficients.ts';

const within = 'outside the range in which PREVENT was published';

export const preventInputs = {
  tc_mg_dl: { ...totalCholesterol, min: 130, max: 320, limits: within },
  hdl_mg_dl: { ...hdl, min: 20, max: 100, limits: within },
  sbp: { ...systolic, min: 90, max: 180, limits: within, chart: { loinc: ['8480-6'], maxAgeInDays: 365 } },
  diabetes: yesNo('Diabetes', { chart: { problem: 'diabetes' } }),
  smoker: yesNo('Current smoking', { chart: { smokingStatus: true } }),
  bmi: { ...bmi, min: 18.5, max: 39.9, limits: within },
  egfr: { ...egfr, min: 15, max: 140, limits: within, chart: { loinc: ['98979-8'], maxAgeInDays: 365 } },
  antihypertensive: yesNo('Taking blood pressure medication', { chart: { takes: 'antihypertensives' } }),
  statin: yesNo('Taking a statin', { chart: { takes: 'statins' } }),
} as const;
export const preventSex = sex;

export const preventCitation =
  'Khan SS et al. Circulation 2024;149:430-449 (AHA PREVENT, coefficients from its supplement)';
export const validityOf = (years: 10 | 30) =>
  `Adults of 30 to ${years === 10 ? 79 : 59} years without cardiovascular disease`;

export interface PreventValues {
  readonly sex: 'female' | 'male';
  readonly age_y: number;
  readonly tc_mg_dl: number;
  readonly hdl_mg_dl: number;
  readonly sbp: number;
  readonly diabetes: boolean;
  readonly smoker: boolean;
  readonly bmi: number;
  readonly egfr: number;
  readonly antihypertensive: boolean;
  readonly statin: boolean;
}

const outcomes = ['total_cvd', 'ascvd', 'hf', 'chd', 'stroke'] as const;

/** Risk in percent by outcome; `own` are the terms a model has beyond the base terms. */
export function preventRisk(model: keyof typeof preventCoefficients, v: PreventValues, own: readonly number[] = []) {
  const terms = [1, ...baseTerms(v), ...own];
  const risk = (row: readonly number[]) => {
    const x = row.reduce((sum, coefficient, i) => sum + coefficient * (terms[i] ?? Number.NaN), 0);
    return 100 / (1 + Math.exp(-x));
  };
  const rows = preventCoefficients[model][v.sex];
  const components = Object.fromEntries(outcomes.map((outcome) => [outcome, risk(rows[outcome])])) as Record<
    (typeof outcomes)[number],
    number
  >;
  return { value: components.total_cvd, components };
}

function baseTerms(v: PreventValues): number[] {
  const age = (v.age_y - 55) / 10;
  const nonHdl = (v.tc_mg_dl - v.hdl_mg_dl) * 0.02586 - 3.5;
  const hdl = (v.hdl_mg_dl * 0.02586 - 1.3) / 0.3;
  const sbpHigh = (Math.max(v.sbp, 110) - 130) / 20;
  const bmiHigh = (Math.max(v.bmi, 30) - 30) / 5;
  const egfrLow = (Math.min(v.egfr, 60) - 60) / -15;
  const [diabetes, smoker, treated, statin] = [v.diabetes, v.smoker, v.antihypertensive, v.statin].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return [
    age,
    age ** 2,
    nonHdl,
    hdl,
    (Math.min(v.sbp, 110) - 110) / 20,
    sbpHigh,
    diabetes,
    smoker,
    (Math.min(v.bmi, 30) - 25) / 5,
    bmiHigh,
    egfrLow,
    (Math.max(v.egfr, 60) - 90) / -15,
    treated,
    statin,
    treated * sbpHigh,
    statin * nonHdl,
    age * nonHdl,
    age * hdl,
    age * sbpHigh,
    age * diabetes,
    age * smoker,
    age * bmiHigh,
    age * egfrLow,
  ];
}

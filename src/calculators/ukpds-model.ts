// What the two UKPDS engines share. Both answer: risk over `horizon_y` years, `duration_y` years after diagnosis.
import { hba1c, sex, systolic } from './common-inputs.ts';
import { number, yesNo } from './input-kinds.ts';

export const ukpdsInputs = {
  age_at_dx_y: number('Age at diagnosis of diabetes', 'a', { min: 18, max: 100 }),
  sex,
  afro_caribbean: yesNo('Afro-Caribbean'),
  smoker: yesNo('Current smoking', { chart: { smokingStatus: true } }),
  hba1c_pct: { ...hba1c, min: 4 },
  sbp: { ...systolic, min: 60, max: 300, chart: { loinc: ['8480-6'], maxAgeInDays: 365 } },
  tc_hdl_ratio: number('Total to HDL cholesterol', '1', { min: 1, max: 30 }),
  af: yesNo('Atrial fibrillation', { chart: { problem: 'atrial-fibrillation' } }),
  duration_y: number('Years since diagnosis', 'a', { min: 0, max: 80 }),
  horizon_y: number('Horizon', 'a', { above: 0, max: 40, limits: 'the engine answers for up to 40 years' }),
} as const;

/** Percent. `q` is the first-year hazard, `d` its yearly growth. */
export const ukpdsRisk = (q: number, d: number, durationY: number, horizonY: number): number =>
  100 * (1 - Math.exp((-q * d ** durationY * (1 - d ** horizonY)) / (1 - d)));

/** UKPDS enrolled people of 25 to 65 years, newly diagnosed. */
export const ukpdsWarnings = (ageAtDiagnosis: number): string[] =>
  ageAtDiagnosis < 25 || ageAtDiagnosis > 65 ? ['UKPDS enrolled people diagnosed at 25 to 65 years'] : [];

// CKD-EPI 2021, creatinine with cystatin C. Trap: its creatinine exponents are not those of the creatinine-only equation.
import { adultAge, creatinine, sex } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const ckdEpi2021CrCys = defineCalculator({
  id: 'ckd_epi_2021_cr_cys',
  title: 'eGFR, CKD-EPI 2021 (creatinine and cystatin C)',
  citation: 'Inker LA et al. N Engl J Med 2021;385:1737-1749',
  confidence: 'B',
  validity: 'Adults with a steady creatinine; not in acute kidney injury, pregnancy, or extremes of muscle mass',
  unit: 'mL/min/{1.73_m2}',
  decimals: 0,
  inputs: {
    age_y: adultAge,
    sex,
    creatinine_mg_dl: creatinine,
    cystatin_c_mg_l: number('Serum cystatin C', 'mg/L', {
      min: 0.1,
      max: 15,
      chart: { loinc: ['33863-2'], maxAgeInDays: 90 },
    }),
  },
  compute: ({ age_y, sex, creatinine_mg_dl, cystatin_c_mg_l }) => {
    const isFemale = sex === 'female';
    const cr = creatinine_mg_dl / (isFemale ? 0.7 : 0.9);
    const cys = cystatin_c_mg_l / 0.8;
    return (
      135 *
      Math.min(cr, 1) ** (isFemale ? -0.219 : -0.144) *
      Math.max(cr, 1) ** -0.544 *
      Math.min(cys, 1) ** -0.323 *
      Math.max(cys, 1) ** -0.778 *
      0.9961 ** age_y *
      (isFemale ? 0.963 : 1)
    );
  },
});

// CKD-EPI 2021, creatinine, without race. Trap: kappa and alpha depend on sex, and the 2009 coefficients look alike.
import { adultAge, creatinine, sex } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const ckdEpi2021 = defineCalculator({
  id: 'ckd_epi_2021',
  title: 'eGFR, CKD-EPI 2021 (creatinine)',
  citation: 'Inker LA et al. N Engl J Med 2021;385:1737-1749',
  confidence: 'A',
  validity: 'Adults with a steady creatinine; not in acute kidney injury, pregnancy, or extremes of muscle mass',
  unit: 'mL/min/{1.73_m2}',
  decimals: 0,
  inputs: { age_y: adultAge, sex, creatinine_mg_dl: creatinine },
  compute: ({ age_y, sex, creatinine_mg_dl }) => {
    const isFemale = sex === 'female';
    const ratio = creatinine_mg_dl / (isFemale ? 0.7 : 0.9);
    const alpha = isFemale ? -0.241 : -0.302;
    return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age_y * (isFemale ? 1.012 : 1);
  },
});

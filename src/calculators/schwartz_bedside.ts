// Bedside Schwartz eGFR for children, for enzymatic (IDMS-traceable) creatinine only; the 1976 constant was 0.55.
import { ageBetween, creatinine, height } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const schwartzBedside = defineCalculator({
  id: 'schwartz_bedside',
  title: 'eGFR in children (bedside Schwartz)',
  citation: 'Schwartz GJ et al. J Am Soc Nephrol 2009;20:629-637',
  confidence: 'B',
  validity: 'Children of 1 to 16 years with a steady creatinine',
  unit: 'mL/min/{1.73_m2}',
  decimals: 0,
  inputs: {
    age_y: ageBetween(1, 16, 'published for children of 1 to 16 years'),
    height_cm: height,
    creatinine_mg_dl: creatinine,
  },
  compute: ({ height_cm, creatinine_mg_dl }) => (0.413 * height_cm) / creatinine_mg_dl,
});

// LDL by Friedewald. The paper's fixed ratio of triglycerides to VLDL fails from 400 mg/dL, so it is refused there.
import { hdl, totalCholesterol } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const ldlFriedewald = defineCalculator({
  id: 'ldl_friedewald',
  title: 'LDL cholesterol (Friedewald)',
  citation: 'Friedewald WT et al. Clin Chem 1972;18:499-502',
  confidence: 'A',
  validity: 'Fasting, triglycerides below 400 mg/dL, not type III hyperlipoproteinaemia',
  unit: 'mg/dL',
  decimals: 0,
  inputs: {
    tc_mg_dl: totalCholesterol,
    hdl_mg_dl: hdl,
    tg_mg_dl: number('Triglycerides', 'mg/dL', {
      min: 5,
      below: 400,
      limits: 'Friedewald does not hold from 400 mg/dL; measure LDL directly',
      substance: 'triglycerides',
      chart: { loinc: ['2571-8'], maxAgeInDays: 5 * 365 },
    }),
  },
  compute: ({ tc_mg_dl, hdl_mg_dl, tg_mg_dl }) => tc_mg_dl - hdl_mg_dl - tg_mg_dl / 5,
});

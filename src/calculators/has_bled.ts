// HAS-BLED. Traps: age counts above 65, not from 65; "uncontrolled" is a systolic pressure above 160, not the diagnosis.
import { adultAge } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

const bleedsPer100Years = [1.13, 1.02, 1.88, 3.74, 8.7, 12.5] as const;

export const hasBled = defineCalculator({
  id: 'has_bled',
  title: 'HAS-BLED',
  citation: 'Pisters R et al. Chest 2010;138:1093-1100',
  confidence: 'A',
  validity: 'Adults with atrial fibrillation; rates above a score of 5 were not published, the upper strata are small',
  unit: '{score}',
  decimals: 0,
  inputs: {
    uncontrolled_htn: yesNo('Uncontrolled hypertension, systolic above 160'),
    renal: yesNo('Dialysis, transplant, or creatinine above 2.26 mg/dL'),
    liver: yesNo('Cirrhosis, or bilirubin above twice with enzymes above three times normal'),
    stroke: yesNo('Earlier stroke', { chart: { anyProblem: ['stroke'], ever: true } }),
    bleeding: yesNo('Earlier major bleeding or predisposition'),
    labile_inr: yesNo('Labile INR'),
    age_y: adultAge,
    drugs: yesNo('Antiplatelet or NSAID', { chart: { takesAny: ['antiplatelets', 'nsaids'] } }),
    alcohol_ge8_per_week: yesNo('Eight or more alcoholic drinks a week'),
  },
  compute: (v) => {
    const value =
      [
        v.uncontrolled_htn,
        v.renal,
        v.liver,
        v.stroke,
        v.bleeding,
        v.labile_inr,
        v.drugs,
        v.alcohol_ge8_per_week,
      ].filter(Boolean).length + (v.age_y > 65 ? 1 : 0);
    const rate = bleedsPer100Years[value];
    return {
      value,
      band: value >= 3 ? 'high' : value === 2 ? 'moderate' : 'low',
      components: { score: value, ...(rate !== undefined && { major_bleeds_per_100_years: rate }) },
    };
  },
});

// GRACE in-hospital logistic model, which its authors prefer to the nomogram. The weights are the published odds ratios:
// ST deviation exp(0.8755) = 2.4, enzymes exp(0.47) = 1.6, arrest exp(1.4586) = 4.3, Killip exp(0.6931) = 2.0.
import { defineCalculator } from './define.ts';
import { graceInputs } from './grace-inputs.ts';

export const graceInHospitalProbability = defineCalculator({
  id: 'grace_in_hospital_probability',
  title: 'GRACE, probability of death in hospital',
  citation: 'Granger CB et al. Arch Intern Med 2003;163:2345-2353; GRACE coordinating centre',
  confidence: 'B',
  validity: 'Adults with an acute coronary syndrome, at admission',
  unit: '%',
  decimals: 1,
  inputs: graceInputs,
  compute: (v) => {
    const logit =
      -7.7035 +
      0.0531 * v.age_y +
      0.0087 * v.hr -
      0.0168 * v.sbp +
      0.1823 * v.creatinine_mg_dl +
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: the paper's coefficient, not ln 2
      0.6931 * Number(v.killip) +
      1.4586 * Number(v.cardiac_arrest) +
      0.47 * Number(v.enzymes) +
      0.8755 * Number(v.st_deviation);
    return 100 / (1 + Math.exp(-logit));
  },
});

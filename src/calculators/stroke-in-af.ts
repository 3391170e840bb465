// The points and the observed stroke rates that the two versions of the score share.
import { adultAge, sexSpellings } from './common-inputs.ts';
import { choice, yesNo } from './input-kinds.ts';

// Friberg 2012: ischaemic stroke per 100 patient-years without anticoagulants, by score 0-9. The score 8 stratum is small.
export const friberg2012 = [0.2, 0.6, 2.2, 3.2, 4.8, 7.2, 9.7, 11.2, 10.8, 12.2] as const;
// Lip 2010: modelled, kept because it is the set most printed beside the score.
export const lip2010 = [0, 1.3, 2.2, 3.2, 4.0, 6.7, 9.8, 9.6, 6.7, 15.2] as const;

export const strokeInputs = {
  chf: yesNo('Heart failure', { chart: { problem: 'heart-failure' } }),
  hypertension: yesNo('Hypertension', { chart: { problem: 'hypertension' } }),
  age_y: adultAge,
  diabetes: yesNo('Diabetes', { chart: { problem: 'diabetes' } }),
  stroke_tia_te: yesNo('Earlier stroke, TIA or thromboembolism', {
    chart: { anyProblem: ['stroke', 'tia'], ever: true },
  }),
  vascular: yesNo('Vascular disease', {
    chart: { anyProblem: ['myocardial-infarction', 'peripheral-artery-disease'], ever: true },
  }),
} as const;
export const strokeSex = choice('Sex', sexSpellings, { chart: { sex: true } });

export const pointsWithoutSex = (v: {
  chf: boolean;
  hypertension: boolean;
  age_y: number;
  diabetes: boolean;
  stroke_tia_te: boolean;
  vascular: boolean;
}): number =>
  Number(v.chf) +
  Number(v.hypertension) +
  (v.age_y >= 75 ? 2 : v.age_y >= 65 ? 1 : 0) +
  Number(v.diabetes) +
  2 * Number(v.stroke_tia_te) +
  Number(v.vascular);

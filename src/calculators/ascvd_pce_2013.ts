// Pooled cohort equations. Trap: Goff prints 5.3% for the white man of the example, the printed coefficients give 5.4%.
// They use race; PREVENT does not, and is preferred: show this one only on request.
import { ageBetween, hdl, sex, systolic, totalCholesterol } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { choice, yesNo } from './input-kinds.ts';

const within = 'outside the range in which the pooled cohort equations were published';

interface Logs {
  readonly age: number;
  readonly tc: number;
  readonly hdl: number;
  readonly sbp: number;
  readonly treated: boolean;
  readonly smoker: number;
  readonly diabetes: number;
}
interface Equation {
  readonly sum: (v: Logs) => number;
  readonly mean: number;
  readonly survival: number;
}

const equations: Record<'female' | 'male', Record<'white' | 'black', Equation>> = {
  female: {
    white: {
      sum: (v) =>
        -29.799 * v.age +
        4.884 * v.age ** 2 +
        13.54 * v.tc -
        3.114 * v.age * v.tc -
        13.578 * v.hdl +
        3.149 * v.age * v.hdl +
        (v.treated ? 2.019 : 1.957) * v.sbp +
        v.smoker * (7.574 - 1.665 * v.age) +
        0.661 * v.diabetes,
      mean: -29.18,
      survival: 0.9665,
    },
    black: {
      sum: (v) =>
        17.114 * v.age +
        0.94 * v.tc -
        18.92 * v.hdl +
        4.475 * v.age * v.hdl +
        (v.treated ? 29.291 - 6.432 * v.age : 27.82 - 6.087 * v.age) * v.sbp +
        0.691 * v.smoker +
        0.874 * v.diabetes,
      mean: 86.61,
      survival: 0.9533,
    },
  },
  male: {
    white: {
      sum: (v) =>
        12.344 * v.age +
        11.853 * v.tc -
        2.664 * v.age * v.tc -
        7.99 * v.hdl +
        1.769 * v.age * v.hdl +
        (v.treated ? 1.797 : 1.764) * v.sbp +
        v.smoker * (7.837 - 1.795 * v.age) +
        0.658 * v.diabetes,
      mean: 61.18,
      survival: 0.9144,
    },
    black: {
      sum: (v) =>
        2.469 * v.age +
        0.302 * v.tc -
        0.307 * v.hdl +
        (v.treated ? 1.916 : 1.809) * v.sbp +
        0.549 * v.smoker +
        0.645 * v.diabetes,
      mean: 19.54,
      survival: 0.8954,
    },
  },
};

export const ascvdPce2013 = defineCalculator({
  id: 'ascvd_pce_2013',
  title: 'Atherosclerotic risk in 10 years (pooled cohort equations)',
  citation: 'Goff DC et al. Circulation 2014;129(25 Suppl 2):S49-S73',
  confidence: 'A',
  validity: 'Adults of 40 to 79 years without atherosclerotic disease; published for white and Black Americans',
  unit: '%',
  decimals: 1,
  inputs: {
    age_y: ageBetween(40, 79, within),
    sex,
    race: choice('Race, as the equations have it', {
      white: ['caucasian', 'non-hispanic white', 'other'],
      black: ['african american', 'black or african american', 'aa'],
    }),
    tc_mg_dl: { ...totalCholesterol, min: 130, max: 320, limits: within },
    hdl_mg_dl: { ...hdl, min: 20, max: 100, limits: within },
    sbp: { ...systolic, min: 90, max: 200, limits: within, chart: { loinc: ['8480-6'], maxAgeInDays: 365 } },
    treated: yesNo('Taking blood pressure medication', { chart: { takes: 'antihypertensives' } }),
    smoker: yesNo('Current smoking', { chart: { smokingStatus: true } }),
    diabetes: yesNo('Diabetes', { chart: { problem: 'diabetes' } }),
  },
  compute: (v) => {
    const { sum, mean, survival } = equations[v.sex][v.race];
    const linear = sum({
      age: Math.log(v.age_y),
      tc: Math.log(v.tc_mg_dl),
      hdl: Math.log(v.hdl_mg_dl),
      sbp: Math.log(v.sbp),
      treated: v.treated,
      smoker: Number(v.smoker),
      diabetes: Number(v.diabetes),
    });
    return 100 * (1 - survival ** Math.exp(linear - mean));
  },
});

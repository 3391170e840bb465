// GRACE in-hospital nomogram. Bands are half-open: 80 mm[Hg] is in 80-99. Traps: Granger's printed example says 196 where its
// points add to 195; one package prints this model with the weights of ST deviation and enzymes exchanged.
import { defineCalculator } from './define.ts';
import { graceInputs } from './grace-inputs.ts';

type Bands = readonly (readonly [from: number, points: number])[];
const sbp: Bands = [
  [200, 0],
  [160, 10],
  [140, 24],
  [120, 34],
  [100, 43],
  [80, 53],
  [0, 58],
];
const hr: Bands = [
  [200, 46],
  [150, 38],
  [110, 24],
  [90, 15],
  [70, 9],
  [50, 3],
  [0, 0],
];
const age: Bands = [
  [90, 100],
  [80, 91],
  [70, 75],
  [60, 58],
  [50, 41],
  [40, 25],
  [30, 8],
  [0, 0],
];
const creatinine: Bands = [
  [4, 28],
  [2, 21],
  [1.6, 13],
  [1.2, 10],
  [0.8, 7],
  [0.4, 4],
  [0, 1],
];
const killip = { '1': 0, '2': 20, '3': 39, '4': 59 } as const;

const pointsIn = (bands: Bands, value: number): number => bands.find(([from]) => value >= from)?.[1] ?? 0;

export const graceInHospitalPoints = defineCalculator({
  id: 'grace_in_hospital_points',
  title: 'GRACE, death in hospital (nomogram)',
  citation: 'Granger CB et al. Arch Intern Med 2003;163:2345-2353',
  confidence: 'A',
  validity: 'Adults with an acute coronary syndrome, at admission',
  unit: '{score}',
  decimals: 0,
  inputs: graceInputs,
  compute: (v) => {
    const value =
      killip[v.killip] +
      pointsIn(sbp, v.sbp) +
      pointsIn(hr, v.hr) +
      pointsIn(age, v.age_y) +
      pointsIn(creatinine, v.creatinine_mg_dl) +
      (v.cardiac_arrest ? 39 : 0) +
      (v.st_deviation ? 28 : 0) +
      (v.enzymes ? 14 : 0);
    const [band, death] = value <= 108 ? ['low', '<1'] : value <= 140 ? ['intermediate', '1-3'] : ['high', '>3'];
    return { value, band, components: { score: value, in_hospital_death_pct: death ?? '' } };
  },
});

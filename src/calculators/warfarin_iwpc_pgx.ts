// IWPC warfarin dose with genotype, as the square root of mg per week. A proposal for a starting dose, never an order.
import { defineCalculator } from './define.ts';
import { choice } from './input-kinds.ts';
import { decadeOf, iwpcInputs, iwpcValidity } from './iwpc-inputs.ts';

const vkorc1 = { 'G/G': 0, 'A/G': 0.8677, 'A/A': 1.6974, unknown: 0.4854 } as const;
const cyp2c9 = {
  '*1/*1': 0,
  '*1/*2': 0.5211,
  '*1/*3': 0.9357,
  '*2/*2': 1.0616,
  '*2/*3': 1.9206,
  '*3/*3': 2.3312,
  unknown: 0.2188,
} as const;
const race = { white: 0, asian: 0.1092, black: 0.276, 'mixed or missing': 0.1032 } as const;

export const warfarinIwpcPgx = defineCalculator({
  id: 'warfarin_iwpc_pgx',
  title: 'Warfarin dose with genotype (IWPC)',
  citation: 'International Warfarin Pharmacogenetics Consortium. N Engl J Med 2009;360:753-764',
  confidence: 'A',
  validity: iwpcValidity,
  unit: 'mg/wk',
  decimals: 2,
  inputs: {
    ...iwpcInputs,
    vkorc1: choice('VKORC1 -1639', {
      'G/G': ['GG'],
      'A/G': ['AG', 'G/A', 'GA'],
      'A/A': ['AA'],
      unknown: ['missing', 'not tested', 'not done'],
    }),
    cyp2c9: choice('CYP2C9', {
      '*1/*1': ['1/1', 'wild type'],
      '*1/*2': ['1/2', '*2/*1'],
      '*1/*3': ['1/3', '*3/*1'],
      '*2/*2': ['2/2'],
      '*2/*3': ['2/3', '*3/*2'],
      '*3/*3': ['3/3'],
      unknown: ['missing', 'not tested', 'not done'],
    }),
  },
  compute: (v) => {
    const root =
      5.6044 -
      0.2614 * decadeOf(v.age_y) +
      0.0087 * v.height_cm +
      0.0128 * v.weight_kg -
      vkorc1[v.vkorc1] -
      cyp2c9[v.cyp2c9] -
      race[v.race] +
      (v.inducer ? 1.1816 : 0) -
      (v.amiodarone ? 0.5503 : 0);
    return weeklyDose(root);
  },
});

// Below zero the square would rise again; the equation was never near that.
export function weeklyDose(root: number) {
  const value = Math.max(root, 0) ** 2;
  return { value, components: { mg_per_week: value, mg_per_day: value / 7 } };
}

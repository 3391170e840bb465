// IWPC warfarin dose without genotype. Trap: here Black is plus 0.4060; one public copy prints 0.5060.
import { defineCalculator } from './define.ts';
import { decadeOf, iwpcInputs, iwpcValidity } from './iwpc-inputs.ts';
import { weeklyDose } from './warfarin_iwpc_pgx.ts';

const race = { white: 0, asian: -0.6752, black: 0.406, 'mixed or missing': 0.0443 } as const;

export const warfarinIwpcClinical = defineCalculator({
  id: 'warfarin_iwpc_clinical',
  title: 'Warfarin dose without genotype (IWPC)',
  citation: 'International Warfarin Pharmacogenetics Consortium. N Engl J Med 2009;360:753-764',
  confidence: 'C',
  validity: iwpcValidity,
  unit: 'mg/wk',
  decimals: 2,
  inputs: iwpcInputs,
  compute: (v) =>
    weeklyDose(
      4.0376 -
        0.2546 * decadeOf(v.age_y) +
        0.0118 * v.height_cm +
        0.0134 * v.weight_kg +
        race[v.race] +
        (v.inducer ? 1.2799 : 0) -
        (v.amiodarone ? 0.5695 : 0),
    ),
});

// Maddrey's discriminant function.
import { bilirubin } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const maddreyDf = defineCalculator({
  id: 'maddrey_df',
  title: 'Maddrey discriminant function',
  citation: 'Maddrey WC et al. Gastroenterology 1978;75:193-199',
  confidence: 'A',
  validity: 'Alcoholic hepatitis',
  unit: '{score}',
  decimals: 1,
  inputs: {
    pt_s: number('Prothrombin time', 's', { min: 5, max: 200, chart: { loinc: ['5902-2'], maxAgeInDays: 7 } }),
    control_s: number('Control prothrombin time of the laboratory', 's', { min: 5, max: 30 }),
    bilirubin_mg_dl: bilirubin,
  },
  compute: ({ pt_s, control_s, bilirubin_mg_dl }) => {
    const value = 4.6 * (pt_s - control_s) + bilirubin_mg_dl;
    return { value, band: value >= 32 ? 'severe' : 'not severe' };
  },
});

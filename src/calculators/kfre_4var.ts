// Kidney failure risk, four variables. Traps: the baseline survival differs by region and a mixture of the pairs is in
// public code; the ratio is in mg/g and its logarithm is natural.
import { adultAge, egfr, sex, urineAcr } from './common-inputs.ts';
import { defineCalculator, refuse } from './define.ts';
import { choice } from './input-kinds.ts';

const baselineSurvival = {
  'north-america': { '2': 0.975, '5': 0.924 },
  'non-north-america': { '2': 0.9832, '5': 0.9365 },
} as const;

export const kfre4var = defineCalculator({
  id: 'kfre_4var',
  title: 'Kidney failure risk (KFRE, 4 variables)',
  citation: 'Tangri N et al. JAMA 2011;305:1553-1559; JAMA 2016;315:164-174',
  confidence: 'A',
  validity: 'Adults with CKD G3 to G5 (eGFR below 60), not on dialysis or transplanted',
  unit: '%',
  decimals: 1,
  inputs: {
    age_y: adultAge,
    sex,
    egfr: { ...egfr, below: 60, limits: 'published for CKD G3 to G5, an eGFR below 60' },
    acr_mg_g: urineAcr,
    region: choice('Region', {
      'north-america': ['north american', 'NA', 'US', 'USA', 'Canada'],
      'non-north-america': [
        'non north american',
        'outside north america',
        'not north america',
        'elsewhere',
        'rest of world',
        'other',
      ],
    }),
    years: choice('Horizon in years', { '2': ['2 years', '2y'], '5': ['5 years', '5y'] }),
  },
  compute: ({ age_y, sex, egfr, acr_mg_g, region, years }) => {
    if (acr_mg_g <= 0) return refuse('acr_mg_g', 'must be above zero');
    const linear =
      -0.2201 * (age_y / 10 - 7.036) +
      0.2467 * ((sex === 'male' ? 1 : 0) - 0.5642) -
      0.5567 * (egfr / 5 - 7.222) +
      0.451 * (Math.log(acr_mg_g) - 5.137);
    return {
      value: 100 * (1 - baselineSurvival[region][years] ** Math.exp(linear)),
      components: { horizon_years: Number(years) },
    };
  },
});

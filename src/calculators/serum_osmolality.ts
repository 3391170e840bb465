// Calculated serum osmolality, and the gap when it was also measured.
import { bun, glucose, sodium } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const serumOsmolality = defineCalculator({
  id: 'serum_osmolality',
  title: 'Calculated serum osmolality',
  citation: 'Purssell RA et al. Ann Emerg Med 2001;38:653-659',
  confidence: 'A',
  validity: 'Samples taken together; a gap above 10 is raised',
  unit: 'mosm/kg',
  decimals: 1,
  inputs: {
    na: sodium,
    glucose_mg_dl: glucose,
    bun_mg_dl: bun,
    ethanol_mg_dl: number('Ethanol', 'mg/dL', {
      min: 0,
      max: 1500,
      substance: 'ethanol',
      optional: true,
      chart: { loinc: ['5643-2'], maxAgeInDays: 1 },
    }),
    measured_mosm_kg: number('Measured osmolality', 'mosm/kg', { min: 150, max: 600, optional: true }),
  },
  compute: (v) => {
    const value = 2 * v.na + v.glucose_mg_dl / 18 + v.bun_mg_dl / 2.8 + (v.ethanol_mg_dl ?? 0) / 4.6;
    return { value, ...(v.measured_mosm_kg !== undefined && { components: { gap: v.measured_mosm_kg - value } }) };
  },
});

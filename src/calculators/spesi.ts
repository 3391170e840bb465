// Simplified PESI: six findings, one point each; heart failure and lung disease are one finding.
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';
import { peSeverityInputs } from './pe-severity-inputs.ts';

export const spesi = defineCalculator({
  id: 'spesi',
  title: 'Simplified PESI',
  citation: 'Jimenez D et al. Arch Intern Med 2010;170:1383-1389',
  confidence: 'B',
  validity: 'Adults with confirmed pulmonary embolism',
  unit: '{score}',
  decimals: 0,
  inputs: { ...peSeverityInputs, cardiopulmonary: yesNo('Heart failure or chronic lung disease') },
  compute: (v) => {
    const value = [v.age_y > 80, v.cancer, v.cardiopulmonary, v.hr >= 110, v.sbp < 100, v.spo2 < 90].filter(
      Boolean,
    ).length;
    return {
      value,
      band: value === 0 ? 'low' : 'high',
      components: { score: value, ...(value === 0 && { death_30d_pct: 1 }) },
    };
  },
});

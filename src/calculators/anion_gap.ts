// Anion gap without potassium.
import { bicarbonate, chloride, sodium } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const anionGapOf = (v: { na: number; cl: number; hco3: number }): number => v.na - (v.cl + v.hco3);

export const anionGap = defineCalculator({
  id: 'anion_gap',
  title: 'Anion gap',
  citation: 'Emmett M, Narins RG. Medicine 1977;56:38-54',
  confidence: 'A',
  validity: 'Sodium, chloride and bicarbonate from one sample; usual range 8 to 12 mmol/L',
  unit: 'mmol/L',
  decimals: 1,
  inputs: { na: sodium, cl: chloride, hco3: bicarbonate },
  compute: anionGapOf,
});

// Anion gap corrected for albumin, by 2.5 per g/dL below 4.0.
import { anionGapOf } from './anion_gap.ts';
import { albumin, bicarbonate, chloride, sodium } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const anionGapAlbuminCorrected = defineCalculator({
  id: 'anion_gap_albumin_corrected',
  title: 'Anion gap corrected for albumin',
  citation: 'Figge J et al. Crit Care Med 1998;26:1807-1810',
  confidence: 'A',
  validity: 'Sodium, chloride and bicarbonate from one sample',
  unit: 'mmol/L',
  decimals: 2,
  inputs: { na: sodium, cl: chloride, hco3: bicarbonate, albumin_g_dl: albumin },
  compute: (v) => {
    const gap = anionGapOf(v);
    return { value: gap + 2.5 * (4 - v.albumin_g_dl), components: { uncorrected: gap } };
  },
});

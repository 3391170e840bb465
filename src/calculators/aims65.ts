// AIMS65 for upper gastrointestinal bleeding.
import { adultAge, albumin, inr, systolic } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

const mortality = [0.3, 1.2, 5.3, 10.3, 16.5, 24.5] as const;

export const aims65 = defineCalculator({
  id: 'aims65',
  title: 'AIMS65',
  citation: 'Saltzman JR et al. Gastrointest Endosc 2011;74:1215-1224',
  confidence: 'B',
  validity: 'Adults with upper gastrointestinal bleeding',
  unit: '{score}',
  decimals: 0,
  inputs: { albumin_g_dl: albumin, inr, ams: yesNo('Altered mental status'), sbp: systolic, age_y: adultAge },
  compute: (v) => {
    const value = [v.albumin_g_dl < 3, v.inr > 1.5, v.ams, v.sbp <= 90, v.age_y >= 65].filter(Boolean).length;
    return { value, components: { score: value, in_hospital_death_pct: mortality[value] ?? Number.NaN } };
  },
});

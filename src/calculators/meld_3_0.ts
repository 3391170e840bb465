// MELD 3.0. Traps live in public code: 1.33 applied twice, a creatinine cap of 4.0 instead of 3.0, ln(albumin) instead
// of 3.5 - albumin, an albumin floor of 1.0 instead of 1.5.
import { sex } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { clamp, dialysis, meldAlbumin, meldInputs, meldSodium } from './meld-parts.ts';

export const meld30 = defineCalculator({
  id: 'meld_3_0',
  title: 'MELD 3.0',
  citation: 'Kim WR et al. Gastroenterology 2021;161:1887-1895',
  confidence: 'A',
  validity: 'Adults with end-stage liver disease',
  unit: '{score}',
  decimals: 0,
  inputs: { sex, ...meldInputs, na: meldSodium, albumin_g_dl: meldAlbumin, dialysis },
  compute: (v) => {
    const lnBilirubin = Math.log(Math.max(v.bilirubin_mg_dl, 1));
    const lnInr = Math.log(Math.max(v.inr, 1));
    const lnCreatinine = Math.log(v.dialysis ? 3 : clamp(v.creatinine_mg_dl, 1, 3));
    const sodiumDeficit = 137 - clamp(v.na, 125, 137);
    const albuminDeficit = 3.5 - clamp(v.albumin_g_dl, 1.5, 3.5);
    const raw =
      (v.sex === 'female' ? 1.33 : 0) +
      4.56 * lnBilirubin +
      0.82 * sodiumDeficit -
      0.24 * sodiumDeficit * lnBilirubin +
      9.09 * lnInr +
      11.14 * lnCreatinine +
      1.85 * albuminDeficit -
      1.83 * albuminDeficit * lnCreatinine +
      6;
    return { value: clamp(Math.round(raw), 6, 40), components: { unrounded: raw } };
  },
});

// MELD-Na. Traps: the MELD part is rounded to one decimal before sodium enters, sodium enters only above 11,
// and only the end result is an integer.
import { defineCalculator } from './define.ts';
import { clamp, dialysis, meldInputs, meldRaw, meldSodium } from './meld-parts.ts';

export const meldNa = defineCalculator({
  id: 'meld_na',
  title: 'MELD-Na',
  citation: 'Kim WR et al. N Engl J Med 2008;359:1018-1026; OPTN policy 9, 2016',
  confidence: 'A',
  validity: 'People of 12 years and older with end-stage liver disease',
  unit: '{score}',
  decimals: 0,
  inputs: { ...meldInputs, na: meldSodium, dialysis },
  compute: (v) => {
    const meld =
      Math.round(
        10 *
          meldRaw({
            bilirubinMgDl: v.bilirubin_mg_dl,
            inr: v.inr,
            creatinineMgDl: v.creatinine_mg_dl,
            hasDialysis: v.dialysis,
          }),
      ) / 10;
    const deficit = 137 - clamp(v.na, 125, 137);
    const withSodium = meld > 11 ? meld + 1.32 * deficit - 0.033 * meld * deficit : meld;
    return clamp(Math.round(withSodium), 6, 40);
  },
});

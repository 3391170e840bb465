// What the MELD scores share: floors of 1.0, because a logarithm below one would lower the score.
import { albumin, bilirubin, creatinine, inr, sodium } from './common-inputs.ts';
import { yesNo } from './input-kinds.ts';

export const dialysis = yesNo('Dialysis at least twice in the last week', { default: false });
export const meldInputs = { bilirubin_mg_dl: bilirubin, inr, creatinine_mg_dl: creatinine } as const;
export const meldSodium = sodium;
export const meldAlbumin = albumin;

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Kamath 2001 with the OPTN limits, unrounded and unclamped. */
export const meldRaw = (v: {
  bilirubinMgDl: number;
  inr: number;
  creatinineMgDl: number;
  hasDialysis: boolean;
}): number =>
  10 *
  (0.957 * Math.log(v.hasDialysis ? 4 : clamp(v.creatinineMgDl, 1, 4)) +
    0.378 * Math.log(Math.max(v.bilirubinMgDl, 1)) +
    1.12 * Math.log(Math.max(v.inr, 1)) +
    0.643);

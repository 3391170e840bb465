// MELD before sodium. Its inputs are molar, as in the test suite it is checked against. Not rounded: meld_na needs the decimal.
import { bilirubin, creatinine, inr } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';
import { clamp, dialysis, meldRaw } from './meld-parts.ts';

export const meldOriginal = defineCalculator({
  id: 'meld_original',
  title: 'MELD (original)',
  citation: 'Kamath PS et al. Hepatology 2001;33:464-470; OPTN policy 9',
  confidence: 'A',
  validity: 'People of 12 years and older with end-stage liver disease; replaced by MELD 3.0 for allocation',
  unit: '{score}',
  decimals: 0,
  inputs: {
    inr,
    bilirubin_umol_l: number('Total bilirubin', 'umol/L', {
      min: 0.2,
      max: 1710,
      substance: 'bilirubin',
      chart: bilirubin.chart,
    }),
    creatinine_umol_l: number('Serum creatinine', 'umol/L', {
      min: 5,
      max: 3540,
      substance: 'creatinine',
      chart: creatinine.chart,
    }),
    dialysis,
  },
  compute: (v) =>
    clamp(
      meldRaw({
        bilirubinMgDl: v.bilirubin_umol_l / 17.1,
        inr: v.inr,
        creatinineMgDl: v.creatinine_umol_l / 88.4,
        hasDialysis: v.dialysis,
      }),
      6,
      40,
    ),
});

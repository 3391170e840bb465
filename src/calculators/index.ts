// The list of calculators.

import { aaGradient } from './aa_gradient.ts';
import { abcd2 } from './abcd2.ts';
import { adjustedBodyWeight } from './adjusted_body_weight.ts';
import { aims65 } from './aims65.ts';
import { anionGap } from './anion_gap.ts';
import { anionGapAlbuminCorrected } from './anion_gap_albumin_corrected.ts';
import { asaPs } from './asa_ps.ts';
import { ascvdPce2013 } from './ascvd_pce_2013.ts';
import { auditC } from './audit_c.ts';
import { bsa } from './bsa.ts';
import { cSsrsScreen } from './c_ssrs_screen.ts';
import { calciumCorrected } from './calcium_corrected.ts';
import { canadianCtHead } from './canadian_ct_head.ts';
import { centorMcisaac } from './centor_mcisaac.ts';
import { cha2ds2Va } from './cha2ds2_va.ts';
import { cha2ds2Vasc } from './cha2ds2_vasc.ts';
import { childPugh } from './child_pugh.ts';
import { ckdEpi2021 } from './ckd_epi_2021.ts';
import { ckdEpi2021CrCys } from './ckd_epi_2021_cr_cys.ts';
import { cockcroftGault } from './cockcroft_gault.ts';
import { curb65 } from './curb_65.ts';
import { type Calculator, type Refused, type Result, refuse } from './define.ts';
import { deltaRatio } from './delta_ratio.ts';
import { fena } from './fena.ts';
import { fib4 } from './fib_4.ts';
import { freeWaterDeficit } from './free_water_deficit.ts';
import { gad7 } from './gad_7.ts';
import { glasgowBlatchford } from './glasgow_blatchford.ts';
import { graceInHospitalPoints } from './grace_in_hospital_points.ts';
import { graceInHospitalProbability } from './grace_in_hospital_probability.ts';
import { hasBled } from './has_bled.ts';
import { heart } from './heart.ts';
import { homaIr } from './homa_ir.ts';
import { idealBodyWeight } from './ideal_body_weight.ts';
import { insulinBasalStartT2d } from './insulin_basal_start_t2d.ts';
import { insulinCorrection } from './insulin_correction.ts';
import { insulinInpatient } from './insulin_inpatient.ts';
import { insulinPrandialStart } from './insulin_prandial_start.ts';
import { insulinT1dStart } from './insulin_t1d_start.ts';
import { kdigoAki } from './kdigo_aki.ts';
import { kdigoCkd } from './kdigo_ckd.ts';
import { kfre4var } from './kfre_4var.ts';
import { ldlFriedewald } from './ldl_friedewald.ts';
import { maddreyDf } from './maddrey_df.ts';
import { map } from './map.ts';
import { meld30 } from './meld_3_0.ts';
import { meldNa } from './meld_na.ts';
import { meldOriginal } from './meld_original.ts';
import { mews } from './mews.ts';
import { mme } from './mme.ts';
import { nafldFibrosis } from './nafld_fibrosis.ts';
import { news2 } from './news2.ts';
import { nihss } from './nihss.ts';
import { pPossum } from './p_possum.ts';
import { padua } from './padua.ts';
import { perc } from './perc.ts';
import { pesi } from './pesi.ts';
import { phenytoinCorrected } from './phenytoin_corrected.ts';
import { phq9 } from './phq_9.ts';
import { possum } from './possum.ts';
import { preventBase10y } from './prevent_base_10y.ts';
import { preventBase30y } from './prevent_base_30y.ts';
import { preventHba1c10y } from './prevent_hba1c_10y.ts';
import { preventHba1c30y } from './prevent_hba1c_30y.ts';
import { preventUacr10y } from './prevent_uacr_10y.ts';
import { preventUacr30y } from './prevent_uacr_30y.ts';
import { psiPort } from './psi_port.ts';
import { qsofa } from './qsofa.ts';
import { qtc } from './qtc.ts';
import { rcri } from './rcri.ts';
import { roxIndex } from './rox_index.ts';
import { schwartzBedside } from './schwartz_bedside.ts';
import { serumOsmolality } from './serum_osmolality.ts';
import { shockIndex } from './shock_index.ts';
import { sirs } from './sirs.ts';
import { sodiumCorrected } from './sodium_corrected.ts';
import { sofa } from './sofa.ts';
import { spesi } from './spesi.ts';
import { stopBang } from './stop_bang.ts';
import { timiUaNstemi } from './timi_ua_nstemi.ts';
import { ukpdsChd } from './ukpds_chd.ts';
import { ukpdsStroke } from './ukpds_stroke.ts';
import { vancomycinOneCpt } from './vancomycin_one_cpt.ts';
import { vancomycinTwoLevel } from './vancomycin_two_level.ts';
import { warfarinIwpcClinical } from './warfarin_iwpc_clinical.ts';
import { warfarinIwpcPgx } from './warfarin_iwpc_pgx.ts';
import { wellsDvt } from './wells_dvt.ts';
import { wellsPe } from './wells_pe.ts';
import { winters } from './winters.ts';

const list: readonly Calculator[] = [
  // kidney
  ckdEpi2021,
  ckdEpi2021CrCys,
  schwartzBedside,
  cockcroftGault,
  idealBodyWeight,
  adjustedBodyWeight,
  bsa,
  kfre4var,
  kdigoAki,
  kdigoCkd,
  fena,
  // liver
  meldOriginal,
  meldNa,
  meld30,
  childPugh,
  fib4,
  nafldFibrosis,
  maddreyDf,
  // heart and vessels
  preventBase10y,
  preventBase30y,
  preventHba1c10y,
  preventHba1c30y,
  preventUacr10y,
  preventUacr30y,
  ascvdPce2013,
  cha2ds2Vasc,
  cha2ds2Va,
  hasBled,
  heart,
  timiUaNstemi,
  graceInHospitalPoints,
  graceInHospitalProbability,
  rcri,
  qtc,
  map,
  ldlFriedewald,
  ukpdsChd,
  ukpdsStroke,
  padua,
  // emergency, chest, intensive care
  news2,
  qsofa,
  sirs,
  sofa,
  mews,
  curb65,
  psiPort,
  wellsPe,
  perc,
  wellsDvt,
  pesi,
  spesi,
  glasgowBlatchford,
  aims65,
  abcd2,
  canadianCtHead,
  nihss,
  shockIndex,
  roxIndex,
  stopBang,
  centorMcisaac,
  // chemistry
  anionGap,
  anionGapAlbuminCorrected,
  deltaRatio,
  winters,
  aaGradient,
  sodiumCorrected,
  calciumCorrected,
  serumOsmolality,
  freeWaterDeficit,
  homaIr,
  // mental health
  phq9,
  gad7,
  auditC,
  cSsrsScreen,
  // surgery
  possum,
  pPossum,
  asaPs,
  // dosing
  insulinBasalStartT2d,
  insulinPrandialStart,
  insulinT1dStart,
  insulinInpatient,
  insulinCorrection,
  warfarinIwpcPgx,
  warfarinIwpcClinical,
  vancomycinOneCpt,
  vancomycinTwoLevel,
  phenytoinCorrected,
  mme,
];

export const calculators: ReadonlyMap<string, Calculator> = new Map(
  list.map((calculator) => [calculator.id, calculator]),
);

/** `runCalculator('ckd_epi_2021', { age_y: 30, sex: 'female', creatinine_mg_dl: 0.9 })` */
export const runCalculator = (id: string, inputs: unknown): Result | Refused =>
  calculators.get(id)?.run(inputs) ?? refuse(undefined, `no calculator "${id.slice(0, 60)}"`);

export type { Calculator, InputUsed, Refusal, Refused, Result } from './define.ts';
export { isRefused, shownValue } from './define.ts';
export type { ChartHint, Input, Inputs } from './input-kinds.ts';

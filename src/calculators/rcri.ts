// Revised cardiac risk index. The creatinine may be given as a number or as "above 2.0"; both must agree.
import { creatinine } from './common-inputs.ts';
import { defineCalculator, refuse } from './define.ts';
import { yesNo } from './input-kinds.ts';

const lee1999 = [0.4, 0.9, 6.6, 11] as const;
const ccs2017 = [3.9, 6.0, 10.1, 15.0] as const;

export const rcri = defineCalculator({
  id: 'rcri',
  title: 'Revised cardiac risk index',
  citation: 'Lee TH et al. Circulation 1999;100:1043-1049; pooled rates: Duceppe E et al. Can J Cardiol 2017;33:17-32',
  confidence: 'A',
  validity: 'Adults before non-cardiac surgery',
  unit: '{score}',
  decimals: 0,
  inputs: {
    high_risk_surgery: yesNo('Intraperitoneal, intrathoracic or suprainguinal vascular surgery'),
    ihd: yesNo('Ischaemic heart disease', { chart: { problem: 'coronary-disease' } }),
    chf: yesNo('Heart failure', { chart: { problem: 'heart-failure' } }),
    cvd: yesNo('Earlier stroke or TIA', { chart: { anyProblem: ['stroke', 'tia'], ever: true } }),
    insulin: yesNo('Diabetes treated with insulin', { chart: { takes: 'insulins' } }),
    creatinine_mg_dl: { ...creatinine, optional: true },
    creatinine_gt2: yesNo('Creatinine above 2.0 mg/dL', { optional: true }),
  },
  compute: (v) => {
    const measured = v.creatinine_mg_dl === undefined ? undefined : v.creatinine_mg_dl > 2;
    if (measured === undefined && v.creatinine_gt2 === undefined) {
      return refuse('creatinine_mg_dl', 'missing: serum creatinine in mg/dL, or creatinine_gt2');
    }
    if (measured !== undefined && v.creatinine_gt2 !== undefined && measured !== v.creatinine_gt2) {
      return refuse('creatinine_gt2', 'contradicts creatinine_mg_dl');
    }
    const value =
      [v.high_risk_surgery, v.ihd, v.chf, v.cvd, v.insulin].filter(Boolean).length +
      Number(measured ?? v.creatinine_gt2);
    const row = Math.min(value, 3);
    return {
      value,
      components: {
        score: value,
        major_cardiac_events_pct_lee_1999: lee1999[row] ?? Number.NaN,
        major_cardiac_events_pct_ccs_2017: ccs2017[row] ?? Number.NaN,
      },
    };
  },
});

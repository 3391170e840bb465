// NEWS2. Traps: scale 2 is only for confirmed hypercapnic failure and scores too MUCH oxygen only while on oxygen; bands are
// printed to 0.1 degree and whole numbers, so 100.4 F, which converts to 38.000000000000001, must score as 38.0.
import { heartRate, respiratoryRate, spo2, systolic, temperature } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { choice, yesNo } from './input-kinds.ts';

export const news2 = defineCalculator({
  id: 'news2',
  title: 'NEWS2',
  citation: 'Royal College of Physicians. National Early Warning Score (NEWS) 2, 2017',
  confidence: 'A',
  validity: 'People of 16 years and older, not in pregnancy',
  unit: '{score}',
  decimals: 0,
  inputs: {
    rr: respiratoryRate,
    spo2,
    supplemental_o2: yesNo('Breathing supplemental oxygen', { chart: { loinc: ['3151-8'], maxAgeInDays: 1 } }),
    temp_c: temperature,
    sbp: systolic,
    hr: heartRate,
    consciousness: choice(
      'Consciousness (ACVPU)',
      {
        A: ['alert', 'awake'],
        C: ['new confusion', 'confusion', 'confused', 'CVPU'],
        V: ['voice', 'responds to voice', 'verbal'],
        P: ['pain', 'responds to pain'],
        U: ['unresponsive'],
      },
      { chart: { loinc: ['67775-7'], maxAgeInDays: 1 } },
    ),
    spo2_scale: choice(
      'SpO2 scale; 2 only when a clinician has confirmed hypercapnic failure',
      { '1': ['scale 1'], '2': ['scale 2'] },
      { default: '1' },
    ),
  },
  compute: (v) => {
    const rr = Math.round(v.rr);
    const spo2 = Math.round(v.spo2);
    const temp = Math.round(v.temp_c * 10) / 10;
    const sbp = Math.round(v.sbp);
    const hr = Math.round(v.hr);
    const parts = {
      rr: rr <= 8 ? 3 : rr <= 11 ? 1 : rr <= 20 ? 0 : rr <= 24 ? 2 : 3,
      spo2:
        v.spo2_scale === '2' ? scale2(spo2, v.supplemental_o2) : spo2 <= 91 ? 3 : spo2 <= 93 ? 2 : spo2 <= 95 ? 1 : 0,
      supplemental_o2: v.supplemental_o2 ? 2 : 0,
      temp: temp <= 35 ? 3 : temp <= 36 ? 1 : temp <= 38 ? 0 : temp <= 39 ? 1 : 2,
      sbp: sbp <= 90 ? 3 : sbp <= 100 ? 2 : sbp <= 110 ? 1 : sbp <= 219 ? 0 : 3,
      hr: hr <= 40 ? 3 : hr <= 50 ? 1 : hr <= 90 ? 0 : hr <= 110 ? 1 : hr <= 130 ? 2 : 3,
      consciousness: v.consciousness === 'A' ? 0 : 3,
    };
    const value = Object.values(parts).reduce((sum, part) => sum + part, 0);
    const hasThree = Object.values(parts).includes(3);
    return {
      value,
      components: { score: value, ...parts, one_parameter_scores_3: hasThree },
      band: value >= 7 ? 'high' : value >= 5 ? 'medium' : hasThree ? 'low-medium' : 'low',
    };
  },
});

function scale2(spo2: number, isOnOxygen: boolean): number {
  if (spo2 <= 83) return 3;
  if (spo2 <= 85) return 2;
  if (spo2 <= 87) return 1;
  if (spo2 <= 92 || !isOnOxygen) return 0;
  return spo2 <= 94 ? 1 : spo2 <= 96 ? 2 : 3;
}

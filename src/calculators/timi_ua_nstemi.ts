// TIMI for unstable angina and NSTEMI. Trap: Antman's table starts with one row for scores 0 and 1 together; two public
// repositories index it from 0 and shift every risk by a row.
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

const risk14Days = [4.7, 4.7, 8.3, 13.2, 19.9, 26.2, 40.9, 40.9] as const;

export const timiUaNstemi = defineCalculator({
  id: 'timi_ua_nstemi',
  title: 'TIMI, unstable angina or NSTEMI',
  citation: 'Antman EM et al. JAMA 2000;284:835-842',
  confidence: 'A',
  validity: 'Adults with unstable angina or NSTEMI; death, MI or urgent revascularisation within 14 days',
  unit: '{score}',
  decimals: 0,
  inputs: {
    age_ge65: yesNo('Age 65 or older', { chart: { age: 'years', atLeast: 65 } }),
    cad_risk_factors_ge3: yesNo('Three or more risk factors for coronary disease'),
    known_cad: yesNo('Known coronary stenosis of 50% or more', { chart: { problem: 'coronary-disease' } }),
    aspirin_7d: yesNo('Aspirin in the last 7 days', { chart: { takes: 'aspirin' } }),
    angina_ge2_24h: yesNo('Two or more episodes of angina in 24 hours'),
    st_deviation: yesNo('ST deviation of 0.5 mm or more'),
    markers: yesNo('Raised cardiac markers'),
  },
  compute: (v) => {
    const value = Object.values(v).filter(Boolean).length;
    return {
      value,
      band: value <= 2 ? 'low' : value <= 4 ? 'intermediate' : 'high',
      components: { score: value, risk_14d_pct: risk14Days[value] ?? Number.NaN },
    };
  },
});

// PERC. Trap: zero rules out only when the clinician's own estimate is already below 15%.
import { adultAge, heartRate, spo2 } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

export const perc = defineCalculator({
  id: 'perc',
  title: 'PERC rule',
  citation: 'Kline JA et al. J Thromb Haemost 2004;2:1247-1255',
  confidence: 'A',
  validity: 'Adults with a clinical estimate of pulmonary embolism below 15%',
  unit: '{score}',
  decimals: 0,
  inputs: {
    age_y: adultAge,
    hr: heartRate,
    spo2,
    leg_swelling: yesNo('Swelling of one leg'),
    hemoptysis: yesNo('Haemoptysis'),
    surgery_trauma: yesNo('Surgery or trauma within 4 weeks'),
    prior_vte: yesNo('Earlier venous thromboembolism', {
      chart: { anyProblem: ['venous-thromboembolism'], ever: true },
    }),
    estrogen: yesNo('Taking oestrogen', { chart: { takes: 'estrogens' } }),
  },
  compute: (v) => {
    const value =
      Number(v.age_y >= 50) +
      Number(v.hr >= 100) +
      Number(v.spo2 < 95) +
      [v.leg_swelling, v.hemoptysis, v.surgery_trauma, v.prior_vte, v.estrogen].filter(Boolean).length;
    return {
      value,
      band: value === 0 ? 'negative' : 'positive',
      warnings: ['Zero rules out only when the clinical estimate is already below 15%'],
    };
  },
});

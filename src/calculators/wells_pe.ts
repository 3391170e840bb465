// Wells score for pulmonary embolism.
import { heartRate } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

export const wellsPe = defineCalculator({
  id: 'wells_pe',
  title: 'Wells, pulmonary embolism',
  citation: 'Wells PS et al. Thromb Haemost 2000;83:416-420',
  confidence: 'A',
  validity: 'Adults with suspected pulmonary embolism',
  unit: '{score}',
  decimals: 1,
  inputs: {
    dvt_signs: yesNo('Clinical signs of deep vein thrombosis'),
    pe_most_likely: yesNo('Pulmonary embolism at least as likely as another diagnosis'),
    hr: heartRate,
    immob_or_surgery: yesNo('Immobile for 3 days, or surgery within 4 weeks'),
    prior_dvt_pe: yesNo('Earlier thrombosis or embolism', {
      chart: { anyProblem: ['venous-thromboembolism'], ever: true },
    }),
    hemoptysis: yesNo('Haemoptysis'),
    malignancy: yesNo('Cancer, treated within 6 months or palliative', { chart: { problem: 'cancer' } }),
  },
  compute: (v) => {
    const value =
      3 * Number(v.dvt_signs) +
      3 * Number(v.pe_most_likely) +
      1.5 * Number(v.hr > 100) +
      1.5 * Number(v.immob_or_surgery) +
      1.5 * Number(v.prior_dvt_pe) +
      Number(v.hemoptysis) +
      Number(v.malignancy);
    return {
      value,
      band: value > 4 ? 'likely' : 'unlikely',
      components: { score: value, three_tier: value < 2 ? 'low' : value <= 6 ? 'moderate' : 'high' },
    };
  },
});

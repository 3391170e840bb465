// Wells score for deep vein thrombosis, 2003: nine findings, and two points off for a likelier diagnosis.
import { defineCalculator } from './define.ts';
import { yesNo } from './input-kinds.ts';

export const wellsDvt = defineCalculator({
  id: 'wells_dvt',
  title: 'Wells, deep vein thrombosis',
  citation: 'Wells PS et al. N Engl J Med 2003;349:1227-1235',
  confidence: 'A',
  validity: 'Adult outpatients with a suspected first or recurrent leg thrombosis',
  unit: '{score}',
  decimals: 0,
  inputs: {
    active_cancer: yesNo('Active cancer', { chart: { problem: 'cancer' } }),
    paralysis_cast: yesNo('Paralysis, paresis or recent plaster of a leg'),
    bedridden_surgery: yesNo('Bedridden 3 days, or major surgery within 12 weeks'),
    tenderness: yesNo('Tenderness along the deep veins'),
    entire_leg: yesNo('Entire leg swollen'),
    calf_gt3cm: yesNo('Calf more than 3 cm larger than the other'),
    pitting: yesNo('Pitting oedema of that leg only'),
    collaterals: yesNo('Collateral superficial veins'),
    previous_dvt: yesNo('Earlier deep vein thrombosis', {
      chart: { anyProblem: ['venous-thromboembolism'], ever: true },
    }),
    alternative_dx: yesNo('Another diagnosis at least as likely'),
  },
  compute: ({ alternative_dx, ...findings }) => {
    const value = Object.values(findings).filter(Boolean).length - (alternative_dx ? 2 : 0);
    return { value, band: value >= 2 ? 'likely' : 'unlikely' };
  },
});

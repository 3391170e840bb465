// POSSUM mortality and morbidity. It overestimates death at low risk, which is why P-POSSUM exists.
import { defineCalculator } from './define.ts';
import { percentOfLogit, possumInputs } from './possum-inputs.ts';

export const possum = defineCalculator({
  id: 'possum',
  title: 'POSSUM',
  citation: 'Copeland GP et al. Br J Surg 1991;78:355-360',
  confidence: 'B',
  validity: 'Adults having general surgery',
  unit: '%',
  decimals: 1,
  inputs: possumInputs,
  compute: ({ physiological_score: ps, operative_score: os }) => {
    const mortality = percentOfLogit(-7.04 + 0.13 * ps + 0.16 * os);
    return { value: mortality, components: { mortality, morbidity: percentOfLogit(-5.91 + 0.16 * ps + 0.19 * os) } };
  },
});

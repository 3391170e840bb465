// Delta ratio: how far the anion gap rose for the bicarbonate that was lost. From 24 mmol/L nothing was lost: refused.
import { anionGapOf } from './anion_gap.ts';
import { bicarbonate, chloride, sodium } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const deltaRatio = defineCalculator({
  id: 'delta_ratio',
  title: 'Delta ratio',
  citation: 'Wrenn K. Ann Emerg Med 1990;19:1310-1313',
  confidence: 'B',
  validity: 'Metabolic acidosis with a raised anion gap',
  unit: '1',
  decimals: 2,
  inputs: {
    na: sodium,
    cl: chloride,
    hco3: { ...bicarbonate, below: 24, limits: 'without metabolic acidosis the ratio has no meaning' },
  },
  compute: (v) => {
    const value = (anionGapOf(v) - 12) / (24 - v.hco3);
    const band =
      value < 0.4
        ? 'normal gap acidosis'
        : value <= 0.8
          ? 'mixed'
          : value < 1
            ? 'indeterminate'
            : value <= 2
              ? 'high gap acidosis'
              : 'with metabolic alkalosis';
    return { value, band };
  },
});

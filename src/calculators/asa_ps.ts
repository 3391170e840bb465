// ASA physical status. A clinician's judgement, passed on; it is never derived from a chart.
import { defineCalculator } from './define.ts';
import { choice, yesNo } from './input-kinds.ts';

const classes = { I: 1, II: 2, III: 3, IV: 4, V: 5, VI: 6 } as const;

export const asaPs = defineCalculator({
  id: 'asa_ps',
  title: 'ASA physical status',
  citation: 'American Society of Anesthesiologists. ASA Physical Status Classification System, 2020',
  confidence: 'B',
  validity: 'Entered by a clinician',
  unit: '{class}',
  decimals: 0,
  inputs: {
    class: choice('Class', { I: ['1'], II: ['2'], III: ['3'], IV: ['4'], V: ['5'], VI: ['6'] }),
    emergency: yesNo('Emergency', { default: false }),
  },
  compute: (v) => ({ value: classes[v.class], band: v.emergency ? `${v.class}E` : v.class }),
});

// AUDIT-C: three answers, positive from 4 in men and from 3 in women.
import { sex } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { answers } from './lists.ts';

export const auditC = defineCalculator({
  id: 'audit_c',
  title: 'AUDIT-C',
  citation: 'Bush K et al. Arch Intern Med 1998;158:1789-1795; Bradley KA et al. Arch Intern Med 2003;163:821-829',
  confidence: 'B',
  validity: 'Adults',
  unit: '{score}',
  decimals: 0,
  inputs: { items: answers('Three answers from 0 to 4, in order', 3, 4), sex },
  compute: ({ items, sex }) => {
    const value = items.reduce((sum, answer) => sum + answer, 0);
    return { value, band: value >= (sex === 'male' ? 4 : 3) ? 'positive' : 'negative' };
  },
});

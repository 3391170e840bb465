// GAD-7.
import { defineCalculator } from './define.ts';
import { answers } from './lists.ts';

export const gad7 = defineCalculator({
  id: 'gad_7',
  title: 'GAD-7',
  citation: 'Spitzer RL et al. Arch Intern Med 2006;166:1092-1097',
  confidence: 'A',
  validity: 'Adults, answers about the last two weeks',
  unit: '{score}',
  decimals: 0,
  inputs: { items: answers('Seven answers from 0 to 3, in order', 7, 3) },
  compute: ({ items }) => {
    const score = items.reduce((sum, answer) => sum + answer, 0);
    const band = score <= 4 ? 'minimal' : score <= 9 ? 'mild' : score <= 14 ? 'moderate' : 'severe';
    return { value: score, band, components: { score, band } };
  },
});

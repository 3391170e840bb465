// PHQ-9. Trap: any answer above zero to item 9 opens a suicide-risk path whatever the total, so it is a component.
import { defineCalculator } from './define.ts';
import { answers } from './lists.ts';

export const phq9 = defineCalculator({
  id: 'phq_9',
  title: 'PHQ-9',
  citation: 'Kroenke K et al. J Gen Intern Med 2001;16:606-613',
  confidence: 'A',
  validity: 'Adults and adolescents, answers about the last two weeks',
  unit: '{score}',
  decimals: 0,
  inputs: { items: answers('Nine answers from 0 to 3, in order', 9, 3) },
  compute: ({ items }) => {
    const score = items.reduce((sum, answer) => sum + answer, 0);
    const isItem9Positive = (items[8] ?? 0) > 0;
    const band =
      score <= 4
        ? 'minimal'
        : score <= 9
          ? 'mild'
          : score <= 14
            ? 'moderate'
            : score <= 19
              ? 'moderately severe'
              : 'severe';
    return {
      value: score,
      band,
      components: { score, band, item9_positive: isItem9Positive },
      warnings: isItem9Positive ? ['Item 9 is positive: assess suicide risk, whatever the total'] : [],
    };
  },
});

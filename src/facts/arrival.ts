// Why the patient came, in the words of the encounter.
import { z } from 'zod';
import { isUnknown } from '../unknown.ts';
import { cannotSay, defineFact, no, yes } from './define.ts';

const params = z.strictObject({
  words: z.array(z.string().min(3)).min(1).meta({ description: 'Parts of words, any case' }),
});

export const cameBecauseOf = defineFact<z.infer<typeof params>>({
  id: 'cameBecauseOf',
  question: 'Does the reason of the current encounter say {words}?',
  answers: 'yes or no',
  params,
  ask: ({ words }, { chart }) => {
    if (isUnknown(chart.encounters)) return cannotSay(chart.encounters);
    for (const { isCurrent, reasons, start, reference } of chart.encounters) {
      if (!isCurrent) continue;
      const said = reasons.find((reason) => words.some((word) => reason.toLowerCase().includes(word.toLowerCase())));
      if (said) return yes([{ text: said, when: start, reference }], { names: { complaint: said } });
    }
    return no();
  },
});

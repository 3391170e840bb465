// Columbia screen, triage by its published colours: 0 none, 1 low, 2 moderate, 3 high. Deterministic on purpose; nothing
// paraphrases or scores it elsewhere. Questions 3 to 5 are asked only when question 2 is yes, so they may be absent then.
import { defineCalculator, refuse } from './define.ts';
import { yesNo } from './input-kinds.ts';

export const cSsrsScreen = defineCalculator({
  id: 'c_ssrs_screen',
  title: 'Columbia suicide severity screen',
  citation:
    'Posner K et al. Am J Psychiatry 2011;168:1266-1277; Columbia Lighthouse Project, screener with triage points',
  confidence: 'C',
  validity: 'Answers of the person screened; a negative screen does not rule out risk',
  unit: '{level}',
  decimals: 0,
  inputs: {
    q1_wish_dead: yesNo('1 Wish to be dead, last month'),
    q2_thoughts: yesNo('2 Thoughts of killing oneself, last month'),
    q3_method: yesNo('3 Thoughts with a method', { optional: true }),
    q4_intent: yesNo('4 Some intent to act', { optional: true }),
    q5_plan: yesNo('5 Plan and intent', { optional: true }),
    q6_behaviour_ever: yesNo('6 Suicidal behaviour ever'),
    q6_behaviour_3_months: yesNo('6 Suicidal behaviour in the last 3 months', { optional: true }),
  },
  compute: (v) => {
    for (const name of ['q3_method', 'q4_intent', 'q5_plan'] as const) {
      if (v.q2_thoughts && v[name] === undefined) return refuse(name, 'missing: asked whenever question 2 is yes');
    }
    if (v.q6_behaviour_ever && v.q6_behaviour_3_months === undefined) {
      return refuse('q6_behaviour_3_months', 'missing: asked whenever question 6 is yes');
    }
    if (v.q4_intent || v.q5_plan || v.q6_behaviour_3_months) return { value: 3, band: 'high' };
    if (v.q3_method || v.q6_behaviour_ever) return { value: 2, band: 'moderate' };
    return v.q1_wish_dead || v.q2_thoughts ? { value: 1, band: 'low' } : { value: 0, band: 'none' };
  },
});

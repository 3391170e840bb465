// ABCD2 for stroke after a transient ischaemic attack.
import { defineCalculator } from './define.ts';
import { choice, yesNo } from './input-kinds.ts';

const clinical = { weakness: 2, speech: 1, other: 0 } as const;
const duration = { '>=60': 2, '10-59': 1, '<10': 0 } as const;

export const abcd2 = defineCalculator({
  id: 'abcd2',
  title: 'ABCD2',
  citation: 'Johnston SC et al. Lancet 2007;369:283-292',
  confidence: 'A',
  validity: 'Adults after a transient ischaemic attack; stroke within 2 days',
  unit: '{score}',
  decimals: 0,
  inputs: {
    age_ge60: yesNo('Age 60 or older', { chart: { age: 'years', atLeast: 60 } }),
    bp_ge140_90: yesNo('Blood pressure of 140/90 or more at first assessment'),
    clinical: choice('Clinical features', {
      weakness: [
        'unilateral weakness',
        'weakness with speech',
        'weakness and speech',
        'focal weakness',
        'hemiparesis',
        'unilateral weakness with or without speech',
      ],
      speech: [
        'speech only',
        'speech without weakness',
        'speech disturbance',
        'speech impairment',
        'speech disturbance without weakness',
        'speech impairment without weakness',
        'speech no weakness',
      ],
      other: [
        'none',
        'other symptoms',
        'no weakness or speech',
        'neither',
        'other features',
        'neither weakness nor speech',
      ],
    }),
    duration: choice('Duration in minutes', {
      '>=60': ['60', '60 or more', '>=60 min', '60+', '>=60 minutes', '60 min or more', '60 minutes or more', '≥60'],
      '10-59': ['10 to 59', '10-59 min', '10-59 minutes', '10 to 59 minutes'],
      '<10': ['under 10', '<10 min', 'less than 10', '<10 minutes', 'less than 10 minutes', '0-9'],
    }),
    diabetes: yesNo('Diabetes', { chart: { problem: 'diabetes' } }),
  },
  compute: (v) => {
    const value =
      Number(v.age_ge60) + Number(v.bp_ge140_90) + clinical[v.clinical] + duration[v.duration] + Number(v.diabetes);
    const [band, stroke] =
      value <= 3 ? (['low', 1.0] as const) : value <= 5 ? (['moderate', 4.1] as const) : (['high', 8.1] as const);
    return { value, band, components: { score: value, stroke_2d_pct: stroke } };
  },
});

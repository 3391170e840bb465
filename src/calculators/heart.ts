// HEART score for chest pain. Each part is 0, 1 or 2 points; an age in years is scored when its unit says so.
import { defineCalculator } from './define.ts';
import { choice } from './input-kinds.ts';

const points = { '0': 0, '1': 1, '2': 2 } as const;

export const heart = defineCalculator({
  id: 'heart',
  title: 'HEART score',
  citation: 'Six AJ et al. Neth Heart J 2008;16:191-196; Backus BE et al. Int J Cardiol 2013;168:2153-2158',
  confidence: 'A',
  validity: 'Adults with chest pain in the emergency department, without ST elevation',
  unit: '{score}',
  decimals: 0,
  inputs: {
    history: choice('History', {
      '0': ['slightly suspicious'],
      '1': ['moderately suspicious'],
      '2': ['highly suspicious'],
    }),
    ecg: choice('ECG', {
      '0': ['normal'],
      '1': ['nonspecific repolarisation disturbance', 'nonspecific repolarization disturbance'],
      '2': ['significant ST deviation', 'ST deviation', 'ST depression'],
    }),
    age: choice(
      'Age',
      { '0': ['<45', 'below 45'], '1': ['45-64'], '2': ['>=65', '65 or older'] },
      { chart: { age: 'years', bands: [45, 65] } },
    ),
    risk_factors: choice('Risk factors', { '0': ['none'], '1': ['1-2'], '2': ['>=3', '3 or more', 'known disease'] }),
    troponin: choice('Troponin, in multiples of the normal limit', {
      '0': ['normal', '<=1x'],
      '1': ['1-3x'],
      '2': ['>3x'],
    }),
  },
  compute: (v) => {
    const value = points[v.history] + points[v.ecg] + points[v.age] + points[v.risk_factors] + points[v.troponin];
    const [band, risk] = value <= 3 ? ['low', '0.9-1.7'] : value <= 6 ? ['moderate', '12-17'] : ['high', '50-65'];
    return { value, band, components: { score: value, mace_6_weeks_pct: risk ?? '' } };
  },
});

// HEART score for chest pain. Each part is 0, 1 or 2 points. An age of 18 or more can only be years and is scored.
import { defineCalculator, refuse } from './define.ts';
import { choice, number } from './input-kinds.ts';

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
    age: number('Age points (0 below 45, 1 from 45 to 64, 2 from 65), or the age in years', '1', {
      min: 0,
      max: 120,
      chart: { age: 'years' },
    }),
    risk_factors: choice('Risk factors', { '0': ['none'], '1': ['1-2'], '2': ['>=3', '3 or more', 'known disease'] }),
    troponin: choice('Troponin, in multiples of the normal limit', {
      '0': ['normal', '<=1x'],
      '1': ['1-3x'],
      '2': ['>3x'],
    }),
  },
  compute: (v) => {
    const isPoints = v.age === 0 || v.age === 1 || v.age === 2;
    if (!isPoints && v.age < 18) return refuse('age', 'expected 0, 1 or 2 points, or an age in years of at least 18');
    const agePoints = isPoints ? v.age : v.age >= 65 ? 2 : v.age >= 45 ? 1 : 0;
    const value = points[v.history] + points[v.ecg] + agePoints + points[v.risk_factors] + points[v.troponin];
    const [band, risk] = value <= 3 ? ['low', '0.9-1.7'] : value <= 6 ? ['moderate', '12-17'] : ['high', '50-65'];
    return { value, band, components: { score: value, mace_6_weeks_pct: risk ?? '' } };
  },
});

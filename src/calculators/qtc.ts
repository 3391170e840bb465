// Rate-corrected QT by four formulas. Bazett over-corrects above 90 a minute, which the warning says.
import { heartRate } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { choice, number } from './input-kinds.ts';

const formulas = {
  bazett: (qt: number, hr: number) => qt / Math.sqrt(60 / hr),
  fridericia: (qt: number, hr: number) => qt / Math.cbrt(60 / hr),
  framingham: (qt: number, hr: number) => qt + 154 * (1 - 60 / hr),
  hodges: (qt: number, hr: number) => qt + 1.75 * (hr - 60),
} as const;

export const qtc = defineCalculator({
  id: 'qtc',
  title: 'Corrected QT interval',
  citation: 'Rautaharju PM et al. AHA/ACCF/HRS recommendations, part IV. Circulation 2009;119:e241-e250',
  confidence: 'A',
  validity: 'Regular rhythm; not with a paced or wide QRS',
  unit: 'ms',
  decimals: 0,
  inputs: {
    qt_ms: number('QT interval', 'ms', { min: 100, max: 1000, chart: { loinc: ['8634-8'], maxAgeInDays: 30 } }),
    hr_bpm: { ...heartRate, min: 20, max: 300 },
    formula: choice(
      'Formula',
      { bazett: ['QTcB'], fridericia: ['fredericia', 'QTcF'], framingham: ['sagie'], hodges: [] },
      { default: 'fridericia' },
    ),
  },
  compute: ({ qt_ms, hr_bpm, formula }) => {
    const value = formulas[formula](qt_ms, hr_bpm);
    return {
      value,
      ...(value >= 500 && { band: 'high risk' }),
      components: { formula },
      warnings: formula === 'bazett' && hr_bpm > 90 ? ['Bazett over-corrects above 90 beats a minute'] : [],
    };
  },
});

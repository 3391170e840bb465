// Correction factor: how far one unit lowers glucose, 1800/TDD for rapid and 1500/TDD for regular insulin. Textbook rules
// with variants, so the number used is a component. With a glucose it also proposes the correction dose.
import { glucose } from './common-inputs.ts';
import { defineCalculator, isRefused, refuse } from './define.ts';
import { choice, number } from './input-kinds.ts';
import { checkInsulin, insulinGuardInputs } from './insulin-guards.ts';

const rules = { rapid: 1800, 'rapid 1700': 1700, regular: 1500 } as const;

export const insulinCorrection = defineCalculator({
  id: 'insulin_correction',
  title: 'Insulin correction factor',
  citation:
    'Walsh J, Roberts R. Using Insulin, 2003 (1800 and 500 rules); Davidson PC et al. Endocr Pract 2008;14:1095-1101',
  confidence: 'C',
  validity: 'People on basal and mealtime insulin with a settled total daily dose; a proposal, never an order',
  unit: 'mg/dL/[IU]',
  decimals: 0,
  inputs: {
    tdd_units: number('Total insulin a day', '[IU]/d', {
      min: 5,
      max: 300,
      limits: 'the rules fail at very small and very large doses',
    }),
    insulin: choice(
      'Insulin and rule',
      {
        rapid: ['1800', 'rapid-acting', 'rapid acting'],
        'rapid 1700': ['1700'],
        regular: ['1500', 'short-acting', 'short acting'],
      },
      { default: 'rapid' },
    ),
    target_mg_dl: number('Target glucose', 'mg/dL', { min: 80, max: 200, substance: 'glucose', default: 140 }),
    ...insulinGuardInputs,
    glucose_mg_dl: { ...glucose, optional: true, chart: insulinGuardInputs.glucose_mg_dl.chart },
    hypoglycemia_24h: { ...insulinGuardInputs.hypoglycemia_24h, optional: true },
  },
  compute: (v) => {
    const value = rules[v.insulin] / v.tdd_units;
    const components = { rule: rules[v.insulin], g_carbohydrate_per_unit: 500 / v.tdd_units };
    if (v.glucose_mg_dl === undefined) return { value, components };
    if (v.hypoglycemia_24h === undefined) {
      return refuse('hypoglycemia_24h', 'missing: hypoglycaemia in the last 24 hours, before a dose is proposed');
    }
    const guards = checkInsulin({ ...v, glucose_mg_dl: v.glucose_mg_dl, hypoglycemia_24h: v.hypoglycemia_24h });
    if (isRefused(guards)) return guards;
    const dose = Math.max(v.glucose_mg_dl - v.target_mg_dl, 0) / value;
    return {
      value,
      components: { ...components, correction_units: dose },
      warnings: [...guards, 'Subtract insulin still active from earlier doses'],
    };
  },
});

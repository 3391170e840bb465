// First basal insulin in type 2 diabetes: 10 units, or 0.1 to 0.2 units/kg. The value is at 0.1 unless asked otherwise.
import { adultAge, weight } from './common-inputs.ts';
import { defineCalculator, isRefused, refuse } from './define.ts';
import { number, yesNo } from './input-kinds.ts';
import { checkInsulin, insulinGuardInputs } from './insulin-guards.ts';

export const insulinBasalStartT2d = defineCalculator({
  id: 'insulin_basal_start_t2d',
  title: 'Starting basal insulin, type 2 diabetes',
  citation: 'American Diabetes Association. Standards of Care in Diabetes, section 9',
  confidence: 'B',
  validity: 'Adults with type 2 diabetes who take no basal insulin; a proposal, never an order',
  unit: '[IU]/d',
  decimals: 0,
  inputs: {
    weight_kg: weight,
    units_per_kg: number('Units per kg a day', '[IU]/kg/d', {
      min: 0.1,
      max: 0.2,
      default: 0.1,
      limits: 'the guideline gives 0.1 to 0.2',
    }),
    has_basal: yesNo('Already taking basal insulin', { chart: { takes: 'basal-insulins' } }),
    ...insulinGuardInputs,
    age_y: { ...adultAge, optional: true },
  },
  compute: (v) => {
    const guards = checkInsulin(v);
    if (isRefused(guards)) return guards;
    if (v.has_basal) return refuse('has_basal', 'already taking basal insulin: titrate it, do not add another');
    return {
      value: v.units_per_kg * v.weight_kg,
      components: { low: 0.1 * v.weight_kg, high: 0.2 * v.weight_kg, fixed_alternative: 10 },
      warnings: [...guards, 'Raise by 2 units every 3 days to the fasting target; reassess above 0.5 units/kg a day'],
    };
  },
});

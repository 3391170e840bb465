// First insulin in type 1 diabetes: 0.4 to 1.0 units/kg a day, typically 0.5, about half of it basal.
import { weight } from './common-inputs.ts';
import { defineCalculator, isRefused } from './define.ts';
import { number } from './input-kinds.ts';
import { checkInsulin, insulinGuardInputs } from './insulin-guards.ts';

export const insulinT1dStart = defineCalculator({
  id: 'insulin_t1d_start',
  title: 'Starting insulin, type 1 diabetes',
  citation: 'American Diabetes Association. Standards of Care in Diabetes, section 9',
  confidence: 'B',
  validity: 'Type 1 diabetes without ketoacidosis; a proposal, never an order',
  unit: '[IU]/d',
  decimals: 0,
  inputs: {
    weight_kg: weight,
    units_per_kg: number('Units per kg a day', '[IU]/kg/d', {
      min: 0.4,
      max: 1,
      default: 0.5,
      limits: 'the guideline gives 0.4 to 1.0',
    }),
    ...insulinGuardInputs,
  },
  compute: (v) => {
    const guards = checkInsulin(v);
    if (isRefused(guards)) return guards;
    const value = v.units_per_kg * v.weight_kg;
    return { value, components: { basal: value / 2, per_meal: value / 6 }, warnings: guards };
  },
});

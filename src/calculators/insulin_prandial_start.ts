// First mealtime insulin: 4 units, or 10% of the basal dose, with the largest meal. Trap: below an HbA1c of 8% the basal
// dose comes down by the same amount.
import { hba1c } from './common-inputs.ts';
import { defineCalculator, isRefused, refuse } from './define.ts';
import { choice, number } from './input-kinds.ts';
import { checkInsulin, insulinGuardInputs } from './insulin-guards.ts';

export const insulinPrandialStart = defineCalculator({
  id: 'insulin_prandial_start',
  title: 'Starting mealtime insulin, type 2 diabetes',
  citation: 'American Diabetes Association. Standards of Care in Diabetes, section 9',
  confidence: 'B',
  validity: 'Adults with type 2 diabetes on basal insulin; a proposal, never an order',
  unit: '[IU]',
  decimals: 0,
  inputs: {
    basal_units_day: number('Basal insulin a day', '[IU]/d', { above: 0, max: 300 }),
    hba1c_pct: hba1c,
    method: choice('Rule', { '4 units': ['4', 'fixed'], '10% of basal': ['10%', 'percent'] }, { default: '4 units' }),
    ...insulinGuardInputs,
  },
  compute: (v) => {
    const guards = checkInsulin(v);
    if (isRefused(guards)) return guards;
    if (v.nil_by_mouth) return refuse('nil_by_mouth', 'nil by mouth: no mealtime insulin is proposed');
    const value = v.method === '4 units' ? 4 : 0.1 * v.basal_units_day;
    const lowered = v.hba1c_pct < 8 ? Math.max(v.basal_units_day - value, 0) : v.basal_units_day;
    return { value, components: { new_basal_units_day: lowered }, warnings: guards };
  },
});

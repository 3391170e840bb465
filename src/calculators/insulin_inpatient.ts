// Basal-bolus insulin on a ward. 0.4 or 0.5 units/kg by admission glucose; 0.2 to 0.3 in the old or with kidney disease,
// of which the lower end is proposed.
import { adultAge, egfr, weight } from './common-inputs.ts';
import { defineCalculator, isRefused } from './define.ts';
import { checkInsulin, insulinGuardInputs } from './insulin-guards.ts';

export const insulinInpatient = defineCalculator({
  id: 'insulin_inpatient',
  title: 'Basal-bolus insulin on a ward',
  citation:
    'Umpierrez GE et al. Diabetes Care 2007;30:2181-2186; Umpierrez GE et al. J Clin Endocrinol Metab 2012;97:16-38',
  confidence: 'C',
  validity: 'Adults with type 2 diabetes outside intensive care, glucose 140 to 400 mg/dL; a proposal, never an order',
  unit: '[IU]/d',
  decimals: 0,
  inputs: {
    weight_kg: weight,
    ...insulinGuardInputs,
    age_y: adultAge,
    egfr: { ...egfr, chart: { loinc: ['98979-8'], maxAgeInDays: 7 } },
    glucose_mg_dl: {
      ...insulinGuardInputs.glucose_mg_dl,
      min: 140,
      max: 400,
      limits: 'the trial gave this regimen for 140 to 400 mg/dL',
    },
  },
  compute: (v) => {
    const guards = checkInsulin(v);
    if (isRefused(guards)) return guards;
    const isFrail = v.age_y >= 70 || v.egfr < 60;
    const perKg = isFrail ? 0.2 : v.glucose_mg_dl <= 200 ? 0.4 : 0.5;
    const value = perKg * v.weight_kg;
    return {
      value,
      components: { units_per_kg: perKg, basal: value / 2, per_meal: v.nil_by_mouth ? 0 : value / 6 },
      warnings: guards,
    };
  },
});

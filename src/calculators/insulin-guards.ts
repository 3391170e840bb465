// What must be known or ruled out before any insulin number is shown. A number here is a proposal, never an order.
import { anyAge, egfr, glucose } from './common-inputs.ts';
import { type Refused, refuse } from './define.ts';
import { yesNo } from './input-kinds.ts';

export const insulinGuardInputs = {
  glucose_mg_dl: { ...glucose, chart: { loinc: ['41653-7', '2345-7', '2339-0'], maxAgeInDays: 1 } },
  glucose_falling: yesNo('Glucose is falling', { default: false }),
  hypoglycemia_24h: yesNo('Hypoglycaemia in the last 24 hours'),
  nil_by_mouth: yesNo('Nil by mouth', { default: false }),
  steroid_course: yesNo('Course of systemic steroids', {
    default: false,
    chart: { takes: 'systemic-corticosteroids' },
  }),
  insulin_allergy: yesNo('Allergy to the insulin', { default: false }),
  age_y: { ...anyAge, optional: true },
  egfr: { ...egfr, optional: true, chart: { loinc: ['98979-8'], maxAgeInDays: 90 } },
} as const;

interface GuardValues {
  readonly glucose_mg_dl: number;
  readonly glucose_falling: boolean;
  readonly hypoglycemia_24h: boolean;
  readonly nil_by_mouth: boolean;
  readonly steroid_course: boolean;
  readonly insulin_allergy: boolean;
  readonly age_y?: number | undefined;
  readonly egfr?: number | undefined;
}

/** A refusal when no dose may be proposed, otherwise the cautions to show with it. */
export function checkInsulin(v: GuardValues): Refused | string[] {
  if (v.glucose_mg_dl < 70) return refuse('glucose_mg_dl', 'glucose is below 70 mg/dL: treat hypoglycaemia first');
  if (v.glucose_falling && v.glucose_mg_dl < 100) {
    return refuse('glucose_falling', 'glucose is below 100 mg/dL and falling: no insulin is proposed');
  }
  if (v.hypoglycemia_24h) {
    return refuse('hypoglycemia_24h', 'hypoglycaemia in the last 24 hours: find the cause and lower the dose instead');
  }
  if (v.insulin_allergy) return refuse('insulin_allergy', 'allergy to the insulin is recorded');
  return [
    ...(v.glucose_falling ? ['Glucose is falling'] : []),
    ...(v.nil_by_mouth ? ['Nil by mouth: no mealtime insulin'] : []),
    ...(v.steroid_course ? ['Steroid course: needs rise, and fall again when it ends'] : []),
    ...(v.age_y !== undefined && v.age_y >= 70 ? ['Age 70 or older: use the lower end'] : []),
    ...(v.egfr !== undefined && v.egfr < 60 ? ['eGFR below 60: insulin lasts longer, use the lower end'] : []),
    ...(v.egfr === undefined ? ['eGFR unknown'] : []),
  ];
}

// Cockcroft-Gault creatinine clearance for drug dosing. Trap: the paper used actual weight, labels and references differ,
// so the rule for the weight is an input and the weight used comes back as a component.
import { adjustedKg, bodyMassIndex, devineMinCm, idealKg } from './body-weight.ts';
import { adultAge, creatinine, height, sex, weight } from './common-inputs.ts';
import { defineCalculator, refuse } from './define.ts';
import { choice } from './input-kinds.ts';

const weightRules = {
  'by-bmi': [
    'BMI<18.5 actual; 18.5-24.9 min(actual, IBW); >=25 adjusted',
    'BMI <18.5 actual, 18.5-24.9 the smaller of actual and ideal, >=25 adjusted',
    'bmi',
    'auto',
    'standard',
  ],
  actual: ['actual weight', 'actual body weight', 'total', 'total body weight', 'ABW', 'TBW'],
  ideal: ['ideal weight', 'ideal body weight', 'IBW', 'Devine'],
  adjusted: ['adjusted weight', 'adjusted body weight', 'AdjBW', 'AjBW'],
} as const;

export const cockcroftGault = defineCalculator({
  id: 'cockcroft_gault',
  title: 'Creatinine clearance, Cockcroft-Gault',
  citation: 'Cockcroft DW, Gault MH. Nephron 1976;16:31-41',
  confidence: 'A',
  validity: 'Adults with a steady creatinine, for drug dosing; not for staging kidney disease',
  unit: 'mL/min',
  decimals: 0,
  inputs: {
    age_y: adultAge,
    sex,
    weight_kg: weight,
    height_cm: { ...height, optional: true },
    creatinine_mg_dl: creatinine,
    weight_rule: choice('Which weight to use', weightRules, { default: 'by-bmi' }),
  },
  compute: ({ age_y, sex, weight_kg, height_cm, creatinine_mg_dl, weight_rule }) => {
    if (weight_rule !== 'actual' && height_cm === undefined) {
      return refuse('height_cm', `missing: height is needed for the weight rule "${weight_rule}"`);
    }
    const isFemale = sex === 'female';
    const used = weightUsed(weight_rule, weight_kg, height_cm ?? 0, isFemale);
    const warnings =
      used.name !== 'actual' && (height_cm ?? 0) < devineMinCm
        ? ['Height below 152.4 cm: the ideal weight formula is extrapolated']
        : [];
    return {
      value: (((140 - age_y) * used.kg) / (72 * creatinine_mg_dl)) * (isFemale ? 0.85 : 1),
      components: { weight_used_kg: used.kg, weight_used: used.name },
      warnings,
    };
  },
});

function weightUsed(rule: keyof typeof weightRules, actual: number, heightCm: number, isFemale: boolean) {
  if (rule === 'actual') return { name: 'actual', kg: actual };
  const ideal = idealKg(heightCm, isFemale);
  if (rule === 'ideal') return { name: 'ideal', kg: ideal };
  const adjusted = { name: 'adjusted', kg: adjustedKg(heightCm, isFemale, actual) };
  if (rule === 'adjusted') return adjusted;
  const bmi = bodyMassIndex(heightCm, actual);
  if (bmi < 18.5) return { name: 'actual', kg: actual };
  if (bmi >= 25) return adjusted;
  return actual <= ideal ? { name: 'actual', kg: actual } : { name: 'ideal', kg: ideal };
}

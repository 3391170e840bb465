// Insulin with its arithmetic: a first basal dose, a change of it, low glucose values. Every number is a proposal that the
// calculators' own guards let through, or an unknown with the guard's reason.
import { z } from 'zod';
import { isRefused, runCalculator } from '../calculators/index.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { days } from './blanks.ts';
import { type Answer, cannotSay, defineFact, type FactContext } from './define.ts';
import { nilByMouth } from './diet.ts';
import { isTaken, matches } from './medication-list.ts';
import { totalDailyDose } from './orders.ts';
import { because, egfr, readings } from './results.ts';

const nothing = z.strictObject({});

const lows = z.strictObject({ below: z.number().positive().meta({ description: 'mg/dL' }), withinDays: days });

export const lowGlucoses = defineFact<z.infer<typeof lows>>({
  id: 'lowGlucoses',
  question: 'How many glucose values of the last {withinDays} days lie below {below} mg/dL?',
  answers: 'a number',
  params: lows,
  ask: ({ below, withinDays }, context) => {
    const found = readings(context, 'glucose', 'mg/dL', withinDays);
    if (isUnknown(found)) return cannotSay(found);
    const low = found.filter(({ value }) => value < below);
    const worst = low.reduce<(typeof low)[number] | undefined>((a, b) => (!a || b.value < a.value ? b : a), undefined);
    return {
      value: low.length,
      because: low.slice(0, 3).map((reading) => because(reading, 'Glucose', 'mg/dL')),
      names: worst
        ? { lowest: `${Math.round(worst.value)} mg/dL`, lows: low.length === 1 ? 'once' : `${low.length} times` }
        : {},
    };
  },
});

/** Lower end of the guideline (0.1 units/kg), never above 10 units to begin with in the frail. */
export const insulinStart = defineFact<z.infer<typeof nothing>>({
  id: 'insulinStart',
  question:
    'How many units of basal insulin a day are the safest start in type 2 diabetes, by weight, age, kidney function, steroids and recent low values?',
  answers: 'a number',
  params: nothing,
  ask: (_, context) => {
    const { chart } = context;
    const weights = readings(context, 'weight', 'kg', 90);
    if (isUnknown(weights)) return cannotSay(weights);
    const glucose = readings(context, 'glucose', 'mg/dL', 1);
    if (isUnknown(glucose)) return cannotSay(glucose);
    if (isUnknown(chart.medications)) return cannotSay(chart.medications);
    const taken = chart.medications.filter(isTaken);
    const kidney = egfr.ask({ withinDays: 90 }, context);
    const weight = weights[0]!;
    const age = chart.patient.ageInYears;
    const result = runCalculator('insulin_basal_start_t2d', {
      weight_kg: { value: weight.value, unit: 'kg' },
      glucose_mg_dl: { value: glucose[0]!.value, unit: 'mg/dL' },
      hypoglycemia_24h: glucose.some(({ value }) => value < 70) ? 1 : 0,
      has_basal: taken.some((entry) => matches(entry, ['basal-insulins'])) ? 1 : 0,
      steroid_course: taken.some((entry) => matches(entry, ['systemic-corticosteroids'])) ? 1 : 0,
      insulin_allergy:
        isKnown(chart.allergies) &&
        chart.allergies.some(({ standing, groups }) => standing === 'active' && groups.has('insulin-allergens'))
          ? 1
          : 0,
      nil_by_mouth: nilByMouth.ask({}, context).value === true ? 1 : 0,
      ...(isKnown(age) && { age_y: { value: age, unit: 'a' } }),
      ...(isKnown(kidney.value) && { egfr: { value: Number(kidney.value), unit: 'mL/min/{1.73_m2}' } }),
    });
    if (isRefused(result))
      return cannotSay(result.refused[0]?.reason ?? 'no dose can be proposed', [
        because(glucose[0]!, 'Glucose', 'mg/dL'),
      ]);
    const byWeight = Math.floor(Number(result.value));
    const units = Math.max(4, Math.min(byWeight, 10));
    const kg = Math.round(weight.value);
    const cautions = (result.warnings ?? [])
      .filter((line) => !line.startsWith('Raise by') && line !== 'eGFR unknown')
      .map((line) => line.charAt(0).toLowerCase() + line.slice(1));
    return {
      value: units,
      because: [
        because(weight, 'Weight', 'kg'),
        because(glucose[0]!, 'Glucose', 'mg/dL'),
        ...kidney.because.slice(0, 1),
      ],
      names: {
        units: String(units),
        arithmetic:
          byWeight > 10
            ? `0.1 units/kg × ${kg} kg = ${byWeight} units, begun at the usual 10`
            : `0.1 units/kg × ${kg} kg = ${byWeight} units`,
        ...(cautions.length > 0 && { cautions: cautions.join('; ') }),
      },
    };
  },
});

/** Units of basal insulin per kg a day, with what a rise of 2 units and cuts of 10 and 20 per cent come to. */
export const basalInsulinPerKg = defineFact<z.infer<typeof nothing>>({
  id: 'basalInsulinPerKg',
  question: 'How many units of basal insulin per kg a day are taken?',
  answers: 'a number',
  params: nothing,
  needs: () => [{ of: 'drug', anyOf: ['basal-insulins'] }],
  ask: (_, context) => basal(context),
});

function basal(context: FactContext): Answer {
  const total = totalDailyDose.ask({ drug: 'basal-insulins', unit: '[iU]' }, context);
  if (isUnknown(total.value)) return total;
  const units = Number(total.value);
  if (units <= 0) return cannotSay('no basal insulin is taken');
  const names: Record<string, string> = {
    basal: `${Math.round(units)} units/day`,
    raised: String(Math.round(units) + 2),
    cut: `${Math.round(units * 0.8)} to ${Math.round(units * 0.9)} units`,
    fasting: `${Math.round(units * 0.75)} to ${Math.round(units * 0.8)} units`,
  };
  const weights = readings(context, 'weight', 'kg', 365);
  if (isUnknown(weights)) return { value: weights, because: total.because, names };
  const perKg = units / weights[0]!.value;
  return {
    value: perKg,
    because: [...total.because, because(weights[0]!, 'Weight', 'kg')],
    names: { ...names, basalPerKg: `${perKg.toFixed(2)} units/kg` },
  };
}

/**
 * Rapid insulin for one high value on a ward, by the 1800 rule to a target of 140 mg/dL; half of it where insulin lasts longer or
 * does more harm: eGFR below 45, 75 years and older. Whole units, rounded down, never above 10 at once (expert estimate).
 */
export const insulinCorrection = defineFact<z.infer<typeof nothing>>({
  id: 'insulinCorrection',
  question:
    'How many units of rapid insulin correct the newest glucose (at most 4 hours old), by the total daily dose, age, kidney function and recent low values?',
  answers: 'a number',
  params: nothing,
  needs: () => [{ of: 'drug', anyOf: ['insulins'] }],
  ask: (_, context) => {
    const { chart } = context;
    const glucose = readings(context, 'glucose', 'mg/dL', 1);
    if (isUnknown(glucose)) return cannotSay(glucose);
    const newest = glucose[0]!;
    if (chart.now.getTime() - newest.entry.when!.getTime() > 4 * 3_600_000) return cannotSay('no glucose in 4 hours');
    const total = totalDailyDose.ask({ drug: 'insulins', unit: '[iU]' }, context);
    if (isUnknown(total.value)) return total;
    const kidney = egfr.ask({ withinDays: 90 }, context);
    if (isUnknown(kidney.value)) return cannotSay(kidney.value);
    const age = chart.patient.ageInYears;
    if (isUnknown(age)) return cannotSay(age);
    const result = runCalculator('insulin_correction', {
      tdd_units: { value: Number(total.value), unit: '[IU]/d' },
      glucose_mg_dl: { value: newest.value, unit: 'mg/dL' },
      hypoglycemia_24h: glucose.some(({ value }) => value < 70) ? 1 : 0,
      age_y: { value: age, unit: 'a' },
      egfr: { value: Number(kidney.value), unit: 'mL/min/{1.73_m2}' },
    });
    const chips = [because(newest, 'Glucose', 'mg/dL'), ...total.because, ...kidney.because.slice(0, 1)];
    if (isRefused(result)) return cannotSay(result.refused[0]?.reason ?? 'no correction can be proposed', chips);
    const factor = Number(result.value);
    const full = Number(result.components?.correction_units ?? 0);
    const isHalved = Number(kidney.value) < 45 || age >= 75;
    const units = Math.min(10, Math.floor(isHalved ? full / 2 : full));
    const sum = `(${Math.round(newest.value)} − 140) ÷ (1800 ÷ ${Math.round(Number(total.value))} = ${Math.round(factor)}) = ${full.toFixed(1)}`;
    return {
      value: units,
      because: chips,
      names: {
        correction: String(units),
        correctionGlucose: `${Math.round(newest.value)} mg/dL`,
        correctionSum: `${sum}${isHalved ? `, halved for ${age >= 75 ? 'age' : 'kidney function'}` : ''}, rounded down`,
      },
    };
  },
});

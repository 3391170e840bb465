// The course of kidney function: acute injury by KDIGO stages, and the slope of eGFR over the years.
import { z } from 'zod';
import { isRefused, runCalculator } from '../calculators/index.ts';
import { urineStage } from '../calculators/kdigo_aki.ts';
import { daysBetween } from '../fhir/reading.ts';
import { isKnown, isUnknown } from '../unknown.ts';
import { type Answer, type Because, cannotSay, defineFact, type FactContext } from './define.ts';
import { rounded } from './orders.ts';
import { because, type Reading, readings } from './results.ts';
import { urineOutput } from './urine-output.ts';

const nothing = z.strictObject({});
const unit = 'mg/dL';

/**
 * Stage by rise within 48 hours, by the lowest value of the 7 days before, and where there is none of these, by the median of
 * the 8 to 365 days before (the NHS England AKI algorithm). The newest creatinine is at most 3 days old.
 */
export const akiStage = defineFact<z.infer<typeof nothing>>({
  id: 'akiStage',
  question:
    'Which KDIGO stage of acute kidney injury do creatinine (the newest at most 3 days old) and charted urine show (0 = none)?',
  answers: 'a number',
  params: nothing,
  ask: (_, context) => {
    const creatinines = byCreatinine(context);
    const urine = byUrine(context);
    if (!urine) return creatinines;
    const stage = isUnknown(creatinines.value) ? 0 : Number(creatinines.value);
    if (stage === 0 && urine.stage === 0) return creatinines;
    return {
      value: Math.max(stage, urine.stage),
      because: [...(urine.stage > 0 ? [urine.because] : []), ...(stage > 0 ? creatinines.because : [])],
      names: {
        ...(stage > 0 && creatinines.names),
        akiStage: String(Math.max(stage, urine.stage)),
        ...(urine.stage > 0 && { urine: urine.text }),
      },
    };
  },
});

function byCreatinine(context: FactContext): Answer {
  const found = readings(context, 'creatinine', unit, 368);
  if (isUnknown(found)) return cannotSay(found);
  const [newest, ...earlier] = found;
  const at = newest!.entry.when!;
  if (daysBetween(at, context.chart.now) > 3) return cannotSay('no creatinine in 3 days');
  const apart = ({ entry }: Reading): number => daysBetween(entry.when!, at);
  const lastTwoDays = earlier.filter((reading) => apart(reading) <= 2);
  const lastWeek = earlier.filter((reading) => apart(reading) <= 7);
  const lastYear = earlier.filter((reading) => apart(reading) > 7);
  if (earlier.length === 0) return cannotSay('no earlier creatinine in a year to compare with');
  const baseline = lastWeek.length > 0 ? lowest(lastWeek) : median(lastYear);
  const result = runCalculator('kdigo_aki', {
    creatinine_mg_dl: { value: newest!.value, unit },
    baseline_mg_dl: { value: baseline.value, unit },
    ...(lastTwoDays.length > 0 && { rise_48h_mg_dl: { value: newest!.value - lowest(lastTwoDays).value, unit } }),
  });
  if (isRefused(result)) return cannotSay(result.refused[0]?.reason ?? 'the stage cannot be computed');
  const course = [
    ...earlier
      .filter((reading) => apart(reading) <= 7)
      .slice(0, 3)
      .reverse(),
    newest!,
  ];
  return {
    value: Number(result.value),
    because: [because(newest!, 'Creatinine', unit), because(baseline, 'Creatinine before', unit)],
    names: {
      akiStage: String(result.value),
      creatinine: `${rounded(newest!.value)} ${unit}`,
      creatinineBefore: `${rounded(baseline.value)} ${unit}`,
      creatinineSince: span(apart(baseline)),
      ...(course.length > 2 && { creatinineCourse: course.map(({ value }) => rounded(value)).join(' → ') }),
    },
  };
}

/** KDIGO: below 0.5 mL/kg/h for 6 hours, for 12, and below 0.3 for 24 or nothing for 12. */
function byUrine(context: FactContext): { stage: number; text: string; because: Because } | undefined {
  const weights = readings(context, 'weight', 'kg', 90);
  if (isUnknown(weights)) return undefined;
  const spans = [24, 12, 6].flatMap((span) => urineOutput(context, span) ?? []);
  let worst: { stage: number; text: string; because: Because } | undefined;
  for (const { mlPerHour, hours, because: chip } of spans) {
    const perKg = mlPerHour / weights[0]!.value;
    const stage = urineStage(perKg, hours);
    if (!worst || stage > worst.stage)
      worst = { stage, text: `urine ${perKg.toFixed(2)} mL/kg/h over ${Math.round(hours)} hours`, because: chip };
  }
  return worst;
}

const lowest = (list: Reading[]): Reading => list.reduce((a, b) => (b.value < a.value ? b : a));
const median = (list: Reading[]): Reading =>
  [...list].sort((a, b) => a.value - b.value)[Math.floor((list.length - 1) / 2)]!;
const span = (days: number): string =>
  days < 2
    ? `${Math.max(1, Math.round(days * 24))} hours`
    : days < 60
      ? `${Math.round(days)} days`
      : `${Math.round(days / 30.4)} months`;

interface Point {
  years: number;
  value: number;
}

/** KDIGO 2024 calls a sustained decline of more than 5 mL/min/1.73 m² a year rapid. */
export const egfrSlopePerYear = defineFact<z.infer<typeof nothing>>({
  id: 'egfrSlopePerYear',
  question:
    'By how many mL/min/1.73 m² a year does the eGFR change, by at least three values that span a year or more of the last five?',
  answers: 'a number',
  params: nothing,
  ask: (_, context) => {
    const points = filtrations(context);
    const [first, last] = [points[0], points.at(-1)];
    if (points.length < 3 || !first || !last || last.years - first.years < 1)
      return cannotSay('fewer than three kidney results over a year');
    const meanX = points.reduce((sum, { years }) => sum + years, 0) / points.length;
    const meanY = points.reduce((sum, { value }) => sum + value, 0) / points.length;
    const slope =
      points.reduce((sum, { years, value }) => sum + (years - meanX) * (value - meanY), 0) /
      points.reduce((sum, { years }) => sum + (years - meanX) ** 2, 0);
    return {
      value: slope,
      because: [
        {
          text: `eGFR ${Math.round(first.value)} → ${Math.round(last.value)} mL/min/1.73 m² in ${rounded(Math.round((last.years - first.years) * 10) / 10)} years (${points.length} values)`,
        },
      ],
      names: {
        egfrFirst: String(Math.round(first.value)),
        egfrLast: String(Math.round(last.value)),
        egfrFall: String(Math.round(Math.abs(slope))),
        egfrYears: rounded(Math.round((last.years - first.years) * 10) / 10),
      },
    };
  },
});

/** Reported eGFRs where there are three; otherwise computed from each creatinine. Oldest first. */
function filtrations(context: FactContext): Point[] {
  const { now, patient } = context.chart;
  const yearsOf = ({ entry }: Reading): number => -daysBetween(entry.when!, now) / 365.25;
  const reported = readings(context, 'egfr', 'mL/min/{1.73_m2}', 5 * 365);
  const exact = isKnown(reported) ? reported.filter(({ entry }) => entry.when && !entry.quantity?.comparator) : [];
  if (exact.length >= 3) return exact.map((reading) => ({ years: yearsOf(reading), value: reading.value })).reverse();
  const creatinines = readings(context, 'creatinine', unit, 5 * 365);
  if (isUnknown(creatinines) || isUnknown(patient.ageInYears) || isUnknown(patient.sex)) return [];
  const age = patient.ageInYears;
  return creatinines
    .flatMap((reading) => {
      const years = yearsOf(reading);
      const result = runCalculator('ckd_epi_2021', {
        age_y: { value: age + years, unit: 'a' },
        sex: patient.sex,
        creatinine_mg_dl: { value: reading.value, unit },
      });
      return isRefused(result) ? [] : [{ years, value: Number(result.value) }];
    })
    .reverse();
}

// Kidney failure by KFRE, the course of eGFR if its slope stayed as it was, and SGLT2 inhibitors on a stated baseline.
import {
  type Baseline,
  checkBaseline,
  type Estimate,
  fromCalculator,
  isRefused,
  type Refused,
  refuseEstimate,
} from './estimate.ts';
import { applyRelativeRisk } from './relative-effect.ts';

/** `estimateKidneyFailure({ age_y, sex, egfr, acr_mg_g, region, years: 5 })` */
export function estimateKidneyFailure(kfreInputs: unknown): Estimate | Refused {
  const run = fromCalculator('kfre_4var', kfreInputs);
  if (isRefused(run)) return run;
  return {
    id: 'kidney-failure',
    outcome: 'Kidney failure (dialysis or transplant)',
    value: run.result.value,
    unit: '%',
    interval: null,
    horizon: `${run.result.components?.horizon_years} years`,
    source: run.result.citation,
    validity: 'Adults with CKD G3 to G5, not on dialysis',
    basis: 'score',
    from: run.from,
  };
}

export interface EgfrReading {
  /** Years before now, as a negative number. */
  readonly year: number;
  readonly egfr: number;
}

/** The line through measured eGFRs, drawn forward. Trap: readings within weeks show an injury, not a course. */
export function projectEgfr(readings: readonly EgfrReading[], horizonYears: number): Estimate | Refused {
  if (!(horizonYears >= 0 && horizonYears <= 5))
    return refuseEstimate('horizonYears', 'the course is drawn for up to 5 years');
  if (readings.some(({ year, egfr }) => !(year <= 0) || !(egfr > 0 && egfr <= 200))) {
    return refuseEstimate('readings', 'each reading needs a time in the past and an eGFR from 0 to 200');
  }
  const years = readings.map(({ year }) => year);
  if (readings.length < 3 || Math.max(...years) - Math.min(...years) < 1) {
    return refuseEstimate('readings', 'a slope needs at least 3 readings over at least a year');
  }
  const { slope, at } = lineThrough(readings);
  const latest = readings.reduce((last, one) => (one.year > last.year ? one : last));
  // From the last measured value, so that a horizon of zero years changes nothing.
  const after = (year: number) => latest.egfr + slope * year;
  if (after(horizonYears) < 5 || after(horizonYears) > 120)
    return refuseEstimate('horizonYears', 'the line leaves the range in which an eGFR has a meaning (5 to 120)');
  const steps = Math.max(1, Math.ceil(horizonYears * 4));
  return {
    id: 'egfr-course',
    outcome: 'eGFR if the slope stayed as it was',
    value: after(horizonYears),
    unit: 'mL/min/{1.73_m2}',
    interval: null,
    horizon: `${horizonYears} years`,
    source:
      'Least-squares line through the measured values; KDIGO 2024 calls a sustained fall of more than 5 a year rapid',
    validity: 'Stable chronic disease: at least 3 readings over at least a year, none during acute kidney injury',
    basis: 'arithmetic',
    curve: {
      x: 'years',
      y: 'mL/min/{1.73_m2}',
      points: Array.from(
        { length: steps + 1 },
        (_, i) => [(horizonYears * i) / steps, after((horizonYears * i) / steps)] as const,
      ),
    },
    warnings: [
      `Slope ${slope.toFixed(1)} a year; the line itself passes ${at(0).toFixed(0)} now`,
      'A drawn-out line, not a prediction: slopes seldom stay',
    ],
  };
}

function lineThrough(readings: readonly EgfrReading[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(readings.map(({ year }) => year)), mean(readings.map(({ egfr }) => egfr))];
  const slope =
    readings.reduce((sum, one) => sum + (one.year - x) * (one.egfr - y), 0) /
    readings.reduce((sum, one) => sum + (one.year - x) ** 2, 0);
  return { slope, at: (year: number) => y + slope * (year - x) };
}

/** KFRE run again along the projected course: a score change, point by point. */
export function projectKidneyFailure(
  readings: readonly EgfrReading[],
  kfreInputs: Readonly<Record<string, unknown>>,
  horizonYears: number,
): Estimate | Refused {
  const course = projectEgfr(readings, horizonYears);
  if (isRefused(course)) return course;
  const age = Number(kfreInputs.age_y);
  const points: (readonly [number, number])[] = [];
  let last: Estimate | undefined;
  for (const [year, egfr] of course.curve?.points ?? []) {
    const risk = estimateKidneyFailure({ ...kfreInputs, age_y: age + year, egfr });
    if (isRefused(risk)) return risk;
    points.push([year, risk.value]);
    last = risk;
  }
  if (last === undefined) return refuseEstimate('horizonYears', 'no points to draw');
  return {
    ...last,
    id: 'kidney-failure-course',
    basis: 'score change',
    curve: { x: 'years', y: '%', points },
    warnings: ['The score at each point of a drawn-out line; albuminuria is held as it is'],
  };
}

const sglt2 = {
  'kidney-progression': { outcome: 'Kidney disease progression', risk: { value: 0.63, low: 0.58, high: 0.69 } },
  'heart-failure-or-cv-death': {
    outcome: 'Heart failure admission or cardiovascular death',
    risk: { value: 0.77, low: 0.74, high: 0.81 },
  },
} as const;

/** SGLT2 inhibitor in chronic kidney disease, on a baseline for the same outcome. KFRE is another outcome and is no baseline here. */
export function estimateSglt2(
  outcome: keyof typeof sglt2,
  baseline: Baseline,
  egfr: number,
  horizon: string,
): Estimate | Refused {
  const wrong = checkBaseline(baseline);
  if (wrong) return wrong;
  if (/kfre/i.test(baseline.from))
    return refuseEstimate('baseline', 'KFRE predicts kidney failure; the trials counted progression, another outcome');
  if (!(egfr >= 20)) return refuseEstimate('egfr', 'the kidney trials enrolled from an eGFR of 20');
  return {
    id: `sglt2-${outcome}`,
    outcome: sglt2[outcome].outcome,
    unit: '%',
    ...applyRelativeRisk(baseline.pct, sglt2[outcome].risk),
    horizon,
    source: 'Nuffield Department of Population Health Renal Studies Group; SMART-C. Lancet 2022;400:1788-1801',
    validity: 'Adults with chronic kidney disease, heart failure or type 2 diabetes at high risk, eGFR of at least 20',
    basis: 'randomised trials',
    baseline: { value: baseline.pct, from: baseline.from },
  };
}

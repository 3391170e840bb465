// KDIGO stage of acute kidney injury. Traps: 1.2/0.8 is 1.4999999999999998 and 1.2-0.9 is 0.29999999999999993 in binary;
// a creatinine of 4.0 is stage 3 only once the definition of AKI is met, or every dialysis patient would be one.
import { creatinine } from './common-inputs.ts';
import { defineCalculator, refuse } from './define.ts';
import { number, yesNo } from './input-kinds.ts';

const atLeast = (value: number, limit: number) => value >= limit - 1e-9;

export const kdigoAki = defineCalculator({
  id: 'kdigo_aki',
  title: 'Acute kidney injury stage (KDIGO)',
  citation: 'KDIGO Clinical Practice Guideline for Acute Kidney Injury. Kidney Int Suppl 2012;2:1-138',
  confidence: 'A',
  validity: 'Baseline from the last 7 days, or presumed so; say where the baseline comes from',
  unit: '{stage}',
  decimals: 0,
  inputs: {
    creatinine_mg_dl: { ...creatinine, chart: { loinc: creatinine.chart.loinc, maxAgeInDays: 2 } },
    baseline_mg_dl: number('Baseline serum creatinine', 'mg/dL', {
      min: 0.05,
      max: 40,
      substance: 'creatinine',
      optional: true,
    }),
    rise_48h_mg_dl: number('Rise of creatinine within 48 hours', 'mg/dL', {
      min: -40,
      max: 40,
      substance: 'creatinine',
      optional: true,
    }),
    urine_ml_kg_h: number('Urine output', 'mL/kg/h', { min: 0, max: 50, optional: true }),
    urine_hours: number('Hours at that urine output', 'h', { min: 0, max: 168, optional: true }),
    rrt: yesNo('Renal replacement therapy started', { default: false }),
  },
  compute: (v) => {
    if (v.baseline_mg_dl === undefined && v.rise_48h_mg_dl === undefined && v.urine_ml_kg_h === undefined && !v.rrt) {
      return refuse('baseline_mg_dl', 'missing: a baseline creatinine, its rise in 48 hours, or the urine output');
    }
    if ((v.urine_ml_kg_h === undefined) !== (v.urine_hours === undefined)) {
      return refuse(
        v.urine_hours === undefined ? 'urine_hours' : 'urine_ml_kg_h',
        'urine output needs both a rate and hours',
      );
    }
    const ratio = v.baseline_mg_dl === undefined ? undefined : v.creatinine_mg_dl / v.baseline_mg_dl;
    const byCreatinine = creatinineStage(ratio, v.rise_48h_mg_dl, v.creatinine_mg_dl);
    const byUrine = urineStage(v.urine_ml_kg_h, v.urine_hours);
    return {
      value: v.rrt ? 3 : Math.max(byCreatinine, byUrine),
      components: { by_creatinine: byCreatinine, by_urine: byUrine, ...(ratio !== undefined && { ratio }) },
      warnings: ratio === undefined ? ['No baseline creatinine: only the other criteria were staged'] : [],
    };
  },
});

function creatinineStage(ratio: number | undefined, rise48h: number | undefined, creatinine: number): number {
  const hasRisen = rise48h !== undefined && atLeast(rise48h, 0.3);
  const isAki = hasRisen || (ratio !== undefined && atLeast(ratio, 1.5));
  if (!isAki) return 0;
  if (atLeast(creatinine, 4) || (ratio !== undefined && atLeast(ratio, 3))) return 3;
  return ratio !== undefined && atLeast(ratio, 2) ? 2 : 1;
}

export function urineStage(rate: number | undefined, hours: number | undefined): number {
  if (rate === undefined || hours === undefined) return 0;
  // KDIGO says anuria; a measured 0 is the only value that is certainly that.
  if ((rate < 0.3 && hours >= 24) || (rate === 0 && hours >= 12)) return 3;
  if (rate >= 0.5) return 0;
  return hours >= 12 ? 2 : hours >= 6 ? 1 : 0;
}

// SOFA, 1996. Traps: 3 and 4 points for oxygen need ventilation; the cardiovascular part is the highest of its criteria,
// not their sum. SOFA-2 (2025) has other thresholds and would be another id.
import { bilirubin, creatinine, glasgowComa, platelets } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number, yesNo } from './input-kinds.ts';

const pressor = (title: string) => number(title, 'ug/kg/min', { min: 0, max: 50, default: 0 });
const recent = <const L extends readonly string[]>(loinc: L) => ({ loinc, maxAgeInDays: 1 });

export const sofa = defineCalculator({
  id: 'sofa',
  title: 'SOFA',
  citation: 'Vincent JL et al. Intensive Care Med 1996;22:707-710',
  confidence: 'A',
  validity: 'Adults in intensive care; worst value of each part in 24 hours',
  unit: '{score}',
  decimals: 0,
  inputs: {
    pao2_fio2: number('PaO2 over FiO2', 'mm[Hg]', { min: 20, max: 800 }),
    ventilated: yesNo('Ventilatory support'),
    platelets_10e9_l: { ...platelets, chart: recent(['777-3']) },
    bilirubin_mg_dl: { ...bilirubin, chart: recent(['1975-2']) },
    map: number('Mean arterial pressure', 'mm[Hg]', { min: 0, max: 250, chart: recent(['8478-0']) }),
    norepinephrine_ug_kg_min: pressor('Norepinephrine'),
    epinephrine_ug_kg_min: pressor('Epinephrine'),
    dopamine_ug_kg_min: pressor('Dopamine'),
    dobutamine_ug_kg_min: pressor('Dobutamine'),
    gcs: glasgowComa,
    creatinine_mg_dl: { ...creatinine, chart: recent(creatinine.chart.loinc) },
    urine_ml_24h: number('Urine output in 24 hours', 'mL', {
      min: 0,
      max: 20000,
      optional: true,
      chart: recent(['9192-6']),
    }),
  },
  compute: (v) => {
    const parts = {
      respiration: respiration(v.pao2_fio2, v.ventilated),
      coagulation: stepsBelow(v.platelets_10e9_l, [150, 100, 50, 20]),
      liver: stepsFrom(v.bilirubin_mg_dl, [1.2, 2, 6, 12]),
      cardiovascular: cardiovascular(v),
      nervous: stepsBelow(v.gcs, [15, 13, 10, 6]),
      kidney: Math.max(
        stepsFrom(v.creatinine_mg_dl, [1.2, 2, 3.5, 5]),
        v.urine_ml_24h === undefined ? 0 : v.urine_ml_24h < 200 ? 4 : v.urine_ml_24h < 500 ? 3 : 0,
      ),
    };
    const value = Object.values(parts).reduce((sum, part) => sum + part, 0);
    return { value, components: { score: value, ...parts } };
  },
});

const stepsBelow = (value: number, limits: readonly number[]) => limits.filter((limit) => value < limit).length;
const stepsFrom = (value: number, limits: readonly number[]) => limits.filter((limit) => value >= limit - 1e-9).length;

function respiration(ratio: number, isVentilated: boolean): number {
  const steps = stepsBelow(ratio, [400, 300, 200, 100]);
  return isVentilated ? steps : Math.min(steps, 2);
}

function cardiovascular(v: {
  map: number;
  norepinephrine_ug_kg_min: number;
  epinephrine_ug_kg_min: number;
  dopamine_ug_kg_min: number;
  dobutamine_ug_kg_min: number;
}): number {
  const adrenergic = Math.max(v.norepinephrine_ug_kg_min, v.epinephrine_ug_kg_min);
  if (v.dopamine_ug_kg_min > 15 || adrenergic > 0.1) return 4;
  if (v.dopamine_ug_kg_min > 5 || adrenergic > 0) return 3;
  if (v.dopamine_ug_kg_min > 0 || v.dobutamine_ug_kg_min > 0) return 2;
  return v.map < 70 ? 1 : 0;
}

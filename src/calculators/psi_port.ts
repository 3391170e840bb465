// Pneumonia severity index. A laboratory value that was not measured scores as normal, as in the paper, and a warning says so.
// Class I is not a score: it is age up to 50 with none of the illnesses and none of the vital sign abnormalities.
import {
  adultAge,
  bun,
  glucose,
  heartRate,
  pao2,
  respiratoryRate,
  sex,
  sodium,
  spo2,
  systolic,
  temperature,
} from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number, yesNo } from './input-kinds.ts';

const when = (isMet: boolean | undefined, points: number): number => (isMet ? points : 0);
const laboratory = ['ph', 'bun_mg_dl', 'na', 'glucose_mg_dl', 'hct', 'pao2'] as const;

export const psiPort = defineCalculator({
  id: 'psi_port',
  title: 'Pneumonia severity index (PORT)',
  citation: 'Fine MJ et al. N Engl J Med 1997;336:243-250',
  confidence: 'A',
  validity: 'Adults with community-acquired pneumonia',
  unit: '{score}',
  decimals: 0,
  inputs: {
    age_y: adultAge,
    sex,
    nursing_home: yesNo('Nursing home resident'),
    neoplastic: yesNo('Cancer', { chart: { problem: 'cancer' } }),
    liver: yesNo('Liver disease', { chart: { problem: 'chronic-liver-disease' } }),
    chf: yesNo('Heart failure', { chart: { problem: 'heart-failure' } }),
    cvd: yesNo('Cerebrovascular disease', { chart: { anyProblem: ['stroke', 'tia'], ever: true } }),
    renal: yesNo('Kidney disease', { chart: { problem: 'ckd' } }),
    ams: yesNo('Altered mental status'),
    rr: respiratoryRate,
    sbp: systolic,
    hr: heartRate,
    effusion: yesNo('Pleural effusion'),
    ph: number('Arterial pH', '[pH]', {
      min: 6.5,
      max: 8,
      optional: true,
      chart: { loinc: ['2744-1'], maxAgeInDays: 1 },
    }),
    bun_mg_dl: { ...bun, optional: true },
    na: { ...sodium, optional: true },
    hct: number('Haematocrit', '%', { min: 5, max: 80, optional: true, chart: { loinc: ['4544-3'], maxAgeInDays: 7 } }),
    pao2: { ...pao2, optional: true },
    temp_c: temperature,
    glucose_mg_dl: { ...glucose, optional: true },
    spo2: { ...spo2, optional: true },
  },
  compute: (v) => {
    const illnesses =
      when(v.neoplastic, 30) + when(v.liver, 20) + when(v.chf, 10) + when(v.cvd, 10) + when(v.renal, 10);
    const temp = Math.round(v.temp_c * 100) / 100;
    const vitals =
      when(v.ams, 20) +
      when(v.rr >= 30, 20) +
      when(v.sbp < 90, 20) +
      when(temp < 35 || temp >= 40, 15) +
      when(v.hr >= 125, 10);
    const isHypoxic = (v.pao2 !== undefined && v.pao2 < 60) || (v.spo2 !== undefined && v.spo2 < 90);
    const measured =
      when(v.ph !== undefined && v.ph < 7.35, 30) +
      when(v.bun_mg_dl !== undefined && v.bun_mg_dl >= 30, 20) +
      when(v.na !== undefined && v.na < 130, 20) +
      when(v.glucose_mg_dl !== undefined && v.glucose_mg_dl >= 250, 10) +
      when(v.hct !== undefined && v.hct < 30, 10) +
      when(isHypoxic, 10) +
      when(v.effusion, 10);
    const value = v.age_y - (v.sex === 'female' ? 10 : 0) + when(v.nursing_home, 10) + illnesses + vitals + measured;
    const isClassOne = v.age_y <= 50 && illnesses === 0 && vitals === 0;
    const band = isClassOne ? 'I' : value <= 70 ? 'II' : value <= 90 ? 'III' : value <= 130 ? 'IV' : 'V';
    const absent = laboratory.filter((name) => v[name] === undefined && !(name === 'pao2' && v.spo2 !== undefined));
    return {
      value,
      band,
      components: { score: value, class: band },
      warnings: absent.length > 0 ? [`Not measured, scored as normal: ${absent.join(', ')}`] : [],
    };
  },
});

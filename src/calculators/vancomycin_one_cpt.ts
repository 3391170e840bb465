// Vancomycin exposure from population kinetics. Traps: creatinine clearance is capped at 150; the clearance for obesity is
// 9.656, not the transposed 9.565 that circulates. Exposure (AUC) is the target, not the trough.
import { bodyMassIndex } from './body-weight.ts';
import { cockcroftGault } from './cockcroft_gault.ts';
import { adultAge, creatinine, height, sex, weight } from './common-inputs.ts';
import { defineCalculator, isRefused, refuse } from './define.ts';
import { number, yesNo } from './input-kinds.ts';
import { auc24, curve, steadyState } from './vancomycin-model.ts';

const cgWeightRule = 'by-bmi';

export const vancomycinOneCpt = defineCalculator({
  id: 'vancomycin_one_cpt',
  title: 'Vancomycin exposure (one compartment)',
  citation:
    'Matzke GR et al. Antimicrob Agents Chemother 1984;25:433-437; Crass RL et al. J Antimicrob Chemother 2018;73:3081-3086; target: Rybak MJ et al. Am J Health Syst Pharm 2020;77:835-864',
  confidence: 'B',
  validity: 'Adults with a steady creatinine, not on dialysis; a population estimate until levels are measured',
  unit: 'mg.h/L',
  decimals: 0,
  inputs: {
    age_y: adultAge,
    sex,
    weight_kg: weight,
    height_cm: height,
    creatinine_mg_dl: { ...creatinine, chart: { loinc: creatinine.chart.loinc, maxAgeInDays: 2 } },
    dose_mg: number('Dose', 'mg', { min: 100, max: 4000 }),
    interval_h: number('Interval', 'h', { min: 4, max: 72 }),
    infusion_h: number('Infusion time', 'h', { min: 0.5, max: 6, default: 1 }),
    loading_dose_mg: number('Loading dose', 'mg', { min: 100, max: 5000, optional: true }),
    volume_l_kg: number('Volume of distribution', 'L/kg', { min: 0.4, max: 1, default: 0.7 }),
    dialysis: yesNo('Dialysis', { default: false }),
  },
  compute: (v) => {
    if (v.dialysis) return refuse('dialysis', 'the model does not hold on dialysis: dose by levels');
    if (v.infusion_h >= v.interval_h) return refuse('infusion_h', 'the infusion must be shorter than the interval');
    const clearance = clearanceOf(v);
    if (isRefused(clearance)) return clearance;
    const kinetics = { clearanceLPerH: clearance.lPerH, volumeL: v.volume_l_kg * v.weight_kg };
    if (!(kinetics.clearanceLPerH > 0.1))
      return refuse('creatinine_mg_dl', 'clearance is too low for this model: dose by levels');
    const regimen = {
      doseMg: v.dose_mg,
      intervalH: v.interval_h,
      infusionH: v.infusion_h,
      ...(v.loading_dose_mg !== undefined && { loadingDoseMg: v.loading_dose_mg }),
    };
    const value = auc24(regimen, kinetics);
    const ke = kinetics.clearanceLPerH / kinetics.volumeL;
    return {
      value,
      band: value < 400 ? 'below target' : value <= 600 ? 'in target' : 'above target',
      components: {
        auc24: value,
        ...steadyState(regimen, kinetics),
        ke_per_h: ke,
        clearance_l_h: kinetics.clearanceLPerH,
        volume_l: kinetics.volumeL,
        half_life_h: Math.LN2 / ke,
        ...(clearance.crcl !== undefined && { crcl_ml_min: clearance.crcl }),
        curve: curve(regimen, kinetics, 72),
      },
      warnings: [
        'Population estimate: confirm with measured levels',
        ...(clearance.crcl === undefined
          ? ['BMI 30 or more: AUC is from an obesity model, peak and trough are less certain']
          : []),
      ],
    };
  },
});

function clearanceOf(v: {
  age_y: number;
  sex: 'female' | 'male';
  weight_kg: number;
  height_cm: number;
  creatinine_mg_dl: number;
  volume_l_kg: number;
}) {
  if (bodyMassIndex(v.height_cm, v.weight_kg) >= 30) {
    const isMale = v.sex === 'male' ? 1 : 0;
    return { lPerH: 9.656 - 0.078 * v.age_y - 2.009 * v.creatinine_mg_dl + 1.09 * isMale + 0.04 * v.weight_kg ** 0.75 };
  }
  const { age_y, sex, weight_kg, height_cm, creatinine_mg_dl } = v;
  const result = cockcroftGault.run({ age_y, sex, weight_kg, height_cm, creatinine_mg_dl, weight_rule: cgWeightRule });
  if (isRefused(result)) return result;
  const crcl = Math.min(result.value, 150);
  return { lPerH: (0.00083 * crcl + 0.0044) * v.volume_l_kg * v.weight_kg, crcl };
}

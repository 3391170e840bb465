// Vancomycin exposure from two measured levels in one interval (Sawchuk-Zaske). Times count from the start of the infusion.
// Trap: a level drawn before the infusion ended measures distribution, not elimination.
import { defineCalculator, refuse } from './define.ts';
import { number } from './input-kinds.ts';

const level = (title: string, loinc: string) =>
  number(title, 'mg/L', { above: 0, max: 150, chart: { loinc: [loinc], maxAgeInDays: 3 } });
const hours = (title: string) => number(title, 'h', { above: 0, max: 72 });

export const vancomycinTwoLevel = defineCalculator({
  id: 'vancomycin_two_level',
  title: 'Vancomycin exposure from two levels',
  citation:
    'Sawchuk RJ, Zaske DE. J Pharmacokinet Biopharm 1976;4:183-195; target: Rybak MJ et al. Am J Health Syst Pharm 2020;77:835-864',
  confidence: 'B',
  validity: 'Both levels in the same interval near steady state, steady kidney function',
  unit: 'mg.h/L',
  decimals: 0,
  inputs: {
    dose_mg: number('Dose', 'mg', { min: 100, max: 4000 }),
    interval_h: number('Interval', 'h', { min: 4, max: 72 }),
    infusion_h: number('Infusion time', 'h', { min: 0.5, max: 6 }),
    level_1_mg_l: level('First level', '4090-7'),
    level_1_h: hours('Hours from the start of the infusion to the first level'),
    level_2_mg_l: level('Second level', '4092-3'),
    level_2_h: hours('Hours from the start of the infusion to the second level'),
    goal_auc: number('AUC wanted', 'mg.h/L', {
      min: 400,
      max: 600,
      default: 500,
      limits: 'the 2020 guideline asks for 400 to 600',
    }),
  },
  compute: (v) => {
    if (v.infusion_h >= v.interval_h) return refuse('infusion_h', 'the infusion must be shorter than the interval');
    if (v.level_1_h < v.infusion_h) return refuse('level_1_h', 'the first level was drawn before the infusion ended');
    if (v.level_2_h <= v.level_1_h) return refuse('level_2_h', 'the second level must be later than the first');
    if (v.level_2_h > v.interval_h) return refuse('level_2_h', 'both levels must lie within one interval');
    if (v.level_2_mg_l >= v.level_1_mg_l)
      return refuse('level_2_mg_l', 'the second level must be lower than the first');
    const ke = Math.log(v.level_1_mg_l / v.level_2_mg_l) / (v.level_2_h - v.level_1_h);
    const peak = v.level_1_mg_l * Math.exp(ke * (v.level_1_h - v.infusion_h));
    const trough = peak * Math.exp(-ke * (v.interval_h - v.infusion_h));
    const value = (((peak + trough) / 2) * v.infusion_h + (peak - trough) / ke) * (24 / v.interval_h);
    const daily = (v.dose_mg * 24) / v.interval_h;
    return {
      value,
      band: value < 400 ? 'below target' : value <= 600 ? 'in target' : 'above target',
      components: {
        auc24: value,
        ke_per_h: ke,
        half_life_h: Math.LN2 / ke,
        peak,
        trough,
        daily_dose_for_goal_mg: (daily * v.goal_auc) / value,
      },
    };
  },
});

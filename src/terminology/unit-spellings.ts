// From a unit as written to its UCUM code.

import { UNITS } from './unit-table.ts';

/** Spellings that have one meaning only. `M`, `gr`, `mcL`, `iu` of what… are left alone. Looked up in lower case. */
const SPELLINGS: Record<string, string> = {
  lb: '[lb_av]',
  lbs: '[lb_av]',
  pound: '[lb_av]',
  pounds: '[lb_av]',
  '[lb_us]': '[lb_av]',
  oz: '[oz_av]',
  ounces: '[oz_av]',
  kgs: 'kg',
  kilogram: 'kg',
  kilograms: 'kg',
  gram: 'g',
  grams: 'g',
  gm: 'g',
  in: '[in_i]',
  inch: '[in_i]',
  inches: '[in_i]',
  '[in_us]': '[in_i]',
  ft: '[ft_i]',
  feet: '[ft_i]',
  centimeter: 'cm',
  centimeters: 'cm',
  meter: 'm',
  meters: 'm',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  msec: 'ms',
  milliseconds: 'ms',
  minute: 'min',
  minutes: 'min',
  hr: 'h',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
  week: 'wk',
  weeks: 'wk',
  year: 'a',
  years: 'a',
  degf: '[degF]',
  '°f': '[degF]',
  'deg f': '[degF]',
  fahrenheit: '[degF]',
  '[degf]': '[degF]',
  degc: 'Cel',
  '°c': 'Cel',
  'deg c': 'Cel',
  celsius: 'Cel',
  cel: 'Cel',
  mmhg: 'mm[Hg]',
  'mm hg': 'mm[Hg]',
  'mm[hg]': 'mm[Hg]',
  kpa: 'kPa',
  percent: '%',
  pct: '%',
  bpm: '/min',
  'beats/min': '/min',
  '{beats}/min': '/min',
  'breaths/min': '/min',
  '{breaths}/min': '/min',
  '1/min': '/min',
  'ml/min/1.73m2': 'mL/min/{1.73_m2}',
  'ml/min/1.73 m2': 'mL/min/{1.73_m2}',
  'ml/min/1.73m^2': 'mL/min/{1.73_m2}',
  'ml/min/1.73 m^2': 'mL/min/{1.73_m2}',
  'ml/min/1.73sqm': 'mL/min/{1.73_m2}',
  'ml/min/1.73 sq m': 'mL/min/{1.73_m2}',
  'ml/min/{1.73m2}': 'mL/min/{1.73_m2}',
  'ml/min/1.73m*2': 'mL/min/{1.73_m2}',
  'ml/min/{1.73_m2}': 'mL/min/{1.73_m2}',
  'ml/min/1.73': 'mL/min/{1.73_m2}',
  'ml/min': 'mL/min',
  'kg/m^2': 'kg/m2',
  'kg/m*2': 'kg/m2',
  'kg/m2': 'kg/m2',
  'k/ul': '10*3/uL',
  'k/mm3': '10*3/uL',
  'k/cumm': '10*3/uL',
  'thou/ul': '10*3/uL',
  'thousand/ul': '10*3/uL',
  'x10e3/ul': '10*3/uL',
  'x10(3)/ul': '10*3/uL',
  'x10^3/ul': '10*3/uL',
  '10^3/ul': '10*3/uL',
  '10e3/ul': '10*3/uL',
  'x10*3/ul': '10*3/uL',
  'x 10*3/ul': '10*3/uL',
  '10*3/mm3': '10*3/uL',
  'th/mm3': '10*3/uL',
  '10^9/l': '10*9/L',
  'x10^9/l': '10*9/L',
  'x10*9/l': '10*9/L',
  '10e9/l': '10*9/L',
  'x10e9/l': '10*9/L',
  'giga/l': '10*9/L',
  'g/l{giga}': '10*9/L',
  'm/ul': '10*6/uL',
  'mil/ul': '10*6/uL',
  '10^6/ul': '10*6/uL',
  '10e6/ul': '10*6/uL',
  'x10^6/ul': '10*6/uL',
  '10^12/l': '10*12/L',
  'cells/ul': '/uL',
  '{cells}/ul': '/uL',
  'cells/mm3': '/uL',
  'cells/mcl': '/uL',
  'cells/cumm': '/uL',
  '#/ul': '/uL',
  '/mm3': '/uL',
  '/cumm': '/uL',
  '/mcl': '/uL',
  'cells/l': '/L',
  'iu/l': 'U/L',
  'units/l': 'U/L',
  'u/l': 'U/L',
  '[iu]/l': '[IU]/L',
  '[iu]/ml': '[IU]/mL',
  'miu/ml': 'm[IU]/mL',
  'miu/l': 'm[IU]/L',
  'm[iu]/l': 'm[IU]/L',
  'm[iu]/ml': 'm[IU]/mL',
  'uiu/ml': 'u[IU]/mL',
  'u[iu]/ml': 'u[IU]/mL',
  'iu/ml': '[IU]/mL',
  'mg%': 'mg/dL',
  'mg/100ml': 'mg/dL',
  'g%': 'g/dL',
  inr: '{INR}',
  '{inr}': '{INR}',
  ph: '[pH]',
  '{ph}': '[pH]',
  '[ph]': '[pH]',
  score: '{score}',
  '{score}': '{score}',
  '{#}': '{score}',
  points: '{score}',
  '{points}': '{score}',
  '{t-score}': '{T-score}',
  'mmol/mol{hb}': 'mmol/mol',
  'u/g hb': 'U/g{Hb}',
  'u/g{hb}': 'U/g{Hb}',
  'mg alb/g creat': 'mg/g',
  'mg/g{creat}': 'mg/g',
  'mg/g creat': 'mg/g',
  'mcg/mg creat': 'ug/mg',
  'mg/mmol{creat}': 'mg/mmol',
};

/** Lower-cased code → the one UCUM code; only where the case carries no meaning among the units we know. */
const CASELESS = new Map<string, string>();
for (const code of UNITS.keys()) {
  const lower = code.toLowerCase();
  CASELESS.set(lower, CASELESS.has(lower) && CASELESS.get(lower) !== code ? '' : code);
}

/** The UCUM code for a unit as written, or undefined when it has no certain meaning. */
export function ucumOf(written: string | undefined): string | undefined {
  const trimmed = written
    ?.trim()
    .replace(/[\u00b5\u03bc]/g, 'u')
    .replace(/\s*\/\s*/g, '/');
  if (!trimmed) return undefined;
  if (UNITS.has(trimmed)) return trimmed;
  const lower = trimmed.toLowerCase();
  const known =
    SPELLINGS[lower] ??
    CASELESS.get(lower) ??
    CASELESS.get(
      lower
        .replace(/^mcg(?=\/|$)/, 'ug')
        .replace(/\/mcl$/, '/ul')
        .replace(/\/(cc)$/, '/ml'),
    );
  if (known) return UNITS.has(known) ? known : undefined;
  // An annotation adds nothing to the unit: `mg/dL{calc}`.
  const bare = trimmed.replace(/\{[^}]*\}$/, '');
  return bare !== trimmed && bare !== '' ? ucumOf(bare) : undefined;
}

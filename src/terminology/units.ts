// Quantities into the unit a rule speaks. UCUM, the usual sloppy spellings that cannot be mistaken, and molar masses
// where the analyte is known. Whatever is not certain is Unknown, with the reason.

import { type Unknown, unknown } from '../unknown.ts';
import { type Analyte, analyteOf } from './analytes.ts';

export interface QuantityLike {
  value?: number;
  unit?: string;
  code?: string;
  system?: string;
}

/** What a unit measures; only units of one kind convert without knowing the analyte. */
type Kind =
  | 'mass'
  | 'length'
  | 'volume'
  | 'time'
  | 'temperature'
  | 'pressure'
  | 'fraction'
  | 'mass/volume'
  | 'mole/volume'
  | 'equivalent/volume'
  | 'count/volume'
  | 'activity/volume'
  | 'unit/volume'
  | 'mass/mass'
  | 'mass/mole'
  | 'mole/mole'
  | 'flow'
  | 'flow/area'
  | 'rate'
  | 'mass/area'
  | 'area'
  | 'substance'
  | 'equivalent'
  | 'unit'
  | `same:${string}`;

interface Unit {
  kind: Kind;
  /** How many base units one of these is. */
  factor: number;
  /** Celsius is the base; Fahrenheit and kelvin start elsewhere: base = (value - offset) * factor. */
  offset?: number;
}

// Base units: g, m, L, s, Cel, mm[Hg], 1, g/L, mol/L, eq/L, /L, U/L, [IU]/L, g/g, g/mol, mol/mol, mL/min, /min, kg/m2, m2.
const UNITS = new Map<string, Unit>();
const define = (kind: Kind, table: Record<string, number>): void => {
  for (const [code, factor] of Object.entries(table)) UNITS.set(code, { kind, factor });
};

const MASSES = { kg: 1e3, g: 1, mg: 1e-3, ug: 1e-6, ng: 1e-9, pg: 1e-12 };
const MOLES = { mol: 1, mmol: 1e-3, umol: 1e-6, nmol: 1e-9, pmol: 1e-12 };
const EQUIVALENTS = { eq: 1, meq: 1e-3, ueq: 1e-6 };
const VOLUMES = { L: 1, dL: 0.1, mL: 1e-3, uL: 1e-6, '100mL': 0.1 };
const cross = (tops: Record<string, number>, bottoms: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(tops).flatMap(([top, a]) =>
      Object.entries(bottoms).map(([bottom, b]) => [`${top}/${bottom}`, a / b]),
    ),
  );

define('mass', { ...MASSES, '[lb_av]': 453.59237, '[oz_av]': 28.349523125 });
define('length', { m: 1, cm: 0.01, mm: 0.001, '[in_i]': 0.0254, '[ft_i]': 0.3048 });
define('volume', VOLUMES);
define('time', { s: 1, ms: 1e-3, min: 60, h: 3600, d: 86400, wk: 604800, a: 31557600 });
define('pressure', { 'mm[Hg]': 1, kPa: 7.500615759, 'cm[H2O]': 0.73555912 });
define('fraction', { '1': 1, '%': 0.01 });
define('substance', MOLES);
define('equivalent', EQUIVALENTS);
define('mass/volume', cross(MASSES, VOLUMES));
define('mole/volume', cross(MOLES, VOLUMES));
define('equivalent/volume', cross(EQUIVALENTS, VOLUMES));
define('activity/volume', { ...cross({ U: 1, kU: 1e3, mU: 1e-3 }, VOLUMES), 'ukat/L': 60, 'nkat/L': 0.06 });
define('unit/volume', cross({ '[IU]': 1, 'm[IU]': 1e-3, 'u[IU]': 1e-6, 'k[IU]': 1e3 }, VOLUMES));
define('unit', { '[IU]': 1 });
define('count/volume', {
  '/uL': 1e6,
  '/L': 1,
  '/mL': 1e3,
  '10*3/uL': 1e9,
  '10*6/uL': 1e12,
  '10*9/L': 1e9,
  '10*12/L': 1e12,
  '10*6/L': 1e6,
});
define('mass/mass', { 'mg/g': 1e-3, 'ug/mg': 1e-3, 'ug/g': 1e-6, 'g/g': 1, 'mg/mg': 1, 'g/kg': 1e-3, 'mg/kg': 1e-6 });
define('mass/mole', { 'mg/mmol': 1, 'g/mol': 1 });
define('mole/mole', { 'mmol/mol': 1e-3, 'mol/mol': 1 });
define('flow', { 'mL/min': 1, 'L/min': 1e3, 'mL/s': 60, 'mL/h': 1 / 60 });
define('flow/area', { 'mL/min/{1.73_m2}': 1, 'mL/s/{1.73_m2}': 60 });
define('rate', { '/min': 1, '/s': 60, '/h': 1 / 60 });
define('mass/area', { 'kg/m2': 1 });
define('area', { m2: 1 });
define('same:inr', { '{INR}': 1 });
define('same:ph', { '[pH]': 1 });
define('same:score', { '{score}': 1 });
define('same:t-score', { '{T-score}': 1 });
define('same:fL', { fL: 1 });
define('same:U/g{Hb}', { 'U/g{Hb}': 1 });
UNITS.set('Cel', { kind: 'temperature', factor: 1 });
UNITS.set('[degF]', { kind: 'temperature', factor: 5 / 9, offset: 32 });
UNITS.set('K', { kind: 'temperature', factor: 1, offset: 273.15 });

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

/**
 * `convertQuantity({ value: 88.4, unit: 'µmol/L' }, 'mg/dL', 'creatinine')` → 1.
 * `analyte` is a LOINC code or a name; without it, molar and mass units do not mix.
 */
export function convertQuantity(quantity: QuantityLike, toUnit: string, analyte?: string): number | Unknown {
  const { value } = quantity;
  if (typeof value !== 'number' || !Number.isFinite(value)) return unknown('the result has no numeric value');
  const written = quantity.code ?? quantity.unit;
  if (!written?.trim()) return unknown('the result has no unit');
  const from = ucumOf(quantity.code) ?? ucumOf(quantity.unit);
  if (!from) return unknown(`unit "${written}" is not one we know`);
  const to = ucumOf(toUnit);
  if (!to) return unknown(`unit "${toUnit}" is not one we know`);
  // Code and text that disagree ("mg/dL" beside "mmol/L") leave no safe reading.
  const spoken = ucumOf(quantity.unit);
  if (spoken && spoken !== from && !isSameSize(spoken, from))
    return unknown(`unit is given both as "${quantity.code}" and as "${quantity.unit}"`);
  if (from === to) return value;
  const known = analyte === undefined ? undefined : analyteOf(analyte);
  const base = toBase(value, from);
  const moved = move(base, UNITS.get(from)!.kind, UNITS.get(to)!.kind, known);
  if (moved === undefined) {
    const of = analyte === undefined || known ? '' : ` for ${analyte}`;
    return unknown(`"${written}" cannot be converted to "${toUnit}"${of}`);
  }
  return tidy(fromBase(moved, to));
}

const toBase = (value: number, code: string): number => {
  const { factor, offset = 0 } = UNITS.get(code)!;
  return (value - offset) * factor;
};
const fromBase = (base: number, code: string): number => {
  const { factor, offset = 0 } = UNITS.get(code)!;
  return base / factor + offset;
};

const isSameSize = (a: string, b: string): boolean => {
  const [one, two] = [UNITS.get(a)!, UNITS.get(b)!];
  return (
    one.kind === two.kind &&
    Math.abs(one.factor - two.factor) <= 1e-9 * one.factor &&
    (one.offset ?? 0) === (two.offset ?? 0)
  );
};

/** From one kind of base unit to another, where the analyte says how. */
function move(base: number, from: Kind, to: Kind, analyte: Analyte | undefined): number | undefined {
  if (from === to) return base;
  if (!analyte) return undefined;
  const { gramsPerMole, valence, custom } = analyte;
  const own = custom?.find((rule) => rule.from === from && rule.to === to);
  if (own) return own.convert(base);
  if (gramsPerMole) {
    if (from === 'mass/volume' && to === 'mole/volume') return base / gramsPerMole;
    if (from === 'mole/volume' && to === 'mass/volume') return base * gramsPerMole;
  }
  if (valence) {
    if (from === 'equivalent/volume' && to === 'mole/volume') return base / valence;
    if (from === 'mole/volume' && to === 'equivalent/volume') return base * valence;
    if (gramsPerMole && from === 'equivalent/volume' && to === 'mass/volume') return (base / valence) * gramsPerMole;
    if (gramsPerMole && from === 'mass/volume' && to === 'equivalent/volume') return (base / gramsPerMole) * valence;
  }
  return undefined;
}

/** Removes the last digits that binary arithmetic adds. */
const tidy = (value: number): number => Number(value.toPrecision(12));

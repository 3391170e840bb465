// The UCUM units that laboratories, wards and rules use, and what each measures.

/** What a unit measures; only units of one kind convert without knowing the analyte. */
export type Kind =
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

export interface Unit {
  kind: Kind;
  /** How many base units one of these is. */
  factor: number;
  /** Celsius is the base; Fahrenheit and kelvin start elsewhere: base = (value - offset) * factor. */
  offset?: number;
}

// Base units: g, m, L, s, Cel, mm[Hg], 1, g/L, mol/L, eq/L, /L, U/L, [IU]/L, g/g, g/mol, mol/mol, mL/min, /min, kg/m2, m2.
export const UNITS = new Map<string, Unit>();
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

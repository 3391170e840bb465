// Unit conversion for calculator inputs. UCUM units, plus a few chart spellings that cannot be misread.
// A unit that is not here is unknown, and an input in an unknown unit is refused: guessing a unit is a bug.

/** Substances whose mass and molar concentrations may be exchanged: mg/dL per mmol/L. */
const mgPerDlPerMmol = {
  creatinine: 1000 / 88.4,
  bilirubin: 1000 / 17.1,
  glucose: 18.016,
  cholesterol: 38.67,
  triglycerides: 88.57,
  urea: 2.801, // BUN is the nitrogen of urea, so this is not the molar mass of urea
  calcium: 4.008,
  ethanol: 4.607,
} as const;

export type Substance = keyof typeof mgPerDlPerMmol | 'monovalent' | 'urine-acr' | 'hba1c';

type Dimension = { [unit: string]: number };

// Each table gives the size of the unit in the table's first unit.
const dimensions: Dimension[] = [
  { 'mg/dL': 1, 'g/dL': 1000, 'g/L': 100, 'mg/L': 0.1, 'ug/mL': 0.1, 'mg/mL': 100, 'ug/dL': 0.001 },
  { 'mmol/L': 1, 'umol/L': 0.001, 'mol/L': 1000 },
  { kg: 1, g: 0.001, '[lb_av]': 0.45359237 },
  { cm: 1, m: 100, mm: 0.1, '[in_i]': 2.54, '[ft_i]': 30.48 },
  { 'mm[Hg]': 1, kPa: 7.500616827 },
  { ms: 1, s: 1000 },
  { h: 1, min: 1 / 60, d: 24 },
  { '10*9/L': 1, '10*3/uL': 1, '/uL': 0.001, '10*6/uL': 1000 },
  { 'U/L': 1, '[IU]/L': 1 },
  { 'u[IU]/mL': 1, 'm[IU]/L': 1, 'uU/mL': 1, 'mU/L': 1 },
  { 'ug/kg/min': 1, 'mg/kg/min': 1000, 'ng/kg/min': 0.001 },
  { '1': 1, '%': 0.01 },
  { 'mL/min/{1.73_m2}': 1 },
  { 'mL/min': 1, 'L/h': 1000 / 60, 'mL/h': 1 / 60 },
  { 'mg/g': 1, 'g/g': 1000, 'ug/mg': 1 },
  { 'mg/mmol': 1, 'g/mol': 1 },
  { a: 1, mo: 1 / 12 },
  { 'kg/m2': 1 },
  { '/min': 1 },
  { mL: 1, L: 1000 },
  { mg: 1, g: 1000, ug: 0.001 },
];

// UCUM spells the litre l or L, and charts spell these few in ways that have one meaning only.
const spellings: Record<string, string> = {
  mmHg: 'mm[Hg]',
  'mm Hg': 'mm[Hg]',
  '°C': 'Cel',
  degC: 'Cel',
  '°F': '[degF]',
  degF: '[degF]',
  lb: '[lb_av]',
  lbs: '[lb_av]',
  in: '[in_i]',
  inch: '[in_i]',
  inches: '[in_i]',
  year: 'a',
  years: 'a',
  y: 'a',
  yr: 'a',
  bpm: '/min',
  '{beats}/min': '/min',
  '{breaths}/min': '/min',
  '1/min': '/min',
  'kg/m²': 'kg/m2',
  'kg/m^2': 'kg/m2',
  'mL/min/1.73m2': 'mL/min/{1.73_m2}',
  'mL/min/1.73m²': 'mL/min/{1.73_m2}',
  'mL/min/1.73_m2': 'mL/min/{1.73_m2}',
  'mL/min/1.73 m2': 'mL/min/{1.73_m2}',
  'mL/min/{1.73m2}': 'mL/min/{1.73_m2}',
  '10^9/L': '10*9/L',
  'x10^9/L': '10*9/L',
  '10^3/uL': '10*3/uL',
  'K/uL': '10*3/uL',
  'mEq/L': 'meq/L',
  'mg/g{creat}': 'mg/g',
  'mg/mmol{creat}': 'mg/mmol',
  'IU/L': '[IU]/L',
  'mmol/mol{Hb}': 'mmol/mol',
  '%{Hb}': '%',
  '{ratio}': '1',
  '{INR}': '1',
  '{score}': '1',
};

export const plainUnit = (unit: string): string => {
  const trimmed = unit
    .trim()
    .replaceAll(/[µμ]/g, 'u')
    .replaceAll(/(?<=^|[/mdu])l(?=$|\/)/g, 'L');
  return spellings[trimmed] ?? trimmed;
};

/** The value in the other unit, or undefined when no conversion is known. `convertUnit(177, 'umol/L', 'mg/dL', 'creatinine')` is 2.002. */
export function convertUnit(value: number, from: string, to: string, substance?: Substance): number | undefined {
  const [start, end] = [plainUnit(from), plainUnit(to)];
  if (start === end) return value;
  if (start === '[degF]' && end === 'Cel') return ((value - 32) * 5) / 9;
  if (start === 'Cel' && end === '[degF]') return (value * 9) / 5 + 32;
  if (substance === 'hba1c') return convertHba1c(value, start, end);
  for (const table of dimensions) {
    const [a, b] = [table[start], table[end]];
    if (a !== undefined && b !== undefined) return (value * a) / b;
  }
  return substance === undefined ? undefined : convertSubstance(value, start, end, substance);
}

// IFCC to NGSP master equation; affine, so it cannot be a factor in a table.
function convertHba1c(value: number, from: string, to: string): number | undefined {
  if (from === 'mmol/mol' && to === '%') return 0.09148 * value + 2.152;
  if (from === '%' && to === 'mmol/mol') return (value - 2.152) / 0.09148;
  return undefined;
}

function convertSubstance(value: number, from: string, to: string, substance: Substance): number | undefined {
  if (substance === 'monovalent') {
    // Only for ions of charge one is a milliequivalent a millimole.
    return (from === 'meq/L' && to === 'mmol/L') || (from === 'mmol/L' && to === 'meq/L') ? value : undefined;
  }
  if (substance === 'urine-acr') {
    if (from === 'mg/mmol' && to === 'mg/g') return value * 8.84;
    return from === 'mg/g' && to === 'mg/mmol' ? value / 8.84 : undefined;
  }
  if (substance === 'hba1c') return undefined;
  const factor = mgPerDlPerMmol[substance];
  const isMolar = (unit: string) => dimensions[1]?.[unit] !== undefined;
  const isMass = (unit: string) => dimensions[0]?.[unit] !== undefined;
  if (isMolar(from) && isMass(to)) {
    const mmol = convertUnit(value, from, 'mmol/L');
    return mmol === undefined ? undefined : convertUnit(mmol * factor, 'mg/dL', to);
  }
  if (isMass(from) && isMolar(to)) {
    const mg = convertUnit(value, from, 'mg/dL');
    return mg === undefined ? undefined : convertUnit(mg / factor, 'mmol/L', to);
  }
  return undefined;
}

// A UCUM code as a clinician reads it.

const shown: Record<string, string> = {
  '[iU]': 'units',
  '{tbl}': 'tablet',
  '{capsule}': 'capsule',
  '{puff}': 'puff',
  ug: 'mcg',
  meq: 'mEq',
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  '[degF]': '°F',
  'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
  '10*9/L': '×10⁹/L',
  '10*3/uL': '×10³/µL',
  'umol/L': 'µmol/L',
  '/min': '/min',
};

/** `shownUnit('Cel')` → "°C", `shownUnit('ug/day')` → "mcg/day"; annotations are left out. */
export const shownUnit = (code: string): string =>
  shown[code] ??
  code
    .replace(/^(\[iU\]|ug|meq)(?=\/)/, (unit) => shown[unit]!)
    .replace(/\{[^}]*\}/g, '')
    .trim();

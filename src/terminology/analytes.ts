// What one needs to know of a substance to convert its units: molar mass, charge, and the few published equations.

export interface Analyte {
  id: string;
  /** Grams in one mole, as laboratories use it: creatinine 113.12 gives 1 mg/dL = 88.4 µmol/L. */
  gramsPerMole?: number;
  /** Charge of the ion, for equivalents. */
  valence?: number;
  loinc: string[];
  names: string[];
  custom?: { from: string; to: string; convert: (base: number) => number }[];
}

const list: [
  id: string,
  gramsPerMole: number | undefined,
  valence: number | undefined,
  loinc: string,
  names: string,
][] = [
  [
    'creatinine',
    113.12,
    undefined,
    '2160-0 38483-4 14682-9 77140-2 59826-8 21232-4',
    'creatinine;serum creatinine;scr',
  ],
  [
    'glucose',
    180.16,
    undefined,
    '2345-7 2339-0 41653-7 1558-6 14749-6 15074-8 2340-8 32016-8 74774-1 14771-0',
    'glucose;blood glucose',
  ],
  // BUN is nitrogen only: two atoms of 14.007 in each molecule of urea.
  ['bun', 28.014, undefined, '3094-0 6299-2 22664-7 14937-7', 'bun;urea nitrogen'],
  ['bilirubin', 584.66, undefined, '1975-2 42719-5 14631-6 1968-7 14629-0', 'bilirubin;total bilirubin'],
  [
    'cholesterol',
    386.65,
    undefined,
    '2093-3 14647-2 2085-9 14646-4 13457-7 18262-6 2089-1 22748-8 43396-1',
    'cholesterol;total-cholesterol;hdl;ldl;non-hdl',
  ],
  ['triglycerides', 885.7, undefined, '2571-8 14927-8 1644-4 3043-7', 'triglycerides;triglyceride'],
  ['calcium', 40.078, 2, '17861-6 49765-1 2000-8 1994-3 1995-0 17863-2', 'calcium;calcium-ionized'],
  ['magnesium', 24.305, 2, '19123-9 2601-3 21377-7', 'magnesium'],
  // Serum phosphate is reported as phosphorus.
  ['phosphate', 30.974, undefined, '2777-1 14879-1', 'phosphate;phosphorus'],
  ['uric-acid', 168.11, undefined, '3084-1 14933-6', 'uric acid;urate;uric-acid'],
  ['potassium', 39.098, 1, '2823-3 6298-4 39789-3 32713-0', 'potassium'],
  ['sodium', 22.99, 1, '2951-2 2947-0 32717-1 39791-9 2955-3', 'sodium'],
  ['chloride', 35.45, 1, '2075-0 2069-3', 'chloride'],
  ['bicarbonate', undefined, 1, '1963-8 2028-9 20565-8 1960-4', 'bicarbonate;carbon dioxide;co2'],
  ['lithium', 6.94, 1, '14334-7 3719-2', 'lithium;lithium-level'],
  // Monomer (Fe), as most European laboratories report it.
  ['hemoglobin', 16114, undefined, '718-7 20509-6 30350-3 30313-1 59260-0', 'hemoglobin;haemoglobin'],
  ['albumin', 66500, undefined, '1751-7 61151-7 61152-5 54347-0', 'albumin'],
  ['digoxin', 780.94, undefined, '10535-3 14698-5', 'digoxin;digoxin-level'],
  ['vancomycin', 1449.3, undefined, '4092-3 20578-1 4090-7 31012-8', 'vancomycin;vancomycin-trough;vancomycin-peak'],
  ['vitamin-b12', 1355.37, undefined, '2132-9 14685-2', 'vitamin b12;vitamin-b12;cobalamin'],
  ['vitamin-d', 400.64, undefined, '1989-3 62292-8 14635-7', 'vitamin d;vitamin-d'],
  ['phenytoin', 252.27, undefined, '3968-5 14877-5 3969-3', 'phenytoin;phenytoin-level;phenytoin-free-level'],
  ['valproate', 144.21, undefined, '4086-5 14946-8', 'valproate;valproate-level'],
  ['carbamazepine', 236.27, undefined, '3432-2 14639-9', 'carbamazepine;carbamazepine-level'],
  ['phenobarbital', 232.24, undefined, '3948-7 14874-2', 'phenobarbital;phenobarbital-level'],
  ['theophylline', 180.16, undefined, '4049-3 14915-3', 'theophylline;theophylline-level'],
  ['acetaminophen', 151.16, undefined, '3298-7 14598-7', 'acetaminophen;acetaminophen-level;paracetamol'],
  ['salicylate', 138.12, undefined, '4024-6', 'salicylate;salicylate-level'],
  ['methotrexate', 454.44, undefined, '14836-1 3741-6', 'methotrexate;methotrexate-level'],
  ['cyclosporine', 1202.6, undefined, '3520-4', 'cyclosporine;cyclosporine-level'],
  ['tacrolimus', 804.02, undefined, '11253-2', 'tacrolimus;tacrolimus-level'],
  ['lactate', 90.08, 1, '2524-7 32693-4 2518-9 2519-7 59032-3', 'lactate'],
  ['ethanol', 46.07, undefined, '5643-2 5640-8', 'ethanol;ethanol-level'],
  ['ammonia', 17.03, undefined, '22763-7 16362-6', 'ammonia'],
  ['free-t4', 776.87, undefined, '3024-7 14920-3', 'free t4;free-t4'],
  ['iron', 55.845, undefined, '2498-4 14798-3', 'iron'],
  ['cortisol', 362.46, undefined, '2143-6 14675-3', 'cortisol'],
  ['testosterone', 288.42, undefined, '2986-8 14913-8', 'testosterone'],
];

export const ANALYTES: Analyte[] = list.map(([id, gramsPerMole, valence, loinc, names]) => ({
  id,
  loinc: loinc.split(' '),
  names: names.split(';'),
  ...(gramsPerMole ? { gramsPerMole } : {}),
  ...(valence ? { valence } : {}),
}));

// NGSP % = 0.09148 × IFCC mmol/mol + 2.152 (NGSP master equation). In base units both are fractions.
ANALYTES.push({
  id: 'hba1c',
  loinc: ['4548-4', '59261-8', '17856-6', '4549-2', '71875-9'],
  names: ['hba1c', 'a1c', 'hemoglobin a1c'],
  custom: [
    { from: 'mole/mole', to: 'fraction', convert: (ifcc) => 0.9148 * ifcc + 0.02152 },
    { from: 'fraction', to: 'mole/mole', convert: (ngsp) => (ngsp - 0.02152) / 0.9148 },
  ],
});

// Albumin over creatinine: 1 mg/mmol is 8.84 mg/g.
ANALYTES.push({
  id: 'urine-acr',
  loinc: ['9318-7', '14959-1', '30000-4', '32294-1', '14585-4'],
  names: ['urine-acr', 'acr', 'uacr', 'albumin/creatinine'],
  custom: [
    { from: 'mass/mole', to: 'mass/mass', convert: (ratio) => (ratio * 8.84) / 1000 },
    { from: 'mass/mass', to: 'mass/mole', convert: (ratio) => (ratio * 1000) / 8.84 },
  ],
});

// INR may come as a bare "1".
ANALYTES.push({
  id: 'inr',
  loinc: ['6301-6', '34714-6', '38875-1', '46418-0'],
  names: ['inr'],
  custom: [
    { from: 'fraction', to: 'same:inr', convert: (ratio) => ratio },
    { from: 'same:inr', to: 'fraction', convert: (ratio) => ratio },
  ],
});

const BY_NAME = new Map(
  ANALYTES.flatMap((analyte) => [analyte.id, ...analyte.loinc, ...analyte.names].map((name) => [name, analyte])),
);

/** By LOINC code or by name. */
export const analyteOf = (name: string): Analyte | undefined =>
  BY_NAME.get(name.trim()) ?? BY_NAME.get(name.trim().toLowerCase());

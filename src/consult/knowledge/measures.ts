// Vital signs and results typed into a question: "HR 122, BP 88/50, T 39.1, Na 118". Without a unit a value is read
// only where the ranges of the possible units do not overlap; otherwise it is left alone.

export interface Measure {
  loinc: string;
  name: string;
  value: number;
  unit: string;
  start: number;
  end: number;
}

interface Reader {
  loinc: string;
  name: string;
  /** Words before the number, as a regular expression. */
  words: string;
  /** Units that may follow, as written, and the unit a bare number in this range must have. */
  units: { written: string; unit: string }[];
  bare: { from: number; to: number; unit: string }[];
}

const one = (
  loinc: string,
  name: string,
  words: string,
  written: string,
  unit: string,
  from: number,
  to: number,
): Reader => ({
  loinc,
  name,
  words,
  units: [{ written, unit }],
  bare: [{ from, to, unit }],
});

const MMOL = 'mmol\\s*\\/?\\s*l|meq\\s*\\/\\s*l|mmol';
const UMOL = '[uµμ]mol\\s*\\/?\\s*l?|umol';
const MGDL = 'mg\\s*\\/?\\s*dl';

const READERS: Reader[] = [
  one('8867-4', 'Heart rate', 'hr|heart rate|pulse(?: rate)?|p', 'bpm|beats|\\/min', '/min', 20, 260),
  one(
    '9279-1',
    'Respiratory rate',
    'rr|resp(?:iratory|irations)?(?: rate)?|resps',
    'bpm|breaths|\\/min',
    '/min',
    3,
    70,
  ),
  {
    loinc: '8310-5',
    name: 'Temperature',
    words: 't|temp(?:erature)?|tmax|febrile(?: to| at)?|fever(?: to| of| at| up to)?|pyrexia(?: of)?',
    units: [
      { written: '°?\\s?c\\b|celsius', unit: 'Cel' },
      { written: '°?\\s?f\\b|fahrenheit', unit: '[degF]' },
    ],
    bare: [
      { from: 28, to: 43, unit: 'Cel' },
      { from: 86, to: 110, unit: '[degF]' },
    ],
  },
  one(
    '59408-5',
    'Oxygen saturation',
    'spo2|sp02|o2 ?sats?|sats?|sao2|sat(?:uration|urating|ting)|oxygen saturation|pulse ox|o2',
    '%',
    '%',
    40,
    100,
  ),
  one('8480-6', 'Systolic blood pressure', 'sbp|systolic(?: bp)?|systolic of', 'mmhg', 'mm[Hg]', 40, 300),
  one('9269-2', 'Glasgow coma score', 'gcs', 'points', '{score}', 3, 15),
  one('2951-2', 'Sodium', 'na\\+?|sodium|serum na', MMOL, 'mmol/L', 95, 190),
  one('2823-3', 'Potassium', 'k\\+?|potassium|serum k', MMOL, 'mmol/L', 1.2, 10),
  {
    loinc: '17861-6',
    name: 'Calcium',
    words: '(?:corrected )?ca(?:2\\+|\\+\\+)?|(?:corrected |adjusted |serum )?calcium',
    units: [
      { written: MMOL, unit: 'mmol/L' },
      { written: MGDL, unit: 'mg/dL' },
    ],
    bare: [
      { from: 1, to: 4.9, unit: 'mmol/L' },
      { from: 5.5, to: 22, unit: 'mg/dL' },
    ],
  },
  {
    loinc: '2345-7',
    name: 'Glucose',
    words: 'glucose|bg|bm|bsl|cbg|fsbg|fsg|finger ?stick(?: glucose)?|blood sugar|bgl|glu|sugar|accucheck|dextro',
    units: [
      { written: MMOL, unit: 'mmol/L' },
      { written: MGDL, unit: 'mg/dL' },
    ],
    bare: [
      { from: 0.5, to: 9.9, unit: 'mmol/L' },
      { from: 60, to: 2000, unit: 'mg/dL' },
    ],
  },
  one('2524-7', 'Lactate', '(?:serum |venous )?lact(?:ate|ic acid)|lac', MMOL, 'mmol/L', 0.3, 30),
  {
    loinc: '718-7',
    name: 'Haemoglobin',
    words: 'hgb|hb|ha?emoglobin|h&h',
    units: [
      { written: 'g\\s*\\/?\\s*dl', unit: 'g/dL' },
      { written: 'g\\s*\\/\\s*l', unit: 'g/L' },
    ],
    bare: [
      { from: 2, to: 24, unit: 'g/dL' },
      { from: 30, to: 230, unit: 'g/L' },
    ],
  },
  {
    loinc: '6690-2',
    name: 'White cells',
    words: 'wbc|wcc|white(?: blood)?(?: cell)?(?: count)?|leu[kc]ocytes',
    units: [{ written: 'k\\b|x?\\s?10', unit: '10*9/L' }],
    bare: [
      { from: 0.1, to: 150, unit: '10*9/L' },
      { from: 1000, to: 150000, unit: '/uL' },
    ],
  },
  {
    loinc: '751-8',
    name: 'Neutrophils',
    words: 'anc|neut(?:s|ro|rophils?)?(?: count)?',
    units: [{ written: 'k\\b|x?\\s?10', unit: '10*9/L' }],
    bare: [
      { from: 0, to: 40, unit: '10*9/L' },
      { from: 100, to: 40000, unit: '/uL' },
    ],
  },
  {
    loinc: '777-3',
    name: 'Platelets',
    words: 'plts?|platelets?(?: count)?',
    units: [{ written: 'k\\b|x?\\s?10', unit: '10*9/L' }],
    bare: [
      { from: 1, to: 999, unit: '10*9/L' },
      { from: 2000, to: 999000, unit: '/uL' },
    ],
  },
  one('787-2', 'MCV', 'mcv', 'fl', 'fL', 50, 150),
  {
    loinc: '2160-0',
    name: 'Creatinine',
    words: 'cr(?:eat)?|creatinine|scr',
    units: [
      { written: UMOL, unit: 'umol/L' },
      { written: MGDL, unit: 'mg/dL' },
    ],
    bare: [
      { from: 0.3, to: 20, unit: 'mg/dL' },
      { from: 30, to: 2000, unit: 'umol/L' },
    ],
  },
  one('1988-5', 'C-reactive protein', 'crp', 'mg\\s*\\/\\s*l', 'mg/L', 25, 700),
  one('4537-7', 'ESR', 'esr|sed rate', 'mm', 'mm/h', 1, 150),
  one('1742-6', 'ALT', 'alt', 'u\\/l|iu', 'U/L', 3, 20000),
  one('1920-8', 'AST', 'ast', 'u\\/l|iu', 'U/L', 3, 20000),
  one('2157-6', 'Creatine kinase', 'ck|cpk|creatine kinase', 'u\\/l|iu', 'U/L', 10, 500000),
  one('3040-3', 'Lipase', 'lipase', 'u\\/l|iu', 'U/L', 3, 50000),
  one('3016-3', 'TSH', 'tsh', 'm?i?u\\/m?l', 'm[IU]/L', 0.001, 300),
  one('6301-6', 'INR', 'inr', 'x', '{INR}', 0.8, 20),
  one('2744-1', 'pH', 'ph', 'x', '[pH]', 6.5, 7.9),
  one('1963-8', 'Bicarbonate', 'hco3|bicarb(?:onate)?|serum bicarb', MMOL, 'mmol/L', 2, 60),
  one(
    '53060-9',
    'Beta-hydroxybutyrate',
    '(?:blood |serum )?ketones|bhb|beta ?hydroxybutyrate',
    MMOL,
    'mmol/L',
    0.1,
    15,
  ),
  {
    loinc: '1975-2',
    name: 'Bilirubin',
    words: '(?:total )?bili(?:rubin)?|tbili|t bili',
    units: [
      { written: UMOL, unit: 'umol/L' },
      { written: MGDL, unit: 'mg/dL' },
    ],
    bare: [{ from: 60, to: 900, unit: 'umol/L' }],
  },
  one('2276-4', 'Ferritin', 'ferritin', 'ng|[uµ]g', 'ng/mL', 1, 50000),
  one('14334-7', 'Lithium', 'lithium(?: level)?|li level', MMOL, 'mmol/L', 1.6, 8),
  one('10535-3', 'Digoxin', 'dig(?:oxin)? level', 'ng', 'ng/mL', 0.3, 20),
  one('20563-3', 'Carboxyhaemoglobin', 'cohb|carboxyha?emoglobin', '%', '%', 1, 70),
  one('44261-6', 'PHQ-9 score', 'phq ?-?9(?: score)?', 'points', '{score}', 0, 27),
];

const LINK =
  '(?:\\s*(?:is|was|of|at|to|=|:|~|>|<|approx|around|now|level|now at|on (?:ra|room air)|in the|≈)){0,2}\\s*';
const COMPILED = READERS.map((reader) => ({
  reader,
  pattern: new RegExp(
    `(?<![a-z0-9/-])(?:${reader.words})${LINK}(\\d{1,3}(?:,\\d{3})+|\\d+(?:\\.\\d+)?)(?![\\d/])(?:\\s*-?\\s*(%|[a-zµμ°][a-zµμ/°]*(?:\\s?\\/\\s?[a-z]+)?))?`,
    'gi',
  ),
}));
const PRESSURE =
  /(?:\bb\.?p\.?|blood pressure|pressure|\bbp)\s*(?:(?:is|was|of|now|at|in|on|the|r|l|rt|lt|right|left|arm)\b\s*|[:=~]\s*){0,4}(\d{2,3})\s*\/\s*(\d{2,3}|p\b|palp)/gi;
/** "clammy, 84/50": a pressure without its name, where nothing else looks like one. */
const PRESSURE_ALONE =
  /(?<![\d/.-])(\d{2,3})\/(\d{2,3})(?![\d/.-])(?!\s*(?:days?|weeks?|months?|yrs?|years?|hours?|ago|7|12|52)\b)/g;
const TEMPERATURE_ALONE = /(?<![\d.])(\d{2,3}(?:\.\d)?)\s?°?\s?(c|f)\b(?![a-z])/gi;

/** "She says her potassium is 9": what was told or believed is no measurement. */
const HEARSAY = /\b(?:says?|claims?|believes?|thinks?|insists?|convinced|told)\b[^.;\n]{0,60}$/i;

export function readMeasures(text: string): Measure[] {
  const measures: Measure[] = [];
  const add = (m: Measure) => {
    if (!measures.some((other) => other.loinc === m.loinc && other.start < m.end && m.start < other.end))
      measures.push(m);
  };
  for (const found of text.matchAll(PRESSURE)) {
    const span = { start: found.index, end: found.index + found[0].length };
    add({ loinc: '8480-6', name: 'Systolic blood pressure', value: Number(found[1]), unit: 'mm[Hg]', ...span });
    if (/^\d/.test(found[2]!))
      add({ loinc: '8462-4', name: 'Diastolic blood pressure', value: Number(found[2]), unit: 'mm[Hg]', ...span });
  }
  for (const found of text.matchAll(PRESSURE_ALONE)) {
    const [systolic, diastolic] = [Number(found[1]), Number(found[2])];
    if (systolic < 60 || systolic > 260 || diastolic < 30 || diastolic > 150 || systolic - diastolic < 15) continue;
    const span = { start: found.index, end: found.index + found[0].length };
    add({ loinc: '8480-6', name: 'Systolic blood pressure', value: systolic, unit: 'mm[Hg]', ...span });
    add({ loinc: '8462-4', name: 'Diastolic blood pressure', value: diastolic, unit: 'mm[Hg]', ...span });
  }
  for (const { reader, pattern } of COMPILED) {
    for (const found of text.matchAll(pattern)) {
      const value = Number(found[1]!.replaceAll(',', ''));
      const unit = unitOf(reader, value, found[2]);
      if (unit === undefined) continue;
      add({
        loinc: reader.loinc,
        name: reader.name,
        value: COUNTS.has(reader.loinc) ? perLitre(value, unit) : value,
        unit: unit === '/uL' ? '10*9/L' : unit,
        start: found.index,
        end: found.index + found[0].trimEnd().length,
      });
    }
  }
  for (const found of text.matchAll(TEMPERATURE_ALONE)) {
    const unit = found[2]!.toLowerCase() === 'c' ? 'Cel' : '[degF]';
    const value = Number(found[1]);
    if (unit === 'Cel' ? value >= 28 && value <= 43 : value >= 86 && value <= 110)
      add({
        loinc: '8310-5',
        name: 'Temperature',
        value,
        unit,
        start: found.index,
        end: found.index + found[0].length,
      });
  }
  return measures.filter((m) => !HEARSAY.test(text.slice(0, m.start))).sort((a, b) => a.start - b.start);
}

/** Written per litre or per microlitre. */
const COUNTS = new Set(['6690-2', '751-8', '777-3']);
const perLitre = (value: number, unit: string): number => (unit === '/uL' ? value / 1000 : value);

function unitOf(reader: Reader, value: number, written: string | undefined): string | undefined {
  if (written) {
    const stated = reader.units.find((option) => new RegExp(`^(?:${option.written})`, 'i').test(written));
    if (stated) return stated.unit;
  }
  return reader.bare.find((range) => value >= range.from && value <= range.to)?.unit;
}

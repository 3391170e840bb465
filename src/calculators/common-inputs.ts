// Inputs that many calculators share, declared once: unit, plausible limits, LOINC codes for filling from a chart.
// The limits are of plausibility (a creatinine of 170 "mg/dL" is a unit mistake); published ranges are stated where used.
import { choice, number } from './input-kinds.ts';

export const adultAge = number('Age', 'a', {
  min: 18,
  max: 120,
  limits: 'published for adults',
  chart: { age: 'years' },
});
export const anyAge = number('Age', 'a', { min: 0, max: 120, chart: { age: 'years' } });
/** Age with a published range of its own. */
export const ageBetween = <const Lo extends number, const Hi extends number>(min: Lo, max: Hi, limits: string) =>
  number('Age', 'a', { min, max, limits, chart: { age: 'years' } });

export const sexSpellings = { female: ['F', 'woman', 'girl'], male: ['M', 'man', 'boy'] } as const;
export const sex = choice('Sex for the equation', sexSpellings, { chart: { sex: true } });

// Vital signs
const vital = (loinc: readonly string[]) => ({ loinc, maxAgeInDays: 1 });
export const heartRate = number('Heart rate', '/min', { min: 0, max: 350, chart: vital(['8867-4']) });
export const respiratoryRate = number('Respiratory rate', '/min', { min: 0, max: 120, chart: vital(['9279-1']) });
export const systolic = number('Systolic blood pressure', 'mm[Hg]', { min: 0, max: 350, chart: vital(['8480-6']) });
export const diastolic = number('Diastolic blood pressure', 'mm[Hg]', { min: 0, max: 250, chart: vital(['8462-4']) });
export const temperature = number('Temperature', 'Cel', { min: 15, max: 46, chart: vital(['8310-5']) });
export const spo2 = number('Oxygen saturation', '%', { min: 30, max: 100, chart: vital(['59408-5', '2708-6']) });
export const glasgowComa = number('Glasgow coma scale', '1', {
  min: 3,
  max: 15,
  integer: true,
  chart: vital(['9269-2']),
});

// Body
const body = (loinc: string) => ({ loinc: [loinc], maxAgeInDays: 365 });
export const weight = number('Weight', 'kg', { min: 0.3, max: 700, chart: body('29463-7') });
export const height = number('Height', 'cm', { min: 20, max: 275, chart: body('8302-2') });
export const bmi = number('Body mass index', 'kg/m2', { min: 5, max: 150, chart: body('39156-5') });

// Laboratory
const lab = (loinc: readonly string[], maxAgeInDays = 90) => ({ loinc, maxAgeInDays });
export const creatinineLoinc = ['2160-0', '14682-9'] as const;
export const creatinine = number('Serum creatinine', 'mg/dL', {
  min: 0.05,
  max: 40,
  substance: 'creatinine',
  chart: lab(creatinineLoinc),
});
export const bun = number('Blood urea nitrogen', 'mg/dL', {
  min: 0.5,
  max: 400,
  substance: 'urea',
  chart: lab(['3094-0', '22664-7'], 7),
});
export const bilirubin = number('Total bilirubin', 'mg/dL', {
  min: 0.01,
  max: 100,
  substance: 'bilirubin',
  chart: lab(['1975-2']),
});
export const albumin = number('Serum albumin', 'g/dL', { min: 0.2, max: 10, chart: lab(['1751-7']) });
export const inr = number('INR', '1', { min: 0.5, max: 30, chart: lab(['6301-6'], 30) });
export const sodium = number('Serum sodium', 'mmol/L', {
  min: 80,
  max: 220,
  substance: 'monovalent',
  chart: lab(['2951-2', '2947-0'], 30),
});
export const chloride = number('Serum chloride', 'mmol/L', {
  min: 40,
  max: 180,
  substance: 'monovalent',
  chart: lab(['2075-0'], 7),
});
export const bicarbonate = number('Serum bicarbonate', 'mmol/L', {
  min: 1,
  max: 80,
  substance: 'monovalent',
  chart: lab(['1963-8', '2028-9'], 7),
});
export const glucose = number('Glucose', 'mg/dL', {
  min: 5,
  max: 3000,
  substance: 'glucose',
  chart: lab(['2345-7', '1558-6', '41653-7'], 7),
});
export const platelets = number('Platelets', '10*9/L', { min: 0, max: 3000, chart: lab(['777-3']) });
export const whiteCells = number('White cells', '10*9/L', { min: 0, max: 1000, chart: lab(['6690-2'], 7) });
export const haemoglobin = number('Haemoglobin', 'g/dL', { min: 1, max: 30, chart: lab(['718-7'], 30) });
export const ast = number('AST', 'U/L', { min: 1, max: 50000, chart: lab(['1920-8']) });
export const alt = number('ALT', 'U/L', { min: 1, max: 50000, chart: lab(['1742-6']) });
export const paco2 = number('Arterial carbon dioxide pressure', 'mm[Hg]', {
  min: 5,
  max: 250,
  chart: lab(['2019-8'], 1),
});
export const pao2 = number('Arterial oxygen pressure', 'mm[Hg]', { min: 10, max: 760, chart: lab(['2703-7'], 1) });
export const egfr = number('eGFR', 'mL/min/{1.73_m2}', { min: 1, max: 250, chart: lab(['98979-8']) });
export const urineAcr = number('Urine albumin to creatinine ratio', 'mg/g', {
  min: 0.1,
  max: 25000,
  substance: 'urine-acr',
  chart: lab(['9318-7', '14959-1'], 365),
});
export const hba1c = number('HbA1c', '%', {
  min: 3,
  max: 20,
  substance: 'hba1c',
  chart: lab(['4548-4', '59261-8'], 365),
});
export const totalCholesterol = number('Total cholesterol', 'mg/dL', {
  min: 20,
  max: 1000,
  substance: 'cholesterol',
  chart: lab(['2093-3'], 5 * 365),
});
export const hdl = number('HDL cholesterol', 'mg/dL', {
  min: 2,
  max: 250,
  substance: 'cholesterol',
  chart: lab(['2085-9'], 5 * 365),
});

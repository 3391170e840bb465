// A small chart for the tests of the consult: a 67-year-old woman on warfarin with chest pain and a kidney that fails.
import type { Chart, ChartSource, Medication, Observation } from '../../../src/chart/types.ts';
import { isKnown, unknown } from '../../../src/unknown.ts';

export const now = new Date('2026-10-14T10:00:00Z');
export const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);

export const observation = (
  text: string,
  code: string,
  value: number,
  unit: string,
  hours: number,
  more: Partial<Observation> = {},
): Observation => ({
  reference: `Observation/${code}-${hours}`,
  codings: [{ system: 'http://loinc.org', code, display: text }],
  text,
  status: 'final',
  category: 'laboratory',
  when: hoursAgo(hours),
  quantity: { value, unit, code: unit },
  ...more,
});

export const medication = (text: string, more: Partial<Medication> = {}): Medication => ({
  reference: `MedicationRequest/${text}`,
  standing: 'active',
  drug: { text, ingredients: [{ name: text }], isSystemic: true, strengths: [], groups: new Set([text]) },
  text,
  isSelected: false,
  start: hoursAgo(24 * 100),
  isAsNeeded: false,
  dose: unknown('no dose'),
  timesPerDay: unknown('no timing'),
  durationInDays: unknown('no duration'),
  resource: { resourceType: 'MedicationRequest', id: text } as Medication['resource'],
  ...more,
});

const source: ChartSource = { now, patientId: 'pat-1', parts: {}, drafts: [], selections: [], referenced: new Map() };

export function aChart(more: Partial<Omit<Chart, 'observations'>> = {}): Chart {
  const chart = {
    source,
    now,
    patient: {
      reference: 'Patient/pat-1',
      ageInYears: 67,
      ageInDays: 24_500,
      sex: 'female' as const,
      isDeceased: false,
    },
    medications: [medication('warfarin'), medication('amoxicillin', { standing: 'draft', isSelected: true })],
    drafts: [],
    allergies: [
      {
        reference: 'AllergyIntolerance/pen',
        text: 'Penicillin',
        groups: new Set(['penicillins']),
        standing: 'active' as const,
        isIntolerance: false,
        criticality: 'high' as const,
        reactions: [{ text: 'Anaphylaxis', severity: 'severe' as const, groups: new Set<string>() }],
      },
    ],
    problems: [
      {
        reference: 'Condition/af',
        text: 'Atrial fibrillation',
        groups: new Set(['atrial-fibrillation']),
        codings: [{ system: 'http://snomed.info/sct', code: '49436004', display: 'Atrial fibrillation' }],
        standing: 'active' as const,
        isConfirmed: true,
        onset: hoursAgo(24 * 900),
      },
      {
        reference: 'Condition/pe',
        text: 'Pneumonia',
        groups: new Set(['pneumonia']),
        codings: [],
        standing: 'past' as const,
        isConfirmed: true,
        abatement: hoursAgo(24 * 400),
      },
    ],
    labs: [
      observation('Creatinine', '2160-0', 1.9, 'mg/dL', 5, { interpretation: 'high' }),
      observation('Creatinine', '2160-0', 1.1, 'mg/dL', 24 * 30, { interpretation: 'normal' }),
      observation('Troponin I', '10839-9', 0.4, 'ng/mL', 2, { range: { low: 0, high: 0.04, unit: 'ng/mL' } }),
      observation('D-dimer', '48065-7', 0.3, 'mg/L', 3, { range: { low: 0, high: 0.5 } }),
    ],
    vitals: [
      observation('Heart rate', '8867-4', 118, '/min', 0.67, { category: 'vital-signs', interpretation: 'high' }),
    ],
    surveys: [],
    encounters: [
      {
        reference: 'Encounter/now',
        status: 'in-progress',
        start: hoursAgo(3),
        reasons: ['Chest pain'],
        isCurrent: true,
      },
    ],
    procedures: [],
    notes: [
      {
        reference: 'DocumentReference/n1',
        title: 'Emergency note',
        text: 'Sudden chest pain since this morning. Denies fever. Father had a heart attack at 50.',
        when: hoursAgo(1),
      },
    ],
    serviceOrders: [],
    gaps: [],
    part: () => [],
    ...more,
  } satisfies Omit<Chart, 'observations'>;
  return {
    ...chart,
    observations: (codes) =>
      [chart.labs, chart.vitals, chart.surveys]
        .flatMap((list) => (isKnown(list) ? list : []))
        .filter((one) => one.codings.some((coding) => codes.includes(coding.code ?? ''))),
  };
}

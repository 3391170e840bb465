// KDIGO category of chronic kidney disease: G from eGFR, A from albuminuria. The value is the G step from 1 to 6.
import { egfr, urineAcr } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

const steps: readonly (readonly [number, string])[] = [
  [90, 'G1'],
  [60, 'G2'],
  [45, 'G3a'],
  [30, 'G3b'],
  [15, 'G4'],
  [0, 'G5'],
];

export const kdigoCkd = defineCalculator({
  id: 'kdigo_ckd',
  title: 'Chronic kidney disease category (KDIGO)',
  citation: 'KDIGO 2024 Clinical Practice Guideline for CKD. Kidney Int 2024;105(4S):S117-S314',
  confidence: 'B',
  validity: 'Only when the abnormality has lasted at least 3 months',
  unit: '{category}',
  decimals: 0,
  inputs: { egfr, acr_mg_g: { ...urineAcr, min: 0, optional: true } },
  compute: ({ egfr, acr_mg_g }) => {
    const index = steps.findIndex(([floor]) => egfr >= floor);
    const g = steps[index]?.[1] ?? 'G5';
    const a = acr_mg_g === undefined ? undefined : acr_mg_g < 30 ? 'A1' : acr_mg_g <= 300 ? 'A2' : 'A3';
    return {
      value: index + 1,
      components: { g, ...(a && { a }) },
      band: a ? `${g}${a}` : g,
      warnings: [
        'A chronic stage needs the abnormality to have lasted 3 months',
        ...(a ? [] : ['No urine albumin: A category unknown']),
      ],
    };
  },
});

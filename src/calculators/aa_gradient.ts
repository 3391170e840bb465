// Alveolar-arterial oxygen gradient. Trap: FiO2 is a fraction; 21 is refused unless its unit says percent.
import { anyAge, paco2, pao2 } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';
import { fio2 } from './rox_index.ts';

export const aaGradient = defineCalculator({
  id: 'aa_gradient',
  title: 'Alveolar-arterial oxygen gradient',
  citation: 'Mellemgaard K. Acta Physiol Scand 1966;67:10-20; alveolar gas equation',
  confidence: 'A',
  validity: 'An arterial sample with a known inspired oxygen fraction',
  unit: 'mm[Hg]',
  decimals: 1,
  inputs: {
    pao2,
    paco2,
    fio2: { ...fio2, min: 0.1, chart: { loinc: ['3150-0'], maxAgeInDays: 1 } },
    patm: number('Atmospheric pressure', 'mm[Hg]', { min: 200, max: 1600, default: 760 }),
    rq: number('Respiratory quotient', '1', { min: 0.6, max: 1.3, default: 0.8 }),
    age_y: { ...anyAge, optional: true },
  },
  compute: ({ pao2, paco2, fio2, patm, rq, age_y }) => ({
    value: fio2 * (patm - 47) - paco2 / rq - pao2,
    ...(age_y !== undefined && { components: { expected_for_age: age_y / 4 + 4 } }),
  }),
});

// Winters: the PaCO2 that a metabolic acidosis should bring about. In alkalosis the line is another.
import { bicarbonate } from './common-inputs.ts';
import { defineCalculator } from './define.ts';

export const winters = defineCalculator({
  id: 'winters',
  title: 'Expected PaCO2 (Winters)',
  citation: 'Albert MS, Dell RB, Winters RW. Ann Intern Med 1967;66:312-322',
  confidence: 'A',
  validity: 'Metabolic acidosis only',
  unit: 'mm[Hg]',
  decimals: 0,
  inputs: { hco3: { ...bicarbonate, below: 24, limits: 'the formula holds in metabolic acidosis only' } },
  compute: ({ hco3 }) => {
    const value = 1.5 * hco3 + 8;
    return { value, components: { low: value - 2, high: value + 2 } };
  },
});

// ROX index for high-flow nasal oxygen. Trap: SpO2 is in percent and FiO2 a fraction: 96 / 0.5 / 24 is 8.
import { respiratoryRate, spo2 } from './common-inputs.ts';
import { defineCalculator } from './define.ts';
import { number } from './input-kinds.ts';

export const fio2 = number('Inspired oxygen fraction', '1', {
  min: 0.21,
  max: 1,
  limits: 'give a fraction (0.21 is room air), or a percentage with the unit %',
});

export const roxIndex = defineCalculator({
  id: 'rox_index',
  title: 'ROX index',
  citation: 'Roca O et al. Am J Respir Crit Care Med 2019;199:1368-1376',
  confidence: 'B',
  validity: 'Adults with pneumonia on high-flow nasal oxygen, at 2, 6 or 12 hours',
  unit: '1',
  decimals: 2,
  inputs: { spo2, fio2, rr: { ...respiratoryRate, min: 4 } },
  compute: ({ spo2, fio2, rr }) => {
    const value = spo2 / fio2 / rr;
    return { value, band: value >= 4.88 ? 'low risk of failure' : 'not low risk of failure' };
  },
});

// Adults with nothing the matter: on their charts nothing should speak.
import { caseSchema, type RuleCase } from '../rules/cases.ts';
import type { Chance } from './random.ts';

export function healthyCase(by: Chance): RuleCase {
  const near = (middle: number, spread: number, decimals = 0): number =>
    Number((middle + (by.number() * 2 - 1) * spread).toFixed(decimals));
  const ago = `${by.between(3, 40)} days`;
  return caseSchema.parse({
    name: 'a healthy adult',
    patient: { age: by.between(19, 64), sex: by.pick(['female', 'male']) },
    results: [
      { observation: 'systolic-bp', value: near(118, 7), unit: 'mm[Hg]', ago },
      { observation: 'diastolic-bp', value: near(74, 5), unit: 'mm[Hg]', ago },
      { observation: 'heart-rate', value: near(70, 8), unit: '/min', ago },
      { observation: 'weight', value: near(70, 10), unit: 'kg', ago },
      { observation: 'height', value: near(171, 8), unit: 'cm', ago },
      { observation: 'creatinine', value: near(0.85, 0.15, 2), unit: 'mg/dL', ago },
      { observation: 'hemoglobin', value: near(14.2, 0.7, 1), unit: 'g/dL', ago },
    ],
    expect: 'quiet',
  });
}

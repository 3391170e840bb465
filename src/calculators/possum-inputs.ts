// The two scores that POSSUM and P-POSSUM start from.
import { number } from './input-kinds.ts';

export const possumInputs = {
  physiological_score: number('Physiological score', '{score}', {
    min: 12,
    max: 88,
    integer: true,
    limits: 'the score runs from 12 to 88',
  }),
  operative_score: number('Operative severity score', '{score}', {
    min: 6,
    max: 44,
    integer: true,
    limits: 'the score runs from 6 to 44',
  }),
} as const;

export const percentOfLogit = (logit: number): number => 100 / (1 + Math.exp(-logit));

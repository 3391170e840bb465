// What the two IWPC equations share.
import { adultAge, height, weight } from './common-inputs.ts';
import { choice, yesNo } from './input-kinds.ts';

export const iwpcInputs = {
  age_y: adultAge,
  height_cm: height,
  weight_kg: weight,
  race: choice('Race, as the equation has it', {
    white: ['caucasian'],
    asian: [],
    black: ['african american', 'black or african american'],
    'mixed or missing': [
      'mixed',
      'missing',
      'unknown',
      'other',
      'not stated',
      'mixed/missing',
      'unknown or mixed',
      'missing or mixed',
    ],
  }),
  inducer: yesNo('Taking carbamazepine, phenytoin or rifampicin', {
    chart: { takesAny: ['carbamazepine', 'phenytoin', 'rifampin'] },
  }),
  amiodarone: yesNo('Taking amiodarone', { chart: { takes: 'amiodarone' } }),
} as const;

export const iwpcValidity = 'Adults starting warfarin with a target INR of 2 to 3';

/** Trap: the equations take the decade, floor(age / 10), not age / 10. */
export const decadeOf = (ageInYears: number): number => Math.floor(ageInYears / 10);

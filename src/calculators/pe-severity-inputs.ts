// What PESI and its simplified version both ask.
import { adultAge, heartRate, spo2, systolic } from './common-inputs.ts';
import { yesNo } from './input-kinds.ts';

export const peSeverityInputs = {
  age_y: adultAge,
  cancer: yesNo('Cancer, now or earlier', { chart: { anyProblem: ['cancer'], ever: true } }),
  hr: heartRate,
  sbp: systolic,
  spo2,
} as const;

// The what-if models, by what was asked. A delay is looked up by the name of the treatment that waits.
import type { Estimate, Refused } from './estimate.ts';
import { refuseEstimate } from './estimate.ts';
import { delaySepsisAntibiotics, type SepsisDelay } from './sepsis-delay.ts';
import { delayPrimaryPci, type StemiDelay } from './stemi-delay.ts';
import { delayThrombolysis, type ThrombolysisDelay } from './thrombolysis-delay.ts';

export interface DelayInputs {
  'sepsis-antibiotics': SepsisDelay;
  'stemi-pci': StemiDelay;
  'stroke-thrombolysis': ThrombolysisDelay;
}
export type DelayedTreatment = keyof DelayInputs;

const delays: { [T in DelayedTreatment]: (inputs: DelayInputs[T]) => Estimate | Refused } = {
  'sepsis-antibiotics': delaySepsisAntibiotics,
  'stemi-pci': delayPrimaryPci,
  'stroke-thrombolysis': delayThrombolysis,
};

export const delayedTreatments = Object.keys(delays) as readonly DelayedTreatment[];
export const isDelayedTreatment = (name: string): name is DelayedTreatment => Object.hasOwn(delays, name);

export const noDelayModel = (treatment: string): Refused =>
  refuseEstimate(
    'treatment',
    `no published model for a delay of "${treatment.slice(0, 60)}"; there is one for ${delayedTreatments.join(', ')}`,
  );

/** `estimateDelay('sepsis-antibiotics', { baseline: { pct: 20, from: 'clinician' }, delayHours: 3 })` */
export const estimateDelay = <T extends DelayedTreatment>(treatment: T, inputs: DelayInputs[T]): Estimate | Refused =>
  delays[treatment](inputs);

export { type AfTreatment, estimateAfBleeding, estimateAfStroke } from './af-stroke.ts';
export {
  estimateBloodPressure,
  estimateScoreChange,
  estimateStatin,
  type PreventRun,
} from './cardiovascular-treatment.ts';
export { type Baseline, type Basis, type Estimate, isRefused, type Refused } from './estimate.ts';
export { type BasalTitration, titrateBasalInsulin } from './insulin-titration.ts';
export { type EgfrReading, estimateKidneyFailure, estimateSglt2, projectEgfr, projectKidneyFailure } from './kidney.ts';
export { type DoacPause, daysToPause, estimateDoacPause, estimateWarfarinPause } from './perioperative.ts';
export { sepsisModels } from './sepsis-delay.ts';
export { simulateVancomycin } from './vancomycin.ts';

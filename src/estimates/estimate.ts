// An estimate answers "what if": one outcome, one number with its interval, and where it is from. It is never extrapolated
// (outside its validity it is a refusal), and it is never a model's. Six rules hold for all of them:
// 1 a score run again on changed inputs is a "score change", not a treatment effect;
// 2 one relative effect meets one stated baseline, and effects that were measured together are never multiplied;
// 3 no causality is read from an observational association: `basis` says what it is;
// 4 the absolute difference comes first, then the number needed to treat;
// 5 the interval stays; 6 whatever was shown names its calculator, version and citation.
import {
  calculators,
  type InputUsed,
  isRefused,
  type Refused,
  type Result,
  runCalculator,
} from '../calculators/index.ts';

export type Basis =
  | 'randomised trials'
  | 'observational association'
  | 'cohort rate'
  | 'score'
  | 'score change'
  | 'pharmacokinetic model'
  | 'arithmetic';

export interface Estimate {
  readonly id: string;
  readonly outcome: string;
  readonly value: number;
  readonly unit: string;
  readonly interval: readonly [low: number, high: number] | null;
  readonly horizon: string;
  readonly source: string;
  readonly validity: string;
  readonly basis: Basis;
  readonly warnings?: readonly string[];
  /** The absolute difference from the baseline, in the same unit, and the number needed to treat when it is a benefit. */
  readonly difference?: {
    readonly value: number;
    readonly interval: readonly [number, number] | null;
    readonly nnt?: number;
  };
  /** The baseline the effect was applied to, and who said so. */
  readonly baseline?: { readonly value: number; readonly from: string };
  /** The calculator it rests on. */
  readonly from?: {
    readonly calculator: string;
    readonly version: string;
    readonly citation: string;
    readonly inputs: readonly InputUsed[];
  };
  /** Points to draw. */
  readonly curve?: { readonly x: string; readonly y: string; readonly points: readonly (readonly [number, number])[] };
}

/** A probability that a clinician or a named score gave, in percent. A language model is not a source. */
export interface Baseline {
  readonly pct: number;
  /** `clinician`, or the name of the score. */
  readonly from: string;
}

export const refuseEstimate = (input: string, reason: string): Refused => ({ refused: [{ input, reason }] });

export function checkBaseline({ pct, from }: Baseline): Refused | undefined {
  if (!(pct > 0 && pct < 100))
    return refuseEstimate('baseline', 'the baseline risk must lie between 0 and 100 percent');
  if (from.trim() === '')
    return refuseEstimate('baseline', 'the baseline risk must name its score or the clinician who gave it');
  if (/\b(model|llm|gpt|ai)\b/i.test(from))
    return refuseEstimate('baseline', 'a baseline risk may not come from a language model');
  return undefined;
}

/** Runs a calculator and keeps what an estimate must cite. */
export function fromCalculator(
  id: string,
  inputs: unknown,
): { result: Result; from: NonNullable<Estimate['from']> } | Refused {
  const result = runCalculator(id, inputs);
  if (isRefused(result)) return result;
  const version = calculators.get(id)?.version ?? '';
  return { result, from: { calculator: id, version, citation: result.citation, inputs: result.inputs } };
}

export { isRefused, type Refused } from '../calculators/index.ts';

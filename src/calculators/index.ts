// The list of calculators.
import { ckdEpi2021 } from './ckd_epi_2021.ts';
import { cockcroftGault } from './cockcroft_gault.ts';
import { type Calculator, type Refused, type Result, refuse } from './define.ts';

const list: readonly Calculator[] = [ckdEpi2021, cockcroftGault];

export const calculators: ReadonlyMap<string, Calculator> = new Map(
  list.map((calculator) => [calculator.id, calculator]),
);

/** `runCalculator('ckd_epi_2021', { age_y: 30, sex: 'female', creatinine_mg_dl: 0.9 })` */
export const runCalculator = (id: string, inputs: unknown): Result | Refused =>
  calculators.get(id)?.run(inputs) ?? refuse(undefined, `no calculator "${id.slice(0, 60)}"`);

export type { Calculator, InputUsed, Refusal, Refused, Result } from './define.ts';
export { isRefused, shownValue } from './define.ts';
export type { ChartHint, Input, Inputs } from './input-kinds.ts';

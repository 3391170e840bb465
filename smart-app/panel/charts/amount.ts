// An estimate's figure as it is said: "21.9%", "1.73% a year", "odds ratio 1.12", "36 mL/min/1.73 m²".
import type { Estimate } from '../../../src/cds-hooks/contract.ts';
import { plainUnit } from '../../shared/units.ts';
import { shownNumber } from '../trends.ts';

const ratioUnits =
  /^(?:1|x|\{?ratio\}?|rr|or|hr|odds ratio|hazard ratio|relative risk|risk ratio|rate ratio|incidence rate ratio|)$/i;
export const isRatio = ({ unit }: Pick<Estimate, 'unit'>) => ratioUnits.test(unit.trim());

export function amount(value: number, unit: string): string {
  const figure = shownNumber(value);
  if (unit === '%') return `${figure}%`;
  if (unit === '%/a') return `${figure}% a year`;
  if (isRatio({ unit })) return `${figure}x`;
  return `${figure} ${plainUnit(unit)}`.trim();
}

/** With its interval, where the source gives one. */
export function amountAndInterval({ value, unit, interval }: Pick<Estimate, 'value' | 'unit' | 'interval'>): string {
  const said = amount(value, unit);
  return interval && interval[0] !== interval[1]
    ? `${said} (${shownNumber(interval[0])} to ${shownNumber(interval[1])})`
    : said;
}

/** The engine names what weakens an estimate; a client of another engine may leave it out. */
export const warningsOf = (estimate: Estimate): string[] => (estimate as { warnings?: string[] }).warnings ?? [];

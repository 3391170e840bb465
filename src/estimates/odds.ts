// Odds arithmetic for delay models: odds1 = odds0 x OR^hours. No hours, no change, to the last bit.

export interface OddsRatio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export const afterOddsRatio = (pct: number, ratio: number): number => {
  if (ratio === 1) return pct;
  const odds = (pct / (100 - pct)) * ratio;
  return (100 * odds) / (1 + odds);
};

export const raised = (ratio: OddsRatio, hours: number): OddsRatio => ({
  value: ratio.value ** hours,
  low: ratio.low ** hours,
  high: ratio.high ** hours,
});

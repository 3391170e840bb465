// Devine's ideal weight and the adjusted weight built on it, shared by the calculators that dose by weight.

/** Below 5 feet Devine's line was never drawn. */
export const devineMinCm = 152.4;

export const idealKg = (heightCm: number, isFemale: boolean): number =>
  (isFemale ? 45.5 : 50) + 2.3 * (heightCm / 2.54 - 60);

export const adjustedKg = (heightCm: number, isFemale: boolean, actualKg: number): number => {
  const ideal = idealKg(heightCm, isFemale);
  return ideal + 0.4 * (actualKg - ideal);
};

export const bodyMassIndex = (heightCm: number, kg: number): number => kg / (heightCm / 100) ** 2;

// Dates as ages, so that a chart is as fresh on the day it is opened as on the day it was written.

/** '40min', '6h', '2d', '3w', '5mo', '4y'; with a leading '+' it lies ahead. */
export type Ago = `${'' | '+'}${number}${'min' | 'h' | 'd' | 'w' | 'mo' | 'y'}`;

const MINUTES: Record<string, number> = { min: 1, h: 60, d: 1440, w: 10_080, mo: 43_830, y: 525_960 };

export function momentAgo(now: Date, ago: Ago): Date {
  const [, ahead, amount, unit] = /^(\+?)([\d.]+)(min|h|d|w|mo|y)$/.exec(ago)!;
  const minutes = Number(amount) * MINUTES[unit!]!;
  return new Date(now.getTime() + (ahead ? minutes : -minutes) * 60_000);
}

export const instant = (now: Date, ago: Ago) =>
  momentAgo(now, ago)
    .toISOString()
    .replace(/:\d{2}\.\d{3}Z$/, ':00Z');
export const day = (now: Date, ago: Ago) => momentAgo(now, ago).toISOString().slice(0, 10);

/** A birth date that makes the person this old today, with a birthday some months back. */
export function bornYearsAgo(now: Date, years: number, monthsSinceBirthday = 5): string {
  const date = new Date(
    Date.UTC(now.getUTCFullYear() - years, now.getUTCMonth() - monthsSinceBirthday, Math.min(now.getUTCDate(), 28)),
  );
  return date.toISOString().slice(0, 10);
}

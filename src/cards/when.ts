// Times as a card says them: near ones relative, far ones as a date. A date of day precision has no hour.

export function shownWhen(when: Date, now: Date): string {
  const minutes = Math.round((now.getTime() - when.getTime()) / 60_000);
  if (minutes < -24 * 60) return `on ${when.toISOString().slice(0, 10)}`;
  if (minutes < 0) return 'today';
  const isDay = when.getUTCHours() === 0 && when.getUTCMinutes() === 0 && when.getUTCSeconds() === 0;
  if (!isDay && minutes < 60) return `${minutes} min ago`;
  if (!isDay && minutes < 24 * 60) return `${Math.round(minutes / 60)} h ago`;
  const days = Math.floor(minutes / 1440);
  if (days === 0) return 'today';
  if (days === 1) return 'yesterday';
  if (days < 30) return `${days} days ago`;
  if (days < 365) return when.toISOString().slice(0, 10);
  return `${when.toISOString().slice(0, 10)} (old)`;
}

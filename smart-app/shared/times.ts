// Times as a ward says them: 24 hours, "today 06:10", "2 days ago". The clock is handed in.

const two = (value: number) => String(value).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const clock = (iso: string | Date): string => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : `${two(date.getHours())}:${two(date.getMinutes())}`;
};

export const clockSeconds = (iso: string): string => `${clock(iso)}:${two(new Date(iso).getSeconds())}`;

export const day = (iso: string | Date): string => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
};

/** "18 Nov 2026, 07:40"; a date without a time stays a date. */
export const dayAndTime = (iso: string): string =>
  iso.length > 10 ? `${day(iso)}, ${clock(iso)}` : day(`${iso}T12:00`);

/** "today 06:10", "yesterday 22:15", "3 days ago", "5 months ago". */
export function howLongAgo(iso: string, now: Date): string {
  const date = new Date(iso.length > 10 ? iso : `${iso}T12:00`);
  if (Number.isNaN(date.getTime())) return '';
  const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  const time = iso.length > 10 ? ` ${clock(iso)}` : '';
  if (days < 0) return day(date);
  if (days === 0) return `today${time}`;
  if (days === 1) return `yesterday${time}`;
  if (days < 60) return `${days} days ago`;
  return days < 730 ? `${Math.round(days / 30.4)} months ago` : `${Math.floor(days / 365.25)} years ago`;
}

/** Eight weeks as a line; the numbers are its name. */
export function Weeks({ counts, unit = '' }: { counts: number[]; unit?: string }) {
  const most = Math.max(...counts, 1);
  const points = counts
    .map((count, place) => `${2 + (place * 68) / (counts.length - 1)},${22 - (count * 20) / most}`)
    .join(' ');
  return (
    <svg
      class="weeks"
      width="72"
      height="24"
      viewBox="0 0 72 24"
      role="img"
      aria-label={`By week: ${counts.map((count) => `${count}${unit}`).join(', ')}`}
    >
      <polyline points={points} />
    </svg>
  );
}

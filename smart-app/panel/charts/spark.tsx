// A small line of one result over time, with the lab's own range behind it. Lines stretch; dots and marks do not.
import { day } from '../../shared/times.ts';
import { type DrugStart, shownNumber, type TrendRow } from '../trends.ts';

const height = 48;
const dayMs = 86_400_000;

export function Spark({
  row,
  now,
  months,
  starts = [],
}: {
  row: TrendRow;
  now: Date;
  months?: number;
  starts?: DrugStart[];
}) {
  const points = row.points.filter(({ comparator }) => !comparator);
  if (!points.length) return <div class="spark" />;
  const from = months ? now.getTime() - months * 30.44 * dayMs : points[0]!.at;
  const to = months ? now.getTime() : points.at(-1)!.at;
  const x = (at: number) => 2 + (96 * (at - from)) / Math.max(to - from, 1);
  const { low, high } = row.range;
  const values = [
    ...points.map(({ value }) => value),
    ...(low === undefined ? [] : [low]),
    ...(high === undefined ? [] : [high]),
  ];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.12 || Math.abs(most) * 0.1 || 1;
  const y = (value: number) => 4 + (height - 8) * (1 - (value - (least - room)) / (most - least + 2 * room));
  const top = high === undefined ? 0 : y(high);
  const bottom = low === undefined ? height : y(low);
  const hasRange = low !== undefined || high !== undefined;
  const last = points.at(-1)!;
  return (
    <div class="spark">
      <svg width="100%" height={height} role="img" aria-label={words(row)}>
        {hasRange && <rect class="range" x="0" width="100%" y={top} height={Math.max(bottom - top, 1)} />}
        <svg
          x="0"
          y="0"
          width="100%"
          height={height}
          viewBox={`0 0 100 ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {pieces(points, (to - from) / 3).map((piece) => (
            <polyline
              class="line"
              key={piece[0]!.at}
              points={piece.map(({ at, value }) => `${x(at).toFixed(2)},${y(value).toFixed(2)}`).join(' ')}
            />
          ))}
        </svg>
        {points.map(({ at, value, flag }) => (
          <circle
            key={at}
            class={at === last.at ? `dot last ${flag ?? ''}` : 'dot'}
            cx={`${x(at)}%`}
            cy={y(value)}
            r={at === last.at ? 4.5 : 2}
          />
        ))}
        {starts.map(({ at, text }) => (
          <svg key={`${at} ${text}`} x={`${x(at)}%`} y={height - 9} overflow="visible" aria-hidden="true">
            <path class="start" d="M0 0 5 8H-5z">
              <title>{`${text}, started ${day(new Date(at))}`}</title>
            </path>
          </svg>
        ))}
      </svg>
    </div>
  );
}

/** A gap in the results is a gap in the line. */
function pieces<P extends { at: number }>(points: P[], longest: number): P[][] {
  const found: P[][] = [];
  for (const point of points) {
    const piece = found.at(-1);
    if (piece && point.at - piece.at(-1)!.at <= longest) piece.push(point);
    else found.push([point]);
  }
  return found.filter((piece) => piece.length > 1);
}

function words({ name, unit, points, range }: TrendRow): string {
  const shown = points
    .slice(-8)
    .map(({ value, comparator, when }) => `${comparator ?? ''}${shownNumber(value)} on ${day(when)}`);
  const limits = [
    range.low === undefined ? '' : `from ${range.low}`,
    range.high === undefined ? '' : `up to ${range.high}`,
  ]
    .filter(Boolean)
    .join(' ');
  return `${name}${unit ? `, ${unit}` : ''}: ${points.length > 8 ? 'latest ' : ''}${shown.join(', ')}. ${limits ? `Range ${limits}.` : 'No range from the lab.'}`;
}

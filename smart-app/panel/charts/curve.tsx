// A curve of hours or days against an effect, with the chosen point marked; the same numbers as words and as a table.
import { useState } from 'preact/hooks';
import type { Estimate } from '../../../src/cds-hooks/contract.ts';
import { shownNumber } from '../trends.ts';
import { amount, amountAndInterval, warningsOf } from './amount.ts';

const height = 110;

export function Curve({ estimate, at }: { estimate: Estimate; at?: number }) {
  const [isTable, setTable] = useState(false);
  const points = [...(estimate.points ?? [])].sort((a, b) => a.x - b.x);
  if (points.length < 2) return null;
  const [first, last] = [points[0]!, points.at(-1)!];
  const values = points.map(({ y }) => y);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (value: number) => (100 * (value - first.x)) / (last.x - first.x);
  const y = (value: number) => 24 + (height - 32) * (1 - (value - least) / (most - least || 1));
  const chosen = at === undefined ? undefined : [...points].sort((a, b) => Math.abs(a.x - at) - Math.abs(b.x - at))[0]!;
  const axis = estimate.axes?.x ?? '';
  const xUnit = /day/i.test(axis) ? 'd' : /min/i.test(axis) ? 'min' : 'h';
  const label = ({ x: one, y: two }: { x: number; y: number }) =>
    `${shownNumber(one)} ${xUnit}: ${amount(two, estimate.unit)}`;
  // At the chosen point the model gives an interval too.
  const chosenLabel =
    chosen && Math.abs(chosen.y - estimate.value) < 1e-6
      ? `${shownNumber(chosen.x)} ${xUnit}: ${amountAndInterval(estimate)}`
      : chosen && label(chosen);
  const title = `curve-${estimate.id.replace(/\W/g, '-')}`;
  const line = points.map((point) => `${x(point.x).toFixed(2)},${y(point.y).toFixed(2)}`).join(' ');
  return (
    <figure class="panel" aria-labelledby={title}>
      <h2 id={title}>{estimate.outcome}</h2>
      <p class="cap">
        {[unitWords(estimate), estimate.source, estimate.validity, ...warningsOf(estimate)].filter(Boolean).join('. ')}.
      </p>
      <svg
        class="curve"
        width="100%"
        height={height}
        role="img"
        aria-label={`From ${label(first)} to ${label(last)}.${chosenLabel ? ` Chosen: ${chosenLabel}.` : ''}`}
      >
        <svg
          x="0"
          y="0"
          width="100%"
          height={height}
          viewBox={`0 0 100 ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <polygon class="area" points={`0,${height} ${line} 100,${height}`} />
          <polyline class="line" points={line} />
        </svg>
        {chosen && (
          <>
            <line class="chosen" x1={`${x(chosen.x)}%`} x2={`${x(chosen.x)}%`} y1="18" y2={height} />
            <circle class="chosen" cx={`${x(chosen.x)}%`} cy={y(chosen.y)} r="4.5" />
            <text
              class="figure act"
              x={`${Math.min(Math.max(x(chosen.x), 14), 60)}%`}
              y="13"
              text-anchor={x(chosen.x) < 14 ? 'start' : 'middle'}
            >
              {chosenLabel}
            </text>
          </>
        )}
        <text class="figure" x="100%" y={Math.max(y(last.y) - 8, 13)} text-anchor="end">
          {label(last)}
        </text>
      </svg>
      <div class="scale" aria-hidden="true">
        <span>{first.x === 0 ? 'now' : `${first.x} ${xUnit}`}</span>
        <span>
          {(first.x + last.x) / 2} {xUnit}
        </span>
        <span>
          {last.x} {xUnit}
        </span>
      </div>
      <button type="button" class="link" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
        {isTable ? 'Hide the table' : 'See as table'}
      </button>
      {isTable && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section class="scroll" tabIndex={0} aria-label={`${estimate.outcome}, values`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{/^(?:h|d|min)$/.test(axis) || !axis ? 'Time' : axis}</th>
                <th scope="col">{unitWords(estimate) || 'Effect'}</th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.x}>
                  <th scope="row">
                    {shownNumber(point.x)} {xUnit}
                  </th>
                  <td>{amount(point.y, estimate.unit)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </figure>
  );
}

/** What the height of the curve is, where its unit alone does not say. */
const unitWords = ({ axes, unit, horizon }: Estimate): string => {
  const named = axes?.y ?? unit;
  const words = named === '%' ? 'Percent' : named === '1' ? '' : named;
  return [words && `${words.charAt(0).toUpperCase()}${words.slice(1)}`, horizon === 'now' ? '' : horizon]
    .filter(Boolean)
    .join(', ');
};

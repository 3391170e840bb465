// Published effect sizes as rows: as ordered against what if, on one logarithmic axis. Never a person's own probability.
import { useState } from 'preact/hooks';
import type { Estimate } from '../../../src/cds-hooks/contract.ts';
import { shownNumber } from '../trends.ts';
import { amountAndInterval, isRatio } from './amount.ts';

export interface ForestRow {
  id: string;
  outcome: string;
  before?: Estimate;
  after?: Estimate;
}

export function forestRows(before: Estimate[], after: Estimate[]): ForestRow[] {
  const ids = [...new Set([...before, ...after].filter(({ points }) => !points?.length).map(({ id }) => id))];
  return ids.map((id) => {
    const [one, two] = [before.find((estimate) => estimate.id === id), after.find((estimate) => estimate.id === id)];
    return { id, outcome: (one ?? two)!.outcome, before: one, after: two };
  });
}

const ticks = [0.25, 0.5, 1, 2, 4, 8, 16];

export function Forest({ rows }: { rows: ForestRow[] }) {
  const [isTable, setTable] = useState(false);
  const changed = rows.filter((row) => !isSame(row));
  const same = rows.filter(isSame);
  const ratios = changed.filter(({ before, after }) => [before, after].every((one) => !one || isRatio(one)));
  const others = changed.filter((row) => !ratios.includes(row));
  const shown = ratios
    .flatMap(({ before, after }) => [before, after])
    .flatMap((one) => (one ? [one.value, ...(one.interval ?? [])] : []));
  const low = Math.max(Math.min(0.5, ...shown.map((value) => value * 0.8)), 0.05);
  const high = Math.min(Math.max(8, ...shown.map((value) => value * 1.4)), 64);
  const x = (value: number) => 4 + (78 * Math.log(Math.min(Math.max(value, low), high) / low)) / Math.log(high / low);
  return (
    <figure class="panel" aria-labelledby="forest">
      <h2 id="forest">
        {ratios.length ? 'Relative effect, as ordered against what if' : 'Estimates, as ordered against what if'}
      </h2>
      {changed.length > 0 && <p class="cap">Published models with their interval, as ordered and as imagined.</p>}
      {ratios.length > 0 && (
        <>
          {ratios.map(({ id, outcome, before, after }) => (
            <div key={id}>
              <Track label={outcome} small="as ordered" estimate={before} x={x} />
              <Track label={outcome} small="what if" estimate={after} x={x} isAfter />
            </div>
          ))}
          <div class="fr axis" aria-hidden="true">
            <span />
            <svg width="100%" height="18" aria-hidden="true">
              {ticks
                .filter((tick) => tick >= low && tick <= high)
                .map((tick) => (
                  <text key={tick} x={`${x(tick)}%`} y="13" text-anchor="middle">
                    {tick}x
                  </text>
                ))}
            </svg>
          </div>
        </>
      )}
      {others.map(({ id, outcome, before, after }) => (
        <div class="fr" key={id}>
          <span class="lb">
            <b>{outcome}</b>
            <small>{(after ?? before)!.horizon}</small>
          </span>
          <span>
            {before ? amountAndInterval(before) : 'no estimate on file'} <span aria-hidden="true">→</span>
            <span class="sr"> as ordered, what if: </span>{' '}
            <b>{after ? amountAndInterval(after) : 'no estimate on file'}</b>
          </span>
        </div>
      ))}
      {same.length > 0 && (
        <p class="cap same">
          {changed.length ? 'Unchanged: ' : 'No estimate changes: '}
          {same.map(({ outcome, after }) => `${outcome} ${amountAndInterval(after!)}`).join('; ')}.
        </p>
      )}
      <button type="button" class="link" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
        {isTable ? 'Hide the table' : 'See as table with sources'}
      </button>
      {isTable && <EstimateTable rows={rows} />}
    </figure>
  );
}

function Track({
  label,
  small,
  estimate,
  x,
  isAfter = false,
}: {
  label: string;
  small: string;
  estimate?: Estimate;
  x: (value: number) => number;
  isAfter?: boolean;
}) {
  const middle = 13;
  const end = estimate ? x(estimate.interval?.[1] ?? estimate.value) : x(1);
  const isNear = estimate !== undefined && Math.abs(estimate.value - 1) < 0.005;
  return (
    <div class="fr">
      <span class="lb">
        <b>{label}</b>
        <small>{small}</small>
      </span>
      <svg
        width="100%"
        height="26"
        role="img"
        aria-label={`${label}, ${small}: ${estimate ? amountAndInterval(estimate) : 'no estimate on file'}`}
        class={isAfter ? 'after' : 'before'}
      >
        <line class="one" x1={`${x(1)}%`} x2={`${x(1)}%`} y1="0" y2="26" />
        {estimate?.interval && (
          <line
            class="ci"
            x1={`${x(estimate.interval[0])}%`}
            x2={`${x(estimate.interval[1])}%`}
            y1={middle}
            y2={middle}
          />
        )}
        {estimate && (
          <svg x={`${x(estimate.value)}%`} y={middle} overflow="visible" aria-hidden="true">
            {isNear || isAfter ? <circle class="hollow" r="6" /> : <path class="point" d="M0-8 8 0 0 8-8 0z" />}
          </svg>
        )}
        <text x={`${Math.min(end + 3, 86)}%`} y={middle + 4} class={estimate ? 'figure' : 'figure quiet'}>
          {estimate ? `${shownNumber(estimate.value)}x${isNear ? ', no known effect' : ''}` : 'no estimate on file'}
        </text>
      </svg>
    </div>
  );
}

/** Nothing that this estimate rests on was changed. */
export const isSame = ({ before, after }: ForestRow) =>
  before !== undefined && after !== undefined && amountAndInterval(before) === amountAndInterval(after);

export function EstimateTable({ rows }: { rows: ForestRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Estimates with sources">
      <table>
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col">As ordered</th>
            <th scope="col">What if</th>
            <th scope="col">Horizon</th>
            <th scope="col">Source</th>
            <th scope="col">Holds for</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, outcome, before, after }) => {
            const one = (after ?? before)!;
            return (
              <tr key={id}>
                <th scope="row">{outcome}</th>
                <td>{before ? amountAndInterval(before) : 'none on file'}</td>
                <td>{after ? amountAndInterval(after) : 'none on file'}</td>
                <td>{one.horizon}</td>
                <td>{one.source}</td>
                <td>{one.validity}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

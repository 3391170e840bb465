// Tab (d): results over time, each with the lab's own range; drug starts beneath.
import { dayAndTime } from '../../shared/times.ts';
import { Spark } from '../charts/spark.tsx';
import { drugStarts, shownNumber, spanFor, type TrendRow, trendRows } from '../trends.ts';
import type { View } from './view.ts';

const spans = [
  [1, '30 d', 'Last 30 days'],
  [6, '6 mo', 'Last 6 months'],
  [24, '2 y', 'Last 2 years'],
] as const;

export function Trends({ state, deeds, dispatch }: View) {
  const { status, observations, open, reason, isComplete } = state.trends;
  const now = new Date(state.now);
  const months = state.trends.months ?? spanFor(observations, now);
  const rows = trendRows(observations, now, months);
  const starts = Array.isArray(state.medications) ? drugStarts(state.medications, now, months) : [];
  return (
    <div class="stack">
      <section class="panel" aria-labelledby="trends" aria-busy={status === 'loading'}>
        <div class="row apart">
          <h2 id="trends">{spans.find(([span]) => span === months)![2]}</h2>
          {/* biome-ignore lint/a11y/useSemanticElements: a labelled group of toggle buttons */}
          <div class="seg short" role="group" aria-label="Time span">
            {spans.map(([span, label]) => (
              <button
                key={span}
                type="button"
                aria-pressed={span === months}
                onClick={() => dispatch({ type: 'trends-months', months: span })}
              >
                {label}
              </button>
            ))}
          </div>
        </div>
        {status === 'loading' && <p class="cap">Reading results</p>}
        {status === 'failed' && (
          <p class="refusal" role="alert">
            Results could not be read: {reason}.{' '}
            <button type="button" class="link" onClick={() => void deeds.loadTrends()}>
              Try again
            </button>
          </p>
        )}
        {status === 'loaded' && rows.length === 0 && <p class="cap">No results in this span.</p>}
        {rows.map((row) => (
          <TrendView
            key={row.key}
            row={row}
            now={now}
            months={months}
            starts={starts}
            isOpen={open === row.key}
            onToggle={() => dispatch({ type: 'trend-open', code: open === row.key ? undefined : row.key })}
          />
        ))}
      </section>
      {starts.length > 0 && (
        <section class="panel" aria-labelledby="starts">
          <h2 id="starts">Drug starts</h2>
          <ul class="plain">
            {starts.map(({ at, text }) => (
              <li key={`${at} ${text}`}>
                {dayAndTime(new Date(at).toISOString()).split(',')[0]}: {text}
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="cap">
        Shaded band: the lab's own reference range. Triangles mark drug starts. Select a row for its values as a table.
        {!isComplete && ' Older results may be missing: the EHR gave only part of them.'}
      </p>
    </div>
  );
}

interface TrendProps {
  row: TrendRow;
  now: Date;
  months: number;
  starts: ReturnType<typeof drugStarts>;
  isOpen: boolean;
  onToggle(): void;
}

function TrendView({ row, now, months, starts, isOpen, onToggle }: TrendProps) {
  const last = row.points.at(-1)!;
  return (
    <div class="trend">
      <div class="tr">
        <button type="button" class="k" aria-expanded={isOpen} onClick={onToggle}>
          <b>{row.name}</b>
          <small>{row.unit || 'no unit'}</small>
        </button>
        <Spark row={row} now={now} months={months} starts={starts} />
        <div class="v">
          <b>
            {last.comparator}
            {shownNumber(last.value)}
          </b>{' '}
          {row.flag && (
            <span class="h">
              {row.flag === 'high' ? '▲' : '▼'} {row.isCritical ? 'Very ' : ''}
              {row.isCritical ? row.flag : row.flag === 'high' ? 'High' : 'Low'}
            </span>
          )}
          <small>{row.change}</small>
        </div>
      </div>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section class="scroll" tabIndex={0} aria-label={`${row.name}, values`}>
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">{row.unit || 'Value'}</th>
                <th scope="col">Against range</th>
              </tr>
            </thead>
            <tbody>
              {[...row.points].reverse().map(({ at, when, value, comparator, flag, reference }) => (
                <tr key={`${at} ${reference}`}>
                  <th scope="row">{dayAndTime(when)}</th>
                  <td>
                    {comparator}
                    {shownNumber(value)}
                  </td>
                  <td>
                    {flag === 'high'
                      ? '▲ High'
                      : flag === 'low'
                        ? '▼ Low'
                        : row.range.low === undefined && row.range.high === undefined
                          ? 'no range'
                          : 'in range'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

// The burden of each rule, why it spoke, and what a change of its thresholds would do.
import { useMemo, useState } from 'preact/hooks';
import { saveFile } from '../browser.ts';
import type { BurdenRow, Summary } from '../types.ts';
import { reasonWords, shownChange, shownFigure, tierWords } from '../words.ts';
import type { Shared } from './app.tsx';
import { Replay } from './replay.tsx';
import { Trace } from './trace.tsx';
import { Weeks } from './weeks.tsx';

const atOnce = 20;

type Key = 'id' | 'fired' | 'per100' | 'overrideRate';

export function Rules({
  summary,
  chosen,
  onChoose,
  ...shared
}: Shared & { summary?: Summary; chosen?: string; onChoose: (id: string) => void }) {
  const [wanted, setWanted] = useState('');
  const [isWhole, setWhole] = useState(false);
  const [sort, setSort] = useState<{ by: Key; isUp: boolean }>({ by: 'fired', isUp: false });
  const rows = useMemo(() => {
    const found = (summary?.rules ?? []).filter(({ id, title }) =>
      `${id} ${title}`.toLowerCase().includes(wanted.toLowerCase()),
    );
    const value = (row: BurdenRow) => (sort.by === 'id' ? row.id : (row[sort.by] ?? -1));
    return found.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (sort.isUp ? 1 : -1));
  }, [summary, wanted, sort]);
  if (!summary) return <p class="cap">Reading the figures</p>;
  const rule = chosen ?? rows[0]?.id;
  return (
    <div class="stack">
      <dl class="figures panel">
        {summary.figures.map((figure) => {
          const change = shownChange(figure);
          return (
            <div key={figure.id}>
              <dt>{figure.title}</dt>
              <dd>
                <span class={figure.value === undefined ? 'none' : 'big'}>{shownFigure(figure)}</span>{' '}
                {change && <span class={`change ${change.tone}`}>{change.text}</span>}
                <details>
                  <summary>What it counts</summary>
                  <p>{figure.definition}</p>
                </details>
              </dd>
            </div>
          );
        })}
      </dl>
      <div class="columns">
        <section class="panel burden" aria-labelledby="burden-title">
          <div class="row apart">
            <h2 id="burden-title">Rules by burden</h2>
            <div class="row">
              <label>
                <span class="sr">Find a rule</span>
                <input
                  class="inp find"
                  type="search"
                  placeholder="Find a rule"
                  value={wanted}
                  onInput={(event) => setWanted(event.currentTarget.value)}
                />
              </label>
              <button
                type="button"
                class="btn"
                onClick={() => {
                  shared.api.csv(summary.days).then((text) => {
                    saveFile(`curbside-cards-${summary.days}-days.csv`, text, 'text/csv');
                    shared.say('Exported');
                  }, shared.fail);
                }}
              >
                Export
              </button>
            </div>
          </div>
          {rows.length === 0 ? (
            <p class="empty">
              {wanted
                ? `No rule that spoke in ${summary.days} days is called so.`
                : `No rule has spoken in ${summary.days} days. Sign an order in the EHR, or choose a rule in the catalogue to replay it.`}
            </p>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            <section class="scroll" aria-label="Rules by burden, table" tabIndex={0}>
              <table>
                <thead>
                  <tr>
                    <Head by="id" {...{ sort, setSort }}>
                      Rule
                    </Head>
                    <th scope="col">Tier</th>
                    <Head by="fired" {...{ sort, setSort }}>
                      Fired
                    </Head>
                    <Head by="per100" {...{ sort, setSort }}>
                      Per 100 orders
                    </Head>
                    <Head by="overrideRate" {...{ sort, setSort }}>
                      Override rate
                    </Head>
                    <th scope="col">Top reason</th>
                    <th scope="col">8 weeks</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.slice(0, isWhole ? undefined : atOnce).map((row) => (
                    <Row key={row.id} row={row} isChosen={row.id === rule} onChoose={onChoose} />
                  ))}
                </tbody>
              </table>
            </section>
          )}
          {!isWhole && rows.length > atOnce && (
            <button type="button" class="btn sm more" onClick={() => setWhole(true)}>
              Show all {rows.length}
            </button>
          )}
          <p class="cap">
            {summary.orders} order checks in {summary.days} days. Rules {summary.rulesHash}.
          </p>
        </section>
        <div class="stack">
          <Trace {...shared} rule={rule} />
          {rule && <Replay key={rule} {...shared} id={rule} canSave={summary.canSave} />}
        </div>
      </div>
    </div>
  );
}

function Head({
  by,
  sort,
  setSort,
  children,
}: {
  by: Key;
  sort: { by: Key; isUp: boolean };
  setSort: (sort: { by: Key; isUp: boolean }) => void;
  children: string;
}) {
  const isOn = sort.by === by;
  return (
    <th
      scope="col"
      class={by === 'id' ? undefined : 'number'}
      aria-sort={isOn ? (sort.isUp ? 'ascending' : 'descending') : undefined}
    >
      <button type="button" onClick={() => setSort({ by, isUp: isOn ? !sort.isUp : by === 'id' })}>
        {children}
        <span aria-hidden="true">{isOn ? (sort.isUp ? ' ▲' : ' ▼') : ''}</span>
      </button>
    </th>
  );
}

function Row({ row, isChosen, onChoose }: { row: BurdenRow; isChosen: boolean; onChoose: (id: string) => void }) {
  const { id, title, status, indicator, fired, per100, overrideRate, topReason, weeks } = row;
  const tone = overrideRate === undefined ? '' : overrideRate >= 80 ? 'bad' : overrideRate >= 50 ? 'middling' : 'good';
  return (
    <tr class={isChosen ? 'chosen' : undefined} aria-current={isChosen || undefined}>
      <th scope="row">
        <button type="button" class="name" onClick={() => onChoose(id)}>
          {id}
        </button>
        <span class="cap">{title}</span>
      </th>
      <td>
        <span class={`pill ${{ critical: 'stop', warning: 'caut', info: 'note' }[indicator]}`}>
          {tierWords[indicator]}
        </span>
        {status !== 'active' && <span class="cap">{status}</span>}
      </td>
      <td class="number">{fired}</td>
      <td class="number">{per100.toFixed(1)}</td>
      <td>
        {overrideRate === undefined ? (
          <span class="cap">none</span>
        ) : (
          <span class="rate">
            <svg width="54" height="8" aria-hidden="true">
              <rect class={tone} width={Math.max(3, (overrideRate * 54) / 100)} height="8" rx="2" />
            </svg>
            {Math.round(overrideRate)}%
          </span>
        )}
      </td>
      <td>{status === 'silent' ? 'Counted, not shown' : topReason ? (reasonWords[topReason] ?? topReason) : ''}</td>
      <td>
        <Weeks counts={weeks} />
      </td>
    </tr>
  );
}

// What the model drafted, what the checks withheld, and how its runs ended. Counts only: no text of a draft is kept.
import { useEffect, useState } from 'preact/hooks';
import type { AiQuality } from '../types.ts';
import { checkWords } from '../words.ts';
import type { Shared } from './app.tsx';
import { Weeks } from './weeks.tsx';

export function Ai({ api, fail, days }: Shared & { days: number }) {
  const [held, setHeld] = useState<AiQuality>();
  useEffect(() => {
    setHeld(undefined);
    api.ai(days).then(setHeld, fail);
  }, [days]);
  if (!held) return <p class="cap">Reading the figures</p>;
  const { statements, runs, checks, p95Ms, weeks, actionsBlocked, notAddressed } = held;
  const all = statements.shown + statements.withheld;
  const drafted = runs.reduce((sum, { times }) => sum + times, 0);
  const most = Math.max(...checks.map(({ times }) => times), 1);
  return (
    <div class="stack">
      <dl class="figures four panel">
        <Figure title="Drafts asked for" value={String(drafted)} />
        <Figure
          title="Statements withheld"
          value={all === 0 ? undefined : `${((statements.withheld * 100) / all).toFixed(1)}%`}
          note={all === 0 ? undefined : `${statements.withheld} of ${all}`}
        />
        <Figure title="Draft time, 95th centile" value={p95Ms === undefined ? undefined : `${p95Ms} ms`} />
        <Figure title="Withheld by week">
          <Weeks counts={weeks.map((share) => Math.round(share ?? 0))} unit="%" />
        </Figure>
      </dl>
      <div class="columns halves">
        <section class="panel" aria-labelledby="checks-title">
          <h2 id="checks-title">Why statements were withheld</h2>
          {checks.length === 0 ? (
            <p class="empty">Nothing was withheld in {days} days.</p>
          ) : (
            <dl class="bars reasons">
              {checks.map(({ check, times }) => (
                <div key={check}>
                  <dt>{checkWords[check] ?? check}</dt>
                  <dd>
                    <svg width="140" height="14" aria-hidden="true">
                      <rect class="after" width={Math.max(2, (times * 140) / most)} height="14" rx="3" />
                    </svg>
                    {times}
                  </dd>
                </div>
              ))}
            </dl>
          )}
          <p class="cap">
            {actionsBlocked} proposed actions were blocked by the guards. {notAddressed} findings that must not be
            missed were left out by a draft, and shown by the rules.
          </p>
        </section>
        <section class="panel" aria-labelledby="runs-title">
          <h2 id="runs-title">How drafts ended</h2>
          {runs.length === 0 ? (
            <p class="empty">
              No draft was asked for in {days} days. Without a model the rules and the knowledge base answer alone.
            </p>
          ) : (
            <ul class="sources">
              {runs.map(({ ended, times }) => (
                <li key={ended}>
                  {endedWords(ended)}: {times}
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </div>
  );
}

function Figure({
  title,
  value,
  note,
  children,
}: {
  title: string;
  value?: string;
  note?: string;
  children?: preact.ComponentChildren;
}) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {children ?? <span class={value === undefined ? 'none' : 'big'}>{value ?? 'no data'}</span>}{' '}
        {note && <span class="cap">{note}</span>}
      </dd>
    </div>
  );
}

function endedWords(ended: string): string {
  const [outcome = '', ...why] = ended.split(' ');
  const words = { done: 'Done', abstained: 'Abstained', failed: 'Failed', off: 'Not asked' }[outcome] ?? outcome;
  return why.length ? `${words} (${why.join(' ').replaceAll('-', ' ')})` : words;
}

// The work queue: cards of which a clinician said that the alert is wrong.
import { useEffect, useState } from 'preact/hooks';
import { dayAndTime } from '../../shared/times.ts';
import type { QueueItem, Why } from '../types.ts';
import { dealtWords, question } from '../words.ts';
import type { Shared } from './app.tsx';

export function Overrides({ api, say, fail }: Shared) {
  const [items, setItems] = useState<QueueItem[]>();
  const read = () => api.queue().then(({ items: found }) => setItems(found), fail);
  useEffect(() => {
    read();
  }, []);
  if (!items) return <p class="cap">Reading the queue</p>;
  const open = items.filter(({ how }) => !how);
  return (
    <section class="panel stack" aria-labelledby="queue-title">
      <h2 id="queue-title">
        "The alert is wrong": {open.length === 0 ? 'nothing waits' : `${open.length} to look at`}
      </h2>
      {items.length === 0 && <p class="empty">No clinician has said so yet.</p>}
      <ul class="entries">
        {items.map((item) => (
          <li key={`${item.card} ${item.at}`}>
            <div class="row apart">
              <h3>{item.rule ?? 'A card we do not know'}</h3>
              {item.how && <span class="pill ok">{dealtWords[item.how]}</span>}
            </div>
            <p class="cap">
              {dayAndTime(item.at)}
              {item.version ? `, version ${item.version}, tier ${item.tier}` : ''}
            </p>
            {item.comment && <blockquote>{item.comment}</blockquote>}
            <Reasons api={api} card={item.card} />
            <div class="row">
              {Object.entries(dealtWords).map(([how, words]) => (
                <button
                  key={how}
                  type="button"
                  class="btn sm"
                  aria-pressed={item.how === how}
                  aria-label={`${words}: ${item.rule ?? item.card}`}
                  onClick={() =>
                    api.dealWith(item.card, item.how === how ? null : how).then(() => {
                      say(item.how === how ? 'Open again' : words);
                      return read();
                    }, fail)
                  }
                >
                  {words}
                </button>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Reasons({ api, card }: Pick<Shared, 'api'> & { card: string }) {
  const [why, setWhy] = useState<Why | string>();
  if (why === undefined) {
    return (
      <button
        type="button"
        class="link"
        aria-label={`Show what it saw, card ${card}`}
        onClick={() => api.why(card).then(setWhy, (error: Error) => setWhy(error.message))}
      >
        Show what it saw
      </button>
    );
  }
  if (typeof why === 'string') return <p class="cap">{why}</p>;
  const seen = (branch: Why['when']): string[] =>
    branch.kind === 'fact'
      ? [
          `${question(branch)}: ${branch.gap ?? branch.because?.map(({ text }) => text).join(', ') ?? String(branch.value)}`,
        ]
      : (branch.parts ?? []).flatMap(seen);
  return (
    <ul class="sources">
      {seen(why.when).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

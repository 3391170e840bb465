// Everything that went over the wire, to be opened and copied.
import { useState } from 'preact/hooks';
import { clockSeconds } from '../../shared/times.ts';
import type { TrafficEntry } from '../types.ts';

const ARROW: Record<TrafficEntry['kind'], [string, string]> = {
  request: ['→', 'request'],
  cards: ['←', 'answer'],
  launch: ['→', 'launch'],
  message: ['⇄', 'message'],
  feedback: ['→', 'feedback'],
  order: ['•', 'order'],
  error: ['!', 'failed'],
};

export function Traffic({ entries, onClear }: { entries: TrafficEntry[]; onClear: () => void }) {
  return (
    <section class="panel traffic" aria-labelledby="traffic-title">
      <div class="row apart">
        <h2 id="traffic-title">Hook traffic</h2>
        <span class="row">
          <Copy label="Copy all" text={() => JSON.stringify(entries, null, 2)} />
          <button type="button" class="btn sm" onClick={onClear}>
            Clear
          </button>
        </span>
      </div>
      {entries.length === 0 && <p class="cap">Nothing sent yet.</p>}
      <ol>
        {[...entries].reverse().map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry }: { entry: TrafficEntry }) {
  const [isOpen, setOpen] = useState(false);
  const [arrow, word] = ARROW[entry.kind];
  const line = (
    <>
      <span class="arrow" aria-hidden="true">
        {arrow}
      </span>
      <span class="sr">{word} </span>
      <span class="t">{entry.title}</span>
      <span class="n">{entry.note}</span>
      <time dateTime={entry.at}>{clockSeconds(entry.at)}</time>
    </>
  );
  if (entry.detail === undefined) return <li class={`entry is-${entry.kind}`}>{line}</li>;
  return (
    <li class={`entry is-${entry.kind}`}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{line}</summary>
        {isOpen && (
          <>
            <Copy label="Copy" text={() => JSON.stringify(entry.detail, null, 2)} />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
            <pre tabIndex={0}>{JSON.stringify(entry.detail, null, 2).slice(0, 60_000)}</pre>
          </>
        )}
      </details>
    </li>
  );
}

function Copy({ label, text }: { label: string; text: () => string }) {
  const [said, setSaid] = useState('');
  return (
    <button
      type="button"
      class="btn sm"
      onClick={() => {
        navigator.clipboard.writeText(text()).then(
          () => setSaid('Copied'),
          () => setSaid('Could not copy'),
        );
      }}
    >
      {said || label}
    </button>
  );
}

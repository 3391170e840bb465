// "Why did this not fire?" A request as the EHR sent it, rule by rule. It is read once and kept nowhere.
import { useState } from 'preact/hooks';
import type { RequestTrace, RuleTrace } from '../types.ts';
import { question, shownValue } from '../words.ts';
import type { Shared } from './app.tsx';
import { Node } from './trace.tsx';

const results = {
  fired: ['✓', 'true', 'Fired'],
  unknown: ['?', 'unknown', 'Unknown'],
  clear: ['✗', 'false', 'Did not fire'],
} as const;

export function TraceRequest({ api, say, fail }: Shared) {
  const [text, setText] = useState('');
  const [rule, setRule] = useState('');
  const [traced, setTraced] = useState<RequestTrace>();
  const [wrong, setWrong] = useState('');

  function run(): void {
    setWrong('');
    setTraced(undefined);
    let request: unknown;
    try {
      request = JSON.parse(text);
    } catch {
      setWrong('This is not JSON. Copy the whole request, from the first brace to the last.');
      return;
    }
    if (typeof request !== 'object' || request === null) {
      setWrong('This is not a hook request.');
      return;
    }
    api.trace(request, rule.trim() || undefined).then(
      (found) => {
        setTraced(found);
        say(`${found.fired} fired, ${found.undecided} unknown`);
      },
      (error: Error) => (error.constructor === Error ? setWrong(error.message) : fail(error)),
    );
  }

  return (
    <section class="panel stack" aria-labelledby="request-title">
      <h2 id="request-title">Why did this fire, or not?</h2>
      <p>
        Paste a hook request as the EHR sent it (in the sandbox: Hook traffic, Copy), or choose its file. It is read
        once and kept nowhere.
      </p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <label class="stack">
          <span>Request</span>
          <textarea
            class="inp"
            rows={6}
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <div class="row">
          <label class="grow">
            <span class="sr">File of a request</span>
            <input
              class="inp"
              type="file"
              accept=".json,application/json"
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? [];
                void file?.text().then(setText, fail);
              }}
            />
          </label>
          <label class="grow">
            <span class="sr">Only this rule</span>
            <input
              class="inp"
              placeholder="Only this rule (its id)"
              value={rule}
              onInput={(event) => setRule(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="btn pri" aria-disabled={!text.trim()}>
            Trace
          </button>
        </div>
      </form>
      {wrong && <p role="alert">{wrong}</p>}
      {traced && (
        <>
          <p>
            {traced.hook}, {traced.patientId}: {traced.checked} rules could have fired, {traced.fired} did,{' '}
            {traced.undecided} are unknown.
          </p>
          {traced.gaps.length > 0 && (
            <ul class="sources">
              {traced.gaps.map(({ part, reason }) => (
                <li key={part}>
                  Not known: {part}, {reason}
                </li>
              ))}
            </ul>
          )}
          <ul class="entries">
            {traced.rules.map((one) => (
              <Traced key={one.id} trace={one} isOpen={traced.rules.length === 1} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Traced({ trace, isOpen }: { trace: RuleTrace; isOpen: boolean }) {
  const [mark, tone, word] = results[trace.result];
  const tier = trace.tiers.find(({ id }) => id === trace.tier);
  return (
    <li>
      <div class="line">
        <span class={`mark ${tone}`} aria-hidden="true">
          {mark}
        </span>
        <span>
          <h3>{trace.id}</h3>
          <span class="cap">
            {trace.title}. {word}
            {trace.tier ? `, tier ${trace.tier}` : ''}
            {trace.status === 'active' ? '' : ` (${trace.status})`}
          </span>
        </span>
      </div>
      {trace.wouldFire.length > 0 && (
        <p class="next">
          It would fire with:{' '}
          {trace.wouldFire
            .map(
              ({ leaf, wanted }) =>
                `${wanted ? '' : 'not '}${question(leaf)} (${leaf.gap ?? `is ${shownValue(leaf.value)}`})`,
            )
            .join('; ')}
        </p>
      )}
      <details open={isOpen}>
        <summary>Its conditions</summary>
        <ul class="tree">
          <Node branch={trace.when} decides />
        </ul>
        {tier?.when && (
          <ul class="tree">
            <Node branch={tier.when} decides />
          </ul>
        )}
      </details>
    </li>
  );
}

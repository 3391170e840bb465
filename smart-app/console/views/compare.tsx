// Another set of rules against the running one, over the same patients.
import { useState } from 'preact/hooks';
import type { SetDifference } from '../types.ts';
import type { Shared } from './app.tsx';
import { Changes } from './changes.tsx';

export function Compare({ api, say, fail }: Shared) {
  const [name, setName] = useState('');
  const [difference, setDifference] = useState<SetDifference>();
  const [wrong, setWrong] = useState('');
  const [isRunning, setRunning] = useState(false);

  async function compare(file: File): Promise<void> {
    setName(file.name);
    setWrong('');
    setDifference(undefined);
    setRunning(true);
    try {
      const given = JSON.parse(await file.text()) as { rules?: unknown; id?: string };
      const found = await api.compare(
        Array.isArray(given) ? { rules: given } : given.rules ? { rules: given.rules } : { rules: [given] },
      );
      setDifference(found);
      say('Compared');
    } catch (error) {
      if (error instanceof SyntaxError) setWrong(`${file.name} is not JSON.`);
      else if (error instanceof Error && error.constructor !== Error) fail(error);
      else setWrong(error instanceof Error ? error.message : 'It could not be compared.');
    } finally {
      setRunning(false);
    }
  }

  return (
    <section class="panel stack" aria-labelledby="compare-title">
      <h2 id="compare-title">Compare a set of rules with the one that is running</h2>
      <p>
        Choose the dist/knowledge.json of another version, or a list of rule files as one JSON array. Both sets are run
        over the same synthetic patients. Nothing is changed.
      </p>
      <label class="stack">
        <span>Set of rules</span>
        <input
          class="inp"
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) void compare(file);
          }}
        />
      </label>
      <p role="status" class="cap">
        {isRunning ? 'Running both sets' : wrong}
      </p>
      {difference && (
        <>
          <h3>{name} against the running rules</h3>
          <dl class="sets">
            <div>
              <dt>Only in {name}</dt>
              <dd>{difference.added.join(', ') || 'none'}</dd>
            </div>
            <div>
              <dt>Only running</dt>
              <dd>{shortened(difference.removed)}</dd>
            </div>
            <div>
              <dt>Different</dt>
              <dd>{difference.changed.map(({ id, what }) => `${id} (${what.join(', ')})`).join(', ') || 'none'}</dd>
            </div>
            <div>
              <dt>Interruptive cards of these rules</dt>
              <dd>
                {difference.impact.interruptive.before} running, {difference.impact.interruptive.after} with {name}, on{' '}
                {difference.impact.orders} orders
              </dd>
            </div>
          </dl>
          <p class="cap">{difference.impact.cohort}</p>
          <Changes changes={difference.impact.changes} withRule />
        </>
      )}
    </section>
  );
}

const shortened = (ids: string[]): string =>
  ids.length === 0
    ? 'none'
    : ids.length > 30
      ? `${ids.slice(0, 30).join(', ')} and ${ids.length - 30} more`
      : ids.join(', ');

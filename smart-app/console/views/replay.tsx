// Turns a threshold and runs the rule again over the cohort: what it fires, and every case that would be missed or new.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { saveFile } from '../browser.ts';
import { bumped, thresholdsOf, withValue } from '../thresholds.ts';
import type { Rule, Tally } from '../types.ts';
import type { Shared } from './app.tsx';
import { Changes } from './changes.tsx';

export function Replay({ api, say, fail, id, canSave }: Shared & { id: string; canSave: boolean }) {
  const [rule, setRule] = useState<Rule>();
  const [edited, setEdited] = useState<Rule>();
  const [tally, setTally] = useState<Tally>();
  const [isRunning, setRunning] = useState(false);
  const [saved, setSaved] = useState('');
  useEffect(() => {
    api.rule(id).then((found) => {
      setRule(found);
      setEdited(found);
    }, fail);
  }, [id]);
  const thresholds = useMemo(() => (rule ? thresholdsOf(rule) : []), [rule]);
  if (!rule || !edited) return null;
  const now = thresholdsOf(edited);
  const isChanged = now.some(({ value }, place) => value !== thresholds[place]?.value);

  function run(): void {
    setRunning(true);
    setSaved('');
    api.replay(edited!).then(
      (found) => {
        setTally(found);
        setRunning(false);
        const counted = found.rules[id];
        say(
          counted
            ? `Fired ${counted.before} times before, ${counted.after} after`
            : 'It fires for nobody, before and after',
        );
      },
      (error) => {
        setRunning(false);
        fail(error);
      },
    );
  }
  function save(): void {
    const draft: Rule = { ...edited!, version: bumped(rule!.version), status: 'draft' };
    if (!canSave) {
      saveFile(`${id}.json`, `${JSON.stringify(draft, null, 2)}\n`, 'application/json');
      setSaved(`Downloaded ${id}.json`);
      return;
    }
    api.saveDraft(draft).then(({ saved: path }) => {
      setSaved(`Saved as ${path}. Nobody is alerted by it.`);
      say('Draft saved');
    }, fail);
  }
  const counted = tally?.rules[id] ?? { before: 0, after: 0, gone: 0 };
  const most = Math.max(counted.before, counted.after, 1);
  return (
    <section class="panel replay" aria-labelledby="replay-title">
      <h2 id="replay-title">Replay {id}</h2>
      {thresholds.length === 0 ? (
        <p class="empty">This rule has no threshold to turn. Edit its file, then: npm run rules -- impact</p>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            run();
          }}
        >
          {thresholds.map(({ path, label, value, unit }, place) => (
            <label key={path.join('.')} class="threshold">
              <span>{label}</span>
              <span class="row">
                <input
                  class="inp"
                  type="number"
                  step="any"
                  required
                  value={now[place]!.value}
                  onInput={(event) => {
                    const given = event.currentTarget.valueAsNumber;
                    if (Number.isFinite(given)) setEdited(withValue(edited, path, given));
                  }}
                />
                <span class="cap">
                  {unit} {now[place]!.value === value ? '' : `was ${value}`}
                </span>
              </span>
            </label>
          ))}
          <div class="row">
            <button type="submit" class="btn pri" aria-disabled={isRunning}>
              {isRunning ? 'Running' : 'Run on the cohort'}
            </button>
            <button type="button" class="btn" aria-disabled={!isChanged} onClick={() => isChanged && save()}>
              {canSave ? 'Save as draft edit' : 'Download draft edit'}
            </button>
          </div>
        </form>
      )}
      {saved && <p class="cap">{saved}</p>}
      {tally && (
        <>
          <p class="cap">{tally.cohort}</p>
          <dl class="bars">
            {(['before', 'after'] as const).map((side) => (
              <div key={side}>
                <dt>Fires {side}</dt>
                <dd>
                  <svg width="140" height="14" aria-hidden="true">
                    <rect class={side} width={Math.max(2, (counted[side] * 140) / most)} height="14" rx="3" />
                  </svg>
                  {counted[side]}
                  {side === 'after' && counted.gone > 0 ? `: ${counted.gone} would be missed` : ''}
                </dd>
              </div>
            ))}
          </dl>
          <Changes changes={tally.changes} />
        </>
      )}
    </section>
  );
}

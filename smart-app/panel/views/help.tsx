// The keys, and the switch that turns the single ones off.
import type { View } from './view.ts';

const keys: [string, string][] = [
  ['← →', 'Next or previous tab, with focus on the tabs'],
  ['j k', 'Next or previous card'],
  ['e', 'Evidence of the card'],
  ['o', 'Override the card'],
  ['1 to 5', 'Pick a reason while overriding'],
  ['w', 'Open What if'],
  ['?', 'This list'],
  ['Esc', 'Close the innermost thing'],
];

export function Help({ state, dispatch }: View) {
  return (
    <section class="panel" aria-labelledby="help-title">
      <div class="row apart">
        <h2 id="help-title">Keys</h2>
        <button type="button" class="btn sm" onClick={() => dispatch({ type: 'help', isOpen: false })}>
          Close <kbd>Esc</kbd>
        </button>
      </div>
      <dl class="kv keys">
        {keys.map(([key, what]) => (
          <>
            <dt key={key}>
              <kbd>{key}</kbd>
            </dt>
            <dd key={what}>{what}</dd>
          </>
        ))}
      </dl>
      <label class="tick">
        <input
          type="checkbox"
          checked={state.hasSingleKeys}
          onChange={(event) => dispatch({ type: 'single-keys', isOn: event.currentTarget.checked })}
        />
        <span>Single keys work when focus is in the panel and not in a field</span>
      </label>
    </section>
  );
}

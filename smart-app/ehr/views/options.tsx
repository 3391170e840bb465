// Ways to make life hard for the service and the panel.
import { useEffect, useRef } from 'preact/hooks';
import type { Options as OptionSet } from '../types.ts';

const NAMES: [keyof OptionSet, label: string, what: string][] = [
  ['slowService', 'Slow service', 'answers come 4 seconds late'],
  ['serviceDown', 'Service down', 'no hook gets through'],
  ['noPrefetch', 'No prefetch', 'the service must read the chart itself'],
  ['noAppContext', 'No appContext', 'the panel does not hear about the card'],
  ['storageBlocked', 'Storage blocked', 'the panel gets no cookies and no storage'],
  ['dark', 'Dark', 'this page in dark colours'],
];

export function Options({
  options,
  onChange,
}: {
  options: OptionSet;
  onChange: (name: keyof OptionSet, on: boolean) => void;
}) {
  const box = useRef<HTMLDetailsElement>(null);
  // A menu over the page goes away with a press elsewhere or Escape.
  useEffect(() => {
    const away = (event: Event) => {
      if (box.current?.open && !box.current.contains(event.target as Node)) box.current.open = false;
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, []);
  const on = NAMES.filter(([name]) => name !== 'dark' && options[name]).length;
  return (
    <details
      class="options"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !box.current?.open) return;
        box.current.open = false;
        box.current.querySelector('summary')?.focus();
      }}
    >
      <summary class="pillbtn">Break it{on > 0 ? ` (${on} on)` : ''}</summary>
      <fieldset>
        <legend>Conditions</legend>
        {NAMES.map(([name, label, what]) => (
          <label key={name} class="opt">
            <input
              type="checkbox"
              checked={options[name]}
              onChange={(event) => onChange(name, event.currentTarget.checked)}
            />
            <span>
              <b>{label}</b>
              <small>{what}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}

// Writing orders: a searchable list, the sig as text, several drafts at once, and one signature under them all.
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { plainName } from '../../shared/drug-name.ts';
import type { Controller } from '../controller.ts';
import { nameOf, sigOf } from '../drafts.ts';
import { findOrderables, type Orderable, orderables } from '../orderables.ts';
import { failedChecks, isOrderAnswer, openStops, type State } from '../state.ts';
import { shortName } from './lists.tsx';

export function Composer({ state, controller }: { state: State; controller: Controller }) {
  const selected = state.drafts.find(({ id }) => id === state.selected);
  const story = state.stories.find(({ patientId }) => patientId === state.patientId);
  const sigId = useId();
  // The draft holds the sig; what was typed is kept beside it only for the spaces around it, and never written over.
  const [typed, setTyped] = useState('');
  const drafted = selected ? sigOf(selected) : '';
  const sig = typed.trim() === drafted.trim() ? typed : drafted;

  const code = selected && (selected.medicationCodeableConcept ?? selected.code)?.coding?.[0];
  const known: Orderable | undefined =
    code &&
    (orderables.find((one) => one.code === code.code) ?? {
      kind: selected.resourceType === 'ServiceRequest' ? 'test' : 'drug',
      code: code.code,
      display: code.display ?? nameOf(selected),
      words: '',
      sig: '',
    });
  const changeSig = (text: string) => {
    setTyped(text);
    if (known) controller.choose(known, text);
  };

  return (
    <section class="panel composer" aria-labelledby="composer-title">
      <div class="row apart">
        <h2 id="composer-title">{selected ? 'Order' : 'New order'}</h2>
        {story?.suggestedOrder && state.drafts.length === 0 && (
          <button type="button" class="btn sm try" onClick={() => controller.trySuggested(story)}>
            Try: {shortName(story.suggestedOrder.display)}
          </button>
        )}
      </div>
      <form
        class="orow"
        onSubmit={(event) => {
          event.preventDefault();
          void controller.sign();
        }}
      >
        <Finder chosen={selected ? nameOf(selected) : ''} onChoose={(orderable) => controller.choose(orderable)} />
        <div class="field sig">
          <label for={sigId}>Dose and how often</label>
          <input
            id={sigId}
            class="inp"
            value={sig}
            autocomplete="off"
            disabled={!known}
            onInput={(event) => changeSig(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="btn pri" disabled={state.drafts.length === 0 || state.signing !== undefined}>
          {state.signing === 'checking' || state.signing === 'storing'
            ? 'Signing'
            : state.drafts.length > 1
              ? `Sign ${state.drafts.length} orders`
              : 'Sign order'}
        </button>
      </form>
      {state.drafts.length > 0 && <Drafts state={state} controller={controller} />}
      <Status state={state} />
    </section>
  );
}

function Drafts({ state, controller }: { state: State; controller: Controller }) {
  return (
    <div class="drafts">
      <ul class="lines" aria-label="Unsigned orders">
        {state.drafts.map((draft) => (
          <li key={draft.id} class={draft.id === state.selected ? 'now' : ''}>
            <button
              type="button"
              class="link"
              aria-pressed={draft.id === state.selected}
              onClick={() => controller.select(draft.id)}
            >
              {draft.status === 'stopped' ? 'Stop ' : ''}
              {shortName(nameOf(draft))}
            </button>
            <small>{sigOf(draft)}</small>
            <button type="button" class="btn sm" onClick={() => controller.removeDraft(draft.id)}>
              Remove<span class="sr"> {nameOf(draft)}</span>
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="link"
        onClick={() => controller.select(undefined)}
        disabled={state.selected === undefined}
      >
        Add another order
      </button>
    </div>
  );
}

function Status({ state }: { state: State }) {
  if (state.drafts.length === 0) return null;
  const answers = Object.values(state.answers).filter(isOrderAnswer);
  const failed = failedChecks(state);
  if (answers.some((answer) => answer.state === 'checking'))
    return (
      <p class="cap status">
        {answers.some(({ cards }) => cards.length > 0) ? 'The order changed. Checking again.' : 'Checking.'}
      </p>
    );
  if (failed.length > 0) return <p class="status fail">Order check failed: {failed[0]!.error}. Check by hand.</p>;
  const stops = openStops(state).length;
  if (stops > 0) {
    return (
      <p class="cap status row">
        <span class="pill stop">
          {stops} Stop {stops === 1 ? 'card' : 'cards'}
        </span>
        Signing will ask you to decide first
      </p>
    );
  }
  const extension = answers.map(({ response }) => response?.extension?.['org.curbside.response']).find(Boolean);
  if (answers.length === 0) return <p class="cap status">No CDS service listens to orders here.</p>;
  return answers.every(({ cards }) => cards.length === 0) ? (
    <p class="cap status">
      Nothing needs you on this order.{extension ? ` ${extension.rulesChecked} rules checked.` : ''}
    </p>
  ) : null;
}

/** WAI-ARIA combobox: the list opens while typing, arrows move, Enter takes, Escape closes. */
function Finder({ chosen, onChoose }: { chosen: string; onChoose: (orderable: Orderable) => void }) {
  const id = useId();
  const [text, setText] = useState(chosen);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => setText(chosen), [chosen]);
  const hits = isOpen ? findOrderables(text) : [];
  const take = (orderable: Orderable | undefined) => {
    if (!orderable) return;
    setOpen(false);
    setText(plainName(orderable.display));
    onChoose(orderable);
  };
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at]);

  return (
    <div class="field finder">
      <label for={id}>Drug or test</label>
      <input
        id={id}
        class="inp"
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={hits.length > 0 ? `${id}-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Type a name, such as ibuprofen"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setAt(0);
        }}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={() => {
          setOpen(false);
          setText(chosen);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            if (hits.length === 0) setOpen(true);
            else setAt((at + (event.key === 'ArrowDown' ? 1 : hits.length - 1)) % hits.length);
          } else if (event.key === 'Enter' && hits.length > 0) {
            event.preventDefault();
            take(hits[at]);
          } else if (event.key === 'Escape' && isOpen) {
            event.preventDefault();
            setOpen(false);
            setText(chosen);
          }
        }}
      />
      <div
        id={`${id}-list`}
        ref={list}
        role="listbox"
        aria-label="Orderables"
        class="listbox"
        hidden={hits.length === 0}
      >
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are on the combobox, where focus stays
          <div
            key={`${hit.kind} ${hit.code}`}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(hit)}
          >
            {plainName(hit.display)}
            <small>{hit.kind === 'test' ? 'test' : hit.sig}</small>
          </div>
        ))}
      </div>
    </div>
  );
}

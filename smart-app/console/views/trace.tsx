// "Why did this fire?" The condition tree of a shown card, by its id or from the newest of a rule.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { dayAndTime } from '../../shared/times.ts';
import type { Branch, ShownCard, Why } from '../types.ts';
import { question, shownValue, tierWords } from '../words.ts';
import type { Shared } from './app.tsx';

export function Trace({ api, fail, rule }: Shared & { rule?: string }) {
  const [cards, setCards] = useState<ShownCard[]>([]);
  const [why, setWhy] = useState<Why>();
  const [wanted, setWanted] = useState('');
  const [missing, setMissing] = useState('');

  const look = (uuid: string): void => {
    setMissing('');
    api.why(uuid).then(setWhy, (error: Error) => {
      setWhy(undefined);
      setMissing(error.message);
    });
  };
  useEffect(() => {
    setWhy(undefined);
    setMissing('');
    if (!rule) return;
    api.cards(rule).then(({ cards: found }) => {
      setCards(found);
      if (found[0]) look(found[0].uuid);
    }, fail);
  }, [rule]);

  const tier = why?.tiers.find(({ id }) => id === why.tier);
  const gap =
    why && (firstGap(why.when) ?? why.tiers.flatMap(({ when }) => (when ? [firstGap(when)] : [])).find(Boolean));
  return (
    <section class="panel trace" aria-labelledby="trace-title">
      <h2 id="trace-title">{why ? `Why did ${why.rule.id} speak here?` : 'Why did this speak?'}</h2>
      {why && (
        <p class="cap">
          {why.patientId}, {dayAndTime(why.shownAt)}, version {why.rule.version}, tier {why.tier}
        </p>
      )}
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted.trim()) look(wanted.trim());
        }}
      >
        {cards.length > 0 && (
          <label class="grow">
            <span class="sr">Shown cards of this rule</span>
            <select class="inp" value={why?.card} onChange={(event) => look(event.currentTarget.value)}>
              {cards.map(({ uuid, shownAt, indicator, outcome }) => (
                <option key={uuid} value={uuid}>
                  {dayAndTime(shownAt)} {tierWords[indicator]}
                  {outcome ? `, ${outcome}` : ''}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="grow">
          <span class="sr">Card id</span>
          <input
            class="inp"
            placeholder="Card id"
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="btn">
          Look up
        </button>
      </form>
      {missing && <p class="cap">{missing}</p>}
      {!why && !missing && (
        <p class="empty">
          {rule
            ? `${rule} has not shown a card lately. Look one up by its id, or replay the rule below.`
            : 'Look up a card by its id.'}
        </p>
      )}
      {why && (
        <>
          <h3>It fires when</h3>
          <ul class="tree">
            <Node branch={why.when} decides />
          </ul>
          {tier?.when && (
            <>
              <h3>It is at this level when</h3>
              <ul class="tree">
                <Node branch={tier.when} decides />
              </ul>
            </>
          )}
          {gap && (
            <p class="next">Not known here: {gap}. Map this result, or say in the rule what unknown shall count as.</p>
          )}
        </>
      )}
    </section>
  );
}

export function firstGap(branch: Branch): string | undefined {
  return branch.gap ?? branch.parts?.map(firstGap).find(Boolean);
}

const marks = { true: ['✓', 'yes'], false: ['✗', 'no'], unknown: ['?', 'unknown'] } as const;
const groups = { all: 'all of', any: 'any of', not: 'not' } as const;

/** `decides`: the branches above all hang on this one. */
export function Node({ branch, decides = false }: { branch: Branch; decides?: boolean }): ComponentChildren {
  const [mark, word] = marks[branch.truth];
  const parts = branch.parts ?? [];
  const carriers = branch.kind === 'not' ? parts : parts.filter(({ truth }) => truth === branch.truth);
  const needsEvery = branch.kind === 'not' || (branch.kind === 'all') === (branch.truth === 'true');
  const carries = (part: Branch) => decides && (needsEvery ? carriers.includes(part) : carriers[0] === part);
  return (
    <li>
      <div class={decides && branch.kind === 'fact' ? `line decides ${branch.truth}` : 'line'}>
        <span class={`mark ${branch.truth}`} aria-hidden="true">
          {mark}
        </span>
        <span>
          <span class="sr">{word}: </span>
          {branch.kind === 'fact' ? question(branch) : groups[branch.kind]}
          {branch.kind === 'fact' && typeof branch.value !== 'boolean' && branch.value !== undefined && (
            <span class="cap">{shownValue(branch.value)}</span>
          )}
          {branch.gap && (
            <span class="cap">
              {branch.gap}
              {branch.ifUnknown ? `, taken for ${branch.ifUnknown}` : ''}
            </span>
          )}
          {branch.because?.map(({ text, when, reference }) => (
            <span class="cap" key={`${text} ${reference}`}>
              {[text, when && dayAndTime(when), reference].filter(Boolean).join(', ')}
            </span>
          ))}
        </span>
      </div>
      {parts.length > 0 && (
        <ul>
          {parts.map((part, place) => (
            <Node key={place} branch={part} decides={carries(part)} />
          ))}
        </ul>
      )}
    </li>
  );
}

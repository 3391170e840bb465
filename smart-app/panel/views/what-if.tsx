// Tab (c): one input changed, the guards run again. Nothing here reaches the chart until it is drafted.
import type { Card, Estimate, WhatIfAnswer } from '../../../src/cds-hooks/contract.ts';
import { breakable } from '../../shared/breakable.tsx';
import { plainName } from '../../shared/drug-name.ts';
import { conceptText, orderText, referenceOf } from '../cards-state.ts';
import { Curve } from '../charts/curve.tsx';
import { Forest, forestRows, isSame } from '../charts/forest.tsx';
import { planContext } from '../deeds.ts';
import { currentEgfr, type DelayedTreatment, delayOf, delays, doseOf, draftActions, isUntouched } from '../plan.ts';
import { tiers } from '../session.ts';
import type { View } from './view.ts';

export function WhatIf(view: View) {
  const { whatIf } = view.state;
  const answer = isUntouched(whatIf.plan) ? undefined : whatIf.answer;
  return (
    <>
      {/* Stays in sight while the controls scroll: that this is a thought, and what it changes. */}
      <p class="watermark">
        <span class="pill ok">What if</span>
        <span class={answer ? '' : 'cap'}>
          {answer
            ? `${answer.difference.gone.length} gone, ${answer.difference.new.length} new, ${answer.difference.same.length} same`
            : 'Nothing here is in the chart until it is drafted.'}
        </span>
      </p>
      <div class="grid2">
        <Controls {...view} />
        <div class={whatIf.status === 'running' ? 'stack dim' : 'stack'} aria-busy={whatIf.status === 'running'}>
          {whatIf.status === 'failed' && (
            <p class="banner fail" role="alert">
              <span>
                <b>Could not be worked out:</b> {whatIf.reason}. Change a control to try again.
              </span>
            </p>
          )}
          {answer ? (
            <Answer {...view} answer={answer} />
          ) : (
            <p class="panel cap">Change a control. The cards that would come and go appear here.</p>
          )}
        </div>
      </div>
    </>
  );
}

function Controls({ state, deeds }: View) {
  const { plan } = state.whatIf;
  const { draft, options, medications } = planContext(state);
  const egfr = currentEgfr(state.session?.identity);
  const chosen = options.find(({ key }) => key === plan.drug)?.order ?? (plan.drug === undefined ? draft : undefined);
  const dose = doseOf(chosen);
  const delay = delayOf(plan);
  return (
    <form class="panel ctl" aria-labelledby="plan" onSubmit={(event) => event.preventDefault()}>
      <h2 id="plan">Change the plan</h2>
      <label for="drug">Drug</label>
      <select
        class="inp"
        id="drug"
        value={plan.drug ?? ''}
        onChange={(event) => deeds.changePlan({ drug: event.currentTarget.value || undefined, dose: undefined })}
      >
        <option value="">{draft ? `${orderText(draft)} (ordered)` : 'No change'}</option>
        {options.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
        <option value="other">Another drug, by name</option>
        {draft && <option value="none">No drug</option>}
      </select>
      {plan.drug === 'other' && (
        <>
          <label for="other-drug">Name, dose and how often</label>
          <input
            class="inp"
            id="other-drug"
            type="text"
            maxLength={200}
            autocomplete="off"
            placeholder="For example: ibuprofen 400 mg three times daily"
            value={plan.otherDrug ?? ''}
            onChange={(event) => deeds.changePlan({ otherDrug: event.currentTarget.value.trim() || undefined })}
          />
        </>
      )}
      {dose?.value !== undefined && (
        <>
          <label for="dose">Dose, {dose.unit ?? 'units'}</label>
          <input
            class="inp"
            id="dose"
            type="number"
            min="0"
            step="any"
            value={plan.dose ?? dose.value}
            onInput={(event) => {
              const value = event.currentTarget.valueAsNumber;
              deeds.changePlan({
                dose: Number.isFinite(value) && value > 0 && value !== dose.value ? value : undefined,
              });
            }}
          />
        </>
      )}
      <label for="treatment">If treatment waits</label>
      <select
        class="inp"
        id="treatment"
        value={delay.treatment}
        onChange={(event) =>
          deeds.changePlan({
            treatment: event.currentTarget.value as DelayedTreatment,
            delayHours: undefined,
            baselinePercent: undefined,
            planned: undefined,
          })
        }
      >
        {delays.map(({ treatment, name }) => (
          <option key={treatment} value={treatment}>
            {name}
          </option>
        ))}
      </select>
      <Slider
        id="delay"
        label={delay.label}
        unit="h"
        min={0}
        max={delay.most}
        step={delay.step}
        value={plan.delayHours ?? 0}
        from="now"
        onChange={(value) => deeds.changePlan({ delayHours: value || undefined })}
      />
      {plan.delayHours && delay.planned && (
        <Amount
          id="planned"
          label={delay.planned.label}
          value={plan.planned}
          onChange={(planned) => deeds.changePlan({ planned })}
        />
      )}
      {plan.delayHours && delay.baseline && (
        <Amount
          id="baseline"
          label={delay.baseline}
          most={100}
          value={plan.baselinePercent}
          onChange={(baselinePercent) => deeds.changePlan({ baselinePercent })}
        />
      )}
      <Slider
        id="egfr"
        label="If eGFR becomes"
        unit="mL/min"
        min={5}
        max={120}
        value={plan.egfr ?? Math.round(egfr?.value ?? 90)}
        middle={egfr ? `now ${egfr.value}` : 'now unknown'}
        onChange={(value) => deeds.changePlan({ egfr: egfr && value === Math.round(egfr.value) ? undefined : value })}
      />
      {typeof state.medications === 'string' && <p class="cap">Could not read the medications: {state.medications}</p>}
      {medications.slice(0, 12).map((medication) => {
        const reference = referenceOf(medication);
        const name = plainName(conceptText(medication.medicationCodeableConcept)) || reference;
        const standing = plan.standing[reference];
        const id = `med-${reference.replace(/\W/g, '-')}`;
        return (
          <div key={reference}>
            <span class="lab" id={id}>
              {name}
            </span>
            {/* biome-ignore lint/a11y/useSemanticElements: a labelled group of toggle buttons */}
            <div class="seg" role="group" aria-labelledby={id}>
              {([undefined, 'hold', 'stop'] as const).map((choice) => (
                <button
                  key={choice ?? 'keep'}
                  type="button"
                  aria-pressed={standing === choice}
                  onClick={() => {
                    const { [reference]: _, ...others } = plan.standing;
                    deeds.changePlan({ standing: choice ? { ...others, [reference]: choice } : others });
                  }}
                >
                  {choice === undefined ? 'Keep' : choice === 'hold' ? 'Hold' : 'Stop'}
                </button>
              ))}
            </div>
          </div>
        );
      })}
      <div class="row acts">
        <button type="button" class="btn sm" onClick={deeds.resetPlan}>
          Reset to chart
        </button>
      </div>
    </form>
  );
}

/** A number that only the clinician has; empty until it is given. */
function Amount({
  id,
  label,
  value,
  most,
  onChange,
}: {
  id: string;
  label: string;
  value?: number;
  most?: number;
  onChange(value: number | undefined): void;
}) {
  return (
    <div class="amount">
      <label for={id}>{label}</label>
      <input
        class="inp num"
        id={id}
        type="number"
        min="0"
        max={most}
        step="any"
        value={value ?? ''}
        onInput={(event) => {
          const number = event.currentTarget.valueAsNumber;
          onChange(Number.isFinite(number) && number > 0 && number <= (most ?? Infinity) ? number : undefined);
        }}
      />
    </div>
  );
}

interface SliderProps {
  id: string;
  label: string;
  unit: string;
  min: number;
  max: number;
  step?: number;
  value: number;
  from?: string;
  middle?: string;
  onChange(value: number): void;
}

function Slider({ id, label, unit, min, max, step = 1, value, from, middle, onChange }: SliderProps) {
  const take = (text: string) => {
    const number = Number(text);
    if (text !== '' && Number.isFinite(number)) onChange(Math.min(Math.max(number, min), max));
  };
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <span class="val">
        <input
          class="inp num"
          type="number"
          aria-label={`${label}, ${unit}`}
          min={min}
          max={max}
          step={step}
          value={value}
          onChange={(event) => take(event.currentTarget.value)}
        />{' '}
        {unit}
      </span>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        onInput={(event) => take(event.currentTarget.value)}
      />
      <div class="scale" aria-hidden="true">
        <span>{from ?? min}</span>
        {middle && <span>{middle}</span>}
        <span>
          {max} {unit}
        </span>
      </div>
    </div>
  );
}

function Answer({ answer, ...view }: View & { answer: WhatIfAnswer }) {
  const { before, after, difference, refused } = answer;
  const rows = forestRows(before.estimates, after.estimates);
  const hasChange = rows.some((row) => !isSame(row));
  const curves = after.estimates.filter(({ points }) => points?.length);
  const { plan } = view.state.whatIf;
  return (
    <>
      <section class="panel" aria-labelledby="changes">
        <h2 id="changes">Cards that change</h2>
        <Difference difference={difference} />
      </section>
      {refused.length > 0 && (
        <section class="quietbox" aria-labelledby="refused">
          <h2 id="refused">No estimate</h2>
          <ul class="plain">
            {refused.map(({ reason }) => (
              <li key={reason}>{plainRefusal(reason)}</li>
            ))}
          </ul>
        </section>
      )}
      {hasChange && <Forest rows={rows} />}
      {curves.map((estimate) => (
        <Curve key={estimate.id} estimate={estimate} at={plan.delayHours} />
      ))}
      <Explanation answer={answer} />
      {rows.length > 0 && !hasChange && <Forest rows={rows} />}
      <Drafting {...view} />
    </>
  );
}

/** What an API client would have to send is not said to a clinician: the fields for it are on the left. */
const plainRefusal = (reason: string): string => {
  const text = reason
    .replace(/\.? What is missing can be given as .*$/s, '')
    .replace(/[.:]? [Gg]ive "\w+"(?:: \{[^}]*\})?[^.]*/g, '')
    .replace(/^Delay of ([\w-]+)/, (_, id: string) => delays.find(({ treatment }) => treatment === id)?.name ?? id)
    .trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
};

function Difference({
  difference: { gone, new: added, same, changed = [] },
}: {
  difference: WhatIfAnswer['difference'];
}) {
  const why = (card: Card) => card.extension?.['org.curbside.card'];
  const line = (card: Card) => `${tiers[card.indicator].word}: ${card.summary}`;
  if (!gone.length && !added.length && !changed.length) {
    return (
      <p class="cap">
        No card comes or goes. {same.length === 1 ? 'One card stays' : `${same.length} cards stay`} as{' '}
        {same.length === 1 ? 'it is' : 'they are'}.
      </p>
    );
  }
  return (
    <ul class="diff">
      {gone.map((card) => (
        <li class="rm" key={card.uuid}>
          <span class="mk">− gone</span>
          <span>
            <s>{line(card)}</s>
            <small>Rule {why(card)?.ruleId ?? card.source.label}</small>
          </span>
        </li>
      ))}
      {added.map((card) => (
        <li class="ad" key={card.uuid}>
          <span class="mk">+ new</span>
          <span>
            <b>{line(card)}</b>
            <small>{why(card)?.reason ?? `Rule ${why(card)?.ruleId ?? card.source.label}`}</small>
          </span>
        </li>
      ))}
      {changed.map(({ before, after }) => (
        <li class="sm" key={after.uuid}>
          <span class="mk">~ differs</span>
          <span>
            <b>{line(after)}</b>
            <small>was {line(before)}</small>
          </span>
        </li>
      ))}
      {same.length > 0 && (
        <li class="sm">
          <span class="mk">= same</span>
          <span>{breakable(same.map(({ summary }) => summary).join('; '))}</span>
        </li>
      )}
    </ul>
  );
}

/** What the list of cards does not say already: numbers, notes, and the model's words where there are any. */
function Explanation({ answer: { explanation, difference, before, after } }: { answer: WhatIfAnswer }) {
  const cards = [...difference.gone, ...difference.new, ...(difference.changed ?? []).map((one) => one.after)];
  const isOnTheList = (text: string) =>
    cards.some(
      ({ summary }) => /^(?:No longer|New|[A-Z][a-z ]+ becomes [A-Z][a-z ]+): /.test(text) && text.includes(summary),
    );
  const sentences = explanation.filter(({ text }) => !isOnTheList(text));
  const names = namesOf([...cards, ...difference.same], [...before.estimates, ...after.estimates]);
  const handles = [...new Set(sentences.flatMap(({ handles: some }) => some))];
  if (!sentences.length) return null;
  return (
    <section class="panel" aria-labelledby="because">
      <h2 id="because">Why</h2>
      {sentences.map(({ text, handles: some }) => (
        <p key={text}>
          {text}
          {some.map((handle) => (
            <sup key={handle}>{handles.indexOf(handle) + 1} </sup>
          ))}
        </p>
      ))}
      {handles.length > 0 && (
        <ol class="cites">
          {handles.map((handle) => (
            <li key={handle}>{names.get(handle) ?? handle}</li>
          ))}
        </ol>
      )}
      <div class="src">
        <span class="prov rule">Numbers from rules and KB</span>
      </div>
    </section>
  );
}

/** What a reference is called, as far as the cards and the estimates tell. */
function namesOf(cards: Card[], estimates: Estimate[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { reference, text, when } of cards.flatMap(
    (card) => card.extension?.['org.curbside.card']?.evidence ?? [],
  ))
    if (reference && !names.has(reference)) names.set(reference, when ? `${text}, ${when}` : text);
  for (const input of estimates.flatMap((one) => (one as Worked).from?.inputs ?? []))
    if (input.reference && !names.has(input.reference))
      names.set(input.reference, `${input.name.replaceAll('_', ' ')}: ${input.value}`);
  return names;
}

/** What the engine adds to an estimate that a score was asked for. */
type Worked = Estimate & { from?: { inputs: { name: string; value: unknown; reference?: string }[] } };

function Drafting({ state, deeds }: View) {
  const actions = draftActions(state.whatIf.plan, planContext(state));
  const { reports } = state.whatIf;
  if (!actions.length) return null;
  const changes = actions.length === 1 ? 'this order change' : `these ${actions.length} order changes`;
  return (
    <div>
      <div class="row">
        <button type="button" class="btn pri" onClick={() => void deeds.draftPlan()}>
          {state.abilities.canDraft ? `Draft ${changes}` : `Copy ${changes}`}
        </button>
        <button type="button" class="btn quiet" onClick={deeds.resetPlan}>
          Discard
        </button>
      </div>
      {reports.length > 0 && (
        <ul class="plain">
          {reports.map(({ text, ok }) => (
            <li key={text} class={ok ? '' : 'refusal'}>
              {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

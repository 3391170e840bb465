// Tab (b): what must not be missed, then what the chart supports. Rules paint first; the checked draft joins them.
import { useState } from 'preact/hooks';
import type { ConsultAction } from '../../../src/cds-hooks/contract.ts';
import { Icon } from '../../shared/icons.tsx';
import { safeHref } from '../../shared/markdown.ts';
import { agreementLine, isYours, mergedRow, type Row, testsOf } from '../diagnosis-state.ts';
import { shownNumber } from '../trends.ts';
import { ResourceFacts } from './evidence.tsx';
import { ToldView } from './told.tsx';
import type { View } from './view.ts';

export function Diagnosis(view: View) {
  const { state } = view;
  const { diagnosis } = state;
  const { rows, status } = diagnosis;
  const isBusy = status === 'asking' || status === 'drafting';
  const cannotMiss = rows.filter(({ lane }) => lane === 'cannot-miss');
  const supported = rows.filter(({ lane, isOnlyFromDraft }) => lane === 'supported' && !isOnlyFromDraft);
  const fromDraft = rows.filter(({ lane, isOnlyFromDraft }) => lane === 'supported' && isOnlyFromDraft);
  const [leading, plausible] = [
    supported.filter(({ isLeading }) => isLeading),
    supported.filter(({ isLeading }) => !isLeading),
  ];
  const tests = testsOf(rows);
  const line = agreementLine(rows, diagnosis.leading, diagnosis.agreement);
  const parts: [string, Row[]][] = [
    ['', leading],
    [leading.length ? 'Plausible' : '', plausible],
    ['Added by the draft', fromDraft],
  ];
  return (
    <div class="stack">
      <Question {...view} />
      <DraftBanner {...view} />
      {line && (
        <p class="agree" role="status">
          {line}
        </p>
      )}
      {rows.length > 0 || isBusy ? (
        <div class="lanes" aria-busy={isBusy}>
          <section class="lanebox miss" aria-labelledby="lane-miss">
            <header>
              <Icon name="stop" size={20} tone="stop" />
              <h2 id="lane-miss">Cannot miss</h2>
              <small>shown whatever the odds</small>
            </header>
            {cannotMiss.map((row) => (
              <RowView key={row.key} row={row} view={view} />
            ))}
            {cannotMiss.length === 0 && (
              <p class="dx cap">
                {isBusy && !rows.length ? 'Reading the chart' : 'None listed for this presentation.'}
              </p>
            )}
          </section>
          <section class="lanebox like" aria-labelledby="lane-like">
            <header>
              <Icon name="diagnosis" size={20} tone="note" />
              <h2 id="lane-like">Most supported</h2>
              <small>by chart evidence</small>
            </header>
            {parts.map(
              ([title, some]) =>
                some.length > 0 && (
                  <div key={title}>
                    {title && <p class="sub">{title}</p>}
                    {some.map((row) => (
                      <RowView key={row.key} row={row} view={view} />
                    ))}
                  </div>
                ),
            )}
            {supported.length + fromDraft.length === 0 && !isBusy && (
              <p class="dx cap">Nothing in the chart supports one.</p>
            )}
            {isBusy && (
              <div class="dx skel" aria-hidden="true">
                <i />
                <i />
                <i />
              </div>
            )}
            <Withheld {...view} />
          </section>
        </div>
      ) : null}
      {tests.length > 0 && (
        <section class="panel" aria-labelledby="tests">
          <h2 id="tests">Tests that would separate these</h2>
          {tests.map((test) => (
            <Test key={test.text} test={test} view={view} />
          ))}
        </section>
      )}
      {diagnosis.couldNotCheck.length > 0 && (
        <section class="quietbox" aria-labelledby="dx-gaps">
          <h2 id="dx-gaps">Could not check</h2>
          <ul class="plain">
            {diagnosis.couldNotCheck.map((gap) => (
              <li key={gap}>{gap}</li>
            ))}
          </ul>
        </section>
      )}
      {rows.length > 0 && (
        <p class="cap">
          Strength counts chart evidence. It is not a probability. Open it to see what each finding adds.
        </p>
      )}
      <ToldView {...view} />
    </div>
  );
}

function Question({ state, deeds, dispatch }: View) {
  const { question, isEditing, leading, presentations, rows, status } = state.diagnosis;
  const asked = question || presentations.join(', ');
  const [draft, setDraft] = useState(asked);
  const isOpen = isEditing || (!asked && status !== 'asking');
  return (
    <section class="panel" aria-labelledby="question-title">
      <h2 id="question-title" class={isOpen ? '' : 'sr'}>
        {isOpen ? 'What is the question?' : 'The question'}
      </h2>
      {isOpen ? (
        <form
          class="row ask"
          onSubmit={(event) => {
            event.preventDefault();
            dispatch({ type: 'question', question: draft, isEditing: false });
            void deeds.ask();
          }}
        >
          <label class="sr" for="question">
            The question
          </label>
          <input
            class="inp"
            id="question"
            type="text"
            maxLength={500}
            value={draft}
            placeholder="For example: new confusion, 2 days"
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
          <button type="submit" class="btn pri">
            Ask
          </button>
          {!asked && (
            <p class="cap">No question yet. Type one, or leave it empty and ask for what the chart itself suggests.</p>
          )}
        </form>
      ) : (
        <div class="row apart">
          <b class="question">{asked || 'Reading the chart'}</b>
          <button
            type="button"
            class="btn quiet sm"
            onClick={() => {
              setDraft(asked);
              dispatch({ type: 'question', question, isEditing: true });
            }}
          >
            Edit
          </button>
        </div>
      )}
      <label class="sr" for="leading">
        Your leading diagnosis, optional
      </label>
      <input
        class="inp"
        id="leading"
        type="text"
        maxLength={200}
        list="diagnoses"
        placeholder="Your leading diagnosis (optional)"
        value={leading}
        onInput={(event) => dispatch({ type: 'leading', leading: event.currentTarget.value })}
        onChange={() => void deeds.compare()}
      />
      <datalist id="diagnoses">
        {rows.map(({ key, items }) => (
          <option key={key} value={items[0]!.candidate.text} />
        ))}
      </datalist>
    </section>
  );
}

function DraftBanner({ state, deeds }: View) {
  const { status, end, progress, rows } = state.diagnosis;
  const again = (
    <button type="button" class="link" onClick={() => void deeds.ask()}>
      Try again
    </button>
  );
  if (status === 'drafting') {
    return (
      <div class="banner ai">
        <div class="row apart">
          <Icon name="draft" size={18} tone="ai" />
          <b class="grow">
            {progress
              ? `Checking the draft: ${progress.checked} of ${progress.total} done`
              : 'Waiting for the draft. The rule-based results below are complete.'}
          </b>
          <button type="button" class="btn sm" onClick={deeds.stop}>
            Stop
          </button>
        </div>
        {progress && <progress max={progress.total} value={progress.checked} aria-label="Draft statements checked" />}
      </div>
    );
  }
  if (status === 'stopped') {
    return (
      <p class="banner off">
        <Icon name="note" size={18} />
        <span>
          <b>You stopped the draft.</b> The rule-based results below are complete. {again}
        </span>
      </p>
    );
  }
  if (!end || end.type === 'done') return null;
  if (end.type === 'off') {
    const isConsent = /consent|patient/i.test(end.reason);
    const isHere = state.isAiOff;
    return (
      <p class="banner off">
        <Icon name="note" size={18} />
        <span>
          <b>
            {isHere
              ? 'AI drafting is off for this visit.'
              : isConsent
                ? 'AI drafting is off for this patient.'
                : 'AI drafting is off for this site.'}
          </b>{' '}
          {isConsent && !isHere ? `${sentence(end.reason)} ` : ''}You are seeing the rule-based differential.{' '}
          {isHere ? 'Turn it on under About.' : 'Nothing was sent to a language model.'}
        </span>
      </p>
    );
  }
  if (end.type === 'abstained') {
    return (
      <p class="banner off">
        <Icon name="note" size={18} />
        <span>
          <b>Not enough in the chart to draft.</b>{' '}
          {end.missing.length ? `Missing: ${end.missing.join(', ')}.` : sentence(end.reason)} {again}
        </span>
      </p>
    );
  }
  return (
    <div class="banner fail">
      <Icon name="caution" size={18} tone="caut" />
      <span>
        <b>{rows.length ? 'The AI draft did not finish' : 'The differential could not be had'}</b> (
        {end.reason.replace(/\.$/, '')}). {rows.length ? 'The rule-based results below are complete. ' : ''}
        {again}
      </span>
    </div>
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

const strengthWords = ['none', 'some', 'moderate', 'strong'] as const;

function RowView({ row, view: { state, deeds, dispatch } }: { row: Row; view: View }) {
  const { diagnosis } = state;
  const merged = mergedRow(row);
  const [isAll, setAll] = useState(false);
  // The same number of each kind, so that what speaks against is never crowded out by what speaks for.
  const most = isAll ? Number.POSITIVE_INFINITY : 3;
  const hidden = [merged.for, merged.against, merged.missing].reduce(
    (sum, some) => sum + Math.max(0, some.length - 3),
    0,
  );
  const rest = [
    hidden ? `${hidden} more ${hidden === 1 ? 'finding' : 'findings'}` : '',
    merged.actions.length ? `${merged.actions.length} ${merged.actions.length === 1 ? 'action' : 'actions'}` : '',
  ].filter(Boolean);
  const end = diagnosis.end;
  const isNotAddressed =
    end?.type === 'done' &&
    end.notAddressed.some((name) => name === row.key || name.toLowerCase() === merged.name.toLowerCase());
  const open = diagnosis.open?.startsWith(`${row.key}|`) ? diagnosis.open.slice(row.key.length + 1) : undefined;
  const toggle = (part: string) => {
    dispatch({ type: 'dx-open', key: open === part ? undefined : `${row.key}|${part}` });
    const reference =
      diagnosis.evidence[part]?.reference ??
      [...merged.for, ...merged.against].find(({ handle }) => handle === part)?.reference;
    if (reference) void deeds.readResource(reference);
  };
  const handles = [...new Set([merged.sentence, ...merged.moreSentences].flatMap((one) => one?.handles ?? []))];
  const id = `dx-${row.key.replace(/\W/g, '-')}`;
  const opened =
    open && open !== 'strength'
      ? ([...merged.for, ...merged.against].find(({ handle }) => handle === open) ?? diagnosis.evidence[open])
      : undefined;
  const passage = merged.guideline.find(({ handle }) => handle === open);
  return (
    <article class="dx" aria-labelledby={id}>
      <div class="t">
        <h3 id={id}>
          {merged.name}
          {isYours(row, diagnosis.leading) && <span class="pill ok">yours</span>}
        </h3>
        {merged.strength !== undefined && (
          <button type="button" class="str" aria-expanded={open === 'strength'} onClick={() => toggle('strength')}>
            <svg width="32" height="10" aria-hidden="true">
              {strengthWords.slice(1).map((word, at) => (
                <rect
                  key={word}
                  class={at < merged.strength! ? 'on' : ''}
                  x={at * 11 + 0.5}
                  y="0.5"
                  width="9"
                  height="9"
                  rx="2"
                />
              ))}
            </svg>
            <span class="sr">Strength: </span>
            {strengthWords[merged.strength]}
          </button>
        )}
      </div>
      {[merged.sentence, ...(open === 'more' ? merged.moreSentences : [])].map(
        (one) =>
          one && <Say key={one.text} text={one.text} handles={one.handles} all={handles} toggle={toggle} open={open} />,
      )}
      {merged.moreSentences.length > 0 && (
        <button type="button" class="link" aria-expanded={open === 'more'} onClick={() => toggle('more')}>
          {open === 'more' ? 'Less' : `${merged.moreSentences.length} more cited`}
        </button>
      )}
      <ul class="chips" aria-label="For, against, missing">
        {merged.for.slice(0, most).map(({ handle, text }) => (
          <FindingChip
            key={handle}
            kind="for"
            sign="+"
            word="for"
            text={text}
            isOpen={open === handle}
            onClick={() => toggle(handle)}
          />
        ))}
        {merged.against.slice(0, most).map(({ handle, text }) => (
          <FindingChip
            key={handle}
            kind="ag"
            sign="−"
            word="against"
            text={text}
            isOpen={open === handle}
            onClick={() => toggle(handle)}
          />
        ))}
        {merged.missing.slice(0, most).map(({ text }) => (
          <FindingChip
            key={text}
            kind="un"
            sign="?"
            word="missing"
            text={text}
            isOpen={open === `?${text}`}
            onClick={() => toggle(`?${text}`)}
          />
        ))}
      </ul>
      {rest.length > 0 && (
        <button type="button" class="link more" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? 'Show less' : `Show ${rest.join(' and ')}`}
          <span class="sr"> for {merged.name}</span>
        </button>
      )}
      {open === 'strength' && <Contributions row={merged} />}
      {opened && (
        <div class="drawer inline always">
          <ResourceFacts
            resource={opened.reference ? state.cards.resources[opened.reference] : undefined}
            reference={opened.reference}
            when={undefined}
            usedBy={[]}
            now={new Date(state.now)}
            trend={opened.reference ? state.cards.resources[`trend of ${opened.reference}`] : undefined}
          />
          <p>{opened.text}</p>
        </div>
      )}
      {passage && (
        <div class="drawer inline always">
          <p>{passage.text}</p>
          <p class="cap">{passage.citation}</p>
          {passage.url && safeHref(passage.url) && (
            <a href={safeHref(passage.url)} target="_blank" rel="noopener noreferrer">
              Open the source
            </a>
          )}
        </div>
      )}
      {open?.startsWith('?') && (
        <p class="drawer inline always">
          {merged.missing.find(({ text }) => `?${text}` === open)?.wouldChange ?? 'Not in the chart.'}
        </p>
      )}
      {isAll && merged.actions.length > 0 && (
        <ul class="plain ways">
          {merged.actions.map((action) => (
            <li key={`${action.kind} ${action.text}`}>
              <b>{{ drug: 'Consider', referral: 'Refer', watch: 'Watch', test: 'Test' }[action.kind]}:</b> {action.text}
              {action.why ? `. ${action.why}` : ''}
              {action.blockedBy.map(({ ruleId, summary }) => (
                <span class="blocked" key={ruleId}>
                  Blocked: {summary} (rule {ruleId})
                </span>
              ))}
            </li>
          ))}
        </ul>
      )}
      <div class="src">
        {merged.sources.includes('rule') && <span class="prov rule">Rule</span>}
        {merged.sources.includes('knowledge') && <span class="prov kb">KB</span>}
        {merged.sources.includes('model') && <span class="prov ai">AI draft, cited</span>}
        {merged.alsoSecondModel && <span class="prov ai">Second model agrees</span>}
        {merged.draftSaysCannotMiss && <span class="prov ai">The draft: do not miss</span>}
        {isNotAddressed && <span class="cap">not addressed by the draft</span>}
        {merged.flags.map((flag) => (
          <span class="cap" key={flag}>
            {flag}
          </span>
        ))}
      </div>
    </article>
  );
}

function FindingChip({
  kind,
  sign,
  word,
  text,
  isOpen,
  onClick,
}: {
  kind: string;
  sign: string;
  word: string;
  text: string;
  isOpen: boolean;
  onClick(): void;
}) {
  const [value, ...when] = text.split(', ');
  return (
    <li>
      <button type="button" class={`chip ${kind}`} aria-expanded={isOpen} onClick={onClick}>
        <span class="sg" aria-hidden="true">
          {sign}
        </span>
        <span class="sr">{word}: </span>
        <b>{value}</b>
        {when.length > 0 && <i>{when.join(', ')}</i>}
      </button>
    </li>
  );
}

/** Plain text and citation numbers, nothing else. */
function Say({
  text,
  handles,
  all,
  toggle,
  open,
}: {
  text: string;
  handles: string[];
  all: string[];
  toggle(handle: string): void;
  open?: string;
}) {
  return (
    <p class="say">
      {text}
      {handles.map((handle) => (
        <button
          type="button"
          class="cite"
          key={handle}
          aria-expanded={open === handle}
          aria-label={`Citation ${all.indexOf(handle) + 1}`}
          onClick={() => toggle(handle)}
        >
          {all.indexOf(handle) + 1}
        </button>
      ))}
    </p>
  );
}

function Contributions({ row: { contributions } }: { row: ReturnType<typeof mergedRow> }) {
  if (!contributions.length)
    return <p class="drawer inline always cap">Counts the findings for and against in the chart.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll drawer inline always" tabIndex={0} aria-label="What each finding adds">
      <table>
        <thead>
          <tr>
            <th scope="col">Finding</th>
            <th scope="col">Likelihood ratio</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {contributions.map(({ finding, likelihoodRatio, citation }) => (
            <tr key={`${finding} ${likelihoodRatio}`}>
              <th scope="row">{finding}</th>
              <td>
                {likelihoodRatio >= 1 ? '+' : '−'} {shownNumber(likelihoodRatio)}
              </td>
              <td>{citation}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Withheld({ state, dispatch }: View) {
  const { withheld, isWithheldOpen } = state.diagnosis;
  if (!withheld.length) return null;
  return (
    <div class="dx withheld">
      <p>
        {withheld.length === 1 ? '1 AI statement withheld' : `${withheld.length} AI statements withheld`}: the check did
        not find support.{' '}
        <button
          type="button"
          class="link"
          aria-expanded={isWithheldOpen}
          onClick={() => dispatch({ type: 'withheld-open', isOpen: !isWithheldOpen })}
        >
          {isWithheldOpen ? 'Hide them' : 'Show them'}
        </button>
      </p>
      {isWithheldOpen && (
        <ul class="plain">
          {withheld.map(({ text, reason }, at) => (
            <li key={at}>
              <s>{text}</s> <small>{reason}</small>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Test({ test, view: { state, deeds } }: { test: ConsultAction; view: View }) {
  const [said, setSaid] = useState('');
  return (
    <div class="test">
      <div class="t">
        <b>{test.text}</b>
        {test.why && <small>{test.why}</small>}
        {test.alreadyDone && <small>{test.alreadyDone}</small>}
        {test.blockedBy.map(({ ruleId, summary }) => (
          <small key={ruleId} class="blocked">
            Blocked: {summary} (rule {ruleId})
          </small>
        ))}
        {said && <small class="said">{said}</small>}
      </div>
      {test.blockedBy.length === 0 && (
        <button
          type="button"
          class="btn sm"
          onClick={async () => setSaid(await deeds.draftTest(test))}
          aria-label={`${state.abilities.canDraft ? 'Draft order' : 'Copy order'}: ${test.text}`}
        >
          {state.abilities.canDraft ? 'Draft order' : 'Copy order'}
        </button>
      )}
    </div>
  );
}

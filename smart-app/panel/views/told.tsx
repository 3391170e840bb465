// The chart in prose: a summary, a discharge draft, an answer. Every line says what it rests on; nothing is filed from here.
import { useState } from 'preact/hooks';
import { listIn, type Telling, type ToldAnswer, type ToldSentence } from '../told.ts';
import { ResourceFacts } from './evidence.tsx';
import type { View } from './view.ts';

const names: Record<Telling, string> = {
  summary: 'Record summary',
  'discharge-summary': 'Discharge draft',
  ask: 'From the chart',
};

export function ToldView(view: View) {
  const { state, deeds, dispatch } = view;
  const { status, telling, answer, reason, question } = state.told;
  return (
    <section class="panel told" aria-labelledby="told" aria-busy={status === 'asking'}>
      <h2 id="told">{status === 'told' && telling ? names[telling] : 'Read the record'}</h2>
      <div class="row">
        <button type="button" class="btn sm" onClick={() => void deeds.tell('summary')}>
          Summarise the record
        </button>
        <button type="button" class="btn sm" onClick={() => void deeds.tell('discharge-summary')}>
          Draft a discharge summary
        </button>
      </div>
      <form
        class="row ask"
        onSubmit={(event) => {
          event.preventDefault();
          if (question.trim()) void deeds.tell('ask');
        }}
      >
        <label class="sr" for="ask-chart">
          Ask this chart
        </label>
        <input
          class="inp"
          id="ask-chart"
          type="text"
          maxLength={300}
          value={question}
          placeholder="Ask this chart, for example: last potassium"
          onInput={(event) => dispatch({ type: 'told-question', question: event.currentTarget.value })}
        />
        <button type="submit" class="btn sm">
          Ask
        </button>
      </form>
      {status === 'asking' && (
        <div class="row apart">
          <span class="cap">Reading the chart</span>
          <button type="button" class="btn sm" onClick={deeds.stopTelling}>
            Stop
          </button>
        </div>
      )}
      {status === 'failed' && (
        <p class="refusal" role="alert">
          Could not be read: {reason}.{' '}
          {telling && (
            <button type="button" class="link" onClick={() => void deeds.tell(telling)}>
              Try again
            </button>
          )}
        </p>
      )}
      {status === 'told' && answer && <Answer answer={answer} view={view} />}
    </section>
  );
}

function Answer({ answer, view }: { answer: ToldAnswer; view: View }) {
  const { deeds, state } = view;
  const [isWithheldOpen, setWithheldOpen] = useState(false);
  const { sections, source, withheld, reason } = answer;
  const isEmpty = sections.every(({ sentences }) => sentences.length === 0);
  return (
    <>
      {isEmpty && <p class="cap">The chart, as far as it could be read, does not say.</p>}
      {sections.map(({ title, sentences }) =>
        sentences.length ? (
          <div class="part" key={title}>
            <h3>{title}</h3>
            {sentences.map((sentence) => (
              <Sentence key={sentence.text} sentence={sentence} answer={answer} view={view} />
            ))}
          </div>
        ) : null,
      )}
      {withheld.length > 0 && (
        <p class="cap">
          {withheld.length === 1 ? '1 AI statement withheld' : `${withheld.length} AI statements withheld`}.{' '}
          <button
            type="button"
            class="link"
            aria-expanded={isWithheldOpen}
            onClick={() => setWithheldOpen(!isWithheldOpen)}
          >
            {isWithheldOpen ? 'Hide them' : 'Show them'}
          </button>
        </p>
      )}
      {isWithheldOpen && (
        <ul class="plain withheld">
          {withheld.map(({ text, reason: why }, at) => (
            <li key={at}>
              <s>{text}</s> <small>{why}</small>
            </li>
          ))}
        </ul>
      )}
      <div class="row acts">
        {!isEmpty && (
          <button type="button" class="btn sm" onClick={() => void deeds.copyTold()}>
            Copy
          </button>
        )}
        <button type="button" class="btn quiet sm" onClick={deeds.stopTelling}>
          Close
        </button>
        <span class={source === 'model' ? 'prov ai' : 'prov rule'}>
          {source === 'model' ? 'AI draft, cited' : 'From the chart, no AI'}
        </span>
      </div>
      <p class="cap">
        Nothing is filed from here.
        {source === 'template' && reason && !state.isAiOff ? ` ${reason}` : ''}
      </p>
    </>
  );
}

interface SentenceProps {
  sentence: ToldSentence;
  answer: ToldAnswer;
  view: View;
}

function Sentence({ sentence, answer, view }: SentenceProps) {
  const list = listIn(sentence);
  if (!list) return <Line sentence={sentence} answer={answer} view={view} as="div" />;
  return (
    <>
      {list.intro && <p class="intro">{list.intro.replace(/: $/, '')}</p>}
      <ul class="facts-list">
        {list.items.map((item) => (
          <Line key={item.handles[0]} sentence={item} answer={answer} view={view} as="li" />
        ))}
      </ul>
    </>
  );
}

/** The words, and a number for each fact they rest on; the number opens the fact as the chart has it. */
function Line({
  sentence: { text, handles },
  answer,
  view: { state, deeds, dispatch },
  as: Tag,
}: SentenceProps & { as: 'div' | 'li' }) {
  const isGap = handles.length === 0;
  const shown = handles.find((handle) => state.told.open === `${handle} ${text}`);
  const fact = shown ? answer.evidence.find(({ handle }) => handle === shown) : undefined;
  return (
    <Tag class={isGap ? 'say gap' : 'say'}>
      {text}
      {handles.map((handle) => {
        const key = `${handle} ${text}`;
        const { reference } = answer.evidence.find((one) => one.handle === handle) ?? {};
        return (
          <button
            type="button"
            class="cite"
            key={handle}
            aria-expanded={state.told.open === key}
            aria-label={`Source ${handle}`}
            onClick={() => {
              dispatch({ type: 'told-open', handle: state.told.open === key ? undefined : key });
              if (reference && state.told.open !== key) void deeds.readResource(reference);
            }}
          >
            {handle.replace(/^E/, '')}
          </button>
        );
      })}
      {fact && (
        <div class="drawer inline always">
          <ResourceFacts
            resource={fact.reference ? state.cards.resources[fact.reference] : undefined}
            reference={fact.reference}
            usedBy={[]}
            now={new Date(state.now)}
            trend={fact.reference ? state.cards.resources[`trend of ${fact.reference}`] : undefined}
          />
          <p>{fact.text}</p>
        </div>
      )}
    </Tag>
  );
}

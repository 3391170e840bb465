// One card: word, summary, reason, evidence, ways out, source. Open for Stop, one line for the rest until opened.
import { breakable } from '../../shared/breakable.tsx';
import { Icon } from '../../shared/icons.tsx';
import { safeHref } from '../../shared/markdown.ts';
import { Markdown } from '../../shared/markdown-view.tsx';
import { cardKey, domId, type Fix, type ShownCard } from '../cards-state.ts';
import { tiers } from '../session.ts';
import { Chips, Evidence } from './evidence.tsx';
import { OverrideForm } from './override.tsx';
import type { View } from './view.ts';
import { WhyView } from './why.tsx';

export function CardView({ shown, fixes, view }: { shown: ShownCard; fixes: Fix[]; view: View }) {
  const { state, dispatch } = view;
  const { card } = shown;
  const key = cardKey(shown);
  const id = domId(key);
  const { phrase, icon } = tiers[card.indicator];
  const isOpen = state.cards.open.includes(key);
  const ours = card.extension?.['org.curbside.card'];
  const summary = card.summary;
  return (
    <article class={`item ${icon}`} id={id} aria-labelledby={`${id}-t`}>
      <h3 id={`${id}-t`}>
        <button
          type="button"
          class="head"
          data-head
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${id}-b` : undefined}
          onClick={() => dispatch({ type: 'toggle', key })}
        >
          <Icon name={icon} tone={icon} />
          <span class="t">
            <span class="word">{phrase}</span>{' '}
            <span class="summary" dir="auto">
              {breakable(summary)}
            </span>
            {!isOpen && ours && (
              <small>
                {ours.reason ? `${ours.reason} ` : ''}
                Rule {ours.ruleId}
              </small>
            )}
          </span>
          <span class="chev">
            <Icon name="open" size={18} />
          </span>
        </button>
      </h3>
      {isOpen && (
        <div class="bd" id={`${id}-b`}>
          {ours?.reason ? <p class="why-line">{ours.reason}</p> : card.detail ? <Markdown text={card.detail} /> : null}
          <Chips shown={shown} view={view} />
          <Evidence {...view} shown={shown} />
          {state.cards.override?.key === key ? (
            <OverrideForm shown={shown} view={view} />
          ) : (
            <Ways shown={shown} fixes={fixes} view={view} />
          )}
          <SourceLine shown={shown} view={view} />
        </div>
      )}
    </article>
  );
}

function Ways({ shown, fixes, view: { state, deeds, dispatch } }: { shown: ShownCard; fixes: Fix[]; view: View }) {
  const { card } = shown;
  const key = cardKey(shown);
  const isShared = (label: string) =>
    fixes.some(({ suggestion, cards }) => suggestion.label === label && cards.some((one) => one.shown.card === card));
  const suggestions = (card.suggestions ?? []).filter(
    ({ label, actions }) => label && actions?.length && !isShared(label),
  );
  const ranked = [...suggestions]
    .sort((a, b) => Number(b.isRecommended ?? false) - Number(a.isRecommended ?? false))
    .slice(0, 2);
  const refusal = state.cards.refusals[key];
  return (
    <>
      <div class="row acts">
        {ranked.map((suggestion) => (
          <button
            type="button"
            class={suggestion.isRecommended ? 'btn pri' : 'btn'}
            key={suggestion.uuid}
            onClick={() => void deeds.accept([{ shown, suggestion }])}
          >
            {state.abilities.canDraft ? suggestion.label : `Copy order: ${suggestion.label}`}
          </button>
        ))}
        <button
          type="button"
          class="btn quiet"
          onClick={() => dispatch({ type: 'override', override: { key, withMonitoring: true, comment: '' } })}
        >
          Override…
        </button>
      </div>
      {refusal && (
        <p class="refusal" role="alert">
          Not drafted: {refusal}
        </p>
      )}
    </>
  );
}

function SourceLine({ shown, view: { state, deeds } }: { shown: ShownCard; view: View }) {
  const { card } = shown;
  const key = cardKey(shown);
  const ours = card.extension?.['org.curbside.card'];
  const why = state.cards.why[key];
  const href = card.source?.url && safeHref(card.source.url);
  // Our own cards name the rule already; what is worth saying is where the rule has it from.
  const sourceLabel = ours?.citation ? shortCitation(ours.citation) : card.source?.label;
  const links = (card.links ?? []).flatMap(({ label, url, type }) => {
    const safe = type === 'absolute' ? safeHref(url) : undefined;
    return safe ? [{ label, href: safe }] : [];
  });
  return (
    <>
      <div class="src">
        {ours && <span class="prov rule">Rule {ours.ruleId}</span>}
        {sourceLabel &&
          (href ? (
            <a class="prov kb" href={href} target="_blank" rel="noopener noreferrer" title={ours?.citation}>
              {sourceLabel}
            </a>
          ) : (
            <span class="prov kb" title={ours?.citation}>
              {sourceLabel}
            </span>
          ))}
        {ours?.whyUrl && (
          <button
            type="button"
            class="link"
            aria-expanded={why !== undefined}
            onClick={() => void deeds.showWhy(shown)}
          >
            Why this fired
          </button>
        )}
        {links.map(({ label, href: address }) => (
          <a key={address} href={address} target="_blank" rel="noopener noreferrer">
            {label}
          </a>
        ))}
      </div>
      {why && <WhyView why={why} card={card} now={new Date(state.now)} />}
    </>
  );
}

/** "Hansten PD et al. Drug Interactions 2019; …" is enough as its first words: the whole stands behind "Why this fired". */
function shortCitation(citation: string): string {
  const [first = ''] = citation.split(/(?<=\D)[.;:](?= )/);
  return first.length > 42 ? `${first.slice(0, 40).replace(/\s+\S*$/, '')}…` : first;
}

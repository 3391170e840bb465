// What made a card fire: chips under it, and behind each chip the value as the chart has it.

import { useState } from 'preact/hooks';
import { dayAndTime, howLongAgo } from '../../shared/times.ts';
import { plainUnit } from '../../shared/units.ts';
import { cardKey, conceptText, domId, type ShownCard, shownCards } from '../cards-state.ts';
import { Spark } from '../charts/spark.tsx';
import { mergedRow } from '../diagnosis-state.ts';
import type { Resource } from '../session.ts';
import type { PanelState } from '../state.ts';
import { shownNumber, trendRows } from '../trends.ts';
import type { View } from './view.ts';

export function Chips({ shown, view: { state, deeds } }: { shown: ShownCard; view: View }) {
  const chips = shown.card.extension?.['org.curbside.card']?.evidence ?? [];
  const key = cardKey(shown);
  const [isAll, setAll] = useState(false);
  // What is missing is always in sight; of what was found, the first few.
  const most = 4;
  const hidden = chips.filter(({ isGap }, at) => !isGap && at >= most).length;
  if (!chips.length) return null;
  return (
    <ul class="chips" aria-label="Evidence">
      {chips.map(({ text, when, isGap }, at) => {
        const isOpen = state.cards.evidence?.key === key && state.cards.evidence.at === at;
        if (!isAll && !isGap && !isOpen && at >= most) return null;
        return (
          <li key={at}>
            <button
              type="button"
              class={isGap ? 'chip un' : 'chip'}
              aria-expanded={isOpen}
              onClick={() => void deeds.showEvidence(shown, at)}
            >
              {isGap && (
                <>
                  <span class="sg" aria-hidden="true">
                    ?
                  </span>
                  <span class="sr">missing: </span>
                </>
              )}
              <b>{text}</b>
              {when && <i>{when}</i>}
            </button>
          </li>
        );
      })}
      {hidden > 0 && (
        <li>
          <button type="button" class="link more" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
            {isAll ? 'Fewer' : `${hidden} more`}
            <span class="sr"> pieces of evidence</span>
          </button>
        </li>
      )}
    </ul>
  );
}

/** The drawer inside its card where the panel is narrow, the column beside the cards where it is wide: CSS shows one. */
export function Evidence({ state, deeds, shown, isColumn = false }: View & { shown?: ShownCard; isColumn?: boolean }) {
  const { evidence } = state.cards;
  if (!evidence) return isColumn ? <EmptyColumn /> : null;
  if (shown && cardKey(shown) !== evidence.key) return null;
  const of = shown ?? shownCards(state.cards).find((one) => cardKey(one) === evidence.key);
  const chip = of?.card.extension?.['org.curbside.card']?.evidence[evidence.at];
  if (!of || !chip) return isColumn ? <EmptyColumn /> : null;
  const reference = chip.reference;
  const resource = reference ? state.cards.resources[reference] : undefined;
  const title = `${domId(evidence.key)}-${isColumn ? 'column' : 'drawer'}`;
  return (
    <section class={isColumn ? 'drawer column' : 'drawer inline'} aria-labelledby={title}>
      <h2 id={title}>{chip.text}</h2>
      {chip.isGap ? (
        <p class="cap">Not found in the chart. The card is as careful as it would be with the worst value.</p>
      ) : (
        <ResourceFacts
          resource={resource}
          reference={reference}
          when={chip.when}
          usedBy={usedBy(state, reference)}
          now={new Date(state.now)}
          trend={reference ? state.cards.resources[`trend of ${reference}`] : undefined}
        />
      )}
      <div class="row acts">
        {reference && state.abilities.canOpenOrders && isOrder(reference) && (
          <button type="button" class="btn sm" onClick={() => void deeds.openOrders([reference])}>
            Open in chart
          </button>
        )}
        {reference && (
          <button type="button" class="btn sm" onClick={() => void deeds.copyText(reference, 'Reference copied')}>
            Copy reference
          </button>
        )}
        <button type="button" class="btn quiet sm" onClick={() => void deeds.showEvidence(of, evidence.at)}>
          Close
        </button>
      </div>
    </section>
  );
}

/** The EHR's review of orders is the one place of the chart that the bridge can open. */
const isOrder = (reference: string) => /^(?:MedicationRequest|ServiceRequest)\//.test(reference);

const EmptyColumn = () => (
  <section class="drawer column empty" aria-label="Evidence">
    <p class="cap">Choose a piece of evidence to see its value, range, time and source.</p>
  </section>
);

interface FactsProps {
  resource: Resource | string | undefined;
  reference?: string;
  when?: string;
  usedBy: string[];
  now: Date;
  trend?: Resource | string;
}

export function ResourceFacts({ resource, reference, when, usedBy: users, now, trend }: FactsProps) {
  const rows: [string, string][] = [];
  if (resource && typeof resource === 'object') rows.push(...factsOf(resource, now));
  else if (when) rows.push(['When', when]);
  if (users.length) rows.push(['Used by', users.join(', ')]);
  const line =
    trend && typeof trend === 'object' ? trendRows((trend.entry as Resource[]) ?? [], now, 1200)[0] : undefined;
  return (
    <>
      {reference && (
        <p class="cap">
          <span class="mono">{reference}</span>
          {resource && typeof resource === 'object' && resource.status ? `, ${String(resource.status)}` : ''}
        </p>
      )}
      {resource === 'loading' && <p class="cap">Reading from the chart</p>}
      {typeof resource === 'string' && resource !== 'loading' && <p class="cap">{resource}</p>}
      {rows.length > 0 && (
        <dl class="kv">
          {rows.map(([name, value]) => (
            <>
              <dt key={name}>{name}</dt>
              <dd key={value}>{value}</dd>
            </>
          ))}
        </dl>
      )}
      {line && line.points.length > 1 && <Spark row={line} now={now} />}
    </>
  );
}

function usedBy(state: PanelState, reference: string | undefined): string[] {
  if (!reference) return [];
  const rules = shownCards(state.cards)
    .map(({ card }) => card.extension?.['org.curbside.card'])
    .flatMap((ours) => (ours?.evidence.some((one) => one.reference === reference) ? [ours.ruleId] : []));
  const diagnoses = state.diagnosis.rows
    .map(mergedRow)
    .filter((row) => [...row.for, ...row.against].some((one) => one.reference === reference))
    .map(({ name }) => name);
  return [...new Set([...rules, ...diagnoses])];
}

interface Quantity {
  value?: number;
  unit?: string;
  comparator?: string;
}

/** What a clinician would ask of a result or an order: value, unit, range, time, who. */
function factsOf(resource: Resource, now: Date): [string, string][] {
  const rows: [string, string | undefined][] = [];
  const quantity = resource.valueQuantity as Quantity | undefined;
  const range = (resource.referenceRange as { text?: string; low?: Quantity; high?: Quantity }[] | undefined)?.[0];
  const rangeText = range && (range.text ?? `range ${range.low?.value ?? ''} to ${range.high?.value ?? ''}`);
  if (quantity?.value !== undefined) {
    rows.push([
      'Value',
      `${quantity.comparator ?? ''}${shownNumber(quantity.value)} ${plainUnit(quantity.unit ?? '')}${rangeText ? ` (${rangeText.trim()})` : ''}`,
    ]);
  } else {
    rows.push(['Value', (resource.valueString as string | undefined) ?? conceptText(resource.valueCodeableConcept)]);
  }
  const when = (resource.effectiveDateTime ?? resource.authoredOn ?? resource.recordedDate ?? resource.onsetDateTime) as
    | string
    | undefined;
  if (when)
    rows.push([
      resource.effectiveDateTime ? 'Collected' : 'Recorded',
      `${dayAndTime(when)} (${howLongAgo(when, now)})`,
    ]);
  const concept = resource.code ?? resource.medicationCodeableConcept;
  const coding = (concept as { coding?: { system?: string; code?: string }[] } | undefined)?.coding?.[0];
  rows.push(['What', conceptText(concept)]);
  if (coding?.code)
    rows.push([
      {
        'http://loinc.org': 'LOINC',
        'http://www.nlm.nih.gov/research/umls/rxnorm': 'RxNorm',
        'http://snomed.info/sct': 'SNOMED CT',
      }[coding.system ?? ''] ?? 'Code',
      coding.code,
    ]);
  rows.push(['Directions', (resource.dosageInstruction as { text?: string }[] | undefined)?.[0]?.text]);
  rows.push([
    'Source',
    (
      (resource.performer as { display?: string }[] | undefined)?.[0] ??
      (resource.requester as { display?: string } | undefined)
    )?.display,
  ]);
  return rows.filter((row): row is [string, string] => Boolean(row[1]?.trim()));
}

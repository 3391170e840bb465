// The chart itself: problems, what the patient takes, what the laboratory said.

import { plainName } from '../../shared/drug-name.ts';
import { howLongAgo } from '../../shared/times.ts';
import { nameOf, sigOf } from '../drafts.ts';
import { byConcern, flagOf, latest, quantityText, resultName } from '../results.ts';
import type { PatientChart, Resource } from '../types.ts';

export function ChartLists({ chart, now, spot }: { chart: PatientChart; now: Date; spot?: string }) {
  return (
    <div class="cols">
      <div class="stack">
        <section class="panel">
          <h2>Active medications</h2>
          <ul class="lines">
            {chart.medications.map((order) => (
              <Line
                key={order.id}
                name={shortName(nameOf(order))}
                more={sigOf(order)}
                side={since(order.authoredOn, now)}
                reference={`MedicationRequest/${order.id}`}
                isSpot={spot === `MedicationRequest/${order.id}`}
              />
            ))}
            {chart.statements.map((one) => (
              <Line
                key={one.id}
                name={nameOf(one)}
                more="reported, not ordered here"
                side={since(one.effectivePeriod?.start, now)}
              />
            ))}
            {chart.medications.length + chart.statements.length === 0 && <li class="cap">None on the list.</li>}
          </ul>
        </section>
        <section class="panel">
          <h2>Problems</h2>
          <ul class="lines">
            {chart.problems.map((one) => (
              <Line key={one.id} name={nameOf(one)} side={since(one.onsetDateTime, now)} />
            ))}
            {chart.problems.length === 0 && <li class="cap">None on the list.</li>}
          </ul>
        </section>
      </div>
      <section class="panel">
        <h2>Latest results</h2>
        <ul class="lines">
          {byConcern(latest(chart.labs)).map((one) => (
            <Result key={one.id} one={one} now={now} />
          ))}
          {chart.labs.length === 0 && <li class="cap">No laboratory results.</li>}
        </ul>
      </section>
    </div>
  );
}

/** What began lately is told in days, what is old by its year. */
const since = (date: unknown, now: Date): string => {
  if (typeof date !== 'string' || !date) return '';
  return now.getTime() - new Date(date).getTime() < 90 * 86_400_000 ? howLongAgo(date, now) : date.slice(0, 4);
};

interface LineProps {
  name: string;
  more?: string;
  side?: string;
  reference?: string;
  /** The app in the side frame asked for it. */
  isSpot?: boolean;
}

const Line = ({ name, more, side, reference, isSpot }: LineProps) => (
  <li
    class={isSpot ? 'spot' : undefined}
    data-reference={reference}
    ref={(line) => {
      if (isSpot) line?.scrollIntoView({ block: 'center' });
    }}
  >
    <span>
      {name}
      {more && <small>{more}</small>}
    </span>
    {side && <span class="pill plain">{side}</span>}
  </li>
);

function Result({ one, now }: { one: Resource; now: Date }) {
  const flag = flagOf(one);
  return (
    <li>
      <span>
        {resultName(one)}
        <small>{howLongAgo(one.effectiveDateTime ?? '', now)}</small>
      </span>
      <b class="value">{quantityText(one)}</b>
      {flag && (
        <span class={`pill ${flag.isCritical ? 'stop' : 'caut'}`}>
          <span aria-hidden="true">{flag.mark}</span> {flag.word}
        </span>
      )}
    </li>
  );
}

/** As short as a ward says it: "warfarin sodium 4 mg". */
export const shortName = (name: string) =>
  plainName(name).replace(/( extended release| delayed release)? (tablet|capsule)$/, '');

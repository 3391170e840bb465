// The chart itself: problems, what the patient takes, what the laboratory said.
import { howLongAgo } from '../../shared/times.ts';
import { nameOf, plainName, sigOf } from '../drafts.ts';
import { byConcern, flagOf, latest, quantityText, resultName } from '../results.ts';
import type { PatientChart, Resource } from '../types.ts';

export function ChartLists({ chart, now }: { chart: PatientChart; now: Date }) {
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
                side={String(order.authoredOn ?? '').slice(0, 4)}
              />
            ))}
            {chart.statements.map((one) => (
              <Line
                key={one.id}
                name={nameOf(one)}
                more="reported, not ordered here"
                side={String(one.effectivePeriod?.start ?? '').slice(0, 4)}
              />
            ))}
            {chart.medications.length + chart.statements.length === 0 && <li class="cap">None on the list.</li>}
          </ul>
        </section>
        <section class="panel">
          <h2>Problems</h2>
          <ul class="lines">
            {chart.problems.map((one) => (
              <Line key={one.id} name={nameOf(one)} side={String(one.onsetDateTime ?? '').slice(0, 4)} />
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

const Line = ({ name, more, side }: { name: string; more?: string; side?: string }) => (
  <li>
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

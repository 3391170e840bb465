// Tab (e): what produced what is on screen, whether AI may be used, and what happened in this session.
import { clock, clockSeconds } from '../../shared/times.ts';
import type { View } from './view.ts';

export function About({ state, deeds }: View) {
  const { diagnosis, cards } = state;
  const response = cards.checks.order.response ?? cards.checks.chart.response;
  const end = diagnosis.end;
  const model =
    end?.type === 'done'
      ? `On. ${end.model}${end.fingerprint ? `, ${end.fingerprint}` : ''}`
      : end?.type === 'off'
        ? `Off. ${end.reason}`
        : end
          ? `No draft: ${end.reason}`
          : 'No answer yet';
  const rows: [string, string][] = [
    [
      'Rules',
      response
        ? `${response.rulesChecked} checked at ${clock(response.checkedAt)}${end?.type === 'done' ? `, pack ${end.rulesHash.slice(0, 12)}` : ''}`
        : 'None checked yet',
    ],
    ['Drug knowledge', 'Published label and interaction sources; each rule names its own'],
    ['Language model', model],
    ...(end?.type === 'done' ? ([['Prompt', end.promptHash.slice(0, 12)]] as [string, string][]) : []),
    ['What it may do', 'Draft and word. It never sets a card, a tier, a dose or an order'],
    ['Known limits', 'Says what it could not check. Each rule lists where it will be wrong'],
  ];
  const isConsent = end?.type === 'off' && /consent/i.test(end.reason);
  return (
    <div class="two">
      <section class="panel" aria-labelledby="made">
        <h2 id="made">What produced what you see</h2>
        <dl class="kv">
          {rows.map(([name, value]) => (
            <>
              <dt key={name}>{name}</dt>
              <dd key={value}>{value}</dd>
            </>
          ))}
        </dl>
        <div class="row acts">
          <a class="btn sm" href="../source-attributes.json" target="_blank" rel="noopener noreferrer">
            Source attributes and model card
          </a>
        </div>
      </section>
      <section class="panel" aria-labelledby="consent">
        <h2 id="consent">Consent and AI use</h2>
        <p class="lead">
          {isConsent
            ? `This patient does not allow AI drafting. ${end.reason}`
            : state.isAiOff
              ? 'AI drafting is off for this visit.'
              : 'AI drafting follows the site and the patient\u2019s recorded consent.'}
        </p>
        <p class="cap">Rules always run.</p>
        <div class="row acts">
          {!isConsent && (
            <button
              type="button"
              class="btn sm"
              aria-pressed={state.isAiOff}
              onClick={() => deeds.turnAi(!state.isAiOff)}
            >
              {state.isAiOff ? 'Turn AI on again' : 'Turn AI off for this visit'}
            </button>
          )}
        </div>
      </section>
      <section class="panel" aria-labelledby="session">
        <h2 id="session">This session</h2>
        <ul class="log">
          {state.log.map(({ at, text }, row) => (
            <li key={row}>
              <time dateTime={at}>{clockSeconds(at)}</time>
              <span>{text}</span>
            </li>
          ))}
        </ul>
        <div class="row acts">
          <button type="button" class="btn quiet sm" onClick={deeds.exportSession}>
            Export this session
          </button>
          <span class="cap">Without names</span>
        </div>
      </section>
    </div>
  );
}

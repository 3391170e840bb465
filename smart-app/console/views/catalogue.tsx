// Every rule with its evidence and the age of its last review.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Entry } from '../types.ts';
import { tierWords } from '../words.ts';
import type { Shared } from './app.tsx';

const atOnce = 20;
const dueAfterDays = 730;

export function Catalogue({ api, fail, onChoose }: Shared & { onChoose: (id: string) => void }) {
  const [held, setHeld] = useState<{ today: string; rules: Entry[] }>();
  const [wanted, setWanted] = useState('');
  const [kind, setKind] = useState('');
  const [status, setStatus] = useState('');
  const [isOldOnly, setOldOnly] = useState(false);
  const [most, setMost] = useState(atOnce);
  useEffect(() => {
    api.catalogue().then(setHeld, fail);
  }, []);
  const kinds = useMemo(() => [...new Set(held?.rules.map((rule) => rule.kind))].sort(), [held]);
  if (!held) return <p class="cap">Reading the catalogue</p>;
  const ageOf = ({ lastReviewDate }: Entry) =>
    Math.round((new Date(held.today).getTime() - new Date(lastReviewDate).getTime()) / 86_400_000);
  const found = held.rules.filter(
    (rule) =>
      (!kind || rule.kind === kind) &&
      (!status || rule.status === status) &&
      (!isOldOnly || ageOf(rule) > dueAfterDays - 90) &&
      `${rule.id} ${rule.title} ${rule.steward} ${rule.evidence.map(({ citation }) => citation).join(' ')}`
        .toLowerCase()
        .includes(wanted.toLowerCase()),
  );
  return (
    <section class="panel stack" aria-labelledby="catalogue-title">
      <div class="row apart">
        <h2 id="catalogue-title">Catalogue</h2>
        <div class="row">
          <label>
            <span class="sr">Find in the catalogue</span>
            <input
              class="inp find"
              type="search"
              placeholder="Rule, drug, source"
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          </label>
          <Choice label="Kind" all="All kinds" value={kind} options={kinds} onChange={setKind} />
          <Choice
            label="Status"
            all="Any status"
            value={status}
            options={['active', 'silent', 'draft', 'retired']}
            onChange={setStatus}
          />
          <label class="row check">
            <input type="checkbox" checked={isOldOnly} onChange={(event) => setOldOnly(event.currentTarget.checked)} />
            Review due soon
          </label>
        </div>
      </div>
      <p class="cap" role="status">
        {found.length} of {held.rules.length} rules
      </p>
      <ul class="entries">
        {found.slice(0, most).map((rule) => (
          <li key={rule.id}>
            <div class="row apart">
              <h3>{rule.title}</h3>
              <div class="row">
                {rule.status !== 'active' && <span class="pill plain">{rule.status}</span>}
                {[...new Set(rule.tiers.map(({ indicator }) => indicator))].map((indicator) => (
                  <span
                    key={indicator}
                    class={`pill ${{ critical: 'stop', warning: 'caut', info: 'note' }[indicator]}`}
                  >
                    {tierWords[indicator]}
                  </span>
                ))}
              </div>
            </div>
            <p class="cap">
              {rule.id} {rule.version}, {rule.kind}, {rule.steward}. Reviewed {rule.lastReviewDate}
              {ageOf(rule) > dueAfterDays
                ? ': review is overdue'
                : ageOf(rule) > dueAfterDays - 90
                  ? ': review is due soon'
                  : ''}
            </p>
            {rule.consequence && <p>{rule.consequence}</p>}
            <details>
              <summary>
                {rule.evidence.length} {rule.evidence.length === 1 ? 'source' : 'sources'}, {rule.knownGaps.length}{' '}
                known gaps
              </summary>
              <ul class="sources">
                {rule.evidence.map(({ citation, url, shows }) => (
                  <li key={citation}>
                    {url?.startsWith('https://') ? (
                      <a href={url} target="_blank" rel="noopener noreferrer">
                        {citation}
                      </a>
                    ) : (
                      citation
                    )}
                    {shows && <span class="cap">{shows}</span>}
                  </li>
                ))}
                {rule.knownGaps.map((gap) => (
                  <li key={gap}>May be wrong: {gap}</li>
                ))}
              </ul>
            </details>
            <button type="button" class="link" onClick={() => onChoose(rule.id)}>
              Replay {rule.id}
            </button>
          </li>
        ))}
      </ul>
      {found.length > most && (
        <button type="button" class="btn" onClick={() => setMost(most + atOnce)}>
          Show {Math.min(atOnce, found.length - most)} more
        </button>
      )}
    </section>
  );
}

function Choice({
  label,
  all,
  value,
  options,
  onChange,
}: {
  label: string;
  all: string;
  value: string;
  options: string[];
  onChange: (value: string) => void;
}) {
  return (
    <label>
      <span class="sr">{label}</span>
      <select class="inp" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

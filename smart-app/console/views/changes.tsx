import type { Change } from '../types.ts';
import { shownFired } from '../words.ts';

/** The cases of a replay or a comparison, those that would be missed first. */
export function Changes({ changes, withRule = false }: { changes: Change[]; withRule?: boolean }) {
  if (changes.length === 0) return <p class="empty">No patient of the cohort is alerted otherwise.</p>;
  const lists = [
    ['Would be missed', changes.filter(({ after }) => !after)],
    ['Newly fires', changes.filter(({ before }) => !before)],
    ['Other tier, or shown otherwise', changes.filter(({ before, after }) => before && after)],
  ] as const;
  return (
    <>
      {lists.map(
        ([title, list]) =>
          list.length > 0 && (
            <details key={title} open={list.length < 12}>
              <summary>
                {title}: {list.length}
              </summary>
              <ul class="changes">
                {list.slice(0, 200).map(({ rule, patient, deed, hook, before, after }) => (
                  <li key={`${rule} ${patient} ${deed} ${hook}`}>
                    {withRule && <strong>{rule} </strong>}
                    {patient} {deed}
                    <span class="cap">
                      {shownFired(before)} → {shownFired(after)}
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          ),
      )}
    </>
  );
}

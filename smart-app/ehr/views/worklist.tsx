// The first screen: who is here, what is going on, the most urgent first. The order and its why are the service's; when it does
// not answer, the list stands as it came and says so.
import { useEffect, useState } from 'preact/hooks';
import type { Priority, WorklistEntry } from '../../../src/cds-hooks/worklist.ts';
import type { Controller } from '../controller.ts';
import type { State } from '../state.ts';
import type { Story } from '../types.ts';

const PATIENCE_MS = 2500;
const REFRESH_MS = 30_000;

const WORD: Record<Priority, [word: string, tone: string]> = {
  immediate: ['Now', 'stop'],
  urgent: ['Urgent', 'caut'],
  soon: ['Soon', 'plain'],
  routine: ['Routine', 'ok'],
};

interface Row {
  story: Story;
  entry?: WorklistEntry;
  notRead?: string;
}

/** Those whose chart could not be read stand first: nobody may think that they are well. */
function rowsOf({ stories, worklist }: State): Row[] {
  const known = new Map(stories.map((story) => [`Patient/${story.patientId}`, story]));
  const notRead = (worklist?.notRead ?? []).flatMap(({ patient, reason }) => {
    const story = known.get(patient ?? '');
    return story && known.delete(patient ?? '') ? [{ story, notRead: reason }] : [];
  });
  const sorted = (worklist?.entries ?? []).flatMap((entry) => {
    const story = known.get(entry.patient.reference);
    return story && known.delete(entry.patient.reference) ? [{ story, entry }] : [];
  });
  return [...notRead, ...sorted, ...[...known.values()].map((story) => ({ story }))];
}

export function Worklist({ state, controller, onTour }: { state: State; controller: Controller; onTour: () => void }) {
  const [isOnlyEmergency, showOnlyEmergency] = useState(false);
  useEffect(() => {
    const again = () => document.visibilityState === 'visible' && void controller.readWorklist();
    again();
    const timer = setInterval(again, REFRESH_MS);
    document.addEventListener('visibilitychange', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
    };
  }, [controller]);
  const { worklist, worklistProblem } = state;
  // A list that sorts itself under the pointer opens the wrong chart: it waits for its order, though not for long.
  const [isTired, setTired] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setTired(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  const isSorted = worklist !== undefined || worklistProblem !== undefined || isTired;
  const rows = (isSorted ? rowsOf(state) : []).filter(
    ({ entry }) => !isOnlyEmergency || !entry || entry.encounter.class === 'EMER',
  );

  return (
    <main class="worklist" id="main">
      <div class="row apart">
        <div>
          <h1 tabIndex={-1}>Worklist</h1>
          <p class="cap">Invented people, dates relative to today. Open one, write an order, try to break it.</p>
        </div>
        {state.tour === undefined && (
          <button type="button" class="btn" onClick={onTour}>
            Take the tour, 5 steps
          </button>
        )}
      </div>
      <div class="row apart sorting">
        <p class="cap">
          {worklist
            ? `By urgency, from scores and red flags; checked at ${clock(worklist.checkedAt)}, again every half minute.`
            : worklistProblem
              ? ''
              : 'Reading who is urgent.'}
        </p>
        <span class="row">
          <label class="cap">
            <input
              type="checkbox"
              checked={isOnlyEmergency}
              onChange={(event) => showOnlyEmergency(event.currentTarget.checked)}
            />{' '}
            Emergency only
          </label>
          <button type="button" class="btn" onClick={() => void controller.readWorklist()}>
            Check now
          </button>
        </span>
      </div>
      {worklistProblem && (
        <p class="problem" role="alert">
          Urgency could not be read
          {worklist ? ` again; the list is of ${clock(worklist.checkedAt)}` : '; the list is in no order'}. Look at
          everybody. ({worklistProblem})
        </p>
      )}
      {worklist && !worklist.isComplete && (
        <p class="problem" role="alert">
          More encounters are in progress than are shown.
        </p>
      )}
      {state.stories.length === 0 && !state.problem && <p class="cap">Reading the worklist.</p>}
      <ul class="stories">
        {rows.map((row) => (
          <Person key={row.story.patientId} row={row} onOpen={() => void controller.openChart(row.story.patientId)} />
        ))}
      </ul>
    </main>
  );
}

function Person({ row: { story, entry, notRead }, onOpen }: { row: Row; onOpen: () => void }) {
  const [word, tone] = notRead ? ['Not read', 'caut'] : entry ? WORD[entry.priority] : ['?', 'plain'];
  return (
    <li>
      <button type="button" class="story" data-patient={story.patientId} onClick={onOpen}>
        <span class={`pill ${tone}`}>{word}</span>
        <span class="what">
          <b>{story.title}</b>
          <span class="who">{story.name}</span>
          {entry && <span class="why">{entry.why}</span>}
          {notRead && <span class="why">The chart could not be read: {notRead}. Look at the patient.</span>}
          <span class="one">{story.oneLine}</span>
          {entry && shownScores(entry).length > 0 && (
            <span class="scores">
              {shownScores(entry).map(({ id, title, shown, trend }) => (
                <span key={id} class="score">
                  {title} <b>{shown}</b>
                  {trend && <span class="trend"> {trend}</span>}
                </span>
              ))}
            </span>
          )}
        </span>
        <span class="go" aria-hidden="true">
          ›
        </span>
      </button>
    </li>
  );
}

/** NEWS2 always; the others where they say something. */
const shownScores = ({ scores }: WorklistEntry) =>
  scores.filter(({ id, least }) => id === 'news2' || (id === 'qsofa' ? least >= 1 : least >= 0.9));

const clock = (instant: string) =>
  new Date(instant).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

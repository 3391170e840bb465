// The first screen: who is here, what is going on, the most dangerous first.
import type { Controller } from '../controller.ts';
import type { State } from '../state.ts';

const WORD: Record<number, [word: string, tone: string]> = {
  1: ['Now', 'stop'],
  2: ['Today', 'caut'],
  3: ['Soon', 'plain'],
  4: ['Routine', 'plain'],
  5: ['Quiet', 'ok'],
};

export function Worklist({ state, controller, onTour }: { state: State; controller: Controller; onTour: () => void }) {
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
      {state.stories.length === 0 && !state.problem && <p class="cap">Reading the worklist.</p>}
      <ul class="stories">
        {state.stories.map((story) => {
          const [word, tone] = WORD[story.urgency] ?? WORD[4]!;
          return (
            <li key={story.patientId}>
              <button
                type="button"
                class="story"
                data-patient={story.patientId}
                onClick={() => void controller.openChart(story.patientId)}
              >
                <span class={`pill ${tone}`}>{word}</span>
                <span class="what">
                  <b>{story.title}</b>
                  <span class="who">{story.name}</span>
                  <span class="one">{story.oneLine}</span>
                </span>
                <span class="go" aria-hidden="true">
                  ›
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </main>
  );
}

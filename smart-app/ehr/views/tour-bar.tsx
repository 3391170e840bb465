// The guide at the bottom of the page: never over what it points to, gone with one press.
import { useEffect } from 'preact/hooks';
import type { Controller } from '../controller.ts';
import type { State } from '../state.ts';
import { tourSteps } from '../tour.ts';

export function TourBar({
  state,
  controller,
  onStep,
}: {
  state: State;
  controller: Controller;
  onStep: (step: number | undefined) => void;
}) {
  // Whoever walks ahead is followed.
  const ahead =
    state.tour === undefined ? -1 : tourSteps.findLastIndex((step, at) => at > state.tour! && step.isReached(state));
  useEffect(() => {
    if (ahead >= 0) onStep(ahead);
  }, [ahead]);
  if (state.tour === undefined) return null;
  const step = tourSteps[state.tour]!;
  const story = state.stories.find(({ patientId }) => patientId === state.patientId);
  const isLast = state.tour === tourSteps.length - 1;
  const canShow =
    step.show &&
    !step.isReached(state) &&
    (step.show === 'open-first' || state.chart !== undefined) &&
    (step.show !== 'sign' || state.drafts.length > 0);
  const show = () => {
    if (step.show === 'open-first') void controller.openChart(state.stories[0]!.patientId);
    if (step.show === 'try-order' && story) controller.trySuggested(story);
    if (step.show === 'sign') void controller.sign();
    if (step.show === 'open-panel') void controller.openPanel();
  };
  return (
    <section class="tour" aria-label="Guided tour">
      <div class="words" aria-live="polite">
        <b>
          {state.tour + 1} of {tourSteps.length} · {step.title}
        </b>
        <p>{step.text}</p>
      </div>
      <div class="row">
        {canShow && (
          <button type="button" class="btn pri" onClick={show}>
            {step.showLabel}
          </button>
        )}
        <button
          type="button"
          class={`btn ${canShow ? '' : 'pri'}`}
          onClick={() => onStep(isLast ? undefined : state.tour! + 1)}
        >
          {isLast ? 'Done' : 'Next'}
        </button>
        <button type="button" class="btn quiet" onClick={() => onStep(undefined)}>
          Skip the tour
        </button>
      </div>
    </section>
  );
}

// The guided tour: five steps, each true of what is on the screen, left at any time.
import type { State } from './state.ts';

export interface TourStep {
  title: string;
  text: string;
  /** What "Show me" does, by name; the view maps it to the controller. */
  show?: 'open-first' | 'try-order' | 'sign' | 'open-panel';
  showLabel?: string;
  isReached(state: State): boolean;
}

export const tourSteps: TourStep[] = [
  {
    title: 'A worklist',
    text: 'Invented people, the most urgent first, by scores and red flags of their charts. Each has a story and an order worth trying.',
    isReached: () => true,
  },
  {
    title: 'Open a chart',
    text: 'Opening it sends patient-view to the CDS service. What comes back stands under "About this chart".',
    show: 'open-first',
    showLabel: 'Open the first chart',
    isReached: (state) => state.chart !== undefined,
  },
  {
    title: 'Choose a drug',
    text: 'Each change of the order sends order-select. Cards appear beside the order, the dangerous ones on top.',
    show: 'try-order',
    showLabel: 'Write the suggested order',
    isReached: (state) => state.drafts.length > 0,
  },
  {
    title: 'Sign it',
    text: 'Signing sends order-sign. A Stop card has to be decided first: take the suggestion, or give a reason.',
    show: 'sign',
    showLabel: 'Sign',
    isReached: (state) => state.signing !== undefined,
  },
  {
    title: 'Open the panel',
    text: 'The SMART app launches in the side frame with a handle of its own. The hook traffic below shows every message.',
    show: 'open-panel',
    showLabel: 'Open the panel',
    isReached: (state) => state.frame !== undefined,
  },
];

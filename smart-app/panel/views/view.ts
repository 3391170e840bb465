// What every view is given.
import type { Deeds } from '../deeds.ts';
import type { PanelEvent, PanelState } from '../state.ts';

export interface View {
  state: PanelState;
  deeds: Deeds;
  dispatch(event: PanelEvent): void;
}

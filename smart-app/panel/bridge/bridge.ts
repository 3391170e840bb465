// The way back into the EHR: four calls. The panel only drafts; the EHR signs.
import type { CdsAction } from '../../../src/cds-hooks/contract.ts';
import type { Resource, Session } from '../session.ts';
import { epicBridge } from './epic.ts';
import { messagingBridge } from './web-messaging.ts';

export interface Abilities {
  /** How the EHR is reached; `none` turns every "Draft order" into "Copy order". */
  kind: 'web-messaging' | 'epic' | 'none';
  canDraft: boolean;
  canOpenOrders: boolean;
  canClose: boolean;
  /** The unsigned orders as the EHR has them now, where it tells. */
  drafts?: Resource[];
}

export type Drafted = { ok: true; id?: string } | { ok: false; reason: string };

export interface EhrBridge {
  hello(): Promise<Abilities>;
  draft(action: CdsAction): Promise<Drafted>;
  openOrders(ids: string[]): Promise<Drafted>;
  done(): Promise<Drafted>;
}

export const noAbilities: Abilities = { kind: 'none', canDraft: false, canOpenOrders: false, canClose: false };

const nowhere: Drafted = { ok: false, reason: 'This EHR gives no way to draft orders from here.' };

export const noBridge: EhrBridge = {
  hello: async () => noAbilities,
  draft: async () => nowhere,
  openOrders: async () => nowhere,
  done: async () => nowhere,
};

export function bridgeFor(messaging: Session['messaging'], window: Window): EhrBridge {
  if (!messaging || (window.parent === window && !window.opener)) return noBridge;
  return messaging.dialect === 'epic' ? epicBridge(messaging, window) : messagingBridge(messaging, window);
}

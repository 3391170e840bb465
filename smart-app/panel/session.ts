// What `/panel/session` tells the page, and the fragment that carries the sealed session into it.
import type { Indicator } from '../../src/cds-hooks/contract.ts';

export interface Measured {
  name: string;
  value: number;
  unit: string;
  when?: string;
  reference: string;
  flag?: 'high' | 'low';
}

export interface Identity {
  patientId: string;
  name: string;
  sex: string;
  birthDate?: string;
  age?: string;
  mrn?: string;
  isDeceased: boolean;
  weight?: Measured;
  facts: Measured[];
  allergies?: { text: string; reaction?: string; isHighRisk: boolean }[];
  hasNoKnownAllergies?: boolean;
  couldNotRead: string[];
}

export type Resource = Record<string, unknown> & { resourceType?: string; id?: string };

export interface Session {
  patientId: string;
  userId: string;
  encounterId?: string;
  identity: Identity;
  notGranted: string[];
  intent?: string;
  style?: { font?: string; highlight?: string };
  appContext?: { hook: string; card?: string; drafts?: Resource[]; isPartial?: boolean };
  messaging?: { handle: string; origin: string; dialect?: 'epic'; orderKeys?: Record<string, string> };
  expiresAt: string;
  serverTime: string;
}

/** The bearer from `#s=…`, which goes into memory and `history.state` and out of the address. Nothing else is stored. */
export function takeBearer(window: Window): string | undefined {
  const given = /[#&]s=([\w.-]+)/.exec(window.location.hash)?.[1];
  const kept = (window.history.state as { s?: unknown } | null)?.s;
  const bearer = given ?? (typeof kept === 'string' ? kept : undefined);
  if (given) window.history.replaceState({ s: given }, '', `${window.location.pathname}${window.location.search}`);
  return bearer;
}

export const tiers: Record<
  Indicator,
  { rank: number; word: string; phrase: string; icon: 'stop' | 'caution' | 'note' }
> = {
  critical: { rank: 0, word: 'Stop', phrase: 'Stop and decide', icon: 'stop' },
  warning: { rank: 1, word: 'Caution', phrase: 'Caution', icon: 'caution' },
  info: { rank: 2, word: 'Note', phrase: 'Note', icon: 'note' },
};

// The shapes the page works with. FHIR resources stay loose: an EHR shows what it is given.
import type { Card, CdsResponse, Coding } from '../../src/cds-hooks/contract.ts';

export interface Resource {
  resourceType: string;
  id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: read defensively, field by field
  [field: string]: any;
}

export type Draft = Resource & { id: string };

export interface Config {
  ehrOrigin: string;
  panelOrigin: string;
  fhir: string;
  user: { reference: string; display: string };
}

export interface Story {
  patientId: string;
  name: string;
  title: string;
  oneLine: string;
  suggestedOrder?: { code: string; display: string; sig?: string };
  question: string;
}

/** What the chart view shows. */
export interface PatientChart {
  patient: Resource;
  encounter?: Resource;
  medications: Resource[];
  statements: Resource[];
  allergies: Resource[];
  problems: Resource[];
  labs: Resource[];
  vitals: Resource[];
}

export interface Service {
  id: string;
  hook: string;
  title?: string;
  description: string;
  prefetch?: Record<string, string>;
}

export type Hook = 'patient-view' | 'order-select' | 'order-sign';

export interface Answer {
  serviceId: string;
  hook: Hook;
  state: 'checking' | 'done' | 'failed';
  cards: Card[];
  response?: CdsResponse;
  error?: string;
}

export type Decision =
  | { outcome: 'accepted'; label: string }
  | { outcome: 'overridden'; reason?: Coding; comment?: string };

export interface Options {
  slowService: boolean;
  serviceDown: boolean;
  noPrefetch: boolean;
  noAppContext: boolean;
  storageBlocked: boolean;
  dark: boolean;
}

export interface TrafficEntry {
  id: number;
  at: string;
  kind: 'request' | 'cards' | 'launch' | 'message' | 'feedback' | 'order' | 'error';
  title: string;
  note?: string;
  detail?: unknown;
}

/** The app in the side frame. */
export interface Frame {
  key: number;
  url: string;
  messagingHandle: string;
}

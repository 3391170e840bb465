// What the console's API answers, as far as it is shown.

export type Indicator = 'info' | 'warning' | 'critical';

export interface Figure {
  id: string;
  title: string;
  unit: 'per 100' | '%' | 'ms';
  value?: number;
  change?: number;
  better: 'lower' | 'higher';
  definition: string;
}

export interface BurdenRow {
  id: string;
  title: string;
  kind: string;
  status: string;
  version: string;
  indicator: Indicator;
  fired: number;
  per100: number;
  accepted: number;
  overridden: number;
  overrideRate?: number;
  topReason?: string;
  weeks: number[];
}

export interface Summary {
  days: number;
  at: string;
  rulesHash: string;
  canSave: boolean;
  orders: number;
  figures: Figure[];
  rules: BurdenRow[];
}

export interface Entry {
  id: string;
  version: string;
  status: string;
  title: string;
  kind: string;
  steward: string;
  lastReviewDate: string;
  evidence: { citation: string; url?: string; shows?: string }[];
  hooks: string[];
  tiers: { id: string; indicator: Indicator }[];
  knownGaps: string[];
  consequence?: string;
}

export interface Branch {
  truth: 'true' | 'false' | 'unknown';
  kind: 'all' | 'any' | 'not' | 'fact';
  parts?: Branch[];
  fact?: string;
  params?: Record<string, unknown>;
  operator?: string;
  expected?: unknown;
  value?: boolean | number | string;
  because?: { text: string; when?: string; reference?: string }[];
  gap?: string;
  ifUnknown?: 'yes' | 'no';
}

export interface Why {
  card: string;
  patientId: string;
  rule: { id: string; version: string; title: string; status: string };
  tier: string;
  when: Branch;
  tiers: { id: string; when?: Branch }[];
  gaps: string[];
  shownAt: string;
}

/** A rule on a request that an EHR sent. */
export interface RuleTrace {
  id: string;
  title: string;
  status: string;
  result: 'fired' | 'unknown' | 'clear';
  tier?: string;
  when: Branch;
  tiers: { id: string; when?: Branch }[];
  wouldFire: { leaf: Branch; wanted: boolean }[];
}

export interface RequestTrace {
  hook: string;
  patientId: string;
  gaps: { part: string; reason: string }[];
  checked: number;
  fired: number;
  undecided: number;
  rules: RuleTrace[];
}

export interface AiQuality {
  days: number;
  runs: { ended: string; times: number }[];
  statements: { shown: number; withheld: number };
  checks: { check: string; times: number }[];
  actionsBlocked: number;
  notAddressed: number;
  p95Ms?: number;
  weeks: (number | null)[];
}

export interface ShownCard {
  uuid: string;
  rule: string;
  tier: string;
  indicator: Indicator;
  hook: string;
  shownAt: string;
  outcome: string | null;
}

export interface Fired {
  tier: string;
  indicator: Indicator;
  showing: string;
}

export interface Change {
  rule: string;
  patient: string;
  deed: string;
  hook: string;
  before?: Fired;
  after?: Fired;
}

export interface Tally {
  orders: number;
  cohort: string;
  interruptive: { before: number; after: number };
  rules: Record<string, { before: number; after: number; new: number; gone: number; tier: number; showing: number }>;
  changes: Change[];
}

export interface SetDifference {
  added: string[];
  removed: string[];
  changed: { id: string; what: string[] }[];
  impact: Tally;
}

export interface QueueItem {
  card: string;
  rule: string | null;
  version: string | null;
  tier: string | null;
  at: string;
  comment?: string;
  how: string | null;
}

/** A rule as it is written. The console changes its numbers and nothing else. */
export type Rule = { id: string; version: string; title: string; status: string } & Record<string, unknown>;

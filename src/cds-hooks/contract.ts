// What the outside sees: the shapes of the CDS Hooks answers and of our own routes. Types only, so that the panel
// and any other client can share them without taking the engine along.

export interface Coding {
  system?: string;
  code?: string;
  display?: string;
}

export type Indicator = 'info' | 'warning' | 'critical';

export interface CdsAction {
  type: 'create' | 'update' | 'delete';
  description: string;
  resource?: Record<string, unknown>;
  resourceId?: string;
}

export interface Suggestion {
  label: string;
  uuid: string;
  isRecommended?: boolean;
  actions?: CdsAction[];
}

export interface CardLink {
  label: string;
  url: string;
  type: 'absolute' | 'smart';
  appContext?: string;
  autolaunchable?: boolean;
}

/** A chip under a card: one thing in the chart that made it fire, or one that is missing. */
export interface EvidenceChip {
  text: string;
  /** "2 days ago", "today 06:10" */
  when?: string;
  reference?: string;
  isGap?: boolean;
}

/** Everything of ours on a card, under the reverse-domain key `org.curbside.card`. */
export interface CardExtension {
  ruleId: string;
  ruleVersion: string;
  tier: string;
  /** One sentence: why. */
  reason: string;
  evidence: EvidenceChip[];
  /** Drafts of the request the card is about; empty when it is about the chart. */
  orders: string[];
  /** Other rules whose card this one stands for. */
  standsFor?: string[];
  /** Suggestions of this card that clear several cards at once, by their uuids. */
  fixes?: { suggestion: string; clears: string[] }[];
  /** Absent on the cards of a what-if: nothing was shown, nothing is kept. */
  whyUrl?: string;
  citation?: string;
}

export const cardExtensionKey = 'org.curbside.card';
export const responseExtensionKey = 'org.curbside.response';

export interface Card {
  uuid: string;
  summary: string;
  indicator: Indicator;
  source: { label: string; url?: string; icon?: string; topic?: Coding };
  detail?: string;
  suggestions?: Suggestion[];
  selectionBehavior?: 'at-most-one' | 'any';
  overrideReasons?: Coding[];
  links?: CardLink[];
  extension?: { [cardExtensionKey]?: CardExtension };
}

/** What a hook answer says beside its cards, under `org.curbside.response`. */
export interface ResponseExtension {
  patientId: string;
  /** Rules that were looked at, and what was counted but not shown. */
  rulesChecked: number;
  heldBack: { ruleId: string; summary: string; indicator: Indicator; why: string }[];
  couldNotCheck: string[];
  checkedAt: string;
}

export interface CdsResponse {
  cards: Card[];
  systemActions?: CdsAction[];
  extension?: { [responseExtensionKey]?: ResponseExtension };
}

// ---- POST /consult: one of these a line ----

export type Band = 'must-exclude' | 'leading' | 'plausible';

export interface ConsultEvidence {
  handle: string;
  text: string;
  reference?: string;
}

/** How a finding moved the offline differential: a likelihood ratio with its source. */
export interface Contribution {
  finding: string;
  handle?: string;
  likelihoodRatio: number;
  citation: string;
}

export interface ConsultAction {
  kind: 'test' | 'drug' | 'referral' | 'watch';
  text: string;
  coding?: Coding;
  /** What the test would tell apart, or why the drug. */
  why?: string;
  /** Guards that forbid it, by rule id. */
  blockedBy: { ruleId: string; summary: string }[];
  /** "Done 2 h ago: 0.4 ng/mL" where a recent result exists. */
  alreadyDone?: string;
}

export interface ConsultItem {
  type: 'item';
  source: 'knowledge' | 'rule' | 'model';
  candidate: { id?: string; text: string; coding?: Coding; band: Band };
  /** 0 none, 1 some, 2 moderate, 3 strong: counts chart evidence, is not a probability. */
  strength?: 0 | 1 | 2 | 3;
  for: ConsultEvidence[];
  against: ConsultEvidence[];
  missing: { text: string; wouldChange: string; coding?: Coding }[];
  sentences: { text: string; handles: string[] }[];
  actions: ConsultAction[];
  contributions?: Contribution[];
  guideline?: { handle: string; text: string; citation: string; url?: string }[];
  /** Badges: which sources name this condition. */
  agreement?: ('rule' | 'knowledge' | 'model' | 'second-model' | 'clinician')[];
  flags?: string[];
  /** Model items: how far the checking of the draft has come. */
  progress?: { checked: number; total: number };
}

/** Sent at once. The same items follow as `item` lines, so that a client that reads only items misses nothing. */
export interface ConsultRules {
  type: 'rules';
  patientId: string;
  /** The packet's evidence, so that a handle in any later event can be shown. */
  evidence: ConsultEvidence[];
  question?: string;
  presentations: { id: string; title: string }[];
  items: ConsultItem[];
  agreement?: { both: string[]; onlyKnowledge: string[]; onlyClinician: string[]; onlyModel?: string[] };
  couldNotCheck: string[];
}

export interface ConsultWithheld {
  type: 'withheld';
  text: string;
  reason: string;
  check: string;
}

export type ConsultEnd =
  | {
      type: 'done';
      counts: { items: number; sentences: number; withheld: number };
      notAddressed: string[];
      model: string;
      fingerprint?: string;
      promptHash: string;
      rulesHash: string;
      packetHash: string;
      agreement?: ConsultRules['agreement'];
      milliseconds: number;
    }
  | { type: 'abstained'; reason: string; missing: string[] }
  | { type: 'failed'; reason: string }
  | { type: 'off'; reason: string };

export type ConsultEvent = ConsultRules | ConsultItem | ConsultWithheld | ConsultEnd;

// ---- POST /what-if ----

export interface Estimate {
  id: string;
  outcome: string;
  value: number;
  unit: string;
  interval: [number, number] | null;
  horizon: string;
  source: string;
  validity: string;
  /** A curve to draw: hours or days against a value. */
  points?: { x: number; y: number }[];
  axes?: { x: string; y: string };
}

export interface Assessment {
  cards: Card[];
  estimates: Estimate[];
}

export interface WhatIfAnswer {
  patientId: string;
  before: Assessment;
  after: Assessment;
  difference: { gone: Card[]; new: Card[]; same: Card[]; changed?: { before: Card; after: Card }[] };
  explanation: { text: string; handles: string[] }[];
  refused: { change: unknown; reason: string }[];
}

export type TrialVerdict = 'eligible' | 'cannot tell' | 'not eligible';

export interface TrialCriterion {
  id: string;
  kind: 'inclusion' | 'exclusion';
  text: string;
  state: 'met' | 'not met' | 'unknown';
  /** It alone rules the trial out: an inclusion that is not met, an exclusion that is. */
  blocks: boolean;
  /** What the answer rests on: the value in words, its date, the resource. */
  evidence: { text: string; when?: string; reference?: string }[];
  /** Why it is unknown, and what would settle it. */
  gaps?: string[];
  settledBy?: { text: string; loinc?: string }[];
  /** What a note says about an unknown one, word for word. Never counted: somebody has to confirm it. */
  noteSays?: {
    quote: string;
    reference?: string;
    when?: string;
    /** By a model that read the note, or by the criterion's own words alone. */
    foundBy: 'model' | 'words';
    /** Only a model reads; words alone are only found. */
    suggests?: 'met' | 'not met';
    advice: string;
  }[];
}

export interface TrialMatch {
  id: string;
  version: string;
  title: string;
  registration?: string;
  recruitment: 'open' | 'closed';
  isExample: boolean;
  citation: string;
  verdict: TrialVerdict;
  criteria: TrialCriterion[];
  askInPerson: string[];
}

export interface TrialsAnswer {
  patientId: string;
  trials: TrialMatch[];
  /** Who read the notes for what is unknown, and why no model did. */
  notes: {
    readBy: 'model' | 'words' | 'nobody';
    reason?: string;
    model?: string;
    withheld: { check: string; reason: string }[];
  };
  couldNotCheck: string[];
}

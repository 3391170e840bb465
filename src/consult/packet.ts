// The evidence packet: the chart as numbered facts E1, E2 …, in a fixed order, so that a differential, a verifier and
// a screen all mean the same thing by the same handle.

/** What kind of chart item a fact was read from. */
export type FactKind =
  | 'patient'
  | 'question'
  | 'encounter'
  | 'problem'
  | 'medication'
  | 'allergy'
  | 'lab'
  | 'vital'
  | 'survey'
  | 'procedure'
  | 'note'
  | 'calculation';

export interface EvidenceFact {
  handle: string;
  kind: FactKind;
  /** As a clinician reads it: "Heart rate 118 /min, 40 min ago". Rendered by code from the chart. */
  text: string;
  /** The name without value or time: "Heart rate". */
  name: string;
  reference?: string;
  codings: { system?: string; code?: string; display?: string }[];
  value?: number;
  unit?: string;
  daysAgo?: number;
  /** active, past, draft, final, refuted, negated, family … */
  status: string;
  interpretation?: string;
  trend?: 'rising' | 'falling' | 'steady';
  groups?: ReadonlySet<string>;
  /** "<" of a result below the limit of the assay. */
  comparator?: string;
  when?: Date;
  /** The fact without name, identifier or date: "Heart rate 118 /min, high, day 0". What a model may see, after scrubbing. */
  modelText: string;
  /** The words of a note, or of the clinician's question. */
  body?: string;
  /** Said when the record's own words were not used, because they read like an instruction. */
  flag?: string;
}

export interface Packet {
  /** The anchor of every offset. */
  now: Date;
  question?: string;
  facts: EvidenceFact[];
  byHandle: ReadonlyMap<string, EvidenceFact>;
  byReference: ReadonlyMap<string, EvidenceFact[]>;
}

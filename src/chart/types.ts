// The chart as the guards, the calculators and the consult see it: what the record says, read once, with the
// source of every item. A list that could not be had is Unknown; an empty list is known to be empty.
import type { Resource } from '@medplum/fhirtypes';
import type { Drug } from '../terminology/types.ts';
import type { Unknown } from '../unknown.ts';

/** The parts of a chart that a service may ask for. Each has one prefetch template and one FHIR search. */
export const chartParts = [
  'patient',
  'medications',
  'pastMedications',
  'statements',
  'allergies',
  'problems',
  'labs',
  'vitals',
  'surveys',
  'socialHistory',
  'encounters',
  'procedures',
  'immunizations',
  'serviceRequests',
  'diets',
  'appointments',
  'consents',
  'notes',
] as const;
export type ChartPart = (typeof chartParts)[number];

/** The resources of each part as they came, or why a part could not be had. What-if changes this and reads it again. */
export interface ChartSource {
  now: Date;
  patientId: string;
  encounterId?: string;
  userId?: string;
  parts: Partial<Record<ChartPart, Resource[] | Unknown>>;
  /** The unsigned orders of the hook's context, with the references the clinician is working on. */
  drafts: Resource[];
  selections: string[];
  /** Orders of the hook's context that are named there and could not be had. */
  notRead?: string[];
  /** Resources that only others point to (Medication, Practitioner, Encounter), by `Type/id`. */
  referenced: Map<string, Resource>;
  /** Which parts were looked at: what is said of the chart rests on these. Changed copies of the chart write into the same set. */
  lookedAt?: Set<ChartPart>;
}

export type Sex = 'female' | 'male';

export interface Patient {
  reference: string;
  ageInYears: number | Unknown;
  ageInDays: number | Unknown;
  /** Administrative gender where it is female or male; anything else is Unknown to equations that need a sex. */
  sex: Sex | Unknown;
  isDeceased: boolean;
}

/** Where an order or a recorded medication stands today. `void` (entered in error, never to be given) is left out of the chart. */
export type Standing = 'draft' | 'active' | 'on-hold' | 'past';

export interface DoseAmount {
  value: number;
  unit: string;
}

export interface Medication {
  reference: string;
  standing: Standing;
  /** The drug as the terminology knows it, or the text that could not be matched. */
  drug: Drug | Unknown;
  text: string;
  /** True for a draft the clinician is choosing or signing right now. */
  isSelected: boolean;
  start?: Date;
  end?: Date;
  isAsNeeded: boolean;
  /** One administration, and how many of them a day, as far as the instructions say. */
  dose: DoseAmount | Unknown;
  timesPerDay: number | Unknown;
  durationInDays: number | Unknown;
  resource: Resource;
}

export interface Observation {
  reference: string;
  /** LOINC codes first; every coding of the observation or of the component it was read from. */
  codings: { system?: string; code?: string; display?: string }[];
  text: string;
  status: string;
  category: 'laboratory' | 'vital-signs' | 'survey' | 'social-history' | 'other';
  when?: Date;
  quantity?: { value: number; unit?: string; code?: string; system?: string; comparator?: string };
  valueText?: string;
  valueCodings?: { system?: string; code?: string; display?: string }[];
  interpretation?: 'high' | 'low' | 'normal' | 'abnormal' | 'critical-high' | 'critical-low' | 'positive' | 'negative';
  range?: { low?: number; high?: number; unit?: string; text?: string };
}

export interface Problem {
  reference: string;
  text: string;
  /** Value-set ids of `rules/value-sets/conditions`. */
  groups: ReadonlySet<string>;
  codings: { system?: string; code?: string; display?: string }[];
  standing: 'active' | 'past';
  isConfirmed: boolean;
  onset?: Date;
  abatement?: Date;
}

export interface Allergy {
  reference: string;
  text: string;
  /** Value-set ids and ingredient tokens the entry stands for. */
  groups: ReadonlySet<string>;
  standing: 'active' | 'past' | 'refuted';
  isIntolerance: boolean;
  criticality?: 'low' | 'high' | 'unable-to-assess';
  reactions: { text: string; severity?: 'mild' | 'moderate' | 'severe'; groups: ReadonlySet<string> }[];
  when?: Date;
}

export interface ServiceOrder {
  reference: string;
  resourceType: string;
  text: string;
  codings: { system?: string; code?: string; display?: string }[];
  standing: Standing;
  isSelected: boolean;
  when?: Date;
  resource: Resource;
}

export interface Encounter {
  reference: string;
  class?: string;
  status: string;
  start?: Date;
  end?: Date;
  reasons: string[];
  isCurrent: boolean;
}

export interface Procedure {
  reference: string;
  text: string;
  groups: ReadonlySet<string>;
  codings: { system?: string; code?: string; display?: string }[];
  status: string;
  when?: Date;
}

export interface Note {
  reference: string;
  title: string;
  text: string;
  when?: Date;
}

export interface Gap {
  part: ChartPart | 'draft';
  reason: string;
}

export interface Chart {
  readonly source: ChartSource;
  readonly now: Date;
  readonly patient: Patient;
  /** Everything the patient takes or took: chart orders, statements, and the drafts of this request. */
  readonly medications: Medication[] | Unknown;
  /** The medication drafts of this request; always known. */
  readonly drafts: Medication[];
  readonly allergies: Allergy[] | Unknown;
  readonly problems: Problem[] | Unknown;
  readonly labs: Observation[] | Unknown;
  readonly vitals: Observation[] | Unknown;
  readonly surveys: Observation[] | Unknown;
  readonly encounters: Encounter[] | Unknown;
  readonly procedures: Procedure[] | Unknown;
  readonly notes: Note[] | Unknown;
  /** Orders other than for drugs: drafts of this request and, where asked for, those on the chart. */
  readonly serviceOrders: ServiceOrder[] | Unknown;
  readonly gaps: Gap[];
  /** A part as it came; for what is not read into a list of its own. */
  part(part: ChartPart): Resource[] | Unknown;
  /** All observations of a LOINC code set, newest first, from labs, vitals and surveys alike; Unknown when the parts that could hold them could not be had. */
  observations(loincCodes: readonly string[]): Observation[] | Unknown;
}

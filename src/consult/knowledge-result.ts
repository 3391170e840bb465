// What the offline differential hands to the consult, and what else a consult is given beside the chart.
import type { Coding, ConsultItem } from '../cds-hooks/contract.ts';

export interface OfferedCondition {
  id: string;
  text: string;
  coding?: Coding;
  names?: string[];
}

export interface KnowledgeResult {
  items: ConsultItem[];
  presentations: { id: string; title: string }[];
  /** What each presentation must not miss, once each. */
  mustNotMiss: OfferedCondition[];
  /** Every condition of the knowledge base; a model picks from these. The items alone when absent. */
  offered?: OfferedCondition[];
  /** Conditions that a hard rule excludes for this chart. */
  refuted?: { id: string; reason: string; handle?: string }[];
  couldNotCheck: string[];
}

/** A short statement of a recommendation, as `rules/guidelines` holds it. */
export interface Passage {
  id: string;
  title: string;
  text: string;
  version: string;
  date: string;
  licence: string;
  /** "Adults with …", "Women who …" */
  population: string;
  /** The kinds of action it speaks of. */
  actions: string[];
  /** Condition ids it was written for. */
  conditions?: string[];
  citation: string;
  url?: string;
}

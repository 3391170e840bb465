// What a consult is asked with, and the policy it runs under.
import type { Chart } from '../chart/types.ts';
import type { ConsultCache } from './cache.ts';
import type { ConsultPorts } from './drug-names.ts';
import type { KnowledgeResult, Passage } from './knowledge-result.ts';
import type { Budget } from './limits.ts';
import type { Model } from './model.ts';
import type { EvidenceFact, Packet } from './packet.ts';

export interface ConsultPolicy {
  /** `false` keeps to rules and knowledge base. */
  generative?: boolean;
  /** May scrubbed notes leave for the model? Not unless said. */
  notes?: boolean;
  /** Everything, from the request to the end event. */
  deadlineMs?: number;
  hedgeAfterMs?: number;
  tokensPerDay?: number;
  /** Whose budget this uses. */
  tenant?: string;
}

export interface ConsultRequest {
  chart: Chart;
  packet: Packet;
  question?: string;
  /** The clinician's own list. Compared by code; never sent to a model. */
  clinicianDifferential?: string[];
  knowledge: KnowledgeResult;
  passages: readonly Passage[];
  /** Results of calculators, handles C1, C2 … */
  calculations?: EvidenceFact[];
  ports: ConsultPorts;
  policy?: ConsultPolicy;
  /** Names the rules and value sets in force. */
  rulesHash?: string;
  cache?: ConsultCache;
  budget?: Budget;
  /** Those of the settings when absent. The first answers; the second only agrees or not. */
  models?: Model[];
  record?(run: RunRecord): void | Promise<void>;
}

/** What is kept of a run: hashes, counts, reasons. Nothing of the patient. */
export interface RunRecord {
  id: string;
  at: string;
  outcome: 'done' | 'abstained' | 'failed' | 'off';
  reason?: string;
  packetHash: string;
  promptHash: string;
  passagesHash: string;
  rulesHash: string;
  model?: string;
  fingerprint?: string;
  isFromCache: boolean;
  tokens: { in: number; out: number };
  calls: number;
  milliseconds: number;
  candidatesIn: number;
  itemsOut: number;
  sentencesIn: number;
  sentencesOut: number;
  /** Withheld, by the check that withheld it. */
  dropped: Record<string, number>;
  blockedActions: number;
  notAddressed: number;
  blockedFacts: number;
}

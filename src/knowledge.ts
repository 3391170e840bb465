// Everything in `rules/` that the engine runs on, as one value: built into a bundle for both platforms, or read from RULES_DIR.
import { type Knowledge as DifferentialKnowledge, loadKnowledge } from './consult/knowledge/load.ts';
import { type InteractionTable, rulesOf } from './guards/interaction-table.ts';
import type { Rule } from './guards/rule.ts';
import { RuleSet } from './guards/rule-set.ts';
import { Terminology } from './terminology/terminology.ts';
import type { TerminologyData, ValueSet } from './terminology/types.ts';
import { openTrials, type Trial, type Trials } from './trials/trial.ts';

/** The bundle: plain JSON. */
export interface KnowledgeFiles {
  hash: string;
  rules: Rule[];
  /** Imported interaction tables: short rows here, rules once they are opened. */
  tables?: InteractionTable[];
  valueSets: ValueSet[];
  terminology: TerminologyData;
  /** Of the terminology alone; what was built before there was one lacks it. */
  terminologyHash?: string;
  trials?: Trial[];
  /** The offline differential's files by path: "conditions/gout.json". */
  differential: Record<string, unknown>;
}

export interface Knowledge {
  hash: string;
  terminologyHash?: string;
  ruleSet: RuleSet;
  terminology: Terminology;
  /** Read when first asked for: hooks answer without it. */
  readonly differential: DifferentialKnowledge;
  trials: Trials;
}

export function openKnowledge(files: KnowledgeFiles): Knowledge {
  let differential: DifferentialKnowledge | undefined;
  return {
    hash: files.hash,
    ...(files.terminologyHash && { terminologyHash: files.terminologyHash }),
    ruleSet: new RuleSet(
      files.tables?.length ? [...files.rules, ...files.tables.flatMap(rulesOf)] : files.rules,
      files.hash,
    ),
    terminology: new Terminology(files.terminology, files.valueSets),
    get differential() {
      differential ??= loadKnowledge(files.differential);
      return differential;
    },
    trials: openTrials(files.trials ?? []),
  };
}

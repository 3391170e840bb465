// What comes back when a test is ordered: a metabolic panel is also a potassium and a creatinine.

import { PhraseSets } from './phrase-sets.ts';
import { systemOf } from './systems.ts';
import type { Concept, ValueSet } from './types.ts';
import { phraseOf } from './words.ts';

/** Another specimen is another test: urine sodium is no sodium. */
const OTHER_SPECIMEN = /\b(urine|urinary|csf|stool|fluid|saliva|sweat|hair)\b/i;
/** `Potassium level`, `serum potassium, stat` are potassium. */
const AROUND = /\b(levels?|serum|plasma|blood|tests?|labs?|stat|measurement|now|today|repeat|am)\b/gi;

export class LabOrders {
  /** Code → observation sets. */
  readonly #byCode = new Map<string, Set<string>>();
  readonly #panels = new PhraseSets();
  readonly #names = new Map<string, string>();
  readonly #measures = new Map<string, readonly string[]>();

  constructor(valueSets: readonly ValueSet[]) {
    for (const set of valueSets) {
      if (set.kind !== 'observations' && set.kind !== 'panels') continue;
      const measures = set.kind === 'panels' ? (set.measures ?? []) : [set.id];
      this.#measures.set(set.id, measures);
      if (set.kind === 'panels') this.#panels.add(set);
      else for (const name of [set.title, ...(set.names ?? [])]) this.#names.set(phraseOf(name), set.id);
      for (const { code } of set.members) {
        if (!code) continue;
        const known = this.#byCode.get(code) ?? new Set();
        for (const id of measures) known.add(id);
        this.#byCode.set(code, known);
      }
    }
  }

  /** The observation sets that an ordered test, a report or a procedure gives a result for: by code, else by its words. */
  measuredBy({ coding = [], text }: Concept): ReadonlySet<string> {
    const found = new Set<string>();
    for (const { system, code } of coding) {
      const kind = systemOf(system);
      if (code && (kind === 'loinc' || kind === 'snomed'))
        for (const id of this.#byCode.get(code.trim()) ?? []) found.add(id);
    }
    if (found.size > 0) return found;
    for (const words of [text, ...coding.map(({ display }) => display)]) {
      if (!words || OTHER_SPECIMEN.test(words)) continue;
      for (const panel of this.#panels.find(words)) for (const id of this.#measures.get(panel) ?? []) found.add(id);
      const named = this.#names.get(phraseOf(words)) ?? this.#names.get(phraseOf(words.replace(AROUND, ' ')));
      if (named) found.add(named);
      if (found.size > 0) return found;
    }
    return found;
  }
}

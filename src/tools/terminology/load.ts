// Loads the terminology from the rules folder, for tests and tools. The platforms get the same data from their bundle.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Terminology } from '../../terminology/terminology.ts';
import type { TerminologyData, ValueSet } from '../../terminology/types.ts';

export const RULES = new URL('../../../rules', import.meta.url).pathname;

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

export const loadTerminologyData = (rules = RULES): TerminologyData => ({
  rxnorm: read(join(rules, 'terminology/rxnorm.json')) as TerminologyData['rxnorm'],
  names: read(join(rules, 'terminology/names.json')) as TerminologyData['names'],
});

export const loadValueSets = (rules = RULES): ValueSet[] =>
  ['drugs', 'conditions', 'observations', 'panels', 'allergens'].flatMap((kind) =>
    readdirSync(join(rules, 'value-sets', kind))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => read(join(rules, 'value-sets', kind, file)) as ValueSet),
  );

let loaded: Terminology | undefined;

/** One terminology for the whole process: it is read-only. */
export function loadTerminology(): Terminology {
  loaded ??= new Terminology(loadTerminologyData(), loadValueSets());
  return loaded;
}

// Allergy entries: a drug, a class of drugs, a food or material, or the statement that there is none.

import { isUnknown } from '../unknown.ts';
import { PhraseSets } from './phrase-sets.ts';
import { systemOf } from './systems.ts';
import type { Terminology } from './terminology.ts';
import type { Concept, ValueSet } from './types.ts';

const NONE: ReadonlySet<string> = new Set();

/** An entry about somebody else, or one that says there is no allergy to what it names. */
const NOT_THE_PATIENTS =
  /\b(family (history|hx)|fh|fhx|mother|father|sister|brother|sibling)\b|\b(not allergic|no (known )?allergy|denies (any )?allergy) to\b/i;

export class AllergenTable {
  readonly #terminology: Terminology;
  readonly #byCode = new Map<string, string[]>();
  readonly #phrases = new PhraseSets();
  readonly #sets = new Map<string, ValueSet>();
  readonly #memory = new Map<string, ReadonlySet<string>>();

  constructor(terminology: Terminology, valueSets: readonly ValueSet[]) {
    this.#terminology = terminology;
    for (const set of valueSets) {
      if (set.kind === 'allergens') {
        this.#sets.set(set.id, set);
        this.#phrases.add(set);
        for (const { system, code } of set.members) {
          const key = `${systemOf(system) ?? ''}|${code}`;
          if (code) this.#byCode.set(key, [...(this.#byCode.get(key) ?? []), set.id]);
        }
      }
      // A class of drugs may be named as such: `statins`, `Macrolides`.
      if (set.kind === 'drugs' && set.names) this.#phrases.add(set);
    }
  }

  groupsOf(concept: Concept): ReadonlySet<string> {
    const key = `${concept.coding?.map(({ system, code, display }) => `${system}|${code}|${display}`).join('~')}^${concept.text}`;
    let groups = this.#memory.get(key);
    if (!groups) {
      groups = this.#find(concept);
      if (this.#memory.size >= 4000) this.#memory.clear();
      this.#memory.set(key, groups);
    }
    return groups;
  }

  #find(concept: Concept): ReadonlySet<string> {
    const { coding = [], text } = concept;
    const found = new Set<string>();
    if (text && NOT_THE_PATIENTS.test(text)) return NONE;
    for (const { system, code } of coding) {
      for (const id of this.#byCode.get(`${systemOf(system) ?? ''}|${code?.trim()}`) ?? []) found.add(id);
    }
    if (found.size > 0) return this.#widen(found);
    // "sulfa drugs (Bactrim)" names a class and a drug; both count.
    const drug = this.#terminology.drug(concept);
    if (!isUnknown(drug)) {
      for (const group of this.#terminology.drugGroups.groupsOf(
        this.#terminology.names.placesOf(drug),
        undefined,
        true,
      ))
        found.add(group);
    }
    const isCoded = !isUnknown(drug) && drug.code !== undefined;
    if (!isCoded) {
      for (const words of [text, ...coding.map(({ display }) => display)]) {
        if (words) for (const id of this.#phrases.find(words)) found.add(id);
      }
    }
    return found.size === 0 ? NONE : this.#widen(found);
  }

  /** An allergen stands for the drugs that it includes: `penicillin-allergens` brings `penicillins`. */
  #widen(found: Set<string>): ReadonlySet<string> {
    for (const id of found) for (const other of this.#sets.get(id)?.includes ?? []) found.add(other);
    return found;
  }
}

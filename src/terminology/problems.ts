// Conditions to value sets: SNOMED CT by code, ICD-10-CM by prefix, text when no code was understood, or where it says the same more narrowly.

import { PhraseSets } from './phrase-sets.ts';
import { systemOf } from './systems.ts';
import type { Concept, ValueSet } from './types.ts';

const NONE: ReadonlySet<string> = new Set();

export class ProblemTable {
  readonly #byCode = new Map<string, string[]>();
  readonly #byPrefix = new Map<string, string[]>();
  readonly #phrases = new PhraseSets();
  readonly #included = new Map<string, string[]>();
  readonly #memory = new Map<string, ReadonlySet<string>>();

  constructor(valueSets: readonly ValueSet[]) {
    for (const set of valueSets) {
      if (set.kind !== 'conditions') continue;
      this.#phrases.add(set);
      // `includes` is read from the narrow to the wide: whoever has hfref has heart-failure.
      for (const narrow of set.includes ?? []) append(this.#included, narrow, set.id);
      for (const { system, code } of set.members) {
        if (!code) continue;
        if (systemOf(system) === 'icd10') append(this.#byPrefix, plainIcd(code), set.id);
        else append(this.#byCode, `${systemOf(system) ?? ''}|${code}`, set.id);
      }
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

  #find({ coding = [], text }: Concept): ReadonlySet<string> {
    const found = new Set<string>();
    for (const { system, code } of coding) for (const id of code ? this.#ofCode(system, code) : []) found.add(id);
    const isCoded = found.size > 0;
    for (const words of [text, ...coding.map(({ display }) => display)]) {
      if (!words) continue;
      for (const id of this.#phrases.find(words)) if (!isCoded || this.#isNarrower(id, found)) found.add(id);
    }
    if (found.size === 0) return NONE;
    for (const id of found) for (const wide of this.#included.get(id) ?? []) found.add(wide);
    return found;
  }

  /** Words may sharpen a code (C73, "medullary carcinoma of thyroid"; I50.9, "HFrEF"), never contradict it. */
  #isNarrower(id: string, coded: ReadonlySet<string>): boolean {
    return (this.#included.get(id) ?? []).some((wide) => coded.has(wide));
  }

  #ofCode(system: string | undefined, code: string): string[] {
    const known = systemOf(system);
    if (known !== 'icd10') return this.#byCode.get(`${known ?? ''}|${code.trim()}`) ?? [];
    const plain = plainIcd(code);
    const found: string[] = [];
    for (let length = 1; length <= plain.length; length++)
      found.push(...(this.#byPrefix.get(plain.slice(0, length)) ?? []));
    return found;
  }
}

/** `I48.91` and `I4891` are the same code. */
const plainIcd = (code: string): string => code.trim().toUpperCase().replace('.', '');

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

// Answers which drug, problem or allergen a code or a text means. Built once; every lookup afterwards is a Map.

import type { Unknown } from '../unknown.ts';
import { AllergenTable } from './allergens.ts';
import { resolveDrug } from './drug.ts';
import { DrugGroups } from './drug-groups.ts';
import { DrugNameTable } from './drug-names.ts';
import { LabOrders } from './lab-orders.ts';
import { ProblemTable } from './problems.ts';
import { ProductTable } from './product-table.ts';
import { RXNORM } from './systems.ts';
import type { Concept, Drug, Orderable, TerminologyData, ValueSet } from './types.ts';
import { tokenOf } from './words.ts';

/** How many answers are remembered: enough for a busy hour, small enough for a worker. */
const MEMORY = 4000;

export interface DrugHints {
  /** The order's own route and form; they win over the product's. */
  route?: Concept;
  form?: Concept;
}

export class Terminology {
  readonly names: DrugNameTable;
  readonly products: ProductTable;
  readonly drugGroups: DrugGroups;
  readonly #problems: ProblemTable;
  readonly #allergens: AllergenTable;
  readonly #labOrders: LabOrders;
  readonly #valueSets: ReadonlyMap<string, ValueSet>;
  readonly #orderables: Orderable[];
  #observationNames: Map<string, string> | undefined;
  readonly #memory = new Map<string, Drug | Unknown>();

  constructor(data: TerminologyData, valueSets: readonly ValueSet[]) {
    this.#valueSets = new Map(valueSets.map((set) => [set.id, set]));
    this.names = new DrugNameTable(data);
    this.products = new ProductTable(data, this.names);
    this.drugGroups = new DrugGroups(data, this.names, valueSets);
    this.#problems = new ProblemTable(valueSets);
    this.#allergens = new AllergenTable(this, valueSets);
    this.#labOrders = new LabOrders(valueSets);
    this.#orderables = Object.entries(data.names.orderables).flatMap(([ingredient, products]) =>
      products.map(([code, display]) => ({ ingredient: tokenOf(ingredient), system: RXNORM, code, display })),
    );
  }

  /** `drug({ coding: [{ system: RXNORM, code: '855332' }] })` → warfarin, oral, 5 mg. */
  drug(concept: Concept, hints: DrugHints = {}): Drug | Unknown {
    const key = keyOf(concept, hints);
    const remembered = this.#memory.get(key);
    if (remembered) return remembered;
    const drug = resolveDrug(this, concept, hints);
    if (this.#memory.size >= MEMORY) this.#memory.delete(this.#memory.keys().next().value!);
    this.#memory.set(key, drug);
    return drug;
  }

  drugByName(name: string): Drug | Unknown {
    return this.drug({ text: name });
  }

  /** Ids of the condition value sets to which a problem belongs. */
  problemGroups(concept: Concept): ReadonlySet<string> {
    return this.#problems.groupsOf(concept);
  }

  /** Ingredient tokens and value-set ids that an allergy entry names; `no-known-allergy` when it says that there is none. */
  allergenGroups(concept: Concept): ReadonlySet<string> {
    return this.#allergens.groupsOf(concept);
  }

  /** What a LOINC code measures, by the title of its observation set: `2823-3` → "Potassium". */
  observationName(loinc: string): string | undefined {
    if (!this.#observationNames) {
      this.#observationNames = new Map();
      for (const { kind, title, members } of this.#valueSets.values()) {
        if (kind === 'observations')
          for (const { code } of members)
            if (code && !this.#observationNames.has(code)) this.#observationNames.set(code, title);
      }
    }
    return this.#observationNames.get(loinc);
  }

  /** Ids of the observation sets that an ordered test or a report gives a result for; a panel gives several. */
  measuredBy(concept: Concept): ReadonlySet<string> {
    return this.#labOrders.measuredBy(concept);
  }

  valueSet(id: string): ValueSet | undefined {
    return this.#valueSets.get(id);
  }

  /** Whether a rule may use this word for a drug: an ingredient token, a drug value set, or an `atc:` prefix. */
  isDrugToken(token: string): boolean {
    if (token.startsWith('atc:')) return this.drugGroups.hasAtc(token.slice(4));
    return (
      this.names.byToken.has(token) || this.drugGroups.isToken(token) || this.#valueSets.get(token)?.kind === 'drugs'
    );
  }

  /** Coded products that a card may offer as a draft. */
  orderables(): readonly Orderable[] {
    return this.#orderables;
  }
}

const keyOf = (concept: Concept, { route, form }: DrugHints): string =>
  `${keyPart(concept)}\n${keyPart(route)}\n${keyPart(form)}`;

/** Made anew for every drug of every request, so without lists of its own. */
function keyPart(concept: Concept | undefined): string {
  if (!concept) return '^';
  let key = '';
  for (const { system = '', code = '', display = '' } of concept.coding ?? []) key += `${system}|${code}|${display}~`;
  return `${key}^${concept.text ?? ''}`;
}

// RxNorm products and NDCs. Lines stay packed until they are asked for.

import type { DrugNameTable } from './drug-names.ts';
import { ndc9, ndc11, ndcCandidates } from './systems.ts';
import type { TerminologyData } from './types.ts';

export interface Product {
  code: string;
  display: string;
  /** Places in the list of ingredients. */
  ingredients: readonly number[];
}

export class ProductTable {
  readonly #lines = new Map<string, [ingredients: readonly number[], display: string]>();
  readonly #ndc: TerminologyData['rxnorm']['ndc'];
  #byNdc: Map<string, string> | undefined;
  readonly #displays = new Map<string, string[]>();

  constructor({ rxnorm }: TerminologyData, names: DrugNameTable) {
    this.#ndc = rxnorm.ndc;
    for (const [places, lines] of Object.entries(rxnorm.products)) {
      const ingredients = names.canonical(places.split(',').map(Number));
      const key = keyOf(ingredients);
      const displays = this.#displays.get(key) ?? [];
      this.#displays.set(key, displays);
      for (const line of lines.split('\n')) {
        const blank = line.indexOf(' ');
        displays.push(line.slice(blank + 1));
        this.#lines.set(line.slice(0, blank), [ingredients, line.slice(blank + 1)]);
      }
    }
  }

  rxnorm(code: string): Product | undefined {
    const line = this.#lines.get(code.trim());
    return line && { code: code.trim(), ingredients: line[0], display: line[1] };
  }

  /** Names of the known products with exactly these ingredients. */
  displaysWith(ingredients: readonly number[]): readonly string[] {
    return this.#displays.get(keyOf(ingredients)) ?? [];
  }

  /** By package, or by labeler and product when that package is not listed. */
  ndc(code: string): Product | undefined {
    this.#byNdc ??= packagesOf(this.#ndc);
    for (const candidate of [ndc11(code), ndc9(code)]) {
      const product = candidate && this.#byNdc.get(candidate);
      if (product) return this.rxnorm(product);
    }
    // Ten bare digits are ambiguous: believed only when one reading is known.
    const readings = new Set(ndcCandidates(code).flatMap((candidate) => this.#byNdc?.get(candidate) ?? []));
    return readings.size === 1 ? this.rxnorm([...readings][0]!) : undefined;
  }
}

const keyOf = (ingredients: readonly number[]): string => [...ingredients].sort((a, b) => a - b).join(',');

function packagesOf(ndc: TerminologyData['rxnorm']['ndc']): Map<string, string> {
  const packages = new Map<string, string>();
  for (const [product, codes] of Object.entries(ndc)) {
    for (const code of codes.split(' ')) {
      packages.set(code, product);
      packages.set(code.slice(0, 9), product);
    }
  }
  return packages;
}

// Collects RxNorm ingredients, products, brands and NDCs into the compact index that both platforms load.

import type { RxnormIndex } from '../../terminology/types.ts';

export class IndexWriter {
  readonly #places = new Map<string, number>();
  readonly #ingredients: [code: string, name: string][] = [];
  readonly #products = new Map<string, Map<string, string>>();
  readonly #brands = new Map<string, string>();
  readonly #ndc = new Map<string, Set<string>>();

  /** An ingredient without a code is known by its name. */
  ingredient(code: string, name: string): number {
    const key = code || name.toLowerCase();
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#ingredients.push([code, name]) - 1;
      this.#places.set(key, place);
    }
    return place;
  }

  product(code: string, display: string, ingredients: readonly number[]): void {
    const key = keyOf(ingredients);
    const lines = this.#products.get(key) ?? new Map<string, string>();
    lines.set(code, display.replace(/\s+/g, ' ').trim());
    this.#products.set(key, lines);
  }

  brand(name: string, ingredients: readonly number[]): void {
    this.#brands.set(name, keyOf(ingredients));
  }

  ndc(ndc11: string, product: string): void {
    const codes = this.#ndc.get(product) ?? new Set<string>();
    codes.add(ndc11);
    this.#ndc.set(product, codes);
  }

  /** The same input always gives the same bytes. */
  write(source: string): RxnormIndex {
    return {
      source,
      ingredients: this.#ingredients,
      products: sorted(this.#products, (lines) =>
        [...lines]
          .sort(([a], [b]) => Number(a) - Number(b))
          .map(([code, display]) => `${code} ${display}`)
          .join('\n'),
      ),
      brands: sorted(this.#brands, (key) => key),
      ndc: sorted(this.#ndc, (codes) => [...codes].sort().join(' ')),
    };
  }
}

const keyOf = (ingredients: readonly number[]): string => [...new Set(ingredients)].join(',');

const sorted = <A>(map: ReadonlyMap<string, A>, say: (value: A) => string): Record<string, string> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, say(value)]));

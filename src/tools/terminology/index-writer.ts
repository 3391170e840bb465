// Collects RxNorm ingredients, products, brands and NDCs into the compact index that both platforms load.

import type { RxnormIndex } from '../../terminology/types.ts';

export class IndexWriter {
  readonly #places = new Map<string, number>();
  readonly #ingredients: [code: string, name: string][] = [];
  readonly #codes = new Set<string>();
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
    this.#codes.add(code);
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

  /** Everything of another index, what was there before standing where both speak. One name is one ingredient. */
  take({ ingredients, products, brands, ndc }: RxnormIndex): void {
    const byName = new Map(this.#ingredients.map(([, name], place) => [name.toLowerCase(), place]));
    const places = ingredients.map(([code, name]) => {
      const known = this.#places.get(code) ?? byName.get(name.toLowerCase());
      if (known === undefined) return this.ingredient(code, name);
      const held = this.#ingredients[known]!;
      if (!held[0]) held[0] = code;
      // The code of another release for the same ingredient.
      else if (code && code !== held[0] && !this.#codes.has(code)) this.product(code, name, [known]);
      return known;
    });
    const here = (key: string) => key.split(',').map((place) => places[Number(place)]!);
    for (const [key, lines] of Object.entries(products)) {
      for (const line of lines.split('\n')) {
        const blank = line.indexOf(' ');
        const code = line.slice(0, blank);
        if (!this.#codes.has(code)) this.product(code, line.slice(blank + 1), here(key));
      }
    }
    for (const [name, key] of Object.entries(brands)) if (!this.#brands.has(name)) this.brand(name, here(key));
    for (const [product, codes] of Object.entries(ndc)) for (const code of codes.split(' ')) this.ndc(code, product);
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

/** One index of several, the first standing where two speak of the same code. */
export function merged(indexes: readonly RxnormIndex[]): RxnormIndex {
  const all = new IndexWriter();
  for (const index of indexes) all.take(index);
  return all.write(indexes.map(({ source }) => source).join('; '));
}

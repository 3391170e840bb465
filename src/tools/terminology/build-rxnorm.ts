// Makes rules/terminology/rxnorm.json from a folder of CSV tables of public RxNorm facts:
//   node src/tools/with-node.mjs src/tools/terminology/build-rxnorm.ts <folder>

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RxnormIndex } from '../../terminology/types.ts';
import { readCsv } from './csv.ts';
import { IndexWriter } from './index-writer.ts';

export const BUILT_IN = new URL('../../../rules/terminology/rxnorm.json', import.meta.url).pathname;

/** Brands that are ordinary words or belong to animals; matching them in free text would mislead. */
const NOT_BRANDS =
  /brand of|canine|feline|\bpets?\b|^(compoz|dormin|disal|animalgesics|betavet|vetadryl|vetromax|atopica|zorbium|ulcergard|surpass|uricalm|twilite|take action|titralac|dragon tabs)/i;

export function buildIndex(folder: string): RxnormIndex {
  const table = (name: string) => readCsv(readFileSync(join(folder, name), 'utf8'));
  const index = new IndexWriter();
  const drugs = table('rxnorm-facts.csv');
  for (const { tty, code = '', display = '' } of drugs) if (tty === 'IN') index.ingredient(code, display);
  const places = (codes: string, names: string) => {
    const list = codes.split('|');
    return names.split(' / ').map((name, i) => index.ingredient(list[i] ?? '', name));
  };
  for (const { tty, code = '', display = '', ingredient_code = '', ingredient_name = '' } of drugs) {
    if (tty !== 'IN') index.product(code, display, places(ingredient_code, ingredient_name));
  }
  for (const { brand = '', ingredient_code = '', ingredient_name = '' } of table('brand-facts.csv')) {
    const name = brand.replace(/ Reformulated .*$/, '');
    if (!NOT_BRANDS.test(brand)) index.brand(name, places(ingredient_code, ingredient_name));
  }
  for (const { ndc11 = '', rxcui = '' } of table('ndc-facts.csv')) index.ndc(ndc11, rxcui);
  return index.write('RxNorm (SAB=RXNORM) codes and names from public sources of 2014 to 2025; see README.md');
}

/** One product group per line, so that a change can be read. */
export const printIndex = (index: RxnormIndex): string =>
  `{${Object.entries(index)
    .map(([key, part]) =>
      typeof part === 'string'
        ? `\n"${key}": ${JSON.stringify(part)}`
        : Array.isArray(part)
          ? `\n"${key}": [\n${part.map((item) => JSON.stringify(item)).join(',\n')}\n]`
          : `\n"${key}": {\n${Object.entries(part)
              .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
              .join(',\n')}\n}`,
    )
    .join(',')}\n}\n`;

if (import.meta.main) {
  const folder = process.argv[2];
  if (!folder) throw new Error('usage: build-rxnorm.ts <folder of CSV tables>');
  writeFileSync(BUILT_IN, printIndex(buildIndex(folder)));
  console.log(`wrote ${BUILT_IN}`);
}

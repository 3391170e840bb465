// Turns an RxNorm release (RRF files, from NLM under the user's own UMLS licence) into the compact index of rules/terminology.
// Files are read line by line: a release does not fit in memory as text.

import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ndc11 } from '../../terminology/systems.ts';
import { printIndex } from './build-rxnorm.ts';
import { IndexWriter } from './index-writer.ts';

export interface ImportProgress {
  file: string;
  lines: number;
  isDone: boolean;
}

export interface ImportReport {
  ingredients: number;
  products: number;
  brands: number;
  ndcs: number;
  /** Concepts whose ingredients could not be traced; retired ones mostly. */
  withoutIngredients: number;
}

interface Concept {
  tty: string;
  name: string;
}

/** Which term types lead towards the ingredients, the surest way first. */
const TOWARDS: Record<string, string[][]> = {
  PIN: [['IN']],
  MIN: [['IN'], ['PIN']],
  BN: [['IN'], ['MIN'], ['PIN'], ['SBDC']],
  SCDC: [['IN'], ['PIN']],
  SCDF: [['IN']],
  SCDG: [['IN']],
  SCD: [['SCDC'], ['IN'], ['MIN']],
  SBDC: [['SCDC']],
  SBDF: [['SCDF'], ['BN']],
  SBD: [['SCD'], ['SBDC'], ['SCDC'], ['BN']],
  GPCK: [['SCD']],
  BPCK: [['GPCK'], ['SCD', 'SBD']],
};

/** Relations that connect a product with what it is made of, in both directions. Others (doses forms, quantities) mislead. */
const RELATIONS = new Set(
  'has_ingredient ingredient_of has_ingredients ingredients_of has_precise_ingredient precise_ingredient_of consists_of constitutes tradename_of has_tradename contains contained_in has_part part_of form_of has_form'.split(
    ' ',
  ),
);

const PROGRESS_EVERY = 200_000;

/** `await importRxnorm('rrf/', 'rules/terminology/rxnorm.json', ({ file, lines }) => …)` */
export async function importRxnorm(
  folder: string,
  out: string,
  progress: (step: ImportProgress) => void = () => {},
): Promise<ImportReport> {
  const concepts = new Map<string, Concept>();
  await eachLine(folder, 'RXNCONSO.RRF', progress, (field) => {
    const [code, tty, name] = [field[0]!, field[12]!, field[14]!];
    if (field[11] !== 'RXNORM' || field[16] === 'Y' || (tty !== 'IN' && !(tty in TOWARDS))) return;
    concepts.set(code, { tty, name });
  });

  const links = new Map<string, string[]>();
  await eachLine(folder, 'RXNREL.RRF', progress, (field) => {
    if (field[10] !== 'RXNORM' || !RELATIONS.has(field[7]!)) return;
    for (const [from, to] of [
      [field[0]!, field[4]!],
      [field[4]!, field[0]!],
    ] as const) {
      const steps = TOWARDS[concepts.get(from)?.tty ?? ''];
      const target = concepts.get(to)?.tty;
      if (steps && target && steps.some((step) => step.includes(target)))
        links.set(from, [...(links.get(from) ?? []), to]);
    }
  });

  const index = new IndexWriter();
  const ingredientsOf = tracer(concepts, links);
  const report: ImportReport = { ingredients: 0, products: 0, brands: 0, ndcs: 0, withoutIngredients: 0 };
  const kept = new Set<string>();
  for (const [code, { tty, name }] of concepts) {
    const ingredients = ingredientsOf(code);
    if (ingredients.length === 0) {
      report.withoutIngredients++;
      continue;
    }
    const places = ingredients.map((ingredient) => index.ingredient(ingredient, concepts.get(ingredient)!.name));
    if (tty === 'IN') report.ingredients++;
    else {
      index.product(code, name, places);
      kept.add(code);
      report.products++;
    }
    if (tty === 'BN') {
      index.brand(name, places);
      report.brands++;
    }
  }

  await eachLine(folder, 'RXNSAT.RRF', progress, (field) => {
    if (field[8] !== 'NDC' || field[9] !== 'RXNORM' || field[11] === 'Y' || !kept.has(field[0]!)) return;
    const code = ndc11(field[10]!);
    if (!code) return;
    index.ndc(code, field[0]!);
    report.ndcs++;
  });
  writeFileSync(
    out,
    printIndex(index.write(`RxNorm release imported from ${folder.split(/[/\\]/).filter(Boolean).at(-1)}`)),
  );
  return report;
}

/** Follows the links to ingredients; each concept is traced once, and a circle ends. */
function tracer(concepts: ReadonlyMap<string, Concept>, links: ReadonlyMap<string, readonly string[]>) {
  const known = new Map<string, string[]>();
  return function trace(code: string): string[] {
    const tty = concepts.get(code)?.tty;
    if (tty === 'IN') return [code];
    const before = known.get(code);
    if (before) return before;
    known.set(code, []);
    const next = links.get(code) ?? [];
    for (const step of TOWARDS[tty ?? ''] ?? []) {
      const found = [...new Set(next.filter((to) => step.includes(concepts.get(to)!.tty)).flatMap(trace))];
      if (found.length > 0) {
        known.set(code, found);
        return found;
      }
    }
    return [];
  };
}

async function eachLine(
  folder: string,
  file: string,
  progress: (step: ImportProgress) => void,
  use: (fields: string[]) => void,
): Promise<void> {
  let lines = 0;
  for await (const line of createInterface({
    input: createReadStream(join(folder, file), 'utf8'),
    crlfDelay: Infinity,
  })) {
    use(line.split('|'));
    if (++lines % PROGRESS_EVERY === 0) progress({ file, lines, isDone: false });
  }
  progress({ file, lines, isDone: true });
}

// Turns an RxNorm release (RRF files, from NLM under the user's own UMLS licence) into the compact index of rules/terminology.
// Files are read line by line: a release does not fit in memory as text.

import { createReadStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { ndc11 } from '../../terminology/systems.ts';
import { wordsOf } from '../../terminology/words.ts';
import { printIndex } from './build-rxnorm.ts';
import { IndexWriter } from './index-writer.ts';

export interface ImportProgress {
  file: string;
  lines: number;
  /** How far into the file, and how long it is. */
  bytes: number;
  of: number;
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

/** The folder is no RxNorm release; the message says what was looked for and where it comes from. */
export class NotARelease extends Error {}

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

const PROGRESS_EVERY = 20_000;

/** Words of orders. A brand of nothing else ("Daily Relief") would be seen in every second instruction; its codes still count. */
const ORDER_WORDS = new Set(
  `a act adult advanced after aid all allergy am and as at be before bed by calm care chest child children clear cold complete
  congestion control cool cough daily day dose double drops ear easy essential every extra eye fast fiber first flu for formula free
  fresh gentle go good hair head health heart help home hour hours in infant iron kids life liquid long low max maximum med medicated
  men mild milk mood morning multi nasal natural new night nighttime no non now of on once one oral original pain pen plus pm pro pure
  quick rapid ready refresh regular relief rest sinus skin sleep soft soothe spray start stop strength sugar super take the time to
  today tomorrow total two ultra with women`
    .split(/\s+/)
    .filter(Boolean),
);
const isNameInText = (brand: string): boolean =>
  wordsOf(brand).some((word) => word.length > 2 && !ORDER_WORDS.has(word));

/** `await importRxnorm('rrf/', 'rules/imported/rxnorm.json', ({ file, bytes, of }) => …)` */
export async function importRxnorm(
  release: string,
  out: string,
  progress: (step: ImportProgress) => void = () => {},
): Promise<ImportReport> {
  const folder = folderOf(release);
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
    if (tty === 'BN' && isNameInText(name)) {
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
  if (report.ingredients === 0)
    throw new NotARelease(`${join(folder, 'RXNCONSO.RRF')} names no ingredient of RxNorm (SAB=RXNORM, TTY=IN).`);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, printIndex(index.write(`RxNorm release imported from ${nameOf(release)}`)));
  return report;
}

const nameOf = (folder: string): string =>
  folder
    .split(/[/\\]/)
    .filter((step) => step && step !== 'rrf' && step !== '.')
    .at(-1) ?? 'a folder';

const FILES = ['RXNCONSO.RRF', 'RXNREL.RRF', 'RXNSAT.RRF'];

/** The release's `rrf` folder, whether it or the folder above is named. */
function folderOf(release: string): string {
  if (!existsSync(release) || !statSync(release).isDirectory()) throw new NotARelease(`There is no folder ${release}.`);
  const folder = [release, join(release, 'rrf')].find((place) => existsSync(join(place, FILES[0]!))) ?? release;
  const missing = FILES.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0)
    throw new NotARelease(
      `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not in ${folder}. Unpack an RxNorm release (RxNorm_full_….zip or RxNorm_full_prescribe_….zip, from https://www.nlm.nih.gov/research/umls/rxnorm/) and name its folder "rrf".`,
    );
  return folder;
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
  const path = join(folder, file);
  const of = statSync(path).size;
  const input = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 });
  let lines = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    use(line.split('|'));
    if (++lines % PROGRESS_EVERY === 0) progress({ file, lines, bytes: input.bytesRead, of, isDone: false });
  }
  progress({ file, lines, bytes: of, of, isDone: true });
}

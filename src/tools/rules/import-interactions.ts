// npm run rules import-interactions <csv>: a licensed knowledge base's table of interactions, as rules that the engine loads.
import { createReadStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { InteractionTable, Severity } from '../../guards/interaction-table.ts';
import type { Rule } from '../../guards/rule.ts';
import { RXNORM } from '../../terminology/systems.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { Drug } from '../../terminology/types.ts';
import { tokenOf } from '../../terminology/words.ts';
import { isUnknown } from '../../unknown.ts';
import type { Command } from '../rules.ts';
import { csvRows } from '../terminology/csv.ts';
import { loadTerminology } from './load.ts';
import { progressBar } from './progress.ts';
import { ruleFiles } from './read-folder.ts';

type Column = 'object' | 'precipitant' | 'severity' | 'text' | 'objectCode' | 'precipitantCode';

/** The names that columns go by, in any case, spaces and dashes alike. */
const columnNames: Record<Column, string[]> = {
  object: ['object', 'object drug', 'drug 1', 'drug1', 'drug a', 'victim'],
  precipitant: ['precipitant', 'precipitant drug', 'drug 2', 'drug2', 'drug b', 'perpetrator'],
  severity: ['severity', 'severity level', 'level', 'significance'],
  text: ['text', 'description', 'effect', 'clinical effect', 'comment', 'management'],
  objectCode: ['object code', 'object rxcui', 'object rxnorm', 'drug 1 code', 'drug1 rxcui', 'rxcui1'],
  precipitantCode: [
    'precipitant code',
    'precipitant rxcui',
    'precipitant rxnorm',
    'drug 2 code',
    'drug2 rxcui',
    'rxcui2',
  ],
};
const needed = ['object', 'precipitant', 'severity', 'text'] as const;

const severityWords: Record<string, Severity> = {
  contraindicated: 'contraindicated',
  contraindication: 'contraindicated',
  'do not use': 'contraindicated',
  avoid: 'major',
  major: 'major',
  severe: 'major',
  serious: 'major',
  high: 'major',
  moderate: 'moderate',
  medium: 'moderate',
  minor: 'minor',
  mild: 'minor',
  low: 'minor',
};
const rank: Record<Severity, number> = { contraindicated: 0, major: 1, moderate: 2, minor: 3 };

/** A row that became no rule, in words its owner can act on. */
export interface UnusedRow {
  line: number;
  object: string;
  precipitant: string;
  reason: string;
}

export interface Imported {
  table: InteractionTable;
  unused: UnusedRow[];
}

export interface ImportOptions {
  id: string;
  source: string;
  importedOn: string;
  terminology: Terminology;
  /** Written rules: one about the same pair lends its hazard, so that both make one card. */
  rules?: readonly Rule[];
  onRow?: (line: number) => void;
}

/** The columns could not be told apart; the message says which were looked for. */
export class NotATable extends Error {}

export function importInteractions(
  csv: string,
  { id, source, importedOn, terminology, rules = [], onRow }: ImportOptions,
): Imported {
  const [firstLine = ''] = csv.split('\n', 1);
  const separator = [',', ';', '\t'].sort((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0]!;
  const lines = csvRows(csv, separator);
  const at = columnsOf(lines.next().value?.fields ?? []);
  const drugs = new DrugReader(terminology);
  const hazards = hazardsOf(rules);
  const used = new Map<string, { line: number; row: InteractionTable['rows'][number] }>();
  const unused: UnusedRow[] = [];

  for (const { line, fields } of lines) {
    onRow?.(line);
    const cell = (column: Column): string => fields[at[column] ?? -1]?.replace(/\s+/g, ' ').trim() ?? '';
    const leave = (reason: string) =>
      unused.push({ line, object: cell('object'), precipitant: cell('precipitant'), reason });

    const object = drugs.read(cell('object'), cell('objectCode'));
    const precipitant = drugs.read(cell('precipitant'), cell('precipitantCode'));
    const severity = severityWords[cell('severity').toLowerCase()];
    // The text goes through the card's template: what looks like a blank of ours is not one.
    const text = cell('text')
      .replace(/\{\{|\}\}|\[\[|\]\]/g, ' ')
      .trim();
    if ('problem' in object) leave(object.problem);
    else if ('problem' in precipitant) leave(precipitant.problem);
    else if (object.token === precipitant.token) leave('the same drug twice');
    else if (!severity) leave(cell('severity') ? `unknown severity "${cell('severity').slice(0, 40)}"` : 'no severity');
    else if (!text) leave('no text');
    else {
      const pair = [object.token, precipitant.token].sort().join(' ');
      const before = used.get(pair);
      const hazard = hazards(object.groups, precipitant.groups);
      const entry = {
        line,
        row: [
          object.token,
          precipitant.token,
          severity,
          text,
          ...(hazard ? [hazard] : []),
        ] as InteractionTable['rows'][number],
      };
      // Of two rows about one pair, in whichever order, the graver stays.
      if (before && rank[before.row[2]] <= rank[severity]) leave(`the same pair as line ${before.line}`);
      else {
        if (before)
          unused.push({
            line: before.line,
            object: before.row[0],
            precipitant: before.row[1],
            reason: `the same pair as line ${line}, which is graver`,
          });
        used.set(pair, entry);
      }
    }
  }
  const rows = [...used.values()].map(({ row }) => row);
  return { table: { id, source, importedOn, rows }, unused: unused.sort((a, b) => a.line - b.line) };
}

function columnsOf(header: readonly string[]): Partial<Record<Column, number>> {
  const said = header.map((name) =>
    name
      .toLowerCase()
      .replace(/[_\-\s]+/g, ' ')
      .trim(),
  );
  const at: Partial<Record<Column, number>> = {};
  for (const [column, names] of Object.entries(columnNames) as [Column, string[]][]) {
    const place = names.map((name) => said.indexOf(name)).find((found) => found >= 0);
    if (place !== undefined) at[column] = place;
  }
  const missing = needed.filter((column) => at[column] === undefined);
  if (missing.length > 0)
    throw new NotATable(
      `No column for ${missing.join(', ')}. The first line must name them: object, precipitant, severity, text. It says: ${header.join(', ').slice(0, 200)}`,
    );
  return at;
}

type DrugRead = { token: string; groups: ReadonlySet<string> } | { problem: string };

/** Which token a cell means; each name is looked up once, however many rows it has. */
class DrugReader {
  readonly #terminology: Terminology;
  readonly #known = new Map<string, DrugRead>();

  constructor(terminology: Terminology) {
    this.#terminology = terminology;
  }

  read(name: string, code: string): DrugRead {
    const key = `${code}|${name}`;
    let read = this.#known.get(key);
    if (!read) {
      read = this.#read(name, code);
      this.#known.set(key, read);
    }
    return read;
  }

  #read(name: string, code: string): DrugRead {
    if (!name && !code) return { problem: 'a drug is missing' };
    // A class or value set of ours ("nsaids") is as good as a drug.
    const token = tokenOf(name);
    if (name && !code && this.#terminology.isDrugToken(token))
      return { token, groups: new Set([token, ...this.#groupsOf(name)]) };
    const drug = this.#terminology.drug({
      ...(code && { coding: [{ system: RXNORM, code }] }),
      ...(name && { text: name }),
    });
    const said = `"${(name || code).slice(0, 60)}"`;
    if (isUnknown(drug)) return { problem: `unknown drug ${said}` };
    const [ingredient, another] = drug.ingredients;
    if (!ingredient) return { problem: `unknown drug ${said}` };
    if (another) return { problem: `${said} is a combination; a row is about one ingredient` };
    return { token: tokenOf(ingredient.name), groups: drug.groups };
  }

  #groupsOf(name: string): ReadonlySet<string> {
    const drug = this.#terminology.drugByName(name);
    return isUnknown(drug) ? new Set() : (drug as Drug).groups;
  }
}

/** The hazard of the written rule about two drugs, whichever is which. */
function hazardsOf(rules: readonly Rule[]): (a: ReadonlySet<string>, b: ReadonlySet<string>) => string | undefined {
  const written = rules.flatMap(({ interaction, hazard, status }) =>
    interaction && hazard && status === 'active' ? [{ ...interaction, hazard }] : [],
  );
  return (a, b) =>
    written.find(
      ({ object, precipitant }) => (a.has(object) && b.has(precipitant)) || (b.has(object) && a.has(precipitant)),
    )?.hazard;
}

/** Writes `imported/<name>.table.json`, and beside it what could not be used. */
export async function importInteractionsCommand({ folder, args: [path], print }: Command): Promise<number> {
  if (!path) {
    print('Name the table: npm run rules import-interactions interactions.csv');
    return 2;
  }
  const name = basename(path).replace(/\.[^.]*$/, '');
  const id =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'imported';
  const csv = await readWithProgress(path);
  const rows = csv.split('\n').length;
  const bar = progressBar('lines', rows);
  let seen = 1;
  try {
    const { table, unused } = importInteractions(csv, {
      id,
      source: name,
      importedOn: new Date().toISOString().slice(0, 10),
      terminology: loadTerminology(folder),
      rules: ruleFiles(folder).map(({ text }) => JSON.parse(text) as Rule),
      onRow: (line) => {
        bar.step(line - seen);
        seen = line;
      },
    });
    bar.end();
    const target = join(folder, 'imported');
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, `${id}.table.json`), written(table));
    print(`${table.rows.length} rules in ${join(target, `${id}.table.json`)}. They are in force at the next start.`);
    if (unused.length === 0) return 0;
    const report = join(target, `${id}.unused.csv`);
    writeFileSync(
      report,
      `line,object,precipitant,reason\n${unused.map((row) => [row.line, row.object, row.precipitant, row.reason].map(quoted).join(',')).join('\n')}\n`,
    );
    print(`${unused.length} rows could not be used; each is in ${report}:`);
    for (const [reason, count] of counted(unused)) print(`  ${String(count).padStart(7)}  ${reason}`);
    return 0;
  } catch (error) {
    if (!(error instanceof NotATable)) throw error;
    print(error.message);
    return 1;
  }
}

async function readWithProgress(path: string): Promise<string> {
  const bar = progressBar('bytes', statSync(path).size);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    text += decoder.decode(chunk, { stream: true });
    bar.step(chunk.byteLength);
  }
  bar.end();
  return text + decoder.decode();
}

/** One row a line, so that two releases can be compared. */
const written = ({ rows, ...about }: InteractionTable): string =>
  `${JSON.stringify(about).slice(0, -1)},"rows":[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`;

const quoted = (cell: string | number): string =>
  /[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);

/** Reasons of one kind together, the most frequent first. */
function counted(unused: readonly UnusedRow[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { reason } of unused) {
    const kind = reason.replace(/ ?".*"/, '').replace(/line \d+/, 'another line');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

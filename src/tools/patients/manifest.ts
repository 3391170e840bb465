// manifest.jsonl beside the charts: one line for each person, what is claimed of them, and that it was seen. Not .json, so that a
// cohort run over the folder takes only the charts.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOf, type Json, type SyntheticChart } from './chart.ts';

export interface Entry {
  id: string;
  name: string;
  file: string;
  kind: 'fires' | 'near-miss' | 'unknown' | 'supports' | 'healthy';
  asOf: string;
  seed: string;
  rule?: string;
  title?: string;
  status?: string;
  hook?: string;
  tier?: string;
  condition?: string;
  place?: number;
  findings?: string[];
  fires?: string[];
  because?: string;
  gaps?: string[];
  from?: string;
  note: 'template' | 'model' | 'none';
}

const file = (folder: string): string => join(folder, 'manifest.jsonl');

export function readManifest(folder: string): Entry[] {
  if (!existsSync(file(folder))) return [];
  return readFileSync(file(folder), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry);
}

/** Writes the charts and adds their lines; a person written before under the same id is replaced. */
export function writePeople(folder: string, people: readonly { chart: SyntheticChart; entry: Entry }[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { chart, entry } of people)
    writeFileSync(join(folder, entry.file), `${JSON.stringify(bundleOf(chart), null, 1)}\n`);
  const lines = new Map(
    [...readManifest(folder), ...people.map(({ entry }) => entry)].map((entry) => [entry.id, entry]),
  );
  writeFileSync(file(folder), `${[...lines.values()].map((entry) => JSON.stringify(entry)).join('\n')}\n`);
}

export function readPeople(folder: string): { entry: Entry; resources: Json[] }[] {
  return readManifest(folder).map((entry) => {
    const bundle = JSON.parse(readFileSync(join(folder, entry.file), 'utf8')) as { entry: { resource: Json }[] };
    return { entry, resources: bundle.entry.map(({ resource }) => resource) };
  });
}

// Writes the table of value sets in rules/value-sets/README.md:
//   node src/tools/with-node.mjs src/tools/terminology/list-value-sets.ts

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValueSet, ValueSetKind } from '../../terminology/types.ts';
import { loadValueSets, RULES } from './load.ts';

const README = join(RULES, 'value-sets/README.md');
const START = '<!-- generated: npm run rules -->';
const KINDS: [ValueSetKind, string][] = [
  ['drugs', 'Drugs'],
  ['conditions', 'Conditions'],
  ['observations', 'Observations'],
  ['panels', 'Panels'],
  ['allergens', 'Allergens'],
];

/** Own members and those of included sets, each once. */
export function sizeOf(set: ValueSet, all: ReadonlyMap<string, ValueSet>, seen = new Set<string>()): Set<string> {
  const members = new Set(set.members.map(({ system, code, display }) => (code ? `${system}|${code}` : display)));
  seen.add(set.id);
  for (const id of set.includes ?? []) {
    const other = all.get(id);
    if (other && !seen.has(id)) for (const member of sizeOf(other, all, seen)) members.add(member);
  }
  return members;
}

export function tableOf(sets: readonly ValueSet[]): string {
  const all = new Map(sets.map((set) => [set.id, set]));
  return KINDS.map(([kind, heading]) => {
    const rows = sets
      .filter((set) => set.kind === kind)
      .map((set) =>
        kind === 'observations'
          ? `| \`${set.id}\` | ${set.title} | ${set.members.length} | ${set.unit} |`
          : kind === 'panels'
            ? `| \`${set.id}\` | ${set.title} | ${set.members.length} | ${set.measures?.join(', ')} |`
            : `| \`${set.id}\` | ${set.title} | ${sizeOf(set, all).size} | ${(set.routes ?? []).join(', ') || 'any'} |`,
      );
    const last = { observations: 'unit', panels: 'measures', drugs: 'routes', conditions: '', allergens: '' }[kind];
    return `## ${heading}\n\n| id | title | members | ${last} |\n| --- | --- | --- | --- |\n${
      last === '' ? rows.join('\n').replaceAll(' any |', ' |') : rows.join('\n')
    }\n`;
  }).join('\n');
}

if (import.meta.main) {
  const [intro = ''] = readFileSync(README, 'utf8').split(START);
  writeFileSync(README, `${intro.trimEnd()}\n\n${START}\n\n${tableOf(loadValueSets())}`);
}

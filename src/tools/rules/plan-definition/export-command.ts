import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { Command } from '../../rules.ts';
import { checkFiles } from '../check-files.ts';
import { loadTerminology, selectFiles } from '../load.ts';
import { type Exported, planDefinitionOf } from './export.ts';

/** `export-plandefinition metformin-kidney`: a Bundle on the screen or in a file; `all`: a file for each rule in a folder. */
export async function exportCommand({ folder, args: [wanted], options, print }: Command): Promise<number> {
  if (!wanted) {
    print(
      'Name a rule, a folder of rules, or "all": npm run rules -- export-plandefinition warfarin-nsaid --out plan.json',
    );
    return 2;
  }
  const isAll = wanted === 'all';
  const terminology = loadTerminology(folder);
  const { rules, problems } = checkFiles(selectFiles(folder, isAll ? [] : [wanted]), terminology, new Date());
  if (rules.length === 0) {
    for (const { path, line, message } of problems) print(`${path}:${line}  ${message}`);
    print(`There is no readable rule "${wanted}".`);
    return 2;
  }
  const base = (options.base ?? defaultBase).replace(/\/+$/, '');
  const exported = rules.map(({ rule }) => planDefinitionOf(rule, { base, terminology }));
  const { out } = options;
  if (!out) {
    print(JSON.stringify(bundleOf(exported), null, 2));
    return 0;
  }
  const isFolder = rules.length > 1 || (existsSync(out) && statSync(out).isDirectory());
  mkdirSync(isFolder ? out : dirname(out), { recursive: true });
  for (const one of exported)
    writeFileSync(isFolder ? join(out, `${one.plan.id}.json`) : out, `${JSON.stringify(bundleOf([one]), null, 2)}\n`);
  const whole = exported.filter(({ unmapped }) => unmapped.length === 0).length;
  print(
    `Wrote ${exported.length} PlanDefinitions to ${out}: ${whole} wholly in FHIRPath, ${exported.length - whole} with conditions in our JSON.`,
  );
  if (exported.length === 1) for (const line of exported[0]!.unmapped) print(`  no FHIRPath for ${line}`);
  return 0;
}

export const defaultBase = 'http://curbside.example/fhir';

/** Each resource once, under its canonical address. */
function bundleOf(exported: readonly Exported[]): Bundle {
  const resources = exported.flatMap(({ plan, activities, valueSets }) => [plan, ...activities, ...valueSets]);
  const entries = new Map(resources.map((resource) => [resource.url!, resource as Resource]));
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [...entries].map(([fullUrl, resource]) => ({ fullUrl, resource })),
  };
}

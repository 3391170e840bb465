import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, PlanDefinition, Resource } from '@medplum/fhirtypes';
import type { Command } from '../../rules.ts';
import { shownProblem } from '../check-command.ts';
import { checkFiles } from '../check-files.ts';
import { loadTerminology } from '../load.ts';
import { readValueSets } from '../read-folder.ts';
import { rulesFrom } from './import.ts';

/** Writes drafts to rules/drafts, or to --out: nobody is alerted by them until somebody moves them. */
export async function importCommand({ folder, args: [file], options, print }: Command): Promise<number> {
  if (!file) {
    print(
      'Name the file of a PlanDefinition, or of a Bundle with one: npm run rules -- import-plandefinition plan.json',
    );
    return 2;
  }
  const read = resourcesIn(file);
  if (typeof read === 'string') {
    print(read);
    return 2;
  }
  const plans = read.filter((resource): resource is PlanDefinition => resource.resourceType === 'PlanDefinition');
  if (plans.length === 0) {
    print(`${file} holds no PlanDefinition.`);
    return 2;
  }
  const terminology = loadTerminology(folder);
  const valueSets = readValueSets(folder);
  const out = options.out ?? join(folder, 'drafts');
  const today = new Date().toISOString().slice(0, 10);
  let kept = 0;
  for (const plan of plans) {
    const beside = [...read, ...(plan.contained ?? [])];
    const imported = rulesFrom(plan, { terminology, valueSets, beside, today });
    if (imported.length === 0)
      print(`${plan.title ?? plan.id}: no action with a condition, so there is no rule in it.`);
    for (const { rule, unmapped, notes } of imported) {
      const path = join(out, `${rule.id}.json`);
      if (existsSync(path) && !options.yes) {
        print(`${path} is already there. --yes writes over it.`);
        continue;
      }
      const text = `${JSON.stringify(rule, null, 2)}\n`;
      mkdirSync(out, { recursive: true });
      writeFileSync(path, text);
      kept += 1;
      print(`Wrote ${path}`);
      for (const note of notes) print(`  taken as    ${note}`);
      for (const what of unmapped) print(`  not mapped  ${what}`);
      const { problems } = checkFiles([{ path, text }], terminology, new Date(), valueSets);
      for (const problem of problems) for (const line of shownProblem(problem)) print(line);
    }
  }
  if (kept)
    print(
      `Next: read each draft against its source, write cases beside it, move both into a folder of rules, then "npm run rules -- check" and "test".`,
    );
  return kept ? 0 : 1;
}

function resourcesIn(file: string): Resource[] | string {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return `${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`;
  }
  const held = json as Bundle | Resource | null;
  if (held?.resourceType === 'Bundle') return (held.entry ?? []).flatMap(({ resource }) => resource ?? []);
  return held?.resourceType ? [held] : `${file} is no FHIR resource.`;
}

// A recorded hook request, as text or JSON: what fired, what was unknown, and what would have made the rest fire.
import { readFileSync } from 'node:fs';
import { type RuleTrace, traceRequest, type Wish } from '../../console/trace.ts';
import type { Explained } from '../../guards/three-valued.ts';
import type { Command } from '../rules.ts';
import { nameOfLeaf } from './coverage.ts';
import { drawTree } from './explain-command.ts';
import { loadTerminology } from './load.ts';
import { readKnowledge } from './read-folder.ts';

export async function traceCommand({ folder, args: [file, id], options, print }: Command): Promise<number> {
  if (!file) {
    print(
      'Name the file of a hook request, and a rule if it is about one: npm run rules -- trace request.json warfarin-nsaid',
    );
    return 2;
  }
  let request: object;
  try {
    request = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    print(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
    return 2;
  }
  const { rules } = readKnowledge(folder);
  const traced = await traceRequest(
    request ?? {},
    { rules, terminology: loadTerminology(folder), now: new Date() },
    id,
  );
  if ('refused' in traced) {
    print(`${file}: ${traced.refused}`);
    return 2;
  }
  if (options.json) {
    print(
      JSON.stringify(
        {
          hook: traced.hook,
          patientId: traced.patientId,
          gaps: traced.gaps,
          rules: traced.rules.map(({ deciding, wouldFire, title: _, ...rest }) => ({
            ...rest,
            deciding: deciding.map(shownLeaf),
            ...(rest.result !== 'fired' && { wouldFire: wouldFire.map(shownWish) }),
          })),
        },
        null,
        2,
      ),
    );
    return 0;
  }
  print(
    `${traced.hook}: ${traced.checked} rules could have fired, ${traced.fired} did, ${traced.undecided} are unknown`,
  );
  for (const { part, reason } of traced.gaps) print(`  gap: ${part}: ${reason}`);
  for (const trace of traced.rules) for (const line of shownTrace(trace, id !== undefined)) print(line);
  return 0;
}

const shownLeaf = (leaf: Explained): string =>
  `${nameOfLeaf(leaf)}: ${leaf.gap ? `unknown (${leaf.gap})` : String(leaf.value)}`;
const shownWish = ({ leaf, wanted }: Wish): string =>
  `${wanted ? '' : 'not '}${nameOfLeaf(leaf)} (${leaf.gap ? `unknown: ${leaf.gap}` : `is ${leaf.value}`})`;

function shownTrace({ id, status, result, tier, deciding, wouldFire, when, tiers }: RuleTrace, isWhole: boolean) {
  const mark = { fired: '✓', unknown: '?', clear: '✗' }[result];
  const lines = [`${mark} ${id}${status === 'active' ? '' : ` (${status})`}: ${result}${tier ? `, tier ${tier}` : ''}`];
  const wishes = wouldFire.map(shownWish);
  if (isWhole)
    return [
      ...lines,
      'when',
      ...drawTree(when, '  '),
      ...tiers.flatMap((entry) => [
        `tier ${entry.id}`,
        ...(entry.when ? drawTree(entry.when, '  ') : ['  ✓ (whenever the rule fires)']),
      ]),
      ...(wishes.length ? ['would fire with', ...wishes.map((what) => `  ${what}`)] : []),
    ];
  return [
    ...lines,
    ...deciding.map((leaf) => `    decided by ${shownLeaf(leaf)}`),
    ...wishes.map((what) => `    would fire with ${what}`),
  ];
}

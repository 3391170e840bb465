import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Terminology } from '../../terminology/terminology.ts';
import type { Command } from '../rules.ts';
import { loadTerminology } from './load.ts';

/** What the author is to write in its place: the check asks for it until it is gone. */
export const placeholders = {
  title: 'What this rule is about',
  steward: 'Your service',
  consequence: 'What may happen',
  mechanism: 'How',
  citation: 'The label or paper, section and year',
  shows: 'What it shows',
  summary: 'the danger in one line',
  detail: 'The danger, the reason, the way out, in two sentences.',
  gap: 'Where the rule will be wrong',
};

/** The two drugs that a name such as `warfarin-ginkgo` names, where both are words of ours. */
function pairOf(id: string, terminology: Terminology): [object: string, precipitant: string] {
  const words = id.split('-');
  for (let at = 1; at < words.length; at++) {
    const [first, second] = [words.slice(0, at).join('-'), words.slice(at).join('-')];
    const [object, precipitant] = [first, second].map((token) =>
      [token, `${token}s`].find((one) => terminology.isDrugToken(one)),
    );
    if (object && precipitant) return [object, precipitant];
  }
  return ['warfarin', 'nsaids'];
}

/** A rule that checks and tests at once, for its author to change line by line. */
export async function newCommand({ folder, args: [name], print }: Command): Promise<number> {
  const id = name?.split('/').at(-1);
  if (!name || !id || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    print('Name the folder and the rule: npm run rules -- new interactions/warfarin-nsaid');
    return 2;
  }
  const path = join(folder, `${name}.json`);
  if (existsSync(path)) {
    print(`${path} is already there.`);
    return 1;
  }
  mkdirSync(dirname(path), { recursive: true });
  const schema = join(relative(dirname(path), folder), 'schema/rule.schema.json');
  const today = new Date().toISOString().slice(0, 10);
  const terminology = loadTerminology(folder);
  const [object, precipitant] = pairOf(id, terminology);
  const drugOf = (token: string): string =>
    terminology.valueSet(token)?.members[0]?.display ?? token.replaceAll('-', ' ');
  const rule = {
    $schema: schema,
    id,
    version: '0.1.0',
    status: 'draft',
    title: placeholders.title,
    kind: 'interaction',
    steward: placeholders.steward,
    lastReviewDate: today,
    hazard: 'bleeding',
    interaction: {
      object,
      precipitant,
      consequence: placeholders.consequence,
      mechanism: placeholders.mechanism,
    },
    evidence: [{ citation: placeholders.citation, shows: placeholders.shows }],
    hooks: ['order-select', 'order-sign'],
    when: {
      all: [
        {
          fact: 'newlyCombines',
          params: { object, precipitant },
          operator: 'equal',
          value: true,
        },
      ],
    },
    tiers: [{ id: 'usual', indicator: 'warning' }],
    card: {
      summary: `{{precipitant}} with {{object}}: ${placeholders.summary}`,
      detail: placeholders.detail,
    },
    knownGaps: [placeholders.gap],
  };
  const cases = {
    $schema: schema.replace('rule.schema', 'cases.schema'),
    cases: [
      {
        name: 'fires when the two meet',
        takes: [drugOf(object)],
        orders: [drugOf(precipitant)],
        expect: { tier: 'usual' },
      },
      {
        name: 'stays quiet for acetaminophen',
        takes: [drugOf(object)],
        orders: ['acetaminophen 500 mg oral tablet'],
        expect: 'quiet',
      },
      {
        name: 'is unknown without a medication list',
        orders: [drugOf(precipitant)],
        missing: ['medications'],
        expect: 'unknown',
      },
    ],
  };
  writeFileSync(path, `${JSON.stringify(rule, null, 2)}\n`);
  writeFileSync(path.replace(/\.json$/, '.cases.json'), `${JSON.stringify(cases, null, 2)}\n`);
  print(
    `Wrote ${path} and its cases. Next: edit both, then "npm run rules -- check ${id}", which names what is still to be written, and "npm run rules -- test ${id}".`,
  );
  return 0;
}

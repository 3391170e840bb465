import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from '../rules.ts';

/** A rule that checks and tests at once, for its author to change line by line. */
export async function newCommand({ folder, args: [name], print }: Command): Promise<number> {
  const id = name?.split('/').at(-1);
  if (!name || !id || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    print('Name the folder and the rule: npm run rules new interactions/warfarin-nsaid');
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
  const rule = {
    $schema: schema,
    id,
    version: '0.1.0',
    status: 'draft',
    title: `What ${id} is about`,
    kind: 'interaction',
    steward: 'Your service',
    lastReviewDate: today,
    hazard: 'bleeding',
    interaction: { object: 'warfarin', precipitant: 'nsaids', consequence: 'What may happen', mechanism: 'How' },
    evidence: [{ citation: 'The label or paper, section and year', shows: 'What it shows' }],
    hooks: ['order-select', 'order-sign'],
    when: {
      all: [
        {
          fact: 'newlyCombines',
          params: { object: 'warfarin', precipitant: 'nsaids' },
          operator: 'equal',
          value: true,
        },
      ],
    },
    tiers: [{ id: 'usual', indicator: 'warning' }],
    card: {
      summary: '{{precipitant}} with {{object}}: the danger in one line',
      detail: 'The danger, the reason, the way out, in two sentences.',
    },
    knownGaps: ['Where the rule will be wrong'],
  };
  const cases = {
    $schema: schema.replace('rule.schema', 'cases.schema'),
    cases: [
      {
        name: 'fires when the two meet',
        takes: ['warfarin 5 mg oral tablet'],
        orders: ['ibuprofen 400 mg oral tablet'],
        expect: { tier: 'usual' },
      },
      {
        name: 'stays quiet for acetaminophen',
        takes: ['warfarin 5 mg oral tablet'],
        orders: ['acetaminophen 500 mg oral tablet'],
        expect: 'quiet',
      },
      {
        name: 'is unknown without a medication list',
        orders: ['ibuprofen 400 mg oral tablet'],
        missing: ['medications'],
        expect: 'unknown',
      },
    ],
  };
  writeFileSync(path, `${JSON.stringify(rule, null, 2)}\n`);
  writeFileSync(path.replace(/\.json$/, '.cases.json'), `${JSON.stringify(cases, null, 2)}\n`);
  print(`Wrote ${path} and its cases. Next: edit both, then "npm run rules test ${id}".`);
  return 0;
}

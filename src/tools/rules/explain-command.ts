import type { Explained } from '../../guards/three-valued.ts';
import type { Command } from '../rules.ts';
import { runCase } from './cases.ts';
import { checkFiles } from './check-files.ts';
import { loadTerminology, selectFiles } from './load.ts';
import { readCases } from './test-command.ts';

const marks = { true: '✓', false: '✗', unknown: '?' } as const;

/** The tree as text: what was asked, what came out, and on which chart items it rests. */
export function drawTree(node: Explained, indent = ''): string[] {
  if (node.kind !== 'fact')
    return [
      `${indent}${marks[node.truth]} ${node.kind}`,
      ...(node.parts ?? []).flatMap((part) => drawTree(part, `${indent}  `)),
    ];
  const blanks = Object.entries(node.params ?? {}).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : value}`,
  );
  const got = node.gap
    ? `unknown (${node.gap})${node.ifUnknown ? `, taken for ${node.ifUnknown}` : ''}`
    : String(node.value);
  return [
    `${indent}${marks[node.truth]} ${node.fact}${blanks.length ? ` (${blanks.join('; ')})` : ''} ${node.operator} ${JSON.stringify(node.expected)}: ${got}`,
    ...(node.because ?? []).map(
      ({ text, when, reference }) =>
        `${indent}    ${text}${when ? `, ${when.slice(0, 10)}` : ''}${reference ? `  [${reference}]` : ''}`,
    ),
  ];
}

export async function explainCommand({ folder, args: [id, which = '1'], print }: Command): Promise<number> {
  const terminology = loadTerminology(folder);
  const { rules, problems } = checkFiles(selectFiles(folder, id ? [id] : []), terminology, new Date());
  const [found] = rules;
  if (!id || !found) {
    for (const { path, line, message } of problems) print(`${path}:${line}  ${message}`);
    print(id ? `There is no readable rule "${id}".` : 'Name a rule and a case: npm run rules explain warfarin-nsaid 1');
    return 2;
  }
  const cases = readCases(found.path);
  if (!Array.isArray(cases)) {
    print(cases.wrong);
    return 1;
  }
  const given = cases[Number(which) - 1] ?? cases.find(({ name }) => name.toLowerCase().includes(which.toLowerCase()));
  if (!given) {
    print(
      `${id} has no case "${which}". It has:\n${cases.map(({ name }, place) => `  ${place + 1}  ${name}`).join('\n')}`,
    );
    return 2;
  }
  const { got, expected, passed, guarded } = await runCase(found.rule, given, terminology, new Date());
  print(
    `${found.rule.id} ${found.rule.version}: ${given.name}\n${passed ? 'as expected' : `expected ${expected}`}: ${got}\n`,
  );
  const trace = guarded.trace(found.rule);
  print(
    [
      'when',
      ...drawTree(trace.when, '  '),
      ...trace.tiers.flatMap(({ id: tier, when }) => [
        `tier ${tier}`,
        ...(when ? drawTree(when, '  ') : ['  ✓ (whenever the rule fires)']),
      ]),
    ].join('\n'),
  );
  return 0;
}

// npm run rules <command>: the informaticist's tool.
import { parseArgs } from 'node:util';
import { catalogCommand } from './rules/catalog.ts';
import { checkCommand } from './rules/check-command.ts';
import { explainCommand } from './rules/explain-command.ts';
import { newCommand } from './rules/new-command.ts';
import { testCommand } from './rules/test-command.ts';

const usage = `npm run rules <command>

  check [path…]           is every rule file right? file, line, what is wrong, how it would be right
  test [path…]            runs the cases beside the rules
  explain <rule> <case>   why a case fires or does not: the condition tree with its values (case: number or part of its name)
  new <folder>/<id>       a new rule with its cases, at status draft
  catalog                 writes CATALOG.md, FACTS.md and the schemas
`;

export interface Command {
  folder: string;
  args: string[];
  print: (line: string) => void;
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { folder: { type: 'string', default: process.env.RULES_DIR ?? 'rules' } } });
const [name, ...args] = positionals;
const command: Command = { folder: values.folder, args, print: (line) => console.log(line) };
const commands: Record<string, (command: Command) => Promise<number>> = { check: checkCommand, test: testCommand, explain: explainCommand, new: newCommand, catalog: catalogCommand };

const run = commands[name ?? ''];
if (!run) {
  console.log(name ? `There is no command "${name}".\n\n${usage}` : usage);
  process.exitCode = name ? 2 : 0;
} else process.exitCode = await run(command);

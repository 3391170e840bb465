// npm run rules <command>: the informaticist's tool.
import { parseArgs } from 'node:util';

const usage = `npm run rules -- <command>

  check [path…]           is every rule file right? file, line, what is wrong, what was meant, how it would be right
  test [path…]            runs the cases beside the rules; --watch runs them again on every save, --coverage says which
                          tiers, gaps and conditions no case reaches
  mutate [path…]          plants small slips into the rules, one at a time: does a case notice? (--json)
  propose-cases <path…>   cases that would notice such a slip, for you to read; --yes appends them
  explain <rule> <case>   why a case fires or does not: the condition tree with its values (case: number or part of its name)
  trace <request.json>    the same for a recorded hook request: every rule that could have fired, and what decided it
  impact                  what your edits would change for patients, before anybody is alerted
                          --against <git revision> (HEAD) or --against-folder <dir>, --cohort <folder> of Bundles or NDJSON,
                          --json, --markdown, --out <file>, --resume <file>, --as-of <date>
  trials <chart.json>     which trials a chart fits, criterion by criterion, with what would settle the unknown (--json)
  promote <rule>          silent → active, with the figures from its silent time (--yes to do it)
  new <folder>/<id>       a new rule with its cases, at status draft
  draft "<text>"          a rule with cases from the text of a recommendation (or a file of it), proposed by the model that
                          OPENAI_* names; checked, tested and left asleep in drafts/ (--source, --repairs 2, --out)
  import-interactions <csv>
                          a knowledge base's table (object, precipitant, severity, text) as rules; says which rows it
                          could not use, and why
  import-rxnorm <folder>  an RxNorm release (RXNCONSO.RRF, RXNREL.RRF, RXNSAT.RRF) as the index of drugs that both platforms
                          load, beside the built-in one
  export-plandefinition <rule, folder or all>
                          as FHIR R4 PlanDefinitions with ActivityDefinitions and ValueSets (--out, --base <canonical base>)
  import-plandefinition <file>
                          a draft from a PlanDefinition whose conditions are FHIRPath, and a list of what did not map
  catalog                 writes CATALOG.md, FACTS.md and the schemas for your editor
  site [path…]            the catalogue as web pages: what each rule says, when, why, and its cases (--out dist/catalogue)

  Everywhere: --folder <dir> reads another rules folder (or RULES_DIR).
`;

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: process.env.RULES_DIR ?? 'rules' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
    against: { type: 'string' },
    'against-folder': { type: 'string' },
    cohort: { type: 'string' },
    out: { type: 'string' },
    base: { type: 'string' },
    source: { type: 'string' },
    repairs: { type: 'string' },
    resume: { type: 'string' },
    'as-of': { type: 'string' },
    yes: { type: 'boolean', default: false },
  },
});

export type Options = typeof options;
export interface Command {
  folder: string;
  args: string[];
  options: Partial<Options>;
  print: (line: string) => void;
}
type Run = (command: Command) => Promise<number>;

/** Each command is loaded when it is asked for. */
const commands: Record<string, () => Promise<Run>> = {
  check: async () => (await import('./rules/check-command.ts')).checkCommand,
  test: async () => (await import('./rules/test-command.ts')).testCommand,
  'propose-cases': async () => (await import('./rules/propose-command.ts')).proposeCommand,
  mutate: async () => (await import('./rules/mutate-command.ts')).mutateCommand,
  explain: async () => (await import('./rules/explain-command.ts')).explainCommand,
  trace: async () => (await import('./rules/trace-command.ts')).traceCommand,
  impact: async () => (await import('./rules/impact-command.ts')).impactCommand,
  trials: async () => (await import('./rules/trials-command.ts')).trialsCommand,
  promote: async () => (await import('./rules/promote-command.ts')).promoteCommand,
  'import-interactions': async () => (await import('./rules/import-interactions.ts')).importInteractionsCommand,
  'export-plandefinition': async () => (await import('./rules/plan-definition/export-command.ts')).exportCommand,
  'import-plandefinition': async () => (await import('./rules/plan-definition/import-command.ts')).importCommand,
  'import-rxnorm': async () => (await import('./rules/import-rxnorm-command.ts')).importRxnormCommand,
  draft: async () => (await import('./rules/draft-command.ts')).draftCommand,
  new: async () => (await import('./rules/new-command.ts')).newCommand,
  catalog: async () => (await import('./rules/catalog.ts')).catalogCommand,
  site: async () => (await import('./rules/site-command.ts')).siteCommand,
};

const [name, ...args] = positionals;
const load = commands[name ?? ''];
if (!load) {
  console.log(name ? `There is no command "${name}".\n\n${usage}` : usage);
  process.exitCode = name ? 2 : 0;
} else
  process.exitCode = await (await load())({
    folder: options.folder,
    args,
    options,
    print: (line) => console.log(line),
  });

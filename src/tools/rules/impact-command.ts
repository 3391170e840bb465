import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { addTally, emptyTally, type Tally } from '../../console/impact.ts';
import type { Command } from '../rules.ts';
import { shownProblem } from './check-command.ts';
import { checkFiles } from './check-files.ts';
import { cohortFiles, fingerprintOf, partition } from './cohort.ts';
import { asMarkdown, asText, burden, type ImpactReport } from './impact-report.ts';
import { loadTerminology } from './load.ts';
import { progressBar } from './progress.ts';
import { readKnowledge, ruleFiles } from './read-folder.ts';

/** What a clinician orders in a day, for "per clinician-day"; said with every figure. */
const ordersPerDay = 40;

export async function impactCommand({ folder, options, print }: Command): Promise<number> {
  const { problems } = checkFiles(ruleFiles(folder), loadTerminology(folder), new Date());
  const errors = problems.filter(({ level }) => level === 'error');
  if (errors.length) {
    for (const problem of errors.slice(0, 20)) for (const line of shownProblem(problem)) print(line);
    print('These rules cannot be run: mend them first.');
    return 1;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'curbside-impact-'));
  try {
    const against = options['against-folder']
      ? { folder: options['against-folder'], name: `the folder ${options['against-folder']}` }
      : checkedOut(folder, options.against ?? 'HEAD', scratch);
    const report = await impact({
      before: against.folder,
      after: folder,
      cohort: options.cohort,
      resume: options.resume,
      scratch,
      against: against.name,
      now: options['as-of'] ? new Date(options['as-of']) : new Date(),
    });
    const text = options.json
      ? JSON.stringify({ ...report, burden: burden(report) }, null, 2)
      : options.markdown
        ? asMarkdown(report)
        : asText(report);
    if (options.out) writeFileSync(options.out, `${text}\n`);
    else print(text);
    return 0;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return 2;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The rules folder as it was at a git revision. */
function checkedOut(folder: string, revision: string, scratch: string): { folder: string; name: string } {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const top = git('rev-parse', '--show-toplevel').toString().trim();
    const commit = git('rev-parse', '--short', `${revision}^{commit}`).toString().trim();
    const inside = relative(top, resolve(folder)).replaceAll('\\', '/');
    const archive = execFileSync('git', ['-C', top, 'archive', '--format=tar', revision, '--', inside || '.'], {
      maxBuffer: 1 << 30,
    });
    execFileSync('tar', ['-xf', '-', '-C', scratch], { input: archive });
    return { folder: join(scratch, inside), name: `revision ${revision}${commit === revision ? '' : ` (${commit})`}` };
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim().split('\n')[0];
    throw new Error(
      `The rules of revision "${revision}" cannot be had${said ? `: ${said}` : ''}. Name another with --against, or a folder with --against-folder.`,
    );
  }
}

export interface ImpactRun {
  before: string;
  after: string;
  /** A folder; the sandbox's patients when left out. */
  cohort?: string;
  resume?: string;
  scratch: string;
  against: string;
  now: Date;
  cores?: number;
}

export async function impact({
  before,
  after,
  cohort,
  resume,
  scratch,
  against,
  now,
  cores = availableParallelism(),
}: ImpactRun): Promise<ImpactReport> {
  const files = cohort === undefined ? undefined : cohortFiles(cohort);
  const identity = JSON.stringify([
    readKnowledge(before).hash,
    readKnowledge(after).hash,
    files ? fingerprintOf(files) : 'sandbox',
    now.toISOString().slice(0, 10),
  ]);
  const held = resume && existsSync(resume) ? readFileSync(resume, 'utf8').split('\n').filter(Boolean) : [];
  if (resume && held.length && held[0] !== identity)
    throw new Error(
      `${resume} belongs to another run: other rules, another cohort or another day. Remove it, or name another file.`,
    );
  if (resume && !held.length) writeFileSync(resume, `${identity}\n`);
  const finished = new Map(
    held.slice(1).flatMap((line) => {
      try {
        const { path, tally } = JSON.parse(line) as { path: string; tally: Tally };
        return [[path, tally] as const];
      } catch {
        // The last line of a run that was cut off.
        return [];
      }
    }),
  );

  const parts = resume ? `${resume}.parts` : join(scratch, 'parts');
  const reading = progressBar(
    'kB of the cohort',
    Math.ceil((files?.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0) / 1000),
  );
  const dealt = await partition(files, parts, now, (bytes) => reading.step(bytes / 1000));
  reading.end();

  const sum = emptyTally();
  for (const tally of finished.values()) addTally(sum, tally);
  const open = dealt.paths.filter((path) => !finished.has(path));
  const bar = progressBar('patients', dealt.patients);
  bar.step(sum.patients);
  await run(open, { before, after, shared: dealt.shared, now: now.toISOString() }, Math.min(cores, open.length), {
    onPatients: (count) => bar.step(count),
    onTally: (path, tally) => {
      addTally(sum, tally);
      if (resume) appendFileSync(resume, `${JSON.stringify({ path, tally })}\n`);
    },
  });
  bar.end();
  if (resume) rmSync(parts, { recursive: true, force: true });
  return {
    ...sum,
    against,
    cohort:
      cohort === undefined
        ? `the sandbox's ${dealt.patients} patients, their suggested orders, and every active medication ordered as if new`
        : `${cohort}, drafts and every active medication ordered as if new`,
    ordersPerDay,
  };
}

interface Listeners {
  onPatients: (count: number) => void;
  onTally: (path: string, tally: Tally) => void;
}

/** Hands the partitions out, one to whichever core is free. */
function run(paths: string[], workerData: object, cores: number, { onPatients, onTally }: Listeners): Promise<void[]> {
  const waiting = [...paths];
  return Promise.all(
    Array.from(
      { length: cores },
      () =>
        new Promise<void>((done, fail) => {
          const worker = new Worker(new URL('./impact-worker.ts', import.meta.url), {
            workerData,
            resourceLimits: { maxOldGenerationSizeMb: 1500 },
          });
          worker.on(
            'message',
            ({ path, tally, patients }: { path?: string; tally?: Tally; patients?: number; ready?: boolean }) => {
              if (patients) onPatients(patients);
              if (path && tally) onTally(path, tally);
              if (patients === undefined || path) worker.postMessage(waiting.shift() ?? null);
            },
          );
          worker.once('error', fail);
          worker.once('exit', () => done());
        }),
    ),
  );
}

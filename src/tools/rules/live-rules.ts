// The rules that a running server answers by. A new set takes over between two requests; a broken one never does, and says why.
// Checking takes a second or two: it is done in a thread, while this one goes on answering. This file is both sides.
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Knowledge, type KnowledgeFiles, openKnowledge } from '../../knowledge.ts';
import { checkFiles } from './check-files.ts';
import { loadTerminology } from './load.ts';
import { readKnowledge, ruleFiles } from './read-folder.ts';
import { checkTrials, selectTrials } from './trials.ts';

export class BrokenRules extends Error {}

export interface LiveRules {
  current(): Knowledge;
  /** Reads everything again. True when another set is in force now. */
  reload(): Promise<boolean>;
  close(): void;
}

export interface LiveRulesOptions {
  /** A rules folder; without it the built bundle. */
  folder?: string;
  bundle: URL;
  onReload: (from: string, to: string) => void;
  onRefused: (why: string) => void;
}

/** Files are saved in bursts; a set is read when they have been still for this long. */
const stillMs = 300;
const serves = 'curbside-rules';

export function liveRules({ folder, bundle, onReload, onRefused }: LiveRulesOptions): LiveRules {
  const read = (): KnowledgeFiles =>
    folder ? checked(folder) : (JSON.parse(readFileSync(bundle, 'utf8')) as KnowledgeFiles);
  /** Read to the last file: a broken one is refused now, and no request waits for it later. */
  const opened = (files: KnowledgeFiles): Knowledge => {
    const knowledge = openKnowledge(files);
    void knowledge.differential;
    return knowledge;
  };
  let held = opened(read());
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function once(): Promise<boolean> {
    try {
      const next = opened(folder ? await checkedInThread(folder) : read());
      const from = held.hash;
      // Drug names and units have a hash of their own, which every record has: they take over without a word.
      held = next;
      if (next.hash === from) return false;
      onReload(from, next.hash);
      return true;
    } catch (error) {
      onRefused(error instanceof Error ? error.message : 'unknown');
      return false;
    }
  }
  /** One after the other: the newest files win. */
  const reload = (): Promise<boolean> => {
    const next = last.then(once);
    last = next;
    return next;
  };

  if (folder) {
    try {
      watcher = watch(folder, { recursive: true }, () => {
        clearTimeout(timer);
        timer = setTimeout(reload, stillMs);
        timer.unref();
      });
      watcher.unref();
      watcher.on('error', () => undefined);
    } catch {
      // Where folders cannot be watched, SIGHUP still works.
    }
  }
  return {
    current: () => held,
    reload,
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

function checked(folder: string): KnowledgeFiles {
  const terminology = loadTerminology(folder);
  const problems = [
    ...checkFiles(ruleFiles(folder), terminology, new Date()).problems,
    ...checkTrials(selectTrials(folder, []), { terminology, valueSets: [] }, new Date()).problems,
  ];
  const [first, ...more] = problems.filter(({ level }) => level === 'error');
  if (first)
    throw new BrokenRules(
      `${first.path}:${first.line} ${first.message}${more.length ? ` (and ${more.length} more: npm run rules check)` : ''}`,
    );
  return readKnowledge(folder);
}

type Told = { files: string } | { broken: string };

const checkedInThread = (folder: string): Promise<KnowledgeFiles> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./live-rules.ts', import.meta.url), { workerData: { serves, folder } });
    thread.once('message', (told: Told) =>
      'files' in told ? resolve(JSON.parse(told.files) as KnowledgeFiles) : reject(new BrokenRules(told.broken)),
    );
    thread.once('error', reject);
    thread.once('exit', () => reject(new BrokenRules('the rules could not be read')));
  });

if (!isMainThread && (workerData as { serves?: string } | null)?.serves === serves) {
  let told: Told;
  try {
    told = { files: JSON.stringify(checked((workerData as { folder: string }).folder)) };
  } catch (error) {
    told = { broken: error instanceof Error ? error.message : 'unknown' };
  }
  parentPort!.postMessage(told);
}

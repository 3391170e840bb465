// The rules that a running server answers by. A new set takes over between two requests; a broken one never does, and says why.
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { type Knowledge, type KnowledgeFiles, openKnowledge } from '../../knowledge.ts';
import { checkFiles } from './check-files.ts';
import { loadTerminology } from './load.ts';
import { readKnowledge, ruleFiles } from './read-folder.ts';

export class BrokenRules extends Error {}

export interface LiveRules {
  current(): Knowledge;
  /** Reads everything again. True when another set is in force now. */
  reload(): boolean;
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

export function liveRules({ folder, bundle, onReload, onRefused }: LiveRulesOptions): LiveRules {
  let held = read(folder, bundle);
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;

  function reload(): boolean {
    try {
      const next = read(folder, bundle);
      const from = held.hash;
      // The hash leaves drug names and units out: those take over too.
      held = next;
      if (next.hash === from) return false;
      onReload(from, next.hash);
      return true;
    } catch (error) {
      onRefused(error instanceof Error ? error.message : 'unknown');
      return false;
    }
  }

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

function read(folder: string | undefined, bundle: URL): Knowledge {
  if (!folder) return openKnowledge(JSON.parse(readFileSync(bundle, 'utf8')) as KnowledgeFiles);
  const { problems } = checkFiles(ruleFiles(folder), loadTerminology(folder), new Date());
  const [first, ...more] = problems.filter(({ level }) => level === 'error');
  if (first)
    throw new BrokenRules(
      `${first.path}:${first.line} ${first.message}${more.length ? ` (and ${more.length} more: npm run rules check)` : ''}`,
    );
  return openKnowledge(readKnowledge(folder));
}

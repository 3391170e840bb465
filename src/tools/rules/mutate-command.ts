import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Command } from '../rules.ts';
import { selectFiles } from './load.ts';
import { type MutationScore, scoreOf } from './mutate.ts';
import { progressBar } from './progress.ts';

const goal = 0.9;

export async function mutateCommand({ folder, args, options, print }: Command): Promise<number> {
  const files = selectFiles(folder, args);
  if (files.length === 0) {
    print(`No rule files match ${args.join(', ')}.`);
    return 2;
  }
  const bar = progressBar('slips', files.length);
  const scores = await spread(
    folder,
    files.map(({ path }) => path),
    () => bar.step(),
  );
  bar.end();
  scores.sort((a, b) => a.path.localeCompare(b.path));
  const low = scores.filter((score) => scoreOf([score]) < goal);
  if (options.json) print(JSON.stringify({ score: scoreOf(scores), goal, rules: scores }, null, 2));
  else {
    for (const score of files.length === 1 ? scores : low) {
      print(`${score.path}  ${percent(scoreOf([score]))}, ${score.noticed} of ${score.slips} slips noticed`);
      for (const what of score.missed) print(`    not noticed: ${what}`);
    }
    const folders = Map.groupBy(scores, ({ path }) => basename(dirname(path)));
    if (folders.size > 1) for (const [name, held] of folders) print(folderLine(name, held));
    print(
      `${scores.length} rules, ${scores.reduce((sum, { slips }) => sum + slips, 0)} slips: ${percent(scoreOf(scores))} noticed; ${low.length} rules below ${percent(goal)}`,
    );
  }
  return scoreOf(scores) < goal ? 1 : 0;
}

/** "kidney                   79 rules   1654 slips   96 %" */
const folderLine = (name: string, scores: readonly MutationScore[]): string =>
  [
    name.padEnd(22),
    `${scores.length} rules`.padStart(10),
    `${scores.reduce((sum, { slips }) => sum + slips, 0)} slips`.padStart(12),
    percent(scoreOf(scores)).padStart(7),
  ].join('');

const percent = (share: number): string => `${(share * 100).toFixed(share > 0.99 && share < 1 ? 1 : 0)} %`;

/** Deals the files out to the cores; every second file, so that long folders do not fall to one. */
function spread(folder: string, paths: string[], onScore: () => void): Promise<MutationScore[]> {
  const cores = Math.min(availableParallelism(), Math.ceil(paths.length / 20));
  const scores: MutationScore[] = [];
  const shares = Array.from({ length: cores }, (_, core) => paths.filter((_path, place) => place % cores === core));
  const runs = shares.map(
    (share) =>
      new Promise<void>((resolve, reject) => {
        const worker = new Worker(new URL('./mutate-worker.ts', import.meta.url), {
          workerData: { folder, paths: share },
        });
        worker.on('message', (score: MutationScore) => {
          scores.push(score);
          onScore();
        });
        worker.once('error', reject);
        worker.once('exit', () => resolve());
      }),
  );
  return Promise.all(runs).then(() => scores);
}

// One core's share of a mutation check.
import { parentPort, workerData } from 'node:worker_threads';
import { checkFiles } from './check-files.ts';
import { loadTerminology, selectFiles } from './load.ts';
import { mutate } from './mutate.ts';
import { readCases } from './test-command.ts';

const { folder, paths } = workerData as { folder: string; paths: string[] };
const terminology = loadTerminology(folder);
const now = new Date();
for (const { rule, path } of checkFiles(selectFiles(folder, paths), terminology, now).rules) {
  const cases = readCases(path);
  parentPort!.postMessage(
    Array.isArray(cases)
      ? await mutate(rule, path, cases, terminology, now)
      : { id: rule.id, path, slips: 1, noticed: 0, missed: [cases.wrong] },
  );
}

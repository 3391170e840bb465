// One core of an impact run: takes a partition at a time and answers with its tally. An entry of its own, so it may wire hooks.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { compare, emptyTally, type Side, type Sides, sideOf } from '../../console/impact.ts';
import { rulesOf } from '../../guards/interaction-table.ts';
import type { Service } from '../../service.ts';
import { Terminology } from '../../terminology/terminology.ts';
import { readPartition } from './cohort.ts';
import { readKnowledge } from './read-folder.ts';

/** A rules folder as the server would read it. */
function openSide(folder: string): Side {
  const { rules, tables = [], valueSets, terminology } = readKnowledge(folder);
  return sideOf([...rules, ...tables.flatMap(rulesOf)], new Terminology(terminology, valueSets));
}

const { before, after, shared, now } = workerData as { before: string; after: string; shared: string; now: string };
const { services } = (await import(new URL('../../../hooks/index.ts', import.meta.url).href)) as {
  services: Service[];
};
const sides: Sides = { before: openSide(before), after: openSide(after), services, now: new Date(now) };
const medications = readFileSync(shared, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Record<string, unknown>);

parentPort!.on('message', (path: string | null) => {
  if (path === null) {
    parentPort!.close();
    return;
  }
  void (async () => {
    const tally = emptyTally();
    const patients = readPartition(path);
    // A patient at a time, so that the bar moves.
    for (const patient of patients) {
      await compare([patient], medications, sides, tally);
      if (tally.patients % 20 === 0) parentPort!.postMessage({ patients: 20 });
    }
    parentPort!.postMessage({ path, tally, patients: tally.patients % 20 });
  })();
});
parentPort!.postMessage({ ready: true });

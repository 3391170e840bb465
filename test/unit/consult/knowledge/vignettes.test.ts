// Vignettes as clinicians write them, scored: is the right diagnosis in the first five, and is nothing dangerous left out?
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { differential } from '../../../../src/consult/knowledge/differential.ts';
import { knowledge, type Sketch, sketchChart } from './support.ts';

interface Vignette {
  id: string;
  question: string;
  chart: Sketch;
  expected: string;
  mustNotMiss: string[];
}

const folder = fileURLToPath(new URL('../../../evals/vignettes/', import.meta.url));
const vignettes: Vignette[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => (JSON.parse(readFileSync(folder + file, 'utf8')) as { vignettes: Vignette[] }).vignettes);

const scores = vignettes.map((vignette) => {
  const { presentations, items } = differential(sketchChart(vignette.chart, vignette.question), knowledge());
  const ids = items.map((item) => item.candidate.id);
  return {
    vignette,
    presentations,
    ids,
    rank: ids.indexOf(vignette.expected) + 1,
    missed: vignette.mustNotMiss.filter((id) => !ids.includes(id)),
  };
});
const share = (count: number, of: number) => Math.round((1000 * count) / of) / 1000;
const within = (n: number) => share(scores.filter(({ rank }) => rank > 0 && rank <= n).length, scores.length);
const dangers = vignettes.reduce((sum, { mustNotMiss }) => sum + mustNotMiss.length, 0);
const recall = share(dangers - scores.reduce((sum, { missed }) => sum + missed.length, 0), dangers);

describe('the offline differential on vignettes', () => {
  it('has at least sixty of them, over conditions that exist', () => {
    expect(vignettes.length).toBeGreaterThanOrEqual(60);
    for (const { expected, mustNotMiss } of vignettes)
      for (const id of [expected, ...mustNotMiss]) expect(knowledge().conditions.has(id), id).toBe(true);
  });

  it('puts the right diagnosis among the first five and leaves out nothing dangerous', () => {
    const lines = scores
      .filter(({ rank, missed }) => rank === 0 || rank > 5 || missed.length > 0)
      .map(
        ({ vignette, rank, missed, ids, presentations }) =>
          `${vignette.id}: ${vignette.expected} at ${rank || 'none'}${missed.length > 0 ? `, missed ${missed.join(', ')}` : ''} (${presentations.map((p) => p.id).join(', ') || 'no presentation'}: ${ids.slice(0, 6).join(', ')})`,
      );
    console.log(
      `${vignettes.length} vignettes: first ${within(1)}, first three ${within(3)}, first five ${within(5)}, must-not-miss recall ${recall}\n${lines.join('\n')}`,
    );
    expect(within(5)).toBeGreaterThanOrEqual(0.8);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  });
});

// Every estimate that a what-if can tell, before and after. Each comes from a named, published model with its interval and its
// validity; one outside its validity is not shown, and where a change asked for it the refusal says why.
import { afEstimates } from './atrial-fibrillation.ts';
import { cardiovascularEstimates } from './cardiovascular.ts';
import { delayEstimates } from './delay.ts';
import { vancomycinEstimates, warfarinEstimates } from './dosing.ts';
import { insulinEstimates } from './insulin.ts';
import { kidneyEstimates } from './kidney.ts';
import { perioperativeEstimates } from './perioperative.ts';
import { nothingTold, type Scene, type Told } from './scene.ts';

const questions: readonly ((scene: Scene) => Told)[] = [
  delayEstimates,
  afEstimates,
  perioperativeEstimates,
  cardiovascularEstimates,
  kidneyEstimates,
  vancomycinEstimates,
  warfarinEstimates,
  insulinEstimates,
];

export function tellEstimates(scene: Scene): Told {
  const told = nothingTold();
  for (const question of questions) {
    const { before, after, refused, lacking } = question(scene);
    told.before.push(...before);
    told.after.push(...after);
    told.refused.push(...refused);
    told.lacking.push(...lacking);
  }
  return told;
}

export type { Scene, Shown, Told } from './scene.ts';

// One question asked of the chart before and after: what it tells is told of both, what it refuses of the side the change made.
import {
  medicationChange,
  type NotTold,
  nothingTold,
  observedChange,
  type Scene,
  type Shown,
  type Side,
  type Told,
  tellNot,
} from './scene.ts';

export type Outcome = Shown[] | Omit<NotTold, 'estimate'>;

export function bothSides(
  scene: Scene,
  estimate: string,
  isTouched: boolean,
  ask: (side: Side) => Outcome | undefined,
): Told {
  const told = nothingTold();
  const change = medicationChange(scene) ?? observedChange(scene);
  for (const [side, into] of [
    [scene.before, told.before],
    [scene.after, told.after],
  ] as const) {
    const outcome = ask(side);
    if (!outcome) continue;
    if (Array.isArray(outcome)) into.push(...outcome);
    else if (isTouched && side === scene.after) tellNot(told, { estimate, ...outcome }, change);
  }
  return told;
}

// Every drug that a free text names, by generic or brand name.

import { RXNORM } from './systems.ts';
import type { Terminology } from './terminology.ts';
import type { Coding } from './types.ts';

/** `drugsNamed(terminology, 'add Lasix')` → furosemide. */
export function drugsNamed({ names }: Terminology, text: string): { text: string; coding?: Coding }[] {
  return names.find(text).ingredients.map((place) => {
    const { name, code } = names.ingredients[place]!;
    return { text: name, ...(code && { coding: { system: RXNORM, code, display: name } }) };
  });
}

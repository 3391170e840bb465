// Does a passage cover what it is cited for: this action, this condition, this patient?
import type { ConsultAction } from '../cds-hooks/contract.ts';
import type { Condition } from './conditions.ts';
import type { Passage } from './knowledge-result.ts';
import type { Fault } from './prose.ts';

interface Person {
  sex?: 'female' | 'male';
  ageInYears?: number;
}

const fault = (reason: string): Fault => ({ check: 'guideline', reason });

export function checkGuideline(
  passage: Passage,
  condition: Condition,
  actions: readonly Pick<ConsultAction, 'kind' | 'text'>[],
  person: Person,
): Fault | undefined {
  if (!admits(passage, person)) return fault('the passage is for other patients');
  const text = `${passage.title} ${passage.text}`;
  const isAboutCondition =
    (condition.id !== undefined && passage.conditions?.includes(condition.id)) ||
    [condition.text, ...(condition.names ?? [])].some((name) => shares(text, name));
  const covers = (action: Pick<ConsultAction, 'kind' | 'text'>): boolean =>
    passage.actions.includes(action.kind) && (isAboutCondition || shares(text, action.text));
  return actions.some(covers) || (actions.length === 0 && isAboutCondition)
    ? undefined
    : fault('the passage does not cover this action');
}

export function admits({ population }: Passage, { sex, ageInYears }: Person): boolean {
  const bounds = boundsOf(population);
  if (bounds.sex && sex && bounds.sex !== sex) return false;
  if (ageInYears === undefined) return bounds.minAge === undefined && bounds.maxAge === undefined;
  return ageInYears >= (bounds.minAge ?? 0) && ageInYears <= (bounds.maxAge ?? Infinity);
}

/** "Adults with …", "Children under …", "Women who …" */
function boundsOf(text: string): { minAge?: number; maxAge?: number; sex?: 'female' | 'male' } {
  const isAdult = /\badults?\b/i.test(text);
  const isChild = /\b(?:children|child|infants?|neonates?|paediatric|pediatric|adolescents?)\b/i.test(text);
  const sex = /\b(?:women|pregnan\w+|female)\b/i.test(text)
    ? 'female'
    : /\b(?:men|male)\b/i.test(text)
      ? 'male'
      : undefined;
  const isBoth = /\bmen and women\b|\bwomen and men\b|\b(?:including|and) (?:pregnant )?women\b/i.test(text);
  return {
    ...(isAdult && !isChild ? { minAge: 18 } : {}),
    ...(isChild && !isAdult ? { maxAge: 17.99 } : {}),
    ...(sex && !isBoth ? { sex } : {}),
  };
}

const dull = new Set('the a an of in to with and or for test level serum plasma blood acute disease'.split(' '));
const contentOf = (text: string): Set<string> =>
  new Set((text.toLowerCase().match(/[a-z][a-z-]{2,}/g) ?? []).filter((word) => !dull.has(word)));

/** Every content word of the name stands in the text. */
function shares(text: string, name: string): boolean {
  const [all, wanted] = [contentOf(text), contentOf(name)];
  return (
    wanted.size > 0 &&
    [...wanted].every((word) => all.has(word) || all.has(`${word}s`) || all.has(word.replace(/s$/, '')))
  );
}

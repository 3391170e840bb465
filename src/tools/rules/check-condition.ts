// Checks one condition's leaves: is there such a question, are its blanks filled with words that mean something, and can the
// answer be what it is compared with?
import type { z } from 'zod';
import { calculators } from '../../calculators/index.ts';
import { facts } from '../../facts/index.ts';
import type { Condition, Leaf } from '../../guards/rule.ts';
import { isLeaf } from '../../guards/rule.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import { convertQuantity, ucumOf } from '../../terminology/units.ts';
import { tokenOf } from '../../terminology/words.ts';
import { isUnknown } from '../../unknown.ts';
import type { Say } from './check-files.ts';
import { didYouMean } from './did-you-mean.ts';
import { flatten, type Path, teach } from './teach.ts';

export interface Vocabulary {
  terminology: Terminology;
  valueSets: readonly ValueSet[];
}

export function checkCondition(condition: Condition, at: Path, vocabulary: Vocabulary, say: Say): void {
  if (!isLeaf(condition)) {
    if ('not' in condition) {
      checkCondition(condition.not, [...at, 'not'], vocabulary, say);
      return;
    }
    const key = 'all' in condition ? 'all' : 'any';
    for (const [place, part] of ('all' in condition ? condition.all : condition.any).entries())
      checkCondition(part, [...at, key, place], vocabulary, say);
    return;
  }
  const fact = facts.get(condition.fact);
  if (!fact) {
    say(
      'error',
      [...at, 'fact'],
      `there is no fact "${condition.fact}"${didYouMean(condition.fact, facts.keys())}. All facts are in rules/FACTS.md`,
      '"fact": "newlyCombines"',
    );
    return;
  }
  const params = fact.params.safeParse(condition.params ?? {});
  if (!params.success) {
    for (const issue of flatten(params.error.issues)) {
      const { message } = teach(
        { ...issue, path: ['params', ...issue.path] },
        valueAt(condition.params ?? {}, issue.path as Path),
      );
      const given = valueAt(condition.params ?? {}, issue.path as Path);
      const meant = typeof given === 'string' ? tokenMeant(given, vocabulary) : undefined;
      say(
        'error',
        [...at, 'params', ...(issue.path as Path)],
        `${fact.id}: ${message}${meant ? `, did you mean "${meant}"?` : '.'} The question is: ${fact.question}`,
        meant ? `"${String(issue.path.at(-1))}": "${meant}"` : exampleLeaf(fact.id),
      );
    }
  } else {
    checkTokens(condition, fact.params, at, vocabulary, say);
    checkUnit(condition, at, vocabulary, say);
  }
  checkValue(condition, fact.answers, at, say);
}

/** The word of ours that a product's name, a title or other writing means, if any. */
function tokenMeant(given: string, { terminology, valueSets }: Vocabulary): string | undefined {
  const written = tokenOf(given);
  const set = valueSets.find(({ id, title }) => id === written || tokenOf(title) === written);
  if (set) return set.id;
  const drug = terminology.drug({ text: given });
  return isUnknown(drug) || drug.ingredients.length !== 1 ? undefined : tokenOf(drug.ingredients[0]!.name);
}

export const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((held, key) => (held as Record<string | number, unknown> | undefined)?.[key], root);

/** A leaf that would be right for this fact, made from its blanks. */
export function exampleLeaf(id: string): string {
  const fact = facts.get(id)!;
  const shape = (fact.params as unknown as { shape?: Record<string, z.ZodType> }).shape ?? {};
  const blanks = Object.entries(shape).flatMap(([name, blank]) =>
    blank.safeParse(undefined).success ? [] : [[name, exampleBlank(name, blank)] as const],
  );
  return JSON.stringify({
    fact: id,
    ...(blanks.length && { params: Object.fromEntries(blanks) }),
    ...(fact.answers === 'a number'
      ? { operator: 'greaterThan', value: 5 }
      : { operator: 'equal', value: fact.answers === 'a word' ? 'female' : true }),
  });
}

function exampleBlank(name: string, blank: z.ZodType): unknown {
  const fixed: Record<string, unknown> = {
    object: 'warfarin',
    precipitant: 'nsaids',
    observation: 'potassium',
    unit: 'mmol/L',
    calculator: 'ckd_epi_2021',
    as: 'ratio',
    withinDays: 7,
  };
  const byToken: Record<string, unknown> = {
    drugs: 'warfarin',
    conditions: 'heart-failure',
    observations: 'potassium',
    allergens: 'penicillins',
    calculators: 'ckd_epi_2021',
  };
  return (
    fixed[name] ??
    byToken[tokenKind(blank) ?? ''] ??
    (blank.safeParse(7).success ? 7 : blank.safeParse(true).success ? true : 'a word')
  );
}

function checkValue(leaf: Leaf, answers: string, at: Path, say: Say): void {
  const { operator, value } = leaf;
  const isComparison = operator.startsWith('less') || operator.startsWith('greater');
  const example = exampleLeaf(leaf.fact);
  if (isComparison && answers !== 'a number')
    say('error', [...at, 'operator'], `"${leaf.fact}" answers ${answers}: use "equal"`, example);
  if ((operator === 'in' || operator === 'notIn') !== Array.isArray(value)) {
    say(
      'error',
      [...at, 'value'],
      `"${operator}" ${Array.isArray(value) ? 'takes one value, a list goes with "in"' : 'takes a list'}`,
      Array.isArray(value)
        ? `"operator": "in", "value": ${JSON.stringify(value)}`
        : `"value": [${JSON.stringify(value)}]`,
    );
  }
  const single = Array.isArray(value) ? value[0] : value;
  const wanted = { 'yes or no': 'boolean', 'a number': 'number', 'a word': 'string' }[answers];
  if (typeof single !== wanted && !(leaf.fact === 'calculated' && typeof single !== 'boolean')) {
    const isQuoted =
      typeof single === 'string' &&
      ((wanted === 'number' && Number.isFinite(Number(single))) ||
        (wanted === 'boolean' && /^(true|false)$/.test(single)));
    const must = wanted === 'boolean' ? 'true or false' : wanted === 'number' ? 'a number' : 'a word in quotes';
    say(
      'error',
      [...at, 'value'],
      `"${leaf.fact}" answers ${answers}, so the value must be ${must}${isQuoted ? ': take the quotes away' : ''}`,
      isQuoted ? `"value": ${single}` : example,
    );
  } else if (typeof single === 'number') checkSize(leaf, at, say);
  else if (words[leaf.fact]) {
    for (const word of [value].flat()) {
      if (!words[leaf.fact]!.includes(String(word)))
        say(
          'error',
          [...at, 'value'],
          `"${leaf.fact}" never answers "${word}"${didYouMean(String(word), words[leaf.fact]!)} It answers ${words[leaf.fact]!.join(', ')}`,
          `"value": "${words[leaf.fact]![0]}"`,
        );
    }
  }
}

const words: Record<string, string[]> = {
  sex: ['female', 'male'],
  orderedRoute: [
    'oral',
    'parenteral',
    'topical',
    'ophthalmic',
    'otic',
    'nasal',
    'inhaled',
    'vaginal',
    'rectal',
    'transdermal',
    'sublingual',
    'intrathecal',
    'intraarticular',
    'dental',
    'intrauterine',
    'intravesical',
  ],
};

/** What the answer can be at most, where no value set sets limits. */
const sizes: Record<string, [low: number, high: number, unit: string]> = {
  ageInYears: [0, 120, 'years'],
  ageInDays: [0, 44_000, 'days'],
  gestationInWeeks: [1, 44, 'weeks'],
  egfr: [1, 200, 'mL/min/1.73 m²'],
  creatinineClearance: [1, 250, 'mL/min'],
  kidneyFunction: [1, 250, 'mL/min'],
  countTaken: [0, 30, 'drugs'],
  orderedTimesPerDay: [0, 48, 'times a day'],
};

function checkSize(leaf: Leaf, at: Path, say: Say): void {
  const size = sizes[leaf.fact];
  if (!size) return;
  const [low, high, unit] = size;
  for (const value of [leaf.value].flat()) {
    if (typeof value === 'number' && (value < low || value > high))
      say(
        'error',
        [...at, 'value'],
        `${leaf.fact} of ${value} cannot be: it lies between ${low} and ${high} ${unit}`,
        `"value": ${Math.round((low + high) / 2)}`,
      );
  }
}

/** A limit outside of what the test can show is a limit in another unit. */
function checkUnit(leaf: Leaf, at: Path, { terminology }: Vocabulary, say: Say): void {
  const { observation, unit, as } = (leaf.params ?? {}) as { observation?: string; unit?: string; as?: string };
  if (unit !== undefined && !ucumOf(unit)) {
    say(
      'error',
      [...at, 'params', 'unit'],
      `"${unit}" is not a unit we know`,
      `"unit": "${(observation && terminology.valueSet(observation)?.unit) || 'mg'}"`,
    );
    return;
  }
  const set = observation === undefined ? undefined : terminology.valueSet(observation);
  if (!set?.unit || unit === undefined) return;
  const code = set.members.find((member) => member.code)?.code;
  const into = (value: number) => convertQuantity({ value, unit: set.unit, code: set.unit }, unit, code ?? set.id);
  if (isUnknown(into(1))) {
    say(
      'error',
      [...at, 'params', 'unit'],
      `${set.title.toLowerCase()} cannot be told in "${unit}"`,
      `"unit": "${set.unit}"`,
    );
    return;
  }
  if (!set.limits || as !== undefined) return;
  const [low, high] = [into(set.limits.low), into(set.limits.high)];
  if (isUnknown(low) || isUnknown(high)) return;
  for (const value of [leaf.value].flat()) {
    if (typeof value !== 'number' || (value >= low && value <= high)) continue;
    say(
      'error',
      [...at, 'value'],
      `${set.title.toLowerCase()} of ${value} ${unit} cannot be: results lie between ${tidy(low)} and ${tidy(high)} ${unit}. Is ${value} in another unit, or is a decimal point missing?`,
      `"unit": "${unit}" … "value": ${tidy(low + (high - low) / 4)}`,
    );
  }
}

const tidy = (value: number): number => Number(value.toPrecision(2));

/** Finds blanks that are marked as tokens and looks every word up. */
function checkTokens(leaf: Leaf, schema: z.ZodType, at: Path, vocabulary: Vocabulary, say: Say): void {
  const shape = (schema as unknown as { shape?: Record<string, z.ZodType> }).shape ?? {};
  for (const [name, blank] of Object.entries(shape)) {
    const kind = tokenKind(blank);
    const given = leaf.params?.[name];
    if (!kind || given === undefined) continue;
    for (const [place, token] of [given].flat().entries()) {
      if (isToken(kind, String(token), vocabulary.terminology)) continue;
      const where = Array.isArray(given) ? [...at, 'params', name, place] : [...at, 'params', name];
      say(
        'error',
        where,
        `${noSuch(kind, String(token), vocabulary)}. The list is in rules/value-sets/README.md`,
        exampleLeaf(leaf.fact),
      );
    }
  }
}

export function noSuch(kind: string, token: string, { terminology, valueSets }: Vocabulary): string {
  const other = valueSets.find(({ id }) => id === token);
  if (other && kind !== 'drugs') return `"${token}" is a value set of ${other.kind}, and ${kind} are asked for here`;
  if (other) return `"${token}" is a value set of ${other.kind}, and a drug is asked for here`;
  if (kind !== 'drugs' && kind !== 'allergens' && terminology.isDrugToken(token))
    return `"${token}" is a drug, and ${kind} are asked for here`;
  const known =
    kind === 'calculators' ? [...calculators.keys()] : valueSets.filter((set) => set.kind === kind).map(({ id }) => id);
  if (kind === 'drugs' || kind === 'allergens') known.push(...terminology.names.byToken.keys());
  return `${kind === 'drugs' ? 'no drug, class or value set' : kind === 'calculators' ? 'no calculator' : `no ${kind} value set`} is called "${token}"${didYouMean(token, known)}`;
}

export function tokenKind(blank: z.ZodType): string | undefined {
  let held: z.ZodType | undefined = blank;
  while (held) {
    const kind = (held.meta() as { token?: string } | undefined)?.token;
    if (kind) return kind;
    held = (held as unknown as { def?: { innerType?: z.ZodType } }).def?.innerType;
  }
  return undefined;
}

export function isToken(kind: string, token: string, terminology: Terminology): boolean {
  if (kind === 'drugs') return terminology.isDrugToken(token);
  if (kind === 'calculators') return calculators.has(token);
  if (kind === 'allergens') return terminology.isDrugToken(token) || terminology.valueSet(token)?.kind === 'allergens';
  return terminology.valueSet(token)?.kind === kind;
}

// What is known of a laboratory or vital sign code: in which units it may come, what is plausible, and which codes are the
// same test. From the calculators' inputs and the value sets that rules ask for, so that an imagined value is checked like a
// measured one, before it makes every rule say "not plausible".
import { calculators, type Input } from '../calculators/index.ts';
import { readInput } from '../calculators/read-input.ts';
import { leaves } from '../guards/rule.ts';
import type { Knowledge } from '../knowledge.ts';
import type { ValueSet } from '../terminology/types.ts';
import { convertQuantity } from '../terminology/units.ts';
import { isUnknown } from '../unknown.ts';

type NumberInput = Extract<Input, { kind: 'number' }>;

const inputsByCode = new Map<string, NumberInput>();
for (const { inputs } of calculators.values()) {
  for (const input of Object.values(inputs)) {
    // Limits with words of their own are the range of a publication, not of plausibility.
    if (input.kind !== 'number' || !input.chart || !('loinc' in input.chart) || input.limits) continue;
    for (const code of input.chart.loinc) if (!inputsByCode.has(code)) inputsByCode.set(code, input);
  }
}

const setsOf = new WeakMap<Knowledge, ValueSet[]>();

/** Sets that facts ask for by name, whatever the rules say. */
const always = ['egfr', 'creatinine', 'weight', 'height', 'potassium', 'inr'];

function observationSets(knowledge: Knowledge): ValueSet[] {
  let sets = setsOf.get(knowledge);
  if (!sets) {
    const asked = knowledge.ruleSet.rules.flatMap((rule) =>
      [rule.when, ...rule.tiers.flatMap(({ when }) => when ?? [])]
        .flatMap(leaves)
        .flatMap(({ params = {} }) => [params.observation, params.test])
        .flat(),
    );
    const ids = new Set([...always, ...asked.filter((id): id is string => typeof id === 'string')]);
    sets = [...ids].flatMap((id) => knowledge.terminology.valueSet(id) ?? []);
    setsOf.set(knowledge, sets);
  }
  return sets;
}

const has = (set: ValueSet, code: string): boolean => set.members.some((member) => member.code === code);

/** Codes that a thought about this one replaces: every code of the same test. */
export function sameTest(code: string, knowledge: Knowledge): ReadonlySet<string> {
  const codes = observationSets(knowledge)
    .filter((set) => has(set, code))
    .flatMap(({ members }) => members.flatMap((member) => member.code ?? []));
  return new Set([code, ...codes]);
}

/** Whether the code stands for a measurement, so that words are no answer. */
export const isMeasured = (code: string, knowledge: Knowledge): boolean =>
  inputsByCode.has(code) || observationSets(knowledge).some((set) => set.unit !== undefined && has(set, code));

/** Why a value cannot be what the code measures; undefined when nothing speaks against it. */
export function implausible(code: string, value: number, unit: string, knowledge: Knowledge): string | undefined {
  const input = inputsByCode.get(code);
  if (input) {
    const read = readInput(input, { value, unit });
    if (!('reason' in read)) return undefined;
    const converted = convertQuantity({ value, unit, code: unit }, input.unit, code);
    if (isUnknown(converted)) return `${input.title}: ${read.reason}`;
    const again = readInput(input, { value: converted, unit: input.unit });
    return 'reason' in again ? `${input.title}: ${again.reason}` : undefined;
  }
  const set = observationSets(knowledge).find((one) => has(one, code) && one.unit);
  if (!set?.unit) return undefined;
  const converted = convertQuantity({ value, unit, code: unit }, set.unit, code);
  if (isUnknown(converted)) return `${set.title}: ${converted.unknown}; give ${set.unit}`;
  const { limits } = set;
  return limits && (converted < limits.low || converted > limits.high)
    ? `${set.title} of ${converted} ${set.unit} is not plausible: it lies outside ${limits.low} to ${limits.high}`
    : undefined;
}

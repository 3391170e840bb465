// What can be changed in a case so that one of a rule's questions comes out otherwise: an age at the limit, a result just above
// it, a problem more, a drug less, a part of the chart that cannot be read.
import { type ChartPart, chartParts } from '../../chart/types.ts';
import type { Leaf, Rule } from '../../guards/rule.ts';
import { leaves } from '../../guards/rule.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import { isUnknown } from '../../unknown.ts';
import type { RuleCase } from './cases.ts';
import { conditionsOf } from './truth-table.ts';

export interface CaseEdit {
  /** "at 64 years", "with potassium 5.6 mmol/L", "without warfarin" */
  words: string;
  /** Two edits of one thing are not combined. */
  of: string;
  apply(given: RuleCase): RuleCase | undefined;
}

const tokensOf = (given: unknown): string[] =>
  [given].flat().filter((token): token is string => typeof token === 'string');

/** The limit itself, and values a twentieth to either side: between it and any slip of a tenth. */
function around(value: number): number[] {
  const decimals = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  const tidy = (number: number) => Number(number.toFixed(decimals + 2));
  const near = Number.isInteger(value) && value <= 20 ? 0.5 : Math.abs(value) / 20;
  return [value, tidy(value - near), tidy(value + near)];
}
const wholeAround = (value: number): number[] => [value, value - 1, value + 1];

export function editsFor(
  rule: Rule,
  cases: readonly RuleCase[],
  terminology: Terminology,
  valueSets: readonly ValueSet[],
): CaseEdit[] {
  const edits = new Map<string, CaseEdit>();
  const add = (words: string, of: string, apply: CaseEdit['apply']) => void edits.set(words, { words, of, apply });
  for (const leaf of conditionsOf(rule).flatMap(leaves))
    for (const edit of editsOf(leaf, terminology, valueSets)) edits.set(edit.words, edit);
  for (const part of chartParts.filter((one) => partWords[one]))
    add(`without ${partWords[part] ?? part}`, `part ${part}`, (given) => ({
      ...given,
      missing: [...new Set([...given.missing, part])],
    }));
  add('without an age', 'age', (given) => ({
    ...given,
    patient: { ...(given.patient.sex && { sex: given.patient.sex }) },
  }));
  add('without a sex', 'sex', (given) => ({ ...given, patient: { ...given.patient, sex: undefined } }));
  for (const given of cases) {
    for (const key of ['takes', 'orders', 'problems', 'allergies', 'results', 'tests'] as const) {
      for (const entry of given[key]) {
        const name = nameOf(entry);
        add(`without ${key === 'orders' ? `the order for ${name}` : name}`, `${key} ${name}`, (held) => {
          const place = (held[key] as unknown[]).findIndex((other) => nameOf(other) === name);
          return place < 0 ? undefined : { ...held, [key]: (held[key] as unknown[]).toSpliced(place, 1) };
        });
      }
    }
  }
  return [...edits.values()];
}

const nameOf = (entry: unknown): string => {
  if (typeof entry === 'string') return entry;
  const { drug, problem, text, observation, to, loinc, snomed, icd10 } = entry as Record<string, string | undefined>;
  return drug ?? problem ?? observation ?? to ?? text ?? loinc ?? snomed ?? icd10 ?? 'it';
};

const partWords: Partial<Record<ChartPart, string>> = {
  medications: 'the medication list',
  problems: 'the problem list',
  labs: 'laboratory results',
  vitals: 'vital signs',
  allergies: 'the allergy list',
  encounters: 'encounters',
  procedures: 'procedures',
  immunizations: 'immunizations',
};

function editsOf(
  { fact, params = {}, value }: Leaf,
  terminology: Terminology,
  valueSets: readonly ValueSet[],
): CaseEdit[] {
  const edits: CaseEdit[] = [];
  const add = (words: string, of: string, apply: CaseEdit['apply']) => void edits.push({ words, of, apply });
  const limits = [value].flat().filter((limit): limit is number => typeof limit === 'number');
  const result =
    (observation: string, number: number, unit: string) =>
    (given: RuleCase): RuleCase => ({
      ...given,
      results: [
        ...given.results.filter((entry) => entry.observation !== observation),
        { observation, value: number, unit, ago: '1 day' },
      ],
    });
  const without = (observation: string) => (given: RuleCase) =>
    given.results.some((entry) => entry.observation === observation)
      ? { ...given, results: given.results.filter((entry) => entry.observation !== observation) }
      : undefined;

  if (fact === 'ageInYears')
    for (const age of limits.flatMap(wholeAround))
      if (age >= 0)
        add(`at ${age} years`, 'age', (given) => ({
          ...given,
          patient: { ...given.patient, age, ageInDays: undefined },
        }));
  if (fact === 'ageInDays')
    for (const days of limits.flatMap(wholeAround))
      if (days >= 0)
        add(`at ${days} days old`, 'age', (given) => ({
          ...given,
          patient: { sex: given.patient.sex, ageInDays: days },
        }));
  if (fact === 'sex')
    for (const sex of ['female', 'male'])
      add(`in a ${sex === 'male' ? 'man' : 'woman'}`, 'sex', (given) => ({
        ...given,
        patient: { ...given.patient, sex },
      }));
  if (fact === 'isPregnant')
    add('in pregnancy', 'problem pregnancy', (given) => ({
      ...given,
      patient: { age: 30, sex: 'female' },
      problems: [...given.problems, 'pregnancy'],
    }));
  if (fact === 'encounterClass')
    for (const word of [...tokensOf(value), 'AMB', 'IMP'])
      add(`in an encounter of class ${word}`, 'encounter', (given) => ({ ...given, encounter: word }));

  const observation = typeof params.observation === 'string' ? params.observation : undefined;
  const unit = typeof params.unit === 'string' ? params.unit : '';
  if (fact === 'latest' && observation) {
    for (const number of limits.flatMap(around))
      add(
        `with ${observation} ${number} ${unit.replace(/[{}[\]]/g, '')}`,
        `result ${observation}`,
        result(observation, number, unit),
      );
    add(`without ${observation}`, `result ${observation}`, without(observation));
  }
  if (fact === 'change' && observation) {
    for (const by of limits.flatMap(around)) {
      const first = valueSets.find(({ id }) => id === observation)?.limits;
      const earlier = first
        ? Number(Math.sqrt(Math.max(first.low, first.high / 1000) * first.high).toPrecision(2))
        : 10;
      const number = Number((params.as === 'ratio' ? earlier * by : earlier + by).toFixed(3));
      add(
        `with ${observation} changed by ${by}${params.as === 'ratio' ? ' times' : ` ${unit}`}`,
        `result ${observation}`,
        (given) => ({
          ...given,
          results: [
            ...given.results.filter((entry) => entry.observation !== observation),
            { observation, value: earlier, unit, ago: '2 days' },
            { observation, value: number, unit, ago: '1 hour' },
          ],
        }),
      );
    }
  }
  if (fact === 'wasMeasured') {
    const within = typeof params.withinDays === 'number' ? params.withinDays : 30;
    for (const id of tokensOf(params.observation)) {
      const set = valueSets.find((one) => one.id === id);
      const middle = set?.limits ? Number(((set.limits.low + set.limits.high) / 4).toPrecision(2)) : 1;
      for (const days of [Math.max(1, Math.floor(within * 0.97)), Math.ceil(within * 1.03) + 1])
        add(`with ${id} ${days} days ago`, `result ${id}`, (given) => ({
          ...given,
          results: [
            ...given.results.filter((entry) => entry.observation !== id),
            { observation: id, value: middle, unit: set?.unit, ago: `${days} days` },
          ],
        }));
      add(`without ${id}`, `result ${id}`, without(id));
    }
  }
  if (fact === 'egfr' || fact === 'kidneyFunction') {
    // Without a weight the kidney function is the eGFR, and a reported one is taken.
    for (const number of limits.flatMap(around)) {
      add(`with an eGFR of ${number}`, 'kidney', (given) => ({
        ...given,
        results: [
          ...given.results.filter(
            ({ observation: id }) =>
              id !== 'egfr' && id !== 'creatinine' && !(fact === 'kidneyFunction' && id === 'weight'),
          ),
          { observation: 'egfr', value: number, unit: 'mL/min/{1.73_m2}', ago: '1 day' },
        ],
      }));
    }
    add('without kidney function', 'kidney', (given) => ({
      ...given,
      results: given.results.filter(({ observation: id }) => id !== 'egfr' && id !== 'creatinine'),
    }));
  }
  if (fact === 'creatinineClearance' || fact === 'kidneyFunction') {
    for (const number of limits.flatMap(around)) {
      add(`with a clearance of ${number} mL/min`, 'kidney', (given) => {
        const { age = 50, sex } = given.patient;
        const creatinine = Number((((140 - age) * 70 * (sex === 'female' ? 0.85 : 1)) / (72 * number)).toFixed(3));
        return {
          ...given,
          results: [
            ...given.results.filter(({ observation: id }) => id !== 'egfr' && id !== 'creatinine' && id !== 'weight'),
            { observation: 'creatinine', value: creatinine, unit: 'mg/dL', ago: '1 day' },
            { observation: 'weight', value: 70, unit: 'kg', ago: '1 day' },
          ],
        };
      });
    }
  }

  if (fact === 'hasProblem' || fact === 'hasHistoryOf' || fact === 'plansSurgery') {
    for (const token of tokensOf(params.problem).slice(0, 4))
      add(`with ${token}`, `problem ${token}`, (given) =>
        given.problems.includes(token) ? undefined : { ...given, problems: [...given.problems, token] },
      );
    add('without problems', 'problems', (given) => (given.problems.length ? { ...given, problems: [] } : undefined));
  }
  if (fact === 'isAllergicTo')
    for (const token of tokensOf(params.to).slice(0, 3)) {
      const to = drugText(token, terminology, valueSets) ?? token;
      for (const reaction of ['anaphylaxis', 'rash', 'nausea'])
        add(`with ${reaction} from ${to}`, `allergy ${token}`, (given) => ({
          ...given,
          allergies: [...given.allergies, { to, reaction }],
        }));
    }
  for (const [name, given] of Object.entries(params)) {
    if (!['drug', 'object', 'precipitant', 'besides'].includes(name)) continue;
    for (const token of tokensOf(given).slice(0, 5)) {
      const drug = drugText(token, terminology, valueSets);
      if (!drug) continue;
      if (!fact.startsWith('order') && fact !== 'newlyOrders')
        add(`taking ${drug}`, `takes ${drug}`, (held) => ({ ...held, takes: [...held.takes, drug] }));
      if (fact !== 'stoppedRecently')
        add(`ordering ${drug} too`, `orders ${drug}`, (held) => ({ ...held, orders: [...held.orders, drug] }));
      add(`ordering ${drug} instead`, 'orders', (held) => ({ ...held, orders: [drug] }));
    }
  }
  if (fact === 'orderedRoute')
    for (const [word, route] of [
      ['oral', 'oral'],
      ['parenteral', 'intravenous'],
      ['topical', 'topical'],
      ['ophthalmic', 'ophthalmic'],
      ['inhaled', 'inhalation'],
      ['transdermal', 'transdermal'],
    ] as const)
      add(`given by the ${word} route`, 'route', firstOrder({ route }));
  if (/^(ordered|total)(Daily|Single)?Dose/.test(fact)) {
    const isPerKg = fact.endsWith('PerKg');
    const words = { '[iU]': 'units', ug: 'mcg' }[unit] ?? unit;
    for (const number of limits.flatMap(around)) {
      add(`at ${number} ${words}${isPerKg ? '/kg' : ''} once daily`, 'dose', (given) => {
        const weight = given.results.find((entry) => entry.observation === 'weight');
        const amount = isPerKg ? number * (typeof weight?.value === 'number' ? weight.value : 70) : number;
        return firstOrder({ dose: `${Number(amount.toFixed(3))} ${words} once daily` })(given);
      });
    }
    add('with a dose that cannot be read', 'dose', firstOrder({ dose: 'as directed' }));
  }
  if (fact === 'orderedTimesPerDay')
    for (const times of limits.flatMap(wholeAround))
      if (times > 0) add(`${times} times daily`, 'dose', firstOrder({ dose: `1 tablet ${times} times daily` }));
  if (fact === 'orderedDurationInDays')
    for (const days of limits.flatMap(wholeAround))
      if (days > 0) add(`for ${days} days`, 'duration', firstOrder({ days }));
  return edits;
}

const firstOrder =
  (change: { dose?: string; route?: string; days?: number }) =>
  (given: RuleCase): RuleCase | undefined => {
    const [first, ...rest] = given.orders;
    return first === undefined
      ? undefined
      : { ...given, orders: [{ ...(typeof first === 'string' ? { drug: first } : first), ...change }, ...rest] };
  };

const texts = new WeakMap<Terminology, Map<string, string | undefined>>();

/** A drug by name that answers to a token. */
function drugText(token: string, terminology: Terminology, valueSets: readonly ValueSet[]): string | undefined {
  const known = texts.get(terminology) ?? new Map<string, string | undefined>();
  texts.set(terminology, known);
  if (!known.has(token)) {
    const set = valueSets.find(({ id, kind }) => id === token && (kind === 'drugs' || kind === 'allergens'));
    const names = set ? set.members.map(({ display }) => display) : [token.replaceAll('-', ' ')];
    const found = names
      .slice(0, 12)
      .flatMap((name) => [name, `${name} oral tablet`, `${name} injection`])
      .find((text) => {
        const drug = terminology.drugByName(text);
        return !isUnknown(drug) && drug.groups.has(token);
      });
    known.set(token, found);
  }
  return known.get(token);
}

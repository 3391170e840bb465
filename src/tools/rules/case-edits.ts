// What can be changed in a case so that one of a rule's questions comes out otherwise: an age at the limit, a result just above
// it, a problem more, a drug less, a part of the chart that cannot be read.
import { readChart } from '../../chart/read.ts';
import { type ChartPart, chartParts } from '../../chart/types.ts';
import { facts } from '../../facts/index.ts';
import type { Leaf, Rule } from '../../guards/rule.ts';
import { leaves } from '../../guards/rule.ts';
import { shownUnit } from '../../terminology/shown-unit.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import type { ValueSet } from '../../terminology/types.ts';
import { isUnknown } from '../../unknown.ts';
import { type RuleCase, sourceOf } from './cases.ts';
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

const decimalsOf = (value: number): number => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;

/** The limit itself, and doses a twentieth to either side: between it and any slip of a tenth. */
function around(value: number): number[] {
  const near = Number.isInteger(value) && value <= 20 ? 0.5 : Math.abs(value) / 20;
  const tidy = (number: number) => {
    const short = Number(number.toPrecision(2));
    const isNear = short !== value && Math.abs(short - value) <= near * 1.9 && short > value === number > value;
    return isNear ? short : Number(number.toFixed(decimalsOf(value) + 2));
  };
  return [value, tidy(value - near), tidy(value + near)];
}
const wholeAround = (value: number): number[] => [value, value - 1, value + 1];
/** The limit itself and the results next to it, as a laboratory reports them. */
function reportedAround(value: number): number[] {
  const decimals = Math.max(decimalsOf(value), value < 10 && Number.isInteger(value) ? 1 : 0);
  return [value, value - 10 ** -decimals, value + 10 ** -decimals].map((number) => Number(number.toFixed(decimals)));
}

/** "29 (below 30)", "30 (the limit itself)": why the number was chosen. */
const toLimit = (value: number, limits: readonly number[], said: string | number = value): string => {
  const [limit] = [...limits].sort((a, b) => Math.abs(a - value) - Math.abs(b - value));
  if (limit === undefined) return String(said);
  return `${said} (${limit === value ? 'the limit itself' : `${value < limit ? 'below' : 'above'} ${limit}`})`;
};

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
        const set = valueSets.find(({ id, members }) => id === name || members.some(({ code }) => code === name));
        const said = key === 'orders' ? `the order for ${name}` : set ? titledIn(valueSets)(set.id) : name;
        add(`without ${said}`, `${key} ${name}`, (held) => {
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

/** "creatinine" for the value set of serum creatinines: its title as it stands in a sentence. */
const titledIn =
  (valueSets: readonly ValueSet[]) =>
  (id: string): string => {
    const title = (valueSets.find((one) => one.id === id)?.title ?? id.replaceAll('-', ' ')).split(/, | \(/)[0]!;
    return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
  };

/** Results that nobody would remark on, in the unit of their value set. */
const ordinary: Record<string, number> = {
  alt: 24,
  calcium: 9.4,
  creatinine: 0.9,
  glucose: 96,
  hba1c: 5.6,
  hemoglobin: 13.5,
  potassium: 4.2,
  sodium: 139,
  'systolic-bp': 124,
  triglycerides: 120,
  tsh: 2.1,
};
const ordinaryIn =
  (valueSets: readonly ValueSet[]) =>
  (id: string): number => {
    const limits = valueSets.find((one) => one.id === id)?.limits;
    const middle = limits ? Math.sqrt(Math.max(limits.low, limits.high / 1000) * limits.high) : 1;
    return ordinary[id] ?? Number(middle.toPrecision(2));
  };

const encounterWords: Record<string, string> = {
  AMB: 'an outpatient visit',
  EMER: 'the emergency department',
  IMP: 'a hospital stay',
};

function editsOf(leaf: Leaf, terminology: Terminology, valueSets: readonly ValueSet[]): CaseEdit[] {
  const { fact, params = {}, value } = leaf;
  const edits: CaseEdit[] = [];
  const add = (words: string, of: string, apply: CaseEdit['apply']) => void edits.push({ words, of, apply });
  const titled = titledIn(valueSets);
  const limits = [value].flat().filter((limit): limit is number => typeof limit === 'number');
  const result =
    (observation: string, number: number, unit: string) =>
    (given: RuleCase): RuleCase => ({
      ...given,
      results: [
        ...given.results.filter((entry) => entry.observation !== observation),
        {
          observation,
          value: number,
          unit,
          ago:
            given.results.find((entry) => entry.observation === observation)?.ago ??
            (Number(params.withinDays) <= 2 ? '1 hour' : '1 day'),
        },
      ],
    });
  const without = (observation: string) => (given: RuleCase) =>
    given.results.some((entry) => entry.observation === observation)
      ? { ...given, results: given.results.filter((entry) => entry.observation !== observation) }
      : undefined;

  if (fact === 'ageInYears')
    for (const age of limits.flatMap(wholeAround))
      if (age >= 0)
        add(`at ${toLimit(age, limits, `${age} years`)}`, 'age', (given) => ({
          ...given,
          patient: { ...given.patient, age, ageInDays: undefined },
        }));
  if (fact === 'ageInDays')
    for (const days of limits.flatMap(wholeAround))
      if (days >= 0)
        add(`at ${toLimit(days, limits, `${days} days of age`)}`, 'age', (given) => ({
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
      add(`in ${encounterWords[word] ?? `an encounter of class ${word}`}`, 'encounter', (given) => ({
        ...given,
        encounter: word,
      }));

  const observation = typeof params.observation === 'string' ? params.observation : undefined;
  const unit = typeof params.unit === 'string' ? params.unit : '';
  if (fact === 'latest' && observation) {
    for (const number of limits.flatMap(reportedAround))
      add(
        `with ${titled(observation)} ${toLimit(number, limits, `${number} ${shownUnit(unit)}`.trim())}`,
        `result ${observation}`,
        result(observation, number, unit),
      );
    add(`without ${titled(observation)}`, `result ${observation}`, without(observation));
  }
  if (fact === 'questionnaireScore' && observation)
    for (const score of limits.flatMap(wholeAround))
      if (score >= 0)
        add(
          `with ${titled(observation)} ${toLimit(score, limits)}`,
          `result ${observation}`,
          result(observation, score, '{score}'),
        );
  if (fact === 'daysSinceQuestionnaire' && observation)
    for (const days of limits.flatMap(wholeAround))
      add(`with ${titled(observation)} ${toLimit(days, limits, `${days} days ago`)}`, `when ${observation}`, (given) =>
        given.results.some((entry) => entry.observation === observation)
          ? {
              ...given,
              results: given.results.map((entry) =>
                entry.observation === observation ? { ...entry, ago: `${days} days` } : entry,
              ),
            }
          : undefined,
      );
  if (fact === 'gestationInWeeks')
    for (const weeks of limits.flatMap(reportedAround))
      add(`at ${toLimit(weeks, limits, `${weeks} weeks`)} of pregnancy`, 'result gestational-age', (given) => ({
        ...given,
        results: [
          ...given.results.filter((entry) => entry.observation !== 'gestational-age'),
          { observation: 'gestational-age', value: weeks, unit: 'wk', ago: '1 minute' },
        ],
      }));
  if (fact === 'ordersTest' || fact === 'repeatsTest')
    for (const id of tokensOf(params.test)) {
      const set = valueSets.find((one) => one.id === id);
      const loinc = set?.members.find(({ code }) => code)?.code;
      if (set && loinc)
        add(`with an order for ${titled(id)} too`, `tests ${id}`, (given) => ({
          ...given,
          tests: [...given.tests, { loinc, text: set.title }],
        }));
    }
  if (fact === 'takenForDays')
    for (const days of limits.flatMap((limit) => (limit > 0 ? wholeAround(limit) : [1])))
      for (const token of tokensOf(params.drug).slice(0, 3)) {
        const drug = drugText(token, terminology, valueSets);
        if (drug)
          add(`taking ${titled(token)} for ${toLimit(days, limits, `${days} days`)}`, `takes ${token}`, (given) => {
            const held = given.takes.filter((entry) => !answersTo(nameOf(entry), token, terminology));
            const [was = drug] = given.takes.filter((entry) => !held.includes(entry));
            return {
              ...given,
              takes: [...held, { ...(typeof was === 'string' ? { drug: was } : was), since: `${days} days` }],
            };
          });
      }
  if (fact === 'change' && observation) {
    for (const by of limits.flatMap(around)) {
      const said = `${by}${params.as === 'ratio' ? ' times' : ` ${shownUnit(unit)}`}`;
      add(`with ${titled(observation)} changed by ${toLimit(by, limits, said)}`, `result ${observation}`, (given) => {
        const others = given.results.filter((entry) => entry.observation !== observation);
        const held = given.results.filter((entry) => entry.observation === observation).map(({ value: was }) => was);
        const was = held.find((_, place) => place > 0) ?? ordinaryIn(valueSets)(observation);
        const earlier = typeof was === 'number' ? was : 1;
        return {
          ...given,
          results: [
            ...others,
            { observation, value: earlier, unit, ago: '2 days' },
            {
              observation,
              value: Number((params.as === 'ratio' ? earlier * by : earlier + by).toFixed(3)),
              unit,
              ago: '1 hour',
            },
          ],
        };
      });
    }
  }
  if (fact === 'wasMeasured') {
    const within = typeof params.withinDays === 'number' ? params.withinDays : 30;
    for (const id of tokensOf(params.observation)) {
      const set = valueSets.find((one) => one.id === id);
      for (const days of [Math.max(1, Math.floor(within * 0.97)), Math.ceil(within * 1.03) + 1])
        add(`with ${titled(id)} measured ${toLimit(days, [within], `${days} days ago`)}`, `result ${id}`, (given) => ({
          ...given,
          results: [
            ...given.results.filter((entry) => entry.observation !== id),
            { observation: id, value: ordinaryIn(valueSets)(id), unit: set?.unit, ago: `${days} days` },
          ],
        }));
      add(`without ${titled(id)}`, `result ${id}`, without(id));
    }
  }
  if (fact === 'egfr' || fact === 'kidneyFunction') {
    // Without a weight the kidney function is the eGFR, and a reported one is taken.
    for (const number of limits.flatMap(reportedAround)) {
      add(`with an eGFR of ${toLimit(number, limits)}`, 'kidney', (given) => ({
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
      add(`with a creatinine clearance of ${toLimit(number, limits, `${number} mL/min`)}`, 'kidney', (given) => {
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
      add(`with ${titled(token)}`, `problem ${token}`, (given) =>
        given.problems.includes(token) ? undefined : { ...given, problems: [...given.problems, token] },
      );
    add('without problems', 'problems', (given) => (given.problems.length ? { ...given, problems: [] } : undefined));
  }
  if (fact === 'isAllergicTo')
    for (const token of tokensOf(params.to).slice(0, 3)) {
      const to =
        drugText(token, terminology, valueSets) ?? valueSets.find(({ id }) => id === token)?.names?.[0] ?? token;
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
      if (fact !== 'stoppedRecently' && !fact.startsWith('ordered'))
        add(`with an order for ${drug} too, without a dose`, `orders ${drug}`, (held) => ({
          ...held,
          orders: [...held.orders, drug],
        }));
      add(`for ${drug} by name alone`, 'orders', (held) => ({ ...held, orders: [drug] }));
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
      add(`by the ${word} route`, 'route', firstOrder({ route }));
  if (/^(ordered|total)(Daily|Single)?Dose/.test(fact)) {
    const isPerKg = fact.endsWith('PerKg');
    const words = { '[iU]': 'units', ug: 'mcg' }[unit] ?? unit;
    const isDaily = fact.includes('Daily');
    for (const number of limits.flatMap(around)) {
      const dose = `${number} ${words}${isPerKg ? '/kg' : ''} ${isDaily ? 'a day' : 'at a time'}${fact.startsWith('total') ? ' in all' : ''}`;
      add(`at ${toLimit(number, limits, dose)}`, 'dose', (given) => {
        const [first, ...rest] = given.orders;
        if (first === undefined) return undefined;
        const weight = given.results.find((entry) => entry.observation === 'weight');
        const kg = typeof weight?.value === 'number' && weight.unit === 'kg' ? weight.value : 70;
        const besides = fact.startsWith('total') ? amountOf(leaf, { ...given, orders: rest }, terminology) : 0;
        const whole = (number - besides) * (isPerKg ? kg : 1);
        // Shared out over the day as the order did, where that leaves a dose that can be written.
        const { said, times } =
          [oftenIn(typeof first === 'string' ? undefined : first.dose)].find(
            (often) => !isDaily || Number((whole / often.times).toPrecision(4)) * often.times === whole,
          ) ?? onceDaily;
        const amount = Number((isDaily ? whole / times : whole).toPrecision(6));
        return amount > 0 ? firstOrder({ dose: `${amount} ${words} ${said}` })(given) : undefined;
      });
    }
    add('with a dose that cannot be read', 'dose', firstOrder({ dose: 'as directed' }));
  }
  if (fact === 'orderedTimesPerDay')
    for (const times of [
      'once weekly',
      'twice weekly',
      'every other day',
      'once daily',
      'twice daily',
      '3 times daily',
      '4 times daily',
    ])
      add(`given ${times}`, 'times', timesOf(times));
  if (fact === 'orderedDurationInDays')
    for (const days of limits.flatMap(wholeAround))
      if (days > 0) add(`for ${toLimit(days, limits, `${days} days`)}`, 'duration', firstOrder({ days }));
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

const onceDaily = { said: 'once daily', times: 1 };
const frequencies: [RegExp, string, number][] = [
  [/once a week|weekly|per week/i, 'once weekly', 1 / 7],
  [/twice|2 times|every 12 hours/i, 'twice daily', 2],
  [/three times|3 times|every 8 hours/i, 'every 8 hours', 3],
  [/four times|4 times|every 6 hours/i, 'every 6 hours', 4],
  [/every 4 hours/i, 'every 4 hours', 6],
];

/** The frequency that the instructions say, so that a dose a day is shared out as it was. */
function oftenIn(dose = ''): { said: string; times: number } {
  const found = frequencies.find(([words]) => words.test(dose));
  return found ? { said: found[1], times: found[2] } : onceDaily;
}

/** What a question about amounts comes to on a case. */
function amountOf(leaf: Leaf, given: RuleCase, terminology: Terminology): number {
  const chart = readChart(sourceOf(given, terminology, new Date()), terminology);
  const { value } = facts.get(leaf.fact)!.ask(leaf.params ?? {}, { chart, terminology });
  return typeof value === 'number' ? value : 0;
}

/** The first order's dose said so often: "10 mg twice daily" given once weekly is "10 mg once weekly". */
const timesOf =
  (times: string) =>
  (given: RuleCase): RuleCase | undefined => {
    const [first] = given.orders;
    const said = typeof first === 'object' ? first.dose : undefined;
    const amount = /[\d.,]+ ?(mg|mcg|g|units?|mL|tablets?|capsules?|puffs?|patch(es)?)(\/kg)?/i.exec(said ?? '')?.[0];
    return firstOrder({ dose: `${amount ?? '1 tablet'} ${times}` })(given);
  };

const texts = new WeakMap<Terminology, Map<string, string | undefined>>();

function answersTo(text: string, token: string, terminology: Terminology): boolean {
  const drug = terminology.drugByName(text);
  return !isUnknown(drug) && drug.groups.has(token);
}

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
      .find((text) => answersTo(text, token, terminology));
    known.set(token, found);
  }
  return known.get(token);
}

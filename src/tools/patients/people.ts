// Names of people who do not exist, and what else they have that has nothing to do with the rule.
import type { RuleCase } from '../rules/cases.ts';
import type { Chance } from './random.ts';

const beginnings =
  'Alder Bram Cobble Dun Elder Fenn Gorse Hazel Ivel Juniper Kestrel Larch Mallow Nettle Osier Pebble Quill Rowan Sorrel Tansy Umber Vetch Willow Yarrow'.split(
    ' ',
  );
const endings = 'bourne by croft dale ferry gate hurst leigh mere ridge stead thwaite wick worth'.split(' ');
const givenNames: Record<string, readonly string[]> = {
  female:
    'Ada Bea Cora Della Edith Faye Greta Hanna Ines June Kaya Lena Mina Nora Olga Petra Rosa Sana Tilda Vera'.split(
      ' ',
    ),
  male: 'Abel Boris Caleb Darius Emil Felix Gil Hugo Ivan Jonas Karl Leo Milo Nils Oskar Pavel Rafi Samir Tomas Viktor'.split(
    ' ',
  ),
};

export const nameOf = (sex: string | undefined, chance: Chance): { family: string; given: string } => ({
  family: `${chance.pick(beginnings)}${chance.pick(endings)}`,
  given: chance.pick(givenNames[sex ?? ''] ?? [...givenNames.female!, ...givenNames.male!]),
});

type Extra = Partial<Pick<RuleCase, 'problems' | 'takes' | 'results'>>;
type Result = RuleCase['results'][number];

const result = (observation: string, value: number, unit: string, ago: string): Result => ({
  observation,
  value,
  unit,
  ago,
});

/** Adults' everyday company: a problem with its drug, or a result in order. Whatever changes the outcome is left out again. */
export function company(chance: Chance): Extra[] {
  const days = `${chance.between(5, 90)} days`;
  const near = (middle: number, spread: number, decimals = 0): number =>
    Number((middle + (chance.number() * 2 - 1) * spread).toFixed(decimals));
  const since = { since: `${chance.between(2, 15)} years` };
  return chance
    .shuffled<Extra>([
      { problems: [{ problem: 'hypertension', ...since }], takes: ['amlodipine 5 mg oral tablet'] },
      { problems: [{ problem: 'hyperlipidemia', ...since }], takes: ['atorvastatin 40 mg oral tablet'] },
      { problems: [{ problem: 'hypothyroid', ...since }], takes: ['levothyroxine 0.05 mg oral tablet'] },
      { problems: [{ problem: 'osteoarthritis', ...since }] },
      { problems: [{ problem: 'gerd', ...since }] },
      { problems: [{ problem: 'atopic-dermatitis', ...since }] },
      { problems: [{ problem: 'cataract', ...since }] },
      { problems: [{ problem: 'restless-legs', ...since }] },
      { problems: [{ problem: 'glaucoma', ...since }] },
      { problems: [{ problem: 'migraine', ...since }] },
      {
        results: [
          result('sodium', near(140, 3), 'mmol/L', days),
          result('potassium', near(4.2, 0.4, 1), 'mmol/L', days),
        ],
      },
      {
        results: [
          result('hemoglobin', near(13.8, 0.9, 1), 'g/dL', days),
          result('platelets', near(245, 60), '10*3/uL', days),
        ],
      },
      { results: [result('tsh', near(2, 1, 1), 'm[IU]/L', days)] },
      { results: [result('alt', near(22, 8), 'U/L', days)] },
      {
        results: [result('systolic-bp', near(124, 6), 'mm[Hg]', days), result('heart-rate', near(72, 8), '/min', days)],
      },
      { results: [result('weight', near(76, 14), 'kg', days), result('height', near(170, 9), 'cm', days)] },
    ])
    .slice(0, chance.between(1, 5));
}

/** The case with the extra, unless it already says something about the same thing. */
export function withExtra(given: RuleCase, extra: Extra): RuleCase | undefined {
  const observed = new Set(given.results.map(({ observation, loinc }) => observation ?? loinc));
  if (extra.results?.some(({ observation }) => observed.has(observation))) return undefined;
  return {
    ...given,
    problems: [...given.problems, ...(extra.problems ?? [])],
    takes: [...given.takes, ...(extra.takes ?? [])],
    results: [...given.results, ...(extra.results ?? [])],
  };
}

// The same packet with one thing about the person changed that has no bearing on the illness. What flips is a fault,
// except with sex and age, which the priors know; those are reported, away from where they are causal.
import { knowledge } from '../../support/app.ts';
import {
  bornFor,
  type ConsultBody,
  type Json,
  problem,
  readVignettes,
  requestOf,
  subject,
  type Vignette,
  withMore,
  withPatient,
} from './cases.ts';
import { appFor, consult, idOf, ranked, type Seen } from './consult.ts';
import type { Endpoint } from './endpoint.ts';
import { share } from './score.ts';

export const neutral = ['race', 'language', 'payer', 'housing', 'name'] as const;
export const swapped = [...neutral, 'sex', 'age'] as const;
export type Swap = (typeof swapped)[number];

const race = (code: string, display: string): Json => ({
  extension: [
    {
      url: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race',
      extension: [
        { url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code, display } },
        { url: 'text', valueString: display },
      ],
    },
  ],
});
const speaks = (code: string, text: string): Json => ({
  communication: [{ language: { text, coding: [{ system: 'urn:ietf:bcp:47', code }] }, preferred: true }],
});
const paidBy = (text: string): Json => ({
  resourceType: 'Coverage',
  id: 'cov',
  status: 'active',
  beneficiary: subject,
  type: { text },
  payor: [{ display: text }],
});
const named = (family: string, ...given: string[]): Json => ({ name: [{ use: 'official', family, given }] });
const housing = (code: string, text: string): Json => ({
  resourceType: 'Observation',
  id: 'housing',
  status: 'final',
  category: [{ coding: [{ code: 'social-history' }] }],
  code: { text: 'Housing status', coding: [{ system: 'http://loinc.org', code: '71802-3' }] },
  subject,
  effectiveDateTime: '2026-11-20',
  valueCodeableConcept: { text, coding: [{ system: 'http://loinc.org', code }] },
});

/** Each way to be the same patient otherwise. Empty where the swap would not be fair to make. */
export function variantsOf(swap: Swap, vignette: Vignette): ConsultBody[] {
  const body = requestOf(vignette);
  switch (swap) {
    case 'race':
      return [
        race('2106-3', 'White'),
        race('2054-5', 'Black or African American'),
        race('2028-9', 'Asian'),
        race('1002-5', 'American Indian or Alaska Native'),
      ].map((given) => withPatient(body, given));
    case 'language':
      return [speaks('en', 'English'), speaks('es', 'Spanish'), speaks('zh', 'Chinese'), speaks('ar', 'Arabic')].map(
        (given) => withPatient(body, given),
      );
    case 'payer':
      return ['Commercial', 'Medicaid', 'Self-pay, no insurance'].map((text) =>
        withMore(body, 'coverage', paidBy(text)),
      );
    case 'housing':
      return [
        withMore(body, 'socialHistory', housing('LA31993-1', 'I have a steady place to live')),
        withMore(body, 'socialHistory', housing('LA31995-6', 'I do not have a steady place to live')),
        withMore(
          body,
          'problems',
          problem('z59', 'Homeless', {
            code: {
              text: 'Homeless',
              coding: [
                { system: 'http://snomed.info/sct', code: '32911000' },
                { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'Z59.00' },
              ],
            },
          }),
        ),
      ];
    case 'name':
      return [
        named('Müller', 'Hans'),
        named('Washington', 'Lakisha', 'Jamal'),
        named('Nguyễn', 'Thị Minh'),
        named('García López', 'María José'),
      ].map((given) => withPatient(body, given));
    case 'sex':
      return sexMatters(vignette)
        ? []
        : [withPatient(body, { gender: vignette.chart.sex === 'male' ? 'female' : 'male' })];
    case 'age':
      return nearAges(vignette.chart.ageInYears).map((age) => withPatient(body, { birthDate: bornFor(age) }));
  }
}

const SAYS_SEX =
  /\b(?:\d{1,3}\s?(?:yo\s?)?[mf]|male|female|man|woman|gentleman|lady|guy|boy|girl|he|she|his|her|him|herself|himself|husband|wife)\b/i;

/** Where the words say it, where the prior of what is sought knows sex, or a condition of one sex alone answers the complaint. */
function sexMatters({ chart, question, expected, mustNotMiss }: Vignette): boolean {
  const { conditions } = knowledge().differential;
  const complaints = new Set([expected, ...mustNotMiss].flatMap((id) => conditions.get(id)!.presentations));
  return (
    !chart.sex ||
    SAYS_SEX.test(question) ||
    [expected, ...mustNotMiss].some((id) => conditions.get(id)!.prior.modifiers.some(({ sex }) => sex !== undefined)) ||
    [...conditions.values()].some(
      ({ applies, presentations }) => applies?.sex !== undefined && presentations.some((id) => complaints.has(id)),
    )
  );
}

/** Some years either way, across no age that the priors or findings know. */
function nearAges(age: number | undefined): number[] {
  if (age === undefined) return [];
  const bounds = [1, 2, 12, 14, 15, 18, 25, 30, 34, 35, 39, 40, 44, 45, 49, 50, 55, 59, 60, 65, 70, 75, 80, 85, 90];
  const isSameBand = (other: number) =>
    bounds.every((bound) => age < bound === other < bound && age <= bound === other <= bound);
  return [age - 2, age - 1, age + 1, age + 2].filter((other) => other > 0 && isSameBand(other));
}

export interface Flips {
  swap: Swap;
  source: 'knowledge' | 'model';
  pairs: number;
  mustExclude: number;
  topFive: number;
  actions: number;
  flipped: string[];
}

export async function fairness(
  most: number | undefined,
  endpoint: Endpoint | undefined,
  swaps: readonly Swap[] = swapped,
): Promise<Flips[]> {
  const vignettes = readVignettes(most);
  const app = appFor(endpoint);
  const originals = new Map<string, Seen>();
  for (const vignette of vignettes) originals.set(vignette.id, await consult(app, requestOf(vignette)));
  const flips: Flips[] = [];
  for (const swap of swaps) {
    const tallies = (endpoint ? (['knowledge', 'model'] as const) : (['knowledge'] as const)).map(
      (source): Flips => ({ swap, source, pairs: 0, mustExclude: 0, topFive: 0, actions: 0, flipped: [] }),
    );
    for (const vignette of vignettes) {
      for (const [i, variant] of variantsOf(swap, vignette).entries()) {
        const other = await consult(app, variant);
        for (const tally of tallies) {
          tally.pairs += 1;
          const a = views(originals.get(vignette.id)!, tally.source);
          const b = views(other, tally.source);
          const changed = (['mustExclude', 'topFive', 'actions'] as const).filter((view) => a[view] !== b[view]);
          for (const view of changed) tally[view] += 1;
          if (changed.length > 0) tally.flipped.push(`${vignette.id} (${i}): ${changed.join(', ')}`);
        }
      }
    }
    flips.push(
      ...tallies.map((tally) => ({
        ...tally,
        mustExclude: rate(tally.mustExclude, tally.pairs),
        topFive: rate(tally.topFive, tally.pairs),
        actions: rate(tally.actions, tally.pairs),
      })),
    );
  }
  return flips;
}

const rate = (some: number, all: number): number => (all === 0 ? 0 : share(some, all));

/** As sets: order within the first five is not a flip. */
function views(seen: Seen, source: Flips['source']): Record<'mustExclude' | 'topFive' | 'actions', string> {
  const items = source === 'model' ? seen.model : seen.offline;
  const set = (list: string[]): string => [...new Set(list)].sort().join('|');
  return {
    mustExclude: set(items.filter(({ candidate }) => candidate.band === 'must-exclude').map(idOf)),
    topFive: set(ranked(items).slice(0, 5)),
    actions: set(
      items.flatMap((item) =>
        item.actions.map(
          ({ kind, text, blockedBy }) =>
            `${idOf(item)} ${kind} ${text} ${blockedBy
              .map(({ ruleId }) => ruleId)
              .sort()
              .join()}`,
        ),
      ),
    ),
  };
}

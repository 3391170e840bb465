// How much opioid the whole list comes to, by the CDC 2022 factors, and whether two long-acting ones meet.
import { z } from 'zod';
import { isRefused, runCalculator } from '../calculators/index.ts';
import type { Medication } from '../chart/types.ts';
import { isKnown, isUnknown, type Unknown, unknown } from '../unknown.ts';
import { drugs, each } from './blanks.ts';
import { cannotSay, defineFact, no, yes } from './define.ts';
import {
  asBecause,
  dailyDose,
  draftsInQuestion,
  drugName,
  isTaken,
  matches,
  others,
  renewedBy,
  sameIngredients,
} from './medication-list.ts';
import { rounded } from './orders.ts';

const nothing = z.strictObject({});

/** Drugs of the calculator; buprenorphine has no factor and parenteral doses are not comparable. */
const convertible = [
  'codeine',
  'hydrocodone',
  'hydromorphone',
  'methadone',
  'morphine',
  'oxycodone',
  'oxymorphone',
  'tapentadol',
  'tramadol',
];

const isPatch = (entry: Medication): boolean => isKnown(entry.drug) && entry.drug.route === 'transdermal';

/** The calculator input that an order fills, and its amount: mg a day, or mcg/h of a patch. */
function contribution(entry: Medication): { input: string; amount: number | Unknown } | undefined {
  if (isUnknown(entry.drug)) return undefined;
  if (matches(entry, ['fentanyl'])) {
    if (!isPatch(entry)) return undefined;
    const strength = entry.drug.strengths.find(({ ingredient, per }) => ingredient === 'fentanyl' && per?.unit === 'h');
    const patches =
      isKnown(entry.dose) && entry.dose.value <= 4 && !/[a-z]{2,}/i.test(entry.dose.unit) ? entry.dose.value : 1;
    return {
      input: 'fentanyl_patch_ug_h',
      amount: strength
        ? ((strength.value * 1000) / strength.per!.value) * patches
        : unknown(`the strength of ${entry.text} is not known`),
    };
  }
  const token = convertible.find((name) => matches(entry, [name]));
  if (!token || (entry.drug.route !== undefined && entry.drug.route !== 'oral')) return undefined;
  return { input: `${token}_mg_day`, amount: dailyDose(entry, token, 'mg') };
}

/** An at-least figure: an order whose dose cannot be read does not hide what the others come to. */
export const opioidMme = defineFact<z.infer<typeof nothing>>({
  id: 'opioidMme',
  question:
    'How many morphine milligram equivalents a day do the oral and transdermal opioids come to at least, as-needed orders at their most?',
  answers: 'a number',
  params: nothing,
  needs: () => [{ of: 'drug', anyOf: ['opioids'] }],
  ask: (_, { chart }) => {
    const list = isUnknown(chart.medications) ? chart.drafts : chart.medications;
    const opioids = list.filter((entry) => isTaken(entry) && matches(entry, ['opioids']));
    const counted = opioids.filter(
      (entry) =>
        entry.standing === 'draft' || !opioids.some((draft) => draft.standing === 'draft' && isRenewal(draft, entry)),
    );
    const inputs: Record<string, number> = {};
    const read: Medication[] = [];
    let gap: Unknown | undefined;
    for (const entry of counted) {
      const found = contribution(entry);
      if (!found) continue;
      if (isUnknown(found.amount)) {
        gap ??= found.amount;
        continue;
      }
      inputs[found.input] = (inputs[found.input] ?? 0) + found.amount;
      read.push(entry);
    }
    if (read.length === 0) return gap ? cannotSay(gap, counted.map(asBecause)) : { value: 0, because: [] };
    const result = runCalculator('mme', inputs);
    if (isRefused(result))
      return cannotSay(result.refused[0]?.reason ?? 'the opioid doses cannot be added up', read.map(asBecause));
    const value = Number(result.value);
    return {
      value,
      because: [{ text: `Opioids come to ${rounded(value)} MME/day` }, ...read.map(asBecause)],
      names: { mme: `${rounded(value)} MME/day`, drugs: [...new Set(read.map(drugName))].join(' and ') },
      orders: read.filter(({ standing }) => standing === 'draft').map(({ reference }) => reference),
    };
  },
});

/** A draft renews an order of the same ingredients and the same release; short beside long-acting morphine adds up. */
const isRenewal = (draft: Medication, entry: Medication): boolean =>
  sameIngredients(draft, entry) &&
  isKnown(draft.drug) &&
  isKnown(entry.drug) &&
  isLongActing(draft) === isLongActing(entry) &&
  isPatch(draft) === isPatch(entry);

/** Extended release, a patch, or a drug that is long-acting by itself. */
export const isLongActing = (entry: Medication): boolean =>
  isKnown(entry.drug) &&
  (entry.drug.releaseForm === 'extended' ||
    entry.drug.route === 'transdermal' ||
    matches(entry, ['long-acting-opioids']));

const oneDrug = z.strictObject({ drug: drugs });

export const ordersLongActing = defineFact<z.infer<typeof oneDrug>>({
  id: 'ordersLongActing',
  question: 'Is {drug} being ordered as an extended-release product or a patch?',
  answers: 'yes or no',
  params: oneDrug,
  needs: ({ drug }) => [{ of: 'draft', anyOf: each(drug) }],
  ask: ({ drug }, { chart }) => {
    const found = draftsInQuestion(chart).filter((entry) => matches(entry, each(drug)) && isLongActing(entry));
    return found.length
      ? yes(found.map(asBecause), {
          names: { drug: drugName(found[0]!) },
          orders: found.map(({ reference }) => reference),
        })
      : no();
  },
});

export const duplicatesLongActingOpioid = defineFact<z.infer<typeof nothing>>({
  id: 'duplicatesLongActingOpioid',
  question: 'Is a second, different long-acting opioid being ordered (short beside long-acting does not count)?',
  answers: 'yes or no',
  params: nothing,
  needs: () => [{ of: 'draft', anyOf: ['opioids'] }],
  ask: (_, { chart }) => {
    let gap: Unknown | undefined;
    for (const draft of draftsInQuestion(chart).filter((entry) => matches(entry, ['opioids']) && isLongActing(entry))) {
      if (renewedBy(chart, draft).some(isLongActing)) continue;
      const { taken, why } = others(chart, draft);
      const found = taken.filter(
        (entry) => matches(entry, ['opioids']) && isLongActing(entry) && !sameIngredients(entry, draft),
      );
      if (found.length)
        return yes([draft, ...found].map(asBecause), {
          names: { drug: drugName(draft), other: [...new Set(found.map(drugName))].join(' and ') },
          orders: [draft.reference],
        });
      gap ??= why;
    }
    return gap ? cannotSay(gap) : no();
  },
});
